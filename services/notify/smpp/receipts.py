"""Delivery receipts: by their parameters where there are any, else by their text (Appendix B)."""

import re
from dataclasses import dataclass, field
from enum import IntEnum

from services.notify.smpp.bodies import Message
from services.notify.smpp.codes import RECEIPT, Tag
from services.notify.smpp.texts import Coding, payload

_TYPE = 0x3C
_KEYS = re.compile(
    r"(?<!\S)(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err|text)[ \t]?:", re.IGNORECASE
)


class MessageState(IntEnum):
    """message_state (5.2.28)."""

    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8


_BY_NAME = {
    **{state.name: state for state in MessageState},
    "DELIVRD": MessageState.DELIVERED,
    "UNDELIV": MessageState.UNDELIVERABLE,
    "UNDELIVERED": MessageState.UNDELIVERABLE,
    "NOTDELIVERED": MessageState.UNDELIVERABLE,
    "FAILED": MessageState.UNDELIVERABLE,
    "DELIVERYFAILED": MessageState.UNDELIVERABLE,
    "ACCEPTD": MessageState.ACCEPTED,
    "REJECTD": MessageState.REJECTED,
}
"""Whole words: `stat` is cut to seven letters by most, spelled out by some, another by a few."""


@dataclass(frozen=True, slots=True)
class DeliveryReceipt:
    """What a receipt says; each SMSC leaves out what it likes."""

    message_id: str | None
    """As it came: the ids of responses may be padded otherwise, or in another base."""
    state: MessageState | None
    error: str | None = None
    """In the network's own code."""
    submit_date: str | None = None
    """In the SMSC's own time zone: YYMMDDhhmm, seconds with some."""
    done_date: str | None = None
    unread: str | None = field(default=None, compare=False)
    """A word for the state that is in no list: it may mean anything."""


def receipt_of(message: Message) -> DeliveryReceipt | None:
    """None for a message that somebody wrote."""
    by_parameter = message.tlv(Tag.RECEIPTED_MESSAGE_ID)
    if message.esm_class & _TYPE != RECEIPT and by_parameter is None:
        return None
    said = parse(_plain(message))
    id_ = by_parameter.split(b"\0")[0].decode("latin-1") if by_parameter else None
    number, word = message.tlv(Tag.MESSAGE_STATE), said.get("stat")
    state = _state(number) or _BY_NAME.get(_letters(word))
    return DeliveryReceipt(
        message_id=id_ or said.get("id"),
        state=state,
        unread=None if state else word or (f"state {number.hex()}" if number else None),
        error=said.get("err"),
        submit_date=said.get("submitdate"),
        done_date=said.get("donedate"),
    )


def parse(text: str) -> dict[str, str]:
    """`id:… sub:… … text:…` by key, in lower case without spaces; what says nothing is left out.

    Keys may come in any order and any case; all behind `text:` is text.
    """
    found: dict[str, str] = {}
    key, begin = "", 0
    for match in _KEYS.finditer(text):
        _keep(found, key, text[begin : match.start()])
        key, begin = re.sub("[ _]", "", match[1].lower()), match.end()
        if key == "text":
            break
    _keep(found, key, text[begin:])
    return found


def _keep(found: dict[str, str], key: str, value: str) -> None:
    if key and value.strip():
        found.setdefault(key, value.strip())


def _plain(message: Message) -> str:
    """As ASCII also where the coding is GSM's, in which `_` and `@` of an id are others."""
    coding = "utf-16-be" if message.data_coding == Coding.UCS_2 else "latin-1"
    return payload(message).decode(coding, "replace")


def _state(value: bytes | None) -> MessageState | None:
    number = int.from_bytes(value, "big") if value else 0
    return MessageState(number) if number in set(MessageState) else None


def _letters(stat: str | None) -> str:
    """However its words are set apart."""
    return re.sub("[ _-]", "", stat or "").upper()
