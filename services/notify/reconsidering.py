"""What was not sent on grounds that a void took away is judged again."""

from collections.abc import Collection, Iterable
from datetime import datetime

from services.notify.aftercare import keep
from services.notify.notification import Notification
from services.notify.states import State
from services.notify.transaction import NOTIFICATIONS, Ledger, Query, Transaction
from services.notify.transitions import reopen

TAKEN_AWAY = frozenset(
    {"consent_withdrawn", "same_visit", "opted_out", "wrong_number", "do_not_advertise"}
)
"""Grounds that a consent, a merger or a contact gives: another number may hold again."""
AT_ONCE = 200
"""Of one citizen, newest first: what is older nobody waits for."""


async def suppressed_of(ledger: Ledger, citizen_ids: Iterable[str], now: datetime) -> list[str]:
    """Ids of theirs that may be worth another look."""
    found = [
        await ledger.search(Query(citizen_id=id_, states=(State.SUPPRESSED,), limit=AT_ONCE))
        for id_ in citizen_ids
    ]
    return [n.id for some in found for n in some if _worth_a_look(n, now)]


async def reconsider(tx: Transaction, ids: Collection[str], now: datetime) -> None:
    """The policy is asked again: it finds whatever still stands against them."""
    found = await tx.get(NOTIFICATIONS, ids)
    after = {id_: reopen(n, now) for id_, n in found.items() if _worth_a_look(n, now)}
    await keep(tx, found, after, now)


def _worth_a_look(notification: Notification, now: datetime) -> bool:
    return (
        notification.state is State.SUPPRESSED
        and notification.reason in TAKEN_AWAY
        and now < notification.expires_at
    )
