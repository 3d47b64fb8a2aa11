"""What providers say of an SMS after they took it; it may come first, twice, or for nobody."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.notify.ledger.ledger import (
    NOTIFICATIONS,
    RECEIVED,
    UNREAD,
    Receipt,
    Received,
    Transaction,
    Unread,
)
from services.notify.notification.follow_ups import keep
from services.notify.notification.notification import Notification
from services.notify.notification.states import State
from services.notify.notification.transitions import receive
from services.notify.sending.drafts import notification_of

MOST_WORDS = 5
"""Of one SMS that nobody here knows."""
_PLAIN = re.compile(r"[^a-z0-9]+")
_LONG_NUMBER = re.compile(r"[0-9]{6,}")


def unread(word: str, now: datetime) -> Receipt:
    """A word that is in no list; a long number in it is left out, whatever it is."""
    plain = _PLAIN.sub("_", _LONG_NUMBER.sub("n", word.lower())).strip("_")
    return Receipt("unread", now, f"unread_{plain[:40] or 'nothing'}")


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
    others = await tx.get(RECEIVED, _part_keys(found.values()) - stored.keys())
    after = dict(found)
    for word, id_ in meant.items():
        stored |= {key: _and(stored.get(key, Received()), word.receipt) for key in word.keys}
        if id_ in after:
            said = said_of(after[id_], [Received(id_, (word.receipt,))], others | stored)
            after[id_] = _touched(with_receipts(after[id_], said, word.receipt.at))
    await tx.put(RECEIVED, stored)
    await _count_unread(tx, words)
    await keep(tx, found, after, words[0].receipt.at)


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


def said_of(
    notification: Notification, said: Sequence[Received], stored: Mapping[str, Received]
) -> Sequence[Received]:
    """Of an SMS in parts: that it arrived once all did, that it did not as soon as one did not."""
    if not (keys := _keys_of_parts(notification)):
        return said
    words = [_last_word(own_receipts(stored.get(k, Received()), notification.id)) for k in keys]
    lost = [word for word in words if word and word.state is State.UNDELIVERED]
    arrived = [word for word in words if word and word.state is State.DELIVERED]
    if lost:
        return [Received(notification.id, (lost[0],))]
    return [Received(notification.id, (arrived[-1],))] if len(arrived) == len(keys) else []


def _last_word(received: Received) -> Receipt | None:
    known = (receipt for receipt in received.receipts if isinstance(receipt.state, State))
    return next(known, None)


def _part_keys(notifications: Iterable[Notification]) -> set[str]:
    return {key for n in notifications for key in _keys_of_parts(n)}


def _keys_of_parts(notification: Notification) -> list[str]:
    last = notification.last
    return [receipt_key(last.provider, id_) for id_ in last.parts] if last else []


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
            if isinstance(receipt.state, State):
                notification = receive(notification, receipt.state, receipt.reason, now)
    return notification


def _and(received: Received, receipt: Receipt) -> Received:
    known = {_said(one) for one in received.receipts}
    is_state = isinstance(receipt.state, State)
    if _said(receipt) in known or (not is_state and len(known) >= MOST_WORDS):
        return received
    return replace(received, receipts=(*received.receipts, receipt))


def _said(receipt: Receipt) -> str | None:
    """Of a state the reason does not matter, of a word it is the word."""
    return receipt.state.value if isinstance(receipt.state, State) else receipt.reason


def _touched(notification: Notification) -> Notification:
    return replace(notification, version=notification.version + 1)
