"""What an SMSC's answers, ids and receipts say of an SMS here; pure."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from services.notify.ledger.records import Receipt
from services.notify.notification.states import State
from services.notify.providers.provider import (
    HELD_BACK,
    Accepted,
    Outcome,
    SurelyNotAccepted,
    Unknown,
)
from services.notify.smpp import outcomes as smpp
from services.notify.smpp.receipts import MessageState

_COME_AGAIN = frozenset({0x08, 0x45, 0x64})
"""System error, submit failed, temporary application error."""
_MISCONFIGURED = frozenset({0x04, 0x05, 0x0D, 0x0E, 0x0F})
"""Bound the wrong way, or not let in: it can succeed once somebody has put that right."""
_FOR_GOOD = frozenset(
    {0x01, 0x02, 0x03, 0x0A, 0x0B, 0x15, 0x43, *range(0x48, 0x52), 0x61, 0x62, 0x65, 0x66}
)
"""Of this message: its length, its addresses, its parameters, its times."""
_NUMERIC = re.compile(r"[0-9A-Fa-f]{1,64}")

_SAID = {
    MessageState.DELIVERED: State.DELIVERED,
    MessageState.EXPIRED: State.UNDELIVERED,
    MessageState.DELETED: State.UNDELIVERED,
    MessageState.UNDELIVERABLE: State.UNDELIVERED,
    MessageState.REJECTED: State.UNDELIVERED,
}
_SHORTEST_S, _LONGEST_S = 60, 30 * 24 * 3_600
_WITHOUT_STATUS: Mapping[type[smpp.Outcome], Outcome] = {
    smpp.Throttled: SurelyNotAccepted("provider_busy", retryable=True),
    smpp.NotSent: SurelyNotAccepted("provider_unreachable", retryable=True),
    smpp.HeldBack: HELD_BACK,
    smpp.TimedOut: Unknown("no_answer"),
    smpp.Lost: Unknown("connection_lost"),
}


def classify(outcome: smpp.Outcome) -> Outcome:
    """A status that is in no list may mean anything, 0xFF (unknown error) too: it may have left."""
    match outcome:
        case smpp.SubmitAccepted(message_id):
            return Accepted(message_id)
        case smpp.SubmitRefused(status):
            return _refused(status)
    return _WITHOUT_STATUS[type(outcome)]


def _refused(status: int) -> Outcome:
    reason = f"provider_refused_0x{status:02x}"
    if status in _COME_AGAIN | _MISCONFIGURED:
        return SurelyNotAccepted(reason, retryable=True)
    if status in _FOR_GOOD:
        return SurelyNotAccepted(reason, retryable=False)
    return Unknown(reason)


class ReceiptIds(StrEnum):
    """How the ids of receipts are written, where those of responses are written otherwise."""

    AS_ANSWERED = "as_answered"
    DECIMAL = "decimal"
    """Responses have them in hexadecimal."""
    HEX = "hex"
    """Responses have them in decimal."""


def answered_id(id_: str, ids: ReceiptIds) -> str:
    """The one spelling under which a response's id is kept."""
    base = {ReceiptIds.DECIMAL: 16, ReceiptIds.HEX: 10}.get(ids)
    return _spelled(id_, base)


def receipted_id(id_: str, ids: ReceiptIds) -> str:
    """The same spelling, of a receipt's id."""
    base = {ReceiptIds.DECIMAL: 10, ReceiptIds.HEX: 16}.get(ids)
    return _spelled(id_, base)


def read_receipt(state: MessageState | None, now: datetime) -> Receipt | None:
    """None where the SMS is still under way, or nothing is known of it."""
    said = _SAID.get(state) if state else None
    if state is None or said is None:
        return None
    reason = f"undelivered_{state.name.lower()}" if said is State.UNDELIVERED else None
    return Receipt(said, now, reason)


def validity_period(useful_s: float | None) -> str:
    """In relative format (7.1.1.2): no clock of the SMSC's matters; a month at most."""
    if useful_s is None:
        return ""
    left = timedelta(seconds=min(max(int(useful_s), _SHORTEST_S), _LONGEST_S))
    minutes, seconds = divmod(left.seconds, 60)
    return f"0000{left.days:02d}{minutes // 60:02d}{minutes % 60:02d}{seconds:02d}000R"


def _spelled(id_: str, base: int | None) -> str:
    """Numbers without padding and in lower case; an id that is no number stays as it came."""
    id_ = id_.strip()
    if not _NUMERIC.fullmatch(id_):
        return id_
    if base == 16 or (base == 10 and id_.isdecimal()):
        return f"{int(id_, base):x}"
    return id_.lower().lstrip("0") or "0"
