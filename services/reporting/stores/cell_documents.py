"""How figures are written in documents: ids, fields of codes, bitmaps of members."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from pyroaring import BitMap

from services.platform.mongo import Document
from services.reporting.counting.difference import DayDocument, Month
from services.reporting.definitions.measure import Codes

_NONE = "()"
_EMPTY = "~"
_ESCAPES = str.maketrans({c: f"%{ord(c):02X}" for c in "%.$|~(\0"})


@lru_cache(maxsize=50_000)
def field_of(codes: Codes) -> str:
    """Codes as the name of a field, whatever characters they hold."""
    return "|".join(code.translate(_ESCAPES) or _EMPTY for code in codes) or _NONE


@lru_cache(maxsize=50_000)
def codes_of(field: str) -> Codes:
    """The codes of such a field."""
    if field == _NONE:
        return ()
    return tuple("" if part == _EMPTY else unquote(part) for part in field.split("|"))


def day_document_id(kind: str, document: DayDocument) -> str:
    """A day's `_id`."""
    return f"{kind}|{document.ward}|{document.day}|{document.known}"


def month_id(kind: str, month: Month) -> str:
    """A month's `_id`."""
    return f"{kind}|{month.ward}|{month.month}"


def month_fields(kind: str, month: Month) -> Document:
    """What a month is found by."""
    return {"kind": kind, "ward": month.ward, "day": month.month}


def month_of(document: Mapping[str, Any]) -> Month:
    """The month that a document holds."""
    return Month(document["ward"], document["day"])


def day_document_fields(kind: str, document: DayDocument) -> Document:
    """What a day is found by."""
    return {
        "kind": kind,
        "ward": document.ward,
        "day": str(document.day),
        "known": str(document.known),
    }


def day_document_of(document: Mapping[str, Any]) -> DayDocument:
    """The day that a document holds."""
    return DayDocument(document["ward"], day_of(document["day"]), day_of(document["known"]))


@lru_cache(maxsize=5_000)
def day_of(text: str) -> date:
    """A day from its ISO form."""
    return date.fromisoformat(text)


def lines_of(document: Mapping[str, Any]) -> Iterator[tuple[str, Codes, Any]]:
    """Measure, codes and value of each line."""
    for measure, fields in document.get("lines", {}).items():
        for field, value in fields.items():
            yield measure, codes_of(field), value


class MemberDelta:
    """Members of one line that a known day added (+1) or took away (-1)."""

    __slots__ = ("left", "new")

    def __init__(self, stored: Mapping[str, bytes] | None = None) -> None:
        stored = stored or {}
        self.new = _bitmap(stored.get("new"))
        self.left = _bitmap(stored.get("left"))

    def add(self, number: int, amount: int) -> None:
        """Add to one member. Raises: ValueError where two histories give one point."""
        amount += (number in self.new) - (number in self.left)
        if not -1 <= amount <= 1:
            raise ValueError(
                "a member is counted by two histories: the key of a history is too narrow"
            )
        (self.new.add if amount > 0 else self.new.discard)(number)
        (self.left.add if amount < 0 else self.left.discard)(number)

    def amounts(self) -> Iterator[tuple[int, int]]:
        """Each member with what changed."""
        yield from ((number, 1) for number in self.new)
        yield from ((number, -1) for number in self.left)

    def stored(self) -> dict[str, bytes]:
        """As kept; what is empty is left out."""
        return {
            name: bits.serialize()
            for name, bits in (("new", self.new), ("left", self.left))
            if bits
        }


class MemberDays:
    """On how many days of a month each member of a line counts: a bitmap for each binary digit.

    So a member taken back on one day still counts for the month while another day has it.
    """

    __slots__ = ("_changed", "_stored")
    _PLACES = "012345"
    """Enough for 31 days and, where figures are wrong, a sign."""

    def __init__(self, stored: Mapping[str, bytes] | None = None) -> None:
        self._stored = stored or {}
        self._changed: dict[str, BitMap] = {}

    def add(self, number: int, amount: int) -> None:
        """Add to one member."""
        for _ in range(abs(amount)):
            self._count(number, up=amount > 0)

    def amounts(self) -> Iterator[tuple[int, int]]:
        """Each member with its days."""
        digits = [self._digit(place) for place in self._PLACES]
        for number in BitMap.union(*digits):
            days = sum(1 << n for n, digit in enumerate(digits) if number in digit)
            yield number, days if days < 32 else days - 64

    def stored(self) -> dict[str, bytes]:
        """As kept; what is empty is left out."""
        kept = {place: bits for place, bits in self._stored.items() if place not in self._changed}
        return kept | {place: bits.serialize() for place, bits in self._changed.items() if bits}

    def _count(self, number: int, *, up: bool) -> None:
        """One day more or less: the last digit changes, and the next wherever one turns over."""
        for place in self._PLACES:
            digit = self._changed[place] = self._digit(place)
            if number in digit:
                digit.discard(number)
            else:
                digit.add(number)
            if (number in digit) is up:
                return

    def _digit(self, place: str) -> BitMap:
        changed = self._changed.get(place)
        return _bitmap(self._stored.get(place)) if changed is None else changed


def counted(stored: Mapping[str, bytes]) -> BitMap:
    """Who counts on any day of a month."""
    return BitMap.union(*map(BitMap.deserialize, stored.values())) if stored else BitMap()


def followed(members: BitMap | None, stored: Mapping[str, bytes]) -> BitMap:
    """Who is in a line after what one known day changed; there are many lines, so no detours."""
    new, left = stored.get("new"), stored.get("left")
    if new:
        joined = BitMap.deserialize(new)
        members = joined if members is None else members | joined
    if left and members:
        members = members - BitMap.deserialize(left)
    return BitMap() if members is None else members


def _bitmap(stored: bytes | None) -> BitMap:
    return BitMap.deserialize(stored) if stored else BitMap()
