"""The unit of work: changed notifications, what follows from them, and what the others are told."""

from datetime import datetime

from services.events.envelope import Event
from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import NOTIFICATIONS
from services.notify.notification.announcements import announcements
from services.notify.notification.follow_ups import (
    Notifications,
    follower_ids,
    followers,
    may_be_followed,
)


async def save(tx: Transaction, before: Notifications, after: Notifications, now: datetime) -> None:
    """Writes changed notifications, tells the others, and sees to what follows from them."""
    await tx.put(NOTIFICATIONS, after)
    await tx.announce(_announced(before, after))
    touched = [n for id_, n in after.items() if may_be_followed(before.get(id_), n)]
    if not touched:
        return
    known = await tx.get(NOTIFICATIONS, [id_ for n in touched for id_ in follower_ids(n)])
    following = {f.id: f for n in touched for f in followers(n, known, now)}
    await tx.put(NOTIFICATIONS, following)
    await tx.announce(_announced(known, following))


def _announced(before: Notifications, after: Notifications) -> list[Event]:
    return [event for id_, n in after.items() for event in announcements(before.get(id_), n)]
