"""What was not sent on grounds that a void took away is judged again."""

from collections.abc import Collection, Iterable
from datetime import datetime

from services.events.citizens import CitizenMerged
from services.events.registry import type_name
from services.notify.contacts.contacts import Persons, last_word
from services.notify.contacts.records import StatementVoid
from services.notify.ledger.ledger import Ledger, Query, Transaction
from services.notify.ledger.records import NOTIFICATIONS
from services.notify.ledger.unit_of_work import save
from services.notify.notification.notification import Notification
from services.notify.notification.states import State
from services.notify.notification.transitions import reopen

_MERGED = type_name(CitizenMerged)
_BY_A_CONTACT = frozenset({"opted_out", "wrong_number", "do_not_advertise"})
"""Another number may hold again."""
_BY_A_MERGER = frozenset({"same_visit"})
AT_ONCE = 200
"""Of one citizen, newest first: what is older nobody waits for."""


async def suppressed_of(
    ledger: Ledger, persons: Persons, voids: Iterable[StatementVoid]
) -> list[str]:
    """Ids of what may be sent after all, as far as it is known outside of the ledger."""
    merged = any(void.target_type == _MERGED for void in voids)
    grounds = _BY_A_CONTACT | (_BY_A_MERGER if merged else frozenset())
    found = [
        n
        for id_ in persons
        for n in await ledger.search(
            Query(citizen_id=id_, states=(State.SUPPRESSED,), limit=AT_ONCE)
        )
    ]
    return [
        n.id
        for n in found
        if n.reason in grounds or (n.reason == "consent_withdrawn" and _may_agree(n, persons))
    ]


async def reconsider(tx: Transaction, ids: Collection[str], now: datetime) -> None:
    """The policy is asked again: it finds whatever still stands against them."""
    found = await tx.get(NOTIFICATIONS, ids)
    after = {id_: reopen(n, now) for id_, n in found.items() if _is_worth_it(n, now)}
    await save(tx, found, after, now)


def _is_worth_it(notification: Notification, now: datetime) -> bool:
    return notification.state is State.SUPPRESSED and now < notification.expires_at


def _may_agree(notification: Notification, persons: Persons) -> bool:
    records = persons.get(notification.recipient_id, ())
    last = last_word(records, notification.about.purpose)
    return last is None or last.given
