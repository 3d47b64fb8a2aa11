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
    UNKNOWN_WORDS,
    Receipt,
    Received,
    UnknownWord,
)
from services.notify.ledger.unit_of_work import save
from services.notify.notification.notification import Notification, notification_of
from services.notify.notification.states import State


@dataclass(frozen=True, slots=True)
class ProviderReceipt:
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


async def record_receipts(tx: Transaction, receipts: Sequence[ProviderReceipt]) -> None:
    """Keeps receipts whatever they are for, and moves their notifications forward where it can.

    The notification is written even where nothing moves: the provider's answer may be under way
    in another transaction, and one of the two must see the other.
    """
    stored = await tx.get(RECEIVED, {key for receipt in receipts for key in receipt.keys})
    meant = {receipt: _meant_by(receipt, stored) for receipt in receipts}
    found = await tx.get(NOTIFICATIONS, set(meant.values()))
    others = await tx.get(RECEIVED, part_keys(found.values()) - stored.keys())
    after = dict(found)
    for receipt, id_ in meant.items():
        stored |= {
            key: with_receipt(stored.get(key, Received()), receipt.receipt) for key in receipt.keys
        }
        if id_ in after:
            said = said_of(after[id_], [Received(id_, (receipt.receipt,))], others | stored)
            after[id_] = _touched(with_receipts(after[id_], said, receipt.receipt.at))
    await tx.put(RECEIVED, stored)
    await _count_unread(tx, receipts)
    await save(tx, found, after, receipts[0].receipt.at)


async def _count_unread(tx: Transaction, receipts: Sequence[ProviderReceipt]) -> None:
    met = [receipt for receipt in receipts if not isinstance(receipt.receipt.state, State)]
    known = await tx.get(UNKNOWN_WORDS, {_unread_key(receipt) for receipt in met})
    for receipt in met:
        fresh = UnknownWord(receipt.provider, receipt.receipt.reason or "", receipt.receipt.at)
        before = known.get(_unread_key(receipt), fresh)
        known[_unread_key(receipt)] = replace(before, count=before.count + 1, at=receipt.receipt.at)
    await tx.put(UNKNOWN_WORDS, known)


def _unread_key(receipt: ProviderReceipt) -> str:
    return receipt_key(receipt.provider, receipt.receipt.reason or "")


def _meant_by(receipt: ProviderReceipt, stored: Mapping[str, Received]) -> str:
    named = (stored[key].notification_id for key in receipt.keys if key in stored)
    return next((id_ for id_ in named if id_), notification_of(receipt.request_id or ""))


def _touched(notification: Notification) -> Notification:
    return replace(notification, version=notification.version + 1)
