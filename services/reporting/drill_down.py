"""From a number to its facts: who and what was counted, page by page.

The amounts of all rows add up to the number, also for people, who have one row each.
"""

from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from services.platform.mongo import Session
from services.platform.problems import Problem
from services.platform.wards import RECORDS_BEGIN
from services.reporting.ask import Ask
from services.reporting.difference import Key as History
from services.reporting.fact_query import FactQuery, Place
from services.reporting.figures import Figure
from services.reporting.measure import Fact, Point
from services.reporting.measures.stock import Stock
from services.reporting.members import Merge, one_person
from services.reporting.periods import Period
from services.reporting.placing import Placing
from services.reporting.problems import TOO_MANY_FACTS

SCANNED_AT_ONCE = 1_000
SCANNED_AT_MOST = 200_000
"""Some seconds of reading."""
_FIELDS = {"neighbourhood": "neighbourhood_id", "team": "team_id"}
_WALKS_KEPT = 32


class FactReader(Protocol):
    """What reports need of facts."""

    async def page(self, query: FactQuery, after: Place | None, limit: int) -> list[Fact]: ...
    async def together(
        self, keys: Collection[History], session: Session | None
    ) -> Mapping[History, Sequence[Fact]]: ...
    async def merges(self) -> Sequence[Merge]: ...


class Counted(NamedTuple):
    """One thing in a number: `amount` of it, and the facts that say so."""

    ward: str
    point: Point
    amount: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Page:
    """Some of what was counted; `after` leads on, None at the end."""

    rows: list[Counted]
    after: Place | None


@dataclass(frozen=True)
class Opened:
    """A number that is opened: where it stands, for which question."""

    placing: Placing
    ask: Ask
    of: str = ""
    """What the number counts the different ones of, such as `team`; see `report.Number`."""

    @property
    def once(self) -> bool:
        """Whether some facts repeat what others have counted already."""
        return self.placing.measure.members or bool(self.of)

    @property
    def days(self) -> Period:
        """A stock looks back to the beginning."""
        if isinstance(self.placing.measure, Stock):
            return Period(RECORDS_BEGIN, self.ask.days.last)
        return self.ask.days

    def query(self) -> FactQuery:
        """The facts that can lie under the number."""
        where = {_FIELDS.get(name, name): code for name, code in self.ask.filters.items()}
        measure, ask = self.placing.measure, self.ask
        return FactQuery(ask.wards, self.days, measure.on, ask.known_by, where)

    def who(self, row: "Counted", persons: Mapping[str, str]) -> str:
        """Who or what is counted once; merged records are one person."""
        if self.of == "ward":
            return self.ask.shown(row.ward)
        if self.of:
            return row.point.labels[self.placing.measure.labels.index(self.of)]
        return persons.get(row.point.member, row.point.member)

    def identity(self) -> tuple[object, ...]:
        """Equal for equal questions."""
        ask = self.ask
        filters = tuple(sorted(ask.filters.items()))
        return (self.placing, self.of, ask.days, ask.wards, filters, ask.known_by, ask.mode)


class DrillDown:
    """Pages through what a number counted."""

    def __init__(self, facts: FactReader) -> None:
        self._facts = facts
        self._walks: OrderedDict[tuple[object, ...], frozenset[str]] = OrderedDict()

    async def page(self, opened: Opened, after: Place | None, limit: int) -> Page:
        """At least `limit` rows after a place, unless the end comes first; in the facts' order."""
        persons = await self.persons(opened.ask)
        seen = set(await self._seen(opened, after, persons))
        rows: list[Counted] = []
        while len(rows) < limit:
            facts = await self._facts.page(opened.query(), after, limit)
            rows += _new(await self._counted(facts, opened), opened, persons, seen)
            if len(facts) < limit:
                return Page(rows, None)
            after = _place(facts[-1])
        self._remember(opened, after, seen)
        return Page(rows, after)

    async def all(self, opened: Opened) -> AsyncIterator[Counted]:
        """Everything that was counted, members as often as they occur. Raises: Problem."""
        after: Place | None = None
        scanned = 0
        while facts := await self._facts.page(opened.query(), after, SCANNED_AT_ONCE):
            scanned += len(facts)
            if scanned > SCANNED_AT_MOST:
                raise Problem(TOO_MANY_FACTS, "/query")
            for row in await self._counted(facts, opened):
                yield row
            after = _place(facts[-1])

    async def persons(self, ask: Ask) -> Mapping[str, str]:
        """Merged records of one person, and the one that stands for it."""
        return one_person(m for m in await self._facts.merges() if m.known_by(ask.known_by))

    async def _counted(self, facts: Sequence[Fact], opened: Opened) -> list[Counted]:
        measure = opened.placing.measure
        if measure.alone:
            return [row for fact in facts for row in _rows([fact], opened)]
        keys = {f.id: History(f.ward, key) for f in facts if (key := measure.together(f))}
        histories = await self._facts.together(set(keys.values()), None)
        rows: list[Counted] = []
        for fact in facts:
            if history_key := keys.get(fact.id):
                history = _judged(histories.get(history_key, ()), history_key.together, opened)
                rows += _rows(history, opened) if _leads(fact, history, opened) else ()
        return rows

    async def _seen(
        self, opened: Opened, after: Place | None, persons: Mapping[str, str]
    ) -> frozenset[str]:
        """Who had a row on an earlier page; walked again when that is forgotten."""
        if after is None or not opened.once:
            return frozenset()
        kept = self._walks.get((opened.identity(), after))
        return frozenset(await self._walk(opened, after, persons)) if kept is None else kept

    async def _walk(self, opened: Opened, end: Place, persons: Mapping[str, str]) -> set[str]:
        seen: set[str] = set()
        at: Place | None = None
        while facts := await self._facts.page(opened.query(), at, SCANNED_AT_ONCE):
            before = [fact for fact in facts if _place(fact) <= end]
            _new(await self._counted(before, opened), opened, persons, seen)
            if len(before) < len(facts):
                break
            at = _place(facts[-1])
        return seen

    def _remember(self, opened: Opened, after: Place | None, seen: Collection[str]) -> None:
        if opened.once and after:
            self._walks[opened.identity(), after] = frozenset(seen)
            while len(self._walks) > _WALKS_KEPT:
                self._walks.popitem(last=False)


class FromFacts:
    """Figures for filters that no cell holds, counted when asked; see `table.FigureSource`."""

    def __init__(self, drill_down: DrillDown) -> None:
        self._drill_down = drill_down

    async def figures(self, placing: Placing, ask: Ask) -> Mapping[Figure, int]:
        """Counts by ward, day and labels."""
        figures = Counter[Figure]()
        async for row in self._drill_down.all(Opened(placing, ask)):
            figures[_figure(placing, row)] += row.amount
        return figures

    async def members(
        self, placing: Placing, ask: Ask, by: Callable[[Figure], tuple[str, ...] | None]
    ) -> Mapping[tuple[str, ...], int]:
        """Distinct members in each group."""
        opened = Opened(placing, ask)
        persons = await self._drill_down.persons(ask)
        groups: dict[tuple[str, ...], set[str]] = {}
        async for row in self._drill_down.all(opened):
            if (group := by(_figure(placing, row))) is not None:
                groups.setdefault(group, set()).add(opened.who(row, persons))
        return {group: len(members) for group, members in groups.items()}


def _figure(placing: Placing, row: Counted) -> Figure:
    return Figure(placing.measure.name, row.ward, row.point.day, row.point.labels)


def _new(
    rows: Sequence[Counted], opened: Opened, persons: Mapping[str, str], seen: set[str]
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


def _rows(history: Sequence[Fact], opened: Opened) -> Iterator[Counted]:
    """What these facts add to the number; a stock's changes are set off against each other."""
    days, placing = opened.days, opened.placing
    amounts = Counter[Point]()
    for point, amount in Counter(placing.measure.points(history)).items():
        if days.first <= point.day <= days.last and placing.holds(point.labels):
            stands = isinstance(placing.measure, Stock)
            amounts[point._replace(day=days.last) if stands else point] += amount
    for point, amount in amounts.items():
        if amount:
            yield Counted(history[0].ward, point, amount, tuple(history))


def _judged(history: Sequence[Fact], together: str, opened: Opened) -> list[Fact]:
    """The standing facts of one history of this measure, oldest first, as they were known."""
    measure, ask = opened.placing.measure, opened.ask
    standing = [
        fact
        for fact in history
        if isinstance(fact.event, measure.on)
        and measure.together(fact) == together
        and _stands(fact, ask.known_by)
        and all(code in _codes(fact, name) for name, code in ask.filters.items())
    ]
    return sorted(standing, key=lambda fact: (fact.at, fact.id))


def _stands(fact: Fact, known_by: date | None) -> bool:
    if known_by is None:
        return fact.voided is None
    return fact.recorded <= known_by and not (fact.voided and fact.voided <= known_by)


def _codes(fact: Fact, name: str) -> Collection[str]:
    data = fact.event.data
    if name == "service":
        return {line.service for line in getattr(data, "services", ())}
    if name == "group":
        return tuple(getattr(data, "groups", ()))
    return (getattr(data, _FIELDS[name], None) or "",)


def _leads(fact: Fact, history: Sequence[Fact], opened: Opened) -> bool:
    """A history has its rows where its first fact lies that is paged through."""
    days = opened.days
    paged = [_place(f) for f in history if days.first <= f.day <= days.last]
    return bool(paged) and _place(fact) == min(paged)


def _place(fact: Fact) -> Place:
    return Place(fact.ward, fact.day, fact.id)
