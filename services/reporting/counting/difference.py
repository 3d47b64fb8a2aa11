"""What is added to the figures: to each line of each document, by day and by month; pure."""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from services.reporting.counting.contributions import Cell
from services.reporting.definitions.measure import Codes

K = TypeVar("K")


class DayDocument(NamedTuple):
    """One ward, one day, and the day it came to be known: one document of figures."""

    ward: str
    day: date
    known: date


Line = tuple[str, Codes]
"""A measure's name and codes."""
MemberLine = tuple[str, Codes, str]
"""The same, and the member."""


class Month(NamedTuple):
    """All days and known days of one ward's month (`2025-10`), for wide questions."""

    ward: str
    month: str


S = TypeVar("S", bound=Hashable)
Documents = dict[S, dict[K, int]]


@dataclass(frozen=True, slots=True)
class Differences:
    """What is added to each line of each document."""

    counts: Documents[DayDocument, Line] = field(default_factory=dict)
    members: Documents[DayDocument, MemberLine] = field(default_factory=dict)
    months: Documents[Month, Line] = field(default_factory=dict)
    """The counts once more, by month."""
    member_months: Documents[Month, MemberLine] = field(default_factory=dict)
    """On how many days of a month each member counts."""

    def add(self, cell: Cell, amount: int) -> None:
        """Add to one cell."""
        day, codes, member = cell.point
        document = DayDocument(cell.ward, day, cell.known)
        if member:
            lines = self.members.setdefault(document, defaultdict(int))
            lines[cell.measure, codes, member] += amount
        else:
            self.counts.setdefault(document, defaultdict(int))[cell.measure, codes] += amount

    def plus(self, other: "Differences") -> "Differences":
        """Both together."""
        return self.minus(Differences().minus(other))

    def minus(self, other: "Differences") -> "Differences":
        """What has to be added to `other` to reach this."""
        return Differences(
            _nonzero(_minus(self.counts, other.counts)),
            _nonzero(_minus(self.members, other.members)),
            _nonzero(_minus(self.months, other.months)),
            _nonzero(_minus(self.member_months, other.member_months)),
        )

    def settled(self) -> "Differences":
        """The same without what came to nothing, and with its months."""
        counts, members = _nonzero(self.counts), _nonzero(self.members)
        return Differences(
            counts, members, _nonzero(_by_month(counts)), _nonzero(_by_month(members))
        )

    def __bool__(self) -> bool:
        return bool(self.counts or self.members or self.months or self.member_months)


def _by_month(documents: Documents[DayDocument, K]) -> Documents[Month, K]:
    months: Documents[Month, K] = {}
    for document, lines in documents.items():
        summed = months.setdefault(Month(document.ward, f"{document.day:%Y-%m}"), defaultdict(int))
        for line, amount in lines.items():
            summed[line] += amount
    return months


def _minus(these: Documents[S, K], those: Documents[S, K]) -> Documents[S, K]:
    result: Documents[S, K] = {document: dict(lines) for document, lines in these.items()}
    for document, lines in those.items():
        kept = result.setdefault(document, {})
        for line, amount in lines.items():
            kept[line] = kept.get(line, 0) - amount
    return result


def _nonzero(documents: Documents[S, K]) -> Documents[S, K]:
    kept = (
        (document, {k: n for k, n in lines.items() if n}) for document, lines in documents.items()
    )
    return {document: lines for document, lines in kept if lines}
