"""How a text is cut into SMS segments (3GPP TS 23.038 and TS 23.040)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet of TS 23.038, 6.2.1, without the escape: one septet each."""
_ADVERT_ROOM = (122, 268, 421)
_ADVERT_TOO_LONG = 99
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Its extension table, 6.2.1.1: an escape and a septet."""


class Encoding(StrEnum):
    """How the characters travel."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class Segmented:
    """A text as the network carries it, one part a segment."""

    encoding: Encoding
    parts: tuple[str, ...]

    @property
    def count(self) -> int:
        """What a provider charges."""
        return len(self.parts)


def segment(text: str) -> Segmented:
    """The parts of a text; a joined part loses six octets to the user data header.

    No part ends between an escape and its septet, nor between the halves of a surrogate pair.
    """
    if all(letter in _BASIC or letter in _EXTENDED for letter in text):
        return Segmented(Encoding.GSM7, _parts(text, _septets, alone=160, joined=153))
    return Segmented(Encoding.UCS2, _parts(text, _units, alone=70, joined=67))


@lru_cache(maxsize=20_000)
def billed(text: str, *, advertises: bool = False) -> int:
    """What a provider charges for; the operators leave an advert less room in each segment.

    Adverts: 122, 268, 421 characters, as the operators' gateways publish (intercom.com.vn), and
    never fewer than the parts in which it leaves: with accents they are shorter still.
    """
    parts = segment(text).count
    if not advertises:
        return parts
    size = len(text.encode("utf-16-be")) // 2
    by_room = (n for n, room in enumerate(_ADVERT_ROOM, 1) if size <= room)
    return max(parts, next(by_room, _ADVERT_TOO_LONG))


def beyond_gsm7(text: str) -> tuple[str, ...]:
    """The letters for which a text is UCS-2, in their order, each once."""
    outside = (letter for letter in text if letter not in _BASIC and letter not in _EXTENDED)
    return tuple(dict.fromkeys(outside))


def _parts(text: str, size: Callable[[str], int], alone: int, joined: int) -> tuple[str, ...]:
    if sum(map(size, text)) <= alone:
        return (text,)
    return tuple(_filled(text, size, joined))


def _filled(text: str, size: Callable[[str], int], room: int) -> Iterator[str]:
    part, used = "", 0
    for letter in text:
        if used + size(letter) > room:
            yield part
            part, used = "", 0
        part, used = part + letter, used + size(letter)
    yield part


def _septets(letter: str) -> int:
    return 2 if letter in _EXTENDED else 1


def _units(letter: str) -> int:
    return 2 if ord(letter) > 0xFFFF else 1
