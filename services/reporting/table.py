"""Reads the numbers of a question: from cells, or from facts where cells cannot say them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple, Protocol

from services.platform.vietnam.wards import RECORDS_BEGIN
from services.reporting.ask import Ask
from services.reporting.figures import CellReader, Distinct, Figure
from services.reporting.grouping import Figures, Grouping, Key, Placed
from services.reporting.measure import Measure
from services.reporting.periods import ONE_DAY, WHOLE_MONTHS, Period, split
from services.reporting.placing import Placing
from services.reporting.report import Number

Table = dict[Key, dict[str, int]]
"""Numbers by name; what a row does not have is zero."""


class FigureSource(Protocol):
    """Figures of a placing made from facts, for filters that its labels do not hold."""

    async def figures(self, placing: Placing, ask: Ask) -> Mapping[Figure, int]: ...
    async def members(
        self, placing: Placing, ask: Ask, by: Callable[[Figure], Key | None]
    ) -> Mapping[Key, int]: ...


class Asked(NamedTuple):
    """One number in the rows of one grouping."""

    grouping: Grouping
    one: Placed

    def row(self, figure: Figure) -> Key | None:
        """The row that a figure belongs to; None: it is no part of the number."""
        return self.grouping.row(self.one.placing, figure)


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
    """Answers a question, and its total, from one reading of the cells."""

    def __init__(self, ask: Ask, cells: CellReader, facts: FigureSource) -> None:
        self._ask = ask
        self._cells = cells
        self._facts = facts

    async def answer(self, numbers: Sequence[Number]) -> Answer:
        """All numbers, grouped as asked."""
        [answer] = await self._answers(numbers, [self._ask])
        return answer

    async def with_total(self, numbers: Sequence[Number]) -> tuple[Answer, Answer]:
        """The same, and all numbers in one row, for people and kinds of team do not add up."""
        rows, total = await self._answers(numbers, [self._ask, self._ask.whole()])
        return rows, total

    async def _answers(self, numbers: Sequence[Number], asks: Sequence[Ask]) -> list[Answer]:
        """The asks differ in their grouping alone, and the first has the shortest periods."""
        found = [
            [Asked(grouping, one) for number in numbers if (one := placed(number, ask))]
            for ask, grouping in zip(asks, map(Grouping, asks), strict=True)
        ]
        everything = [asked for part in found for asked in part]
        people = await self._people([a for a in everything if a.one.placing.measure.members])
        counts = [a for a in everything if not a.one.placing.measure.members]
        figures = await self._figures({asked.one for asked in counts})
        grouped = people | {a: a.grouping.sums(a.one, figures[a.one]) for a in counts}
        told = {a: a.grouping.told(a.one, figures[a.one]) for a in counts}
        return [_answer(numbers, part, grouped, told) for part in found]

    async def _people(self, asked: Sequence[Asked]) -> dict[Asked, Mapping[Key, int]]:
        """Distinct members, which no figures add up to."""
        ask = self._ask
        kept = [a for a in asked if not a.one.filtered]
        lines = [Distinct(a.one.placing.measure, a.row, a.one.placing.exact) for a in kept]
        found = await self._cells.distinct(
            lines,
            wards=ask.wards,
            days=ask.days,
            known_by=ask.known_by,
            by_day=ask.unit is not None and ask.unit not in WHOLE_MONTHS,
        )
        people: dict[Asked, Mapping[Key, int]] = dict(zip(kept, found, strict=True))
        for a in asked:
            if a.one.filtered:
                people[a] = await self._facts.members(a.one.placing, ask, a.row)
        return people

    async def _figures(self, found: Iterable[Placed]) -> Mapping[Placed, Figures]:
        """The figures that each count is made of."""
        kept = await self._counted([one for one in found if not one.filtered])
        figures = {one: kept.get(one.placing.measure.name, []) for one in found}
        for one in found:
            if one.filtered:
                figures[one] = list((await self._facts.figures(one.placing, self._ask)).items())
        return figures

    async def _counted(self, found: Sequence[Placed]) -> Mapping[str, Figures]:
        """The figures of counts that cells hold, by measure."""
        flows = list({p.placing.measure for p in found if not p.number.is_stock})
        stocks = list({p.placing.measure for p in found if p.number.is_stock})
        ask, days = self._ask, self._ask.days
        if ask.unit:
            parts = [await self._summed(stocks, Period(RECORDS_BEGIN, days.first - ONE_DAY))]
            if ask.unit in WHOLE_MONTHS:
                every = [*flows, *stocks]
                parts += [await self._summed(every, period) for period in split(ask.unit, days)]
            else:
                parts.append(await self._daily([*flows, *stocks], days))
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


def _answer(
    numbers: Iterable[Number],
    asked: Iterable[Asked],
    grouped: Mapping[Asked, Mapping[Key, int]],
    told: Mapping[Asked, Mapping[Key, date]],
) -> Answer:
    table: Table = defaultdict(dict)
    as_of: dict[tuple[Key, str], date] = {}
    unsaid = {number.name for number in numbers}
    for one in asked:
        name = one.one.number.name
        unsaid.discard(name)
        for key, amount in grouped[one].items():
            table[key][name] = amount
        as_of |= {(key, name): day for key, day in told.get(one, {}).items()}
    return Answer(dict(table), frozenset(unsaid), as_of)
