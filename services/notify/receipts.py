"""What providers say of an SMS after they took it; it may come first, twice, or for nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.notify.aftercare import keep
from services.notify.drafts import notification_of
from services.notify.notification import Notification
from services.notify.transaction import (
    NOTIFICATIONS,
    RECEIVED,
    Receipt,
    Received,
    Transaction,
)
from services.notify.transitions import receive


@dataclass(frozen=True, slots=True)
class Word:
    """A receipt as it came: of the provider's id for an SMS, and ours where it tells it."""

    provider: str
    message_id: str
    request_id: str | None
    receipt: Receipt

    @property
    def keys(self) -> list[str]:
        """Under which it is kept."""
        return [
            receipt_key(self.provider, id_) for id_ in (self.message_id, self.request_id) if id_
        ]


async def take_receipts(tx: Transaction, words: Sequence[Word]) -> None:
    """Keeps receipts whatever they are for, and moves their notifications forward where it can.

    The notification is written even where nothing moves: the provider's answer may be under way
    in another transaction, and one of the two must see the other.
    """
    stored = await tx.get(RECEIVED, {key for word in words for key in word.keys})
    meant = {word: _meant_by(word, stored) for word in words}
    found = await tx.get(NOTIFICATIONS, set(meant.values()))
    after = dict(found)
    for word, id_ in meant.items():
        stored |= {key: _and(stored.get(key, Received()), word.receipt) for key in word.keys}
        if id_ in after:
            said = [Received(id_, (word.receipt,))]
            after[id_] = _touched(with_receipts(after[id_], said, word.receipt.at))
    await tx.put(RECEIVED, stored)
    await keep(tx, found, after, words[0].receipt.at)


def _meant_by(word: Word, stored: Mapping[str, Received]) -> str:
    named = (stored[key].notification_id for key in word.keys if key in stored)
    return next((id_ for id_ in named if id_), notification_of(word.request_id or ""))


def receipt_key(provider: str, id_: str) -> str:
    """Receipts are kept by (provider, the provider's id or ours)."""
    return f"{provider}/{id_}"


def own_receipts(received: Received, notification_id: str) -> Received:
    """A provider that begins its ids anew must not tell of an SMS what it said of another."""
    return received if received.notification_id in (None, notification_id) else Received()


def with_receipts(
    notification: Notification, found: Sequence[Received], now: datetime
) -> Notification:
    """As far forward as they lead."""
    for received in found:
        for receipt in received.receipts:
            notification = receive(notification, receipt.state, receipt.reason, now)
    return notification


def _and(received: Received, receipt: Receipt) -> Received:
    if any(r.state is receipt.state for r in received.receipts):
        return received
    return replace(received, receipts=(*received.receipts, receipt))


def _touched(notification: Notification) -> Notification:
    return replace(notification, version=notification.version + 1)
