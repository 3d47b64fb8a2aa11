"""Texts as SMPP carries them: their coding, and the parts of a long one (TS 23.040, 9.2.3.24)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from services.notify.smpp import gsm
from services.notify.smpp.bodies import Message
from services.notify.smpp.codes import USER_DATA_HEADER, Tag

_MOST_PARTS = 255
_REFERENCE_8 = 0x00
_REFERENCE_16 = 0x08


_Broken = Callable[[bytes], int]
"""How many octets at the end of a part begin a letter that does not end in it."""


class Coding(IntEnum):
    """data_coding, as far as it is written or read here (5.2.19)."""

    DEFAULT = 0
    LATIN_1 = 3
    UCS_2 = 8


@dataclass(frozen=True, slots=True)
class Coded:
    """A text ready to go, without headers."""

    coding: Coding
    parts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of a long message a message is; parts with one reference belong together."""

    reference: int
    total: int
    number: int
    """The first is 1."""


class TooLong(ValueError):
    """More parts than a header can count."""


def coded(text: str) -> Coded:
    """The fewest parts; none ends within an escape or a surrogate pair.

    A lone surrogate is no character and becomes `?`. Raises: TooLong.
    """
    septets = gsm.encode(text)
    if septets is not None:
        return Coded(Coding.DEFAULT, _parts(septets, _escapes, alone=160, joined=153))
    octets = text.encode("utf-16-be", "replace")
    return Coded(Coding.UCS_2, _parts(octets, _surrogates, alone=140, joined=134))


def messages(text: str, envelope: Message, reference: int) -> list[Message]:
    """The envelope with each part of a text; `reference` joins them for the phone (modulo 256).

    Raises: TooLong.
    """
    cut = coded(text)
    if len(cut.parts) == 1:
        return [replace(envelope, data_coding=cut.coding, short_message=cut.parts[0])]
    total = len(cut.parts)
    return [
        replace(
            envelope,
            esm_class=envelope.esm_class | USER_DATA_HEADER,
            data_coding=cut.coding,
            short_message=bytes((5, _REFERENCE_8, 3, reference % 256, total, number)) + part,
        )
        for number, part in enumerate(cut.parts, start=1)
    ]


def payload(message: Message) -> bytes:
    """What a message carries behind its header: the short message, else the long payload."""
    carried = message.short_message or message.tlv(Tag.MESSAGE_PAYLOAD) or b""
    if message.esm_class & USER_DATA_HEADER and carried:
        return carried[1 + carried[0] :]
    return carried


def text_of(message: Message) -> str:
    """Any octets; those that are not of its coding become U+FFFD."""
    carried = payload(message)
    if message.data_coding == Coding.UCS_2:
        return carried.decode("utf-16-be", "replace")
    if message.data_coding == Coding.DEFAULT:
        return gsm.decode(carried)
    return carried.decode("latin-1")


def place_of(message: Message) -> Place | None:
    """By the user data header, else by the sar parameters; none for a message of one part."""
    if message.esm_class & USER_DATA_HEADER:
        return _in_header(message.short_message or message.tlv(Tag.MESSAGE_PAYLOAD) or b"")
    tags = (Tag.SAR_MSG_REF_NUM, Tag.SAR_TOTAL_SEGMENTS, Tag.SAR_SEGMENT_SEQNUM)
    reference, total, number = (message.tlv(tag) for tag in tags)
    if not (reference and total and number):
        return None
    return Place(*(int.from_bytes(value, "big") for value in (reference, total, number)))


def _in_header(carried: bytes) -> Place | None:
    header = carried[1 : 1 + carried[0]] if carried else b""
    while len(header) >= 2:
        element, size = header[0], header[1]
        value, header = header[2 : 2 + size], header[2 + size :]
        if (element, len(value)) in {(_REFERENCE_8, 3), (_REFERENCE_16, 4)}:
            return Place(int.from_bytes(value[:-2], "big"), value[-2], value[-1])
    return None


def _parts(octets: bytes, broken: _Broken, alone: int, joined: int) -> tuple[bytes, ...]:
    if len(octets) <= alone:
        return (octets,)
    found = tuple(_filled(octets, broken, joined))
    if len(found) > _MOST_PARTS:
        raise TooLong(f"a text of more than {_MOST_PARTS} parts")
    return found


def _filled(octets: bytes, broken: _Broken, room: int) -> Iterator[bytes]:
    begin = 0
    while len(octets) - begin > room:
        part = octets[begin : begin + room]
        part = part[: room - broken(part)]
        yield part
        begin += len(part)
    yield octets[begin:]


def _escapes(part: bytes) -> int:
    return 1 if part[-1] == gsm.ESCAPE else 0


def _surrogates(part: bytes) -> int:
    """The first half of a pair is 0xD800 to 0xDBFF."""
    return 2 if 0xD8 <= part[-2] <= 0xDB else 0
