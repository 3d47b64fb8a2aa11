"""Once more by a person's word: only what surely was not accepted."""

from datetime import datetime

from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import NOTIFICATIONS
from services.notify.ledger.unit_of_work import save
from services.notify.notification.notification import Notification
from services.notify.notification.states import State
from services.notify.notification.transitions import resend


async def send_again(tx: Transaction, notification_id: str, now: datetime) -> Notification | None:
    """The notification as it is queued again; None where it may have been accepted."""
    found = await tx.get(NOTIFICATIONS, [notification_id])
    before = found.get(notification_id)
    if before is None or before.state is not State.FAILED:
        return None
    after = resend(before, now)
    await save(tx, found, {after.id: after}, now)
    return after
