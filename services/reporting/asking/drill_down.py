"""From a number to its facts: who and what was counted, page by page.

The amounts of all rows add up to the number, also for people, who have one row each.
"""

from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from services.platform.problems import Problem
from services.reporting.asking.drill_down_query import (
    Counted,
    DrillDownQuery,
    judged,
    leads,
    of_facts,
    of_subject,
    position_of,
)
from services.reporting.asking.fact_readers import FactReader
from services.reporting.asking.question import Question
from services.reporting.counting.contributions import standing
from services.reporting.counting.keys import Key as History
from services.reporting.counting.keys import keys_of_life
from services.reporting.counting.life import joined
from services.reporting.definitions.cell_selector import CellSelector
from services.reporting.definitions.measure import Fact, HistoryKey, Life
from services.reporting.problems import TOO_MANY_FACTS
from services.reporting.stores.fact_query import Position
from services.reporting.stores.figures import Figure
from services.reporting.stores.histories import whole
from services.reporting.stores.member_store import one_person

SCANNED_AT_ONCE = 1_000
SCANNED_AT_MOST = 200_000
"""Some seconds of reading."""
_WALKS_KEPT = 32


@dataclass(frozen=True)
class CountedPage:
    """Some of what was counted; `after` leads on, None at the end."""

    rows: list[Counted]
    after: Position | None


class DrillDown:
    """Pages through what a number counted."""

    def __init__(self, facts: FactReader) -> None:
        self._facts = facts
        self._walks: OrderedDict[tuple[object, ...], frozenset[str]] = OrderedDict()

    async def page(self, opened: DrillDownQuery, after: Position | None, limit: int) -> CountedPage:
        """At least `limit` rows after a place, unless the end comes first; in the facts' order."""
        persons = await self.persons(opened.question)
        seen = set(await self._seen(opened, after, persons))
        rows: list[Counted] = []
        while len(rows) < limit:
            facts = await self._facts.page(opened.query(), after, limit)
            rows += _new(await self._counted(facts, opened), opened, persons, seen)
            if len(facts) < limit:
                return CountedPage(rows, None)
            after = position_of(facts[-1])
        self._remember(opened, after, seen)
        return CountedPage(rows, after)

    async def all(self, opened: DrillDownQuery) -> AsyncIterator[Counted]:
        """Everything that was counted, members as often as they occur. Raises: Problem."""
        after: Position | None = None
        scanned = 0
        while facts := await self._facts.page(opened.query(), after, SCANNED_AT_ONCE):
            scanned += len(facts)
            if scanned > SCANNED_AT_MOST:
                raise Problem(TOO_MANY_FACTS, "/query")
            for row in await self._counted(facts, opened):
                yield row
            after = position_of(facts[-1])

    async def persons(self, question: Question) -> Mapping[str, str]:
        """Merged records of one person, and the one that stands for it."""
        return one_person(m for m in await self._facts.merges() if m.known_by(question.known_by))

    async def _counted(self, facts: Sequence[Fact], opened: DrillDownQuery) -> list[Counted]:
        measure = opened.selector.measure
        if measure.alone:
            return [row for fact in facts for row in of_facts([fact], opened)]
        if isinstance(measure.history, Life):
            return await self._of_lives(measure.history, facts, opened)
        return await self._of_flows(measure.history, facts, opened)

    async def _of_lives(
        self, life: Life, facts: Sequence[Fact], opened: DrillDownQuery
    ) -> list[Counted]:
        """A subject has its rows where its first fact lies, which says its home."""
        keys = {key for fact in facts for key in keys_of_life(life, fact)}
        histories = await whole(self._facts, keys, None)
        told = {f.id: f for key, found in histories.items() for f in found if key.holds(f)}
        subjects = joined(life, standing(told.values(), opened.question.known_by))
        by_first = {history[0].id: history for history in subjects}
        return [
            row
            for fact in facts
            if (history := by_first.get(fact.id))
            for row in of_subject(history, opened)
        ]

    async def _of_flows(
        self, history_key: HistoryKey, facts: Sequence[Fact], opened: DrillDownQuery
    ) -> list[Counted]:
        keys = {f.id: History(f.ward, key) for f in facts if (key := history_key(f))}
        histories = (await self._facts.find((), set(keys.values()), None)).histories
        rows: list[Counted] = []
        for fact in facts:
            if found := keys.get(fact.id):
                history = judged(histories.get(found, ()), history_key, found.name, opened)
                rows += of_facts(history, opened) if leads(fact, history, opened) else ()
        return rows

    async def _seen(
        self, opened: DrillDownQuery, after: Position | None, persons: Mapping[str, str]
    ) -> frozenset[str]:
        """Who had a row on an earlier page; walked again when that is forgotten."""
        if after is None or not opened.once:
            return frozenset()
        kept = self._walks.get((opened.identity(), after))
        return frozenset(await self._walk(opened, after, persons)) if kept is None else kept

    async def _walk(
        self, opened: DrillDownQuery, end: Position, persons: Mapping[str, str]
    ) -> set[str]:
        seen: set[str] = set()
        at: Position | None = None
        while facts := await self._facts.page(opened.query(), at, SCANNED_AT_ONCE):
            before = [fact for fact in facts if position_of(fact) <= end]
            _new(await self._counted(before, opened), opened, persons, seen)
            if len(before) < len(facts):
                break
            at = position_of(facts[-1])
        return seen

    def _remember(
        self, opened: DrillDownQuery, after: Position | None, seen: Collection[str]
    ) -> None:
        if opened.once and after:
            self._walks[opened.identity(), after] = frozenset(seen)
            while len(self._walks) > _WALKS_KEPT:
                self._walks.popitem(last=False)


class FromFacts:
    """Figures for filters that no cell holds, counted when asked; see `table.FigureSource`."""

    def __init__(self, drill_down: DrillDown) -> None:
        self._drill_down = drill_down

    async def figures(self, selector: CellSelector, question: Question) -> Mapping[Figure, int]:
        """Counts by ward, day and labels."""
        figures = Counter[Figure]()
        async for row in self._drill_down.all(DrillDownQuery(selector, question)):
            figures[_figure(selector, row)] += row.amount
        return figures

    async def members(
        self,
        selector: CellSelector,
        question: Question,
        by: Callable[[Figure], tuple[str, ...] | None],
    ) -> Mapping[tuple[str, ...], int]:
        """Distinct members in each group."""
        opened = DrillDownQuery(selector, question)
        persons = await self._drill_down.persons(question)
        groups: dict[tuple[str, ...], set[str]] = {}
        async for row in self._drill_down.all(opened):
            if (group := by(_figure(selector, row))) is not None:
                groups.setdefault(group, set()).add(opened.who(row, persons))
        return {group: len(members) for group, members in groups.items()}


def _figure(selector: CellSelector, row: Counted) -> Figure:
    return Figure(selector.measure.name, row.ward, row.point.day, row.point.codes)


def _new(
    rows: Sequence[Counted], opened: DrillDownQuery, persons: Mapping[str, str], seen: set[str]
) -> list[Counted]:
    """All rows of a number that adds up; else the first row of each who is counted once."""
    if not opened.once:
        return list(rows)
    fresh: list[Counted] = []
    for row in rows:
        if (who := opened.who(row, persons)) and who not in seen:
            seen.add(who)
            fresh.append(row._replace(amount=1))
    return fresh
