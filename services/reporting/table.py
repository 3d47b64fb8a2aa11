"""Reads the numbers of a question and groups them: from cells, or from facts where cells cannot."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain
from typing import NamedTuple, Protocol

from services.platform.wards import RECORDS_BEGIN
from services.reporting.ask import Ask
from services.reporting.figures import CellReader, Figure
from services.reporting.measure import Labels, Measure
from services.reporting.periods import ONE_DAY, Period, Unit, containing, split
from services.reporting.placing import Placing
from services.reporting.report import Number

Key = tuple[str, ...]
"""A row: a text for each thing grouped by: a ward's key, a period's first day, a code."""
Table = dict[Key, dict[str, int]]
"""Numbers by name; what a row does not have is zero."""
Figures = list[tuple[Figure, int]]
AS_OF = "as_of"
"""The label under which a denominator says for which day it was told."""


class FigureSource(Protocol):
    """Figures of a placing made from facts, for filters that its labels do not hold."""

    async def figures(self, placing: Placing, ask: Ask) -> Mapping[Figure, int]: ...
    async def members(
        self, placing: Placing, ask: Ask, by: Callable[[Figure], Key | None]
    ) -> Mapping[Key, int]: ...


class Placed(NamedTuple):
    """A number, where it stands, and whether facts must be read because of a filter."""

    number: Number
    placing: Placing
    filtered: bool


class Answer(NamedTuple):
    """Rows with the names of the numbers that could not be said, and the days of denominators."""

    table: Table
    unsaid: frozenset[str]
    as_of: Mapping[tuple[Key, str], date]


def placed(number: Number, ask: Ask) -> Placed | None:
    """None: the number has no such label, or the filter does not apply to it."""
    if placing := number.placed(ask.filters, ask.labels):
        return Placed(number, placing, filtered=False)
    placing = number.placed_in_part(ask.filters, ask.labels)
    if not placing or number.is_stock or not _carries(placing, ask.filters):
        return None
    return Placed(number, placing, filtered=True)


def _carries(placing: Placing, filters: Mapping[str, str]) -> bool:
    """Whether each event of the measure has the fields that are filtered by."""
    names = {name: name if name in ("service", "group") else f"{name}_id" for name in filters}
    fields = {"service": "services", "group": "groups"}
    return all(
        fields.get(field, field) in event.model_fields["data"].annotation.model_fields  # type: ignore[union-attr]
        for event in placing.measure.on
        for field in names.values()
    )


class Reading:
    """Answers one question."""

    def __init__(self, ask: Ask, cells: CellReader, facts: FigureSource) -> None:
        self._ask = ask
        self._cells = cells
        self._facts = facts
        self._key = cache(self._row_of)

    async def answer(self, numbers: Sequence[Number]) -> Answer:
        """All numbers, grouped as asked."""
        found = [p for number in numbers if (p := placed(number, self._ask))]
        unsaid = {n.name for n in numbers} - {p.number.name for p in found}
        figures = await self._counted(found)
        table: Table = defaultdict(dict)
        as_of: dict[tuple[Key, str], date] = {}
        for one in found:
            name = one.number.name
            own = figures.get(one.placing.measure.name, [])
            for key, amount in (await self._grouped(one, own)).items():
                table[key][name] = amount
            as_of |= {(key, name): day for key, day in self._told(one, own).items()}
        return Answer(dict(table), frozenset(unsaid), as_of)

    async def _grouped(self, one: Placed, figures: Figures) -> dict[Key, int]:
        if one.placing.measure.members:
            return await self._distinct(one)
        if one.filtered:
            figures = list((await self._facts.figures(one.placing, self._ask)).items())
        amounts = self._amounts(one, figures)
        if one.number.of:
            counted = Counter(key[:-1] for key, n in amounts.items() if n > 0 and key[-1])
            return dict(counted)
        return {key[:-1]: amount for key, amount in amounts.items()}

    def _amounts(self, one: Placed, figures: Figures) -> dict[Key, int]:
        """By row, and then by what is told apart inside a row."""
        amounts = Counter[Key]()
        holds = one.placing.holds
        for figure, amount in figures:
            if holds(figure.labels):
                row = self._key(figure.ward, figure.day, one.placing.group(figure.labels))
                amounts[*row, self._apart(one, figure)] += amount
        if one.number.is_stock and self._ask.unit:
            amounts = Counter(_running(amounts, self._ask, self._ask.unit))
        return amounts

    def _apart(self, one: Placed, figure: Figure) -> str:
        of = one.number.of
        if of == "ward":
            return self._ask.shown(figure.ward)
        return figure.labels[one.placing.measure.labels.index(of)] if of else ""

    def _told(self, one: Placed, figures: Figures) -> dict[Key, date]:
        """The oldest day for which a part of the denominator is told."""
        labels = one.placing.measure.labels
        if AS_OF not in labels:
            return {}
        days = Counter[Key]()
        for figure, amount in figures:
            if one.placing.holds(figure.labels):
                row = self._key(figure.ward, figure.day, one.placing.group(figure.labels))
                days[*row, figure.labels[labels.index(AS_OF)]] += amount
        if self._ask.unit:
            days = Counter(_running(days, self._ask, self._ask.unit))
        told: dict[Key, date] = {}
        for key, amount in days.items():
            if amount > 0:
                told[key[:-1]] = min(told.get(key[:-1], date.max), date.fromisoformat(key[-1]))
        return told

    async def _distinct(self, one: Placed) -> dict[Key, int]:
        def row(figure: Figure) -> Key | None:
            if not one.placing.holds(figure.labels):
                return None
            return self._key(figure.ward, figure.day, one.placing.group(figure.labels))

        if one.filtered:
            return dict(await self._facts.members(one.placing, self._ask, row))
        ask = self._ask
        return await self._cells.distinct(
            one.placing.measure,
            wards=ask.wards,
            days=ask.days,
            by=row,
            known_by=ask.known_by,
            labels=one.placing.exact,
        )

    async def _counted(self, found: Sequence[Placed]) -> Mapping[str, Figures]:
        """The figures of all counts that cells hold, by measure."""
        kept = [p for p in found if not p.filtered and not p.placing.measure.members]
        flows = list({p.placing.measure for p in kept if not p.number.is_stock})
        stocks = list({p.placing.measure for p in kept if p.number.is_stock})
        days = self._ask.days
        if self._ask.unit:
            before = Period(RECORDS_BEGIN, days.first - ONE_DAY)
            parts = [await self._daily([*flows, *stocks], days), await self._summed(stocks, before)]
        else:
            until_end = Period(RECORDS_BEGIN, days.last)
            parts = [await self._summed(flows, days), await self._summed(stocks, until_end)]
        figures: dict[str, Figures] = defaultdict(list)
        for figure, amount in chain(*parts):
            figures[figure.measure].append((figure, amount))
        return figures

    async def _summed(self, measures: list[Measure], days: Period) -> Figures:
        if not measures or days.first > days.last:
            return []
        ask = self._ask
        totals = await self._cells.totals(
            measures, wards=ask.wards, days=days, known_by=ask.known_by
        )
        return [
            (Figure(t.measure, t.ward, days.last, t.labels), amount) for t, amount in totals.items()
        ]

    async def _daily(self, measures: list[Measure], days: Period) -> Figures:
        if not measures:
            return []
        ask = self._ask
        figures = await self._cells.read(
            measures, wards=ask.wards, days=days, known_by=ask.known_by
        )
        return list(figures.items())

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
