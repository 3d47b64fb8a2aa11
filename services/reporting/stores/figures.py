"""The figures as reports read them: `CellReader` and what it answers with."""

from collections.abc import Callable, Collection, Hashable, Sequence
from datetime import date, timedelta
from typing import Generic, NamedTuple, Protocol, TypeVar

from services.reporting.definitions.measure import Codes, Measure

G = TypeVar("G", bound=Hashable)
ONE_DAY = timedelta(days=1)
Days = tuple[date, date]
"""First and last, both included."""


class Figure(NamedTuple):
    """Where a number stands."""

    measure: str
    ward: str
    day: date
    codes: Codes


class Total(NamedTuple):
    """Where a sum over days stands."""

    measure: str
    ward: str
    codes: Codes


class Distinct(NamedTuple, Generic[G]):
    """Members of a measure, each once in a group: `by` names a figure's group (None: of none)."""

    measure: Measure
    by: Callable[[Figure], G | None]
    codes: Codes | None = None
    """None: all lines; else the one line that is read."""


class CellReader(Protocol):
    """Figures of wards (keys; None: all) and days; `known_by` leaves out what came later."""

    async def read(
        self,
        measures: Collection[Measure],
        *,
        wards: Collection[str] | None,
        days: Days,
        known_by: date | None = None,
    ) -> dict[Figure, int]:
        """Figures that are not zero; a measure of members counts each once in a figure."""

    async def totals(
        self,
        measures: Collection[Measure],
        *,
        wards: Collection[str] | None,
        days: Days,
        known_by: date | None = None,
    ) -> dict[Total, int]:
        """Sums over the days that are not zero, of measures without members.

        Cheaper than `read`: whole months are kept summed. Raises: ValueError for members.
        """

    async def distinct(
        self,
        asked: Sequence[Distinct[G]],
        *,
        wards: Collection[str] | None,
        days: Days,
        known_by: date | None = None,
        by_day: bool = True,
    ) -> list[dict[G, int]]:
        """How many members each group has, from one reading for all that is asked.

        Where groups need not tell a month's days apart (`by_day` is false) whole months are read
        at once, under their first day. Merged records of one person count as one; groups without
        any are left out.
        Raises: ValueError for a measure without members.
        """


def require_members(measure: Measure) -> None:
    """Raises: ValueError."""
    if not measure.members:
        raise ValueError(f"{measure.name} has no members: read it")


def refuse_members(measures: Collection[Measure]) -> None:
    """Raises: ValueError."""
    for measure in measures:
        if measure.members:
            raise ValueError(f"{measure.name} has members: ask for distinct ones")


def split_months(days: Days) -> tuple[tuple[str, ...], tuple[Days, ...]]:
    """The whole months in a period, such as `2025-10`, and what is left at its ends."""
    first, last = days
    start = first if first.day == 1 else _next_month(first)
    end = _month_start(last) if not _ends_month(last) else _next_month(last)
    if start >= end:
        return (), (days,)
    whole = []
    month = start
    while month < end:
        whole.append(f"{month:%Y-%m}")
        month = _next_month(month)
    ends = ((first, start - ONE_DAY), (end, last))
    return tuple(whole), tuple((a, b) for a, b in ends if a <= b)


def _month_start(day: date) -> date:
    return day.replace(day=1)


def _next_month(day: date) -> date:
    return _month_start(_month_start(day) + timedelta(days=31))


def _ends_month(day: date) -> bool:
    return (day + ONE_DAY).day == 1
