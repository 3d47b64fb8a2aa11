"""Groups the figures of a question into rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from services.reporting.ask import Ask
from services.reporting.figures import Figure
from services.reporting.measure import Labels
from services.reporting.periods import Period, Unit, containing, split
from services.reporting.placing import Placing
from services.reporting.report import Number

Key = tuple[str, ...]
"""A row: a text for each thing grouped by: a ward's key, a period's first day, a code."""
Figures = list[tuple[Figure, int]]
AS_OF = "as_of"
"""The label under which a denominator says for which day it was told."""


class Placed(NamedTuple):
    """A number, where it stands, and whether facts must be read because of a filter."""

    number: Number
    placing: Placing
    filtered: bool


class Grouping:
    """The rows of one question."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._key = cache(self._row_of)

    def row(self, placing: Placing, figure: Figure) -> Key | None:
        """The row that a figure belongs to; None: it is no part of the number."""
        if not placing.holds(figure.labels):
            return None
        return self._key(figure.ward, figure.day, placing.group(figure.labels))

    def sums(self, one: Placed, figures: Figures) -> dict[Key, int]:
        """A number of all rows that have it."""
        amounts = self._amounts(one, figures)
        if one.number.of:
            different = (key for key, n in amounts.items() if n > 0 and self._counts(one, key))
            return dict(Counter(key[:-1] for key in different))
        return {key[:-1]: amount for key, amount in amounts.items()}

    def told(self, one: Placed, figures: Figures) -> dict[Key, date]:
        """The oldest day for which a part of the denominator is told."""
        labels = one.placing.measure.labels
        if AS_OF not in labels:
            return {}
        days = Counter[Key]()
        for figure, amount in figures:
            if (row := self.row(one.placing, figure)) is not None:
                days[*row, figure.labels[labels.index(AS_OF)]] += amount
        told: dict[Key, date] = {}
        for key, amount in self._standing(days).items():
            if amount > 0:
                told[key[:-1]] = min(told.get(key[:-1], date.max), date.fromisoformat(key[-1]))
        return told

    def _amounts(self, one: Placed, figures: Figures) -> Mapping[Key, int]:
        """By row, and then by what is told apart inside a row."""
        amounts: dict[Key, int] = defaultdict(int)
        for figure, amount in figures:
            if (row := self.row(one.placing, figure)) is not None:
                amounts[*row, self._apart(one, figure)] += amount
        return self._standing(amounts) if one.number.is_stock else amounts

    def _counts(self, one: Placed, key: Key) -> bool:
        *row, what = key
        if one.number.of == "ward":
            return self._ask.counts(what, self._last_day(row))
        return bool(what)

    def _last_day(self, row: Sequence[str]) -> date:
        if not (unit := self._ask.unit):
            return self._ask.days.last
        first = date.fromisoformat(row[self._ask.by.index(unit.value)])
        return min(containing(unit, first).last, self._ask.days.last)

    def _apart(self, one: Placed, figure: Figure) -> str:
        of = one.number.of
        if of == "ward":
            return self._ask.shown(figure.ward)
        return figure.labels[one.placing.measure.labels.index(of)] if of else ""

    def _standing(self, changes: Mapping[Key, int]) -> Mapping[Key, int]:
        """What stands at the end of each row's period."""
        return _running(changes, self._ask, self._ask.unit) if self._ask.unit else changes

    def _row_of(self, ward: str, day: date, codes: Labels) -> Key:
        rest = iter(codes)
        return tuple(self._cell_of(name, ward, day, rest) for name in self._ask.by)

    def _cell_of(self, name: str, ward: str, day: date, codes: Iterable[str]) -> str:
        if name == "ward":
            return self._ask.shown(ward)
        if self._ask.unit and name == self._ask.unit.value:
            return _period_of(self._ask.unit, day, self._ask.days).isoformat()
        return next(iter(codes))


def _period_of(unit: Unit, day: date, days: Period) -> date:
    """The row's first day; what stood before the first row counts into it."""
    return max(containing(unit, day).first, days.first)


def _running(amounts: Mapping[Key, int], ask: Ask, unit: Unit) -> dict[Key, int]:
    """Changes summed up from row to row, so that each says what stands at its end."""
    place = ask.by.index(unit.value)
    series: dict[Key, Counter[str]] = defaultdict(Counter)
    for key, amount in amounts.items():
        series[(*key[:place], *key[place + 1 :])][key[place]] += amount
    result: dict[Key, int] = {}
    for rest, changes in series.items():
        standing = 0
        for period in split(unit, ask.days):
            first = period.first.isoformat()
            standing += changes[first]
            result[(*rest[:place], first, *rest[place:])] = standing
    return result
