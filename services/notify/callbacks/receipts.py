"""What providers say of an SMS after they took it; it may come first, twice, or for nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.notify.ledger.ledger import Transaction
from services.notify.ledger.receipts import (
    part_keys,
    receipt_key,
    said_of,
    with_receipt,
    with_receipts,
)
from services.notify.ledger.records import (
    NOTIFICATIONS,
    RECEIVED,
    UNREAD,
    Receipt,
    Received,
    Unread,
)
from services.notify.ledger.unit_of_work import save
from services.notify.notification.notification import Notification, notification_of
from services.notify.notification.states import State


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
    others = await tx.get(RECEIVED, part_keys(found.values()) - stored.keys())
    after = dict(found)
    for word, id_ in meant.items():
        stored |= {
            key: with_receipt(stored.get(key, Received()), word.receipt) for key in word.keys
        }
        if id_ in after:
            said = said_of(after[id_], [Received(id_, (word.receipt,))], others | stored)
            after[id_] = _touched(with_receipts(after[id_], said, word.receipt.at))
    await tx.put(RECEIVED, stored)
    await _count_unread(tx, words)
    await save(tx, found, after, words[0].receipt.at)


async def _count_unread(tx: Transaction, words: Sequence[Word]) -> None:
    met = [word for word in words if not isinstance(word.receipt.state, State)]
    known = await tx.get(UNREAD, {_unread_key(word) for word in met})
    for word in met:
        fresh = Unread(word.provider, word.receipt.reason or "", word.receipt.at)
        before = known.get(_unread_key(word), fresh)
        known[_unread_key(word)] = replace(before, count=before.count + 1, at=word.receipt.at)
    await tx.put(UNREAD, known)


def _unread_key(word: Word) -> str:
    return receipt_key(word.provider, word.receipt.reason or "")


def _meant_by(word: Word, stored: Mapping[str, Received]) -> str:
    named = (stored[key].notification_id for key in word.keys if key in stored)
    return next((id_ for id_ in named if id_), notification_of(word.request_id or ""))


def _touched(notification: Notification) -> Notification:
    return replace(notification, version=notification.version + 1)
