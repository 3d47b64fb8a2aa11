"""Groups the figures of a question into rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from services.reporting.asking.periods import Period, Unit, containing, split
from services.reporting.asking.question import Question
from services.reporting.definitions.cell_selector import CellSelector
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import AS_OF, WARD
from services.reporting.definitions.measure import Codes
from services.reporting.definitions.number import Number
from services.reporting.stores.figures import Figure

Key = tuple[str, ...]
"""A row: a text for each thing grouped by: a ward's key, a period's first day, a code."""
Figures = list[tuple[Figure, int]]


class SelectedNumber(NamedTuple):
    """A number, its cells, and whether facts must be read because of a filter."""

    number: Number
    selector: CellSelector
    filtered: bool


class Grouping:
    """The rows of one question."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._key = cache(self._row_of)

    def row(self, selector: CellSelector, figure: Figure) -> Key | None:
        """The row that a figure belongs to; None: it is no part of the number."""
        if not selector.holds(figure.codes):
            return None
        return self._key(figure.ward, figure.day, selector.group(figure.codes))

    def sums(self, selected: SelectedNumber, figures: Figures) -> dict[Key, int]:
        """A number of all rows that have it."""
        amounts = self._amounts(selected, figures)
        if selected.number.of:
            different = (key for key, n in amounts.items() if n > 0 and self._counts(selected, key))
            return dict(Counter(key[:-1] for key in different))
        return {key[:-1]: amount for key, amount in amounts.items()}

    def as_of(self, selected: SelectedNumber, figures: Figures) -> dict[Key, date]:
        """The oldest day for which a part of the denominator is told."""
        labels = selected.selector.measure.tells_apart
        if AS_OF not in labels:
            return {}
        place = labels.index(AS_OF)
        days = Counter[Key]()
        for figure, amount in figures:
            if (row := self.row(selected.selector, figure)) is not None:
                days[*row, figure.codes[place]] += amount
        oldest: dict[Key, date] = {}
        for key, amount in self._standing(days).items():
            if amount > 0:
                day = date.fromisoformat(key[-1])
                oldest[key[:-1]] = min(oldest.get(key[:-1], day), day)
        return oldest

    def _amounts(self, selected: SelectedNumber, figures: Figures) -> Mapping[Key, int]:
        """By row, and then by what is told apart inside a row."""
        amounts: dict[Key, int] = defaultdict(int)
        for figure, amount in figures:
            if (row := self.row(selected.selector, figure)) is not None:
                amounts[*row, self._apart(selected, figure)] += amount
        return self._standing(amounts) if selected.number.is_stock else amounts

    def _counts(self, selected: SelectedNumber, key: Key) -> bool:
        *row, what = key
        if selected.number.of == WARD:
            return self._question.counts(what, self._last_day(row))
        return bool(what)

    def _last_day(self, row: Sequence[str]) -> date:
        if not (unit := self._question.unit):
            return self._question.days.last
        first = date.fromisoformat(row[self._question.by.index(Label(unit))])
        return min(containing(unit, first).last, self._question.days.last)

    def _apart(self, selected: SelectedNumber, figure: Figure) -> str:
        of = selected.number.of
        if of == WARD:
            return self._question.shown(figure.ward)
        return figure.codes[selected.selector.measure.labels.index(of)] if of else ""

    def _standing(self, changes: Mapping[Key, int]) -> Mapping[Key, int]:
        """What stands at the end of each row's period."""
        return (
            _running(changes, self._question, self._question.unit)
            if self._question.unit
            else changes
        )

    def _row_of(self, ward: str, day: date, codes: Codes) -> Key:
        rest = iter(codes)
        return tuple(self._cell_of(name, ward, day, rest) for name in self._question.by)

    def _cell_of(self, name: Label, ward: str, day: date, codes: Iterable[str]) -> str:
        if name == WARD:
            return self._question.shown(ward)
        if self._question.unit and name == self._question.unit.value:
            return _period_of(self._question.unit, day, self._question.days).isoformat()
        return next(iter(codes))


def _period_of(unit: Unit, day: date, days: Period) -> date:
    """The row's first day; what stood before the first row counts into it."""
    return max(containing(unit, day).first, days.first)


def _running(amounts: Mapping[Key, int], question: Question, unit: Unit) -> dict[Key, int]:
    """Changes summed up from row to row, so that each says what stands at its end."""
    place = question.by.index(Label(unit))
    series: dict[Key, Counter[str]] = defaultdict(Counter)
    for key, amount in amounts.items():
        series[(*key[:place], *key[place + 1 :])][key[place]] += amount
    result: dict[Key, int] = {}
    for rest, changes in series.items():
        standing = 0
        for period in split(unit, question.days):
            first = period.first.isoformat()
            standing += changes[first]
            result[(*rest[:place], first, *rest[place:])] = standing
    return result
