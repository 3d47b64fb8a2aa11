"""Receipts kept by (provider, id), and what they mean for a notification; pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.notify.ledger.records import Receipt, Received
from services.notify.notification.notification import Notification
from services.notify.notification.states import State
from services.notify.notification.transitions import receive

MOST_WORDS = 5
"""Of one SMS that nobody here knows."""
_PLAIN = re.compile(r"[^a-z0-9]+")
_LONG_NUMBER = re.compile(r"[0-9]{6,}")


def unknown_word(word: str, now: datetime) -> Receipt:
    """A word that is in no list; a long number in it is left out, whatever it is."""
    plain = _PLAIN.sub("_", _LONG_NUMBER.sub("n", word.lower())).strip("_")
    return Receipt("unread", now, f"unread_{plain[:40] or 'nothing'}")


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


def with_receipt(received: Received, receipt: Receipt) -> Received:
    known = {_said(one) for one in received.receipts}
    is_state = isinstance(receipt.state, State)
    if _said(receipt) in known or (not is_state and len(known) >= MOST_WORDS):
        return received
    return replace(received, receipts=(*received.receipts, receipt))


def _said(receipt: Receipt) -> str | None:
    """Of a state the reason does not matter, of a word it is the word."""
    return receipt.state.value if isinstance(receipt.state, State) else receipt.reason


def part_keys(notifications: Iterable[Notification]) -> set[str]:
    return {key for n in notifications for key in _keys_of_parts(n)}
