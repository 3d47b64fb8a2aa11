"""Reads the numbers of a question: from cells, or from facts where cells cannot say them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple, Protocol

from services.platform.vietnam.wards import RECORDS_BEGIN
from services.reporting.asking.grouping import Figures, Grouping, Key, SelectedNumber
from services.reporting.asking.periods import ONE_DAY, WHOLE_MONTHS, Period, split
from services.reporting.asking.question import Question
from services.reporting.definitions.cell_selector import CellSelector
from services.reporting.definitions.filters import FILTERS
from services.reporting.definitions.measure import Measure
from services.reporting.definitions.number import Number
from services.reporting.stores.figures import CellReader, Distinct, Figure

Table = dict[Key, dict[str, int]]
"""Numbers by name; what a row does not have is zero."""


class FigureSource(Protocol):
    """Figures made from facts, for filters that the labels of cells do not hold."""

    async def figures(self, selector: CellSelector, question: Question) -> Mapping[Figure, int]: ...
    async def members(
        self, selector: CellSelector, question: Question, by: Callable[[Figure], Key | None]
    ) -> Mapping[Key, int]: ...


class NumberInRows(NamedTuple):
    """One number in the rows of one grouping."""

    grouping: Grouping
    selected: SelectedNumber

    def row(self, figure: Figure) -> Key | None:
        """The row that a figure belongs to; None: it is no part of the number."""
        return self.grouping.row(self.selected.selector, figure)


class NumberTable(NamedTuple):
    """Rows with the names of the numbers that could not be said, and the days of denominators."""

    table: Table
    unsaid: frozenset[str]
    as_of: Mapping[tuple[Key, str], date]


def select(number: Number, question: Question) -> SelectedNumber | None:
    """None: the number has no such label, or the filter does not apply to it."""
    if selector := number.select(question.filters, question.labels):
        return SelectedNumber(number, selector, filtered=False)
    selector = number.select_in_part(question.filters, question.labels)
    if not selector or number.is_stock or not _carries(selector.measure, question.filters):
        return None
    return SelectedNumber(number, selector, filtered=True)


def _carries(measure: Measure, filters: Collection[str]) -> bool:
    """Whether each event of the measure has the fields that are filtered by."""
    return all(
        name in FILTERS and FILTERS[name].is_carried_by(event_class)
        for event_class in measure.on
        for name in filters
    )


class NumberReader:
    """Answers a question, and its total, from one reading of the cells."""

    def __init__(self, question: Question, cells: CellReader, facts: FigureSource) -> None:
        self._question = question
        self._cells = cells
        self._facts = facts

    async def answer(self, numbers: Sequence[Number]) -> NumberTable:
        """All numbers, grouped as asked."""
        [answer] = await self._answers(numbers, [self._question])
        return answer

    async def with_total(self, numbers: Sequence[Number]) -> tuple[NumberTable, NumberTable]:
        """The same, and all numbers in one row, for people and kinds of team do not add up."""
        rows, total = await self._answers(numbers, [self._question, self._question.whole()])
        return rows, total

    async def _answers(
        self, numbers: Sequence[Number], questions: Sequence[Question]
    ) -> list[NumberTable]:
        """The questions differ in their grouping alone, and the first has the shortest periods."""
        found = [
            [
                NumberInRows(grouping, selected)
                for number in numbers
                if (selected := select(number, question))
            ]
            for question, grouping in zip(questions, map(Grouping, questions), strict=True)
        ]
        numbers_in_rows = [number for part in found for number in part]
        members = [n for n in numbers_in_rows if n.selected.selector.measure.members]
        counts = [n for n in numbers_in_rows if not n.selected.selector.measure.members]
        people = await self._people(members)
        figures = await self._figures({n.selected for n in counts})
        sums = {n: n.grouping.sums(n.selected, figures[n.selected]) for n in counts}
        as_of = {n: n.grouping.as_of(n.selected, figures[n.selected]) for n in counts}
        return [_answer(numbers, part, people | sums, as_of) for part in found]

    async def _people(
        self, numbers: Sequence[NumberInRows]
    ) -> dict[NumberInRows, Mapping[Key, int]]:
        """Distinct members, which no figures add up to."""
        question = self._question
        in_cells = [n for n in numbers if not n.selected.filtered]
        selectors = [(n.selected.selector, n.row) for n in in_cells]
        found = await self._cells.distinct(
            [Distinct(selector.measure, row, selector.exact) for selector, row in selectors],
            wards=question.wards,
            days=question.days,
            known_by=question.known_by,
            by_day=question.unit is not None and question.unit not in WHOLE_MONTHS,
        )
        people: dict[NumberInRows, Mapping[Key, int]] = dict(zip(in_cells, found, strict=True))
        for number in numbers:
            if number.selected.filtered:
                selector = number.selected.selector
                people[number] = await self._facts.members(selector, question, number.row)
        return people

    async def _figures(
        self, numbers: Collection[SelectedNumber]
    ) -> Mapping[SelectedNumber, Figures]:
        """The figures that each count is made of."""
        in_cells = await self._counted([n for n in numbers if not n.filtered])
        figures = {n: in_cells.get(n.selector.measure.name, []) for n in numbers}
        for number in numbers:
            if number.filtered:
                counted = await self._facts.figures(number.selector, self._question)
                figures[number] = list(counted.items())
        return figures

    async def _counted(self, numbers: Sequence[SelectedNumber]) -> Mapping[str, Figures]:
        """The figures of counts that cells hold, by measure."""
        flows = list({n.selector.measure for n in numbers if not n.number.is_stock})
        stocks = list({n.selector.measure for n in numbers if n.number.is_stock})
        question, days = self._question, self._question.days
        if question.unit:
            parts = [await self._summed(stocks, Period(RECORDS_BEGIN, days.first - ONE_DAY))]
            if question.unit in WHOLE_MONTHS:
                every = [*flows, *stocks]
                parts += [
                    await self._summed(every, period) for period in split(question.unit, days)
                ]
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
        question = self._question
        totals = await self._cells.totals(
            measures, wards=question.wards, days=days, known_by=question.known_by
        )
        return [
            (Figure(t.measure, t.ward, days.last, t.codes), amount) for t, amount in totals.items()
        ]

    async def _daily(self, measures: list[Measure], days: Period) -> Figures:
        if not measures:
            return []
        question = self._question
        figures = await self._cells.read(
            measures, wards=question.wards, days=days, known_by=question.known_by
        )
        return list(figures.items())


def _answer(
    numbers: Iterable[Number],
    in_rows: Iterable[NumberInRows],
    amounts: Mapping[NumberInRows, Mapping[Key, int]],
    as_of: Mapping[NumberInRows, Mapping[Key, date]],
) -> NumberTable:
    table: Table = defaultdict(dict)
    days: dict[tuple[Key, str], date] = {}
    unsaid = {number.name for number in numbers}
    for number in in_rows:
        name = number.selected.number.name
        unsaid.discard(name)
        for key, amount in amounts[number].items():
            table[key][name] = amount
        days |= {(key, name): day for key, day in as_of.get(number, {}).items()}
    return NumberTable(dict(table), frozenset(unsaid), days)
