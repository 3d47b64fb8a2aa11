"""What lies under a number that is opened: the question, and rows made from facts; pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.platform.vietnam.wards import RECORDS_BEGIN
from services.reporting.asking.periods import Period
from services.reporting.asking.question import Question
from services.reporting.counting import life as lives
from services.reporting.counting.contributions import standing
from services.reporting.definitions.cell_selector import CellSelector
from services.reporting.definitions.filters import FILTERS
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import WARD
from services.reporting.definitions.measure import Fact, HistoryKey, Point
from services.reporting.definitions.wards import WardsMode, gathered_under
from services.reporting.stores.fact_query import FactQuery, Position


class Counted(NamedTuple):
    """One thing in a number: `amount` of it, and the facts that say so."""

    ward: str
    point: Point
    amount: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class DrillDownQuery:
    """A number that is opened: where it stands, for which question."""

    selector: CellSelector
    question: Question
    of: Label | None = None
    """What the number counts the different ones of, such as `team`; see `number.Number`."""

    @property
    def once(self) -> bool:
        """Whether some facts repeat what others have counted already."""
        return self.selector.measure.members or self.of is not None

    @property
    def days(self) -> Period:
        """A stock looks back to the beginning."""
        if self.selector.measure.stands:
            return Period(RECORDS_BEGIN, self.question.days.last)
        return self.question.days

    def query(self) -> FactQuery:
        """The facts that can lie under the number; of a life, those that can be its first."""
        measure, question = self.selector.measure, self.question
        if measure.life:
            days = Period(RECORDS_BEGIN, question.days.last)
            return FactQuery(self._homes(), days, measure.life.on, question.known_by)
        return FactQuery(question.wards, self.days, measure.on, question.known_by, self.chosen())

    def chosen(self) -> Mapping[str, str]:
        """The filters that choose facts. What is judged together is judged whole, and the filters
        that its labels hold choose among its points."""
        measure, filters = self.selector.measure, self.question.filters
        held = () if measure.alone else measure.tells_apart
        return {name: code for name, code in filters.items() if name not in held}

    def who(self, row: Counted, persons: Mapping[str, str]) -> str:
        """Who or what is counted once (empty: it is not); merged records are one person."""
        if self.of == WARD:
            shown = self.question.shown(row.ward)
            return shown if self.question.counts(shown) else ""
        if self.of is not None:
            return row.point.codes[self.selector.measure.labels.index(self.of)]
        return persons.get(row.point.member, row.point.member)

    def identity(self) -> tuple[object, ...]:
        """Equal for equal questions."""
        question = self.question
        filters = tuple(sorted(question.filters.items()))
        return (
            self.selector,
            self.of,
            question.days,
            question.wards,
            filters,
            question.known_by,
            question.mode,
        )

    def _homes(self) -> Collection[str] | None:
        """What counts in a unit may have begun in one that went into it."""
        if self.question.wards is None:
            return None
        return {u for ward in self.question.wards for u in gathered_under(ward, WardsMode.TODAY)}


def of_subject(history: Sequence[Fact], opened: DrillDownQuery) -> Iterator[Counted]:
    """What one subject with a life adds."""
    measure, question = opened.selector.measure, opened.question
    chosen = opened.chosen()
    facts = [f for f in history if isinstance(f.event, measure.on) and _holds(f, chosen)]
    amounts = Counter[tuple[str, Point]]()
    for placed, amount in lives.counted(measure, history[0].ward, facts):
        if (question.wards is None or placed.ward in question.wards) and _asked(
            placed.point, opened
        ):
            amounts[placed.ward, _shown(placed.point, opened)] += amount
    for (ward, point), amount in amounts.items():
        if amount:
            yield Counted(ward, point, amount, tuple(facts))


def of_facts(history: Sequence[Fact], opened: DrillDownQuery) -> Iterator[Counted]:
    """What facts that are judged together inside a ward add."""
    for point, amount in Counter(opened.selector.measure.points(history)).items():
        if amount and _asked(point, opened):
            yield Counted(history[0].ward, point, amount, tuple(history))


def judged(
    history: Sequence[Fact], history_key: HistoryKey, key: str, opened: DrillDownQuery
) -> list[Fact]:
    """The standing facts of one history of a flow, oldest first, as they were known."""
    measure, chosen = opened.selector.measure, opened.chosen()
    kept = [
        fact
        for fact in history
        if isinstance(fact.event, measure.on) and history_key(fact) == key and _holds(fact, chosen)
    ]
    return standing(kept, opened.question.known_by)


def leads(fact: Fact, history: Sequence[Fact], opened: DrillDownQuery) -> bool:
    """A flow's history has its rows where its first fact lies that is paged through."""
    days = opened.days
    paged = [position_of(f) for f in history if days.first <= f.day <= days.last]
    return bool(paged) and position_of(fact) == min(paged)


def position_of(fact: Fact) -> Position:
    """Where a fact lies among all."""
    return Position(fact.ward, fact.day, fact.id)


def _asked(point: Point, opened: DrillDownQuery) -> bool:
    days = opened.days
    return days.first <= point.day <= days.last and opened.selector.holds(point.codes)


def _shown(point: Point, opened: DrillDownQuery) -> Point:
    """Changes of a stock are set off against each other, at the period's end."""
    return point._replace(day=opened.days.last) if opened.selector.measure.stands else point


def _holds(fact: Fact, filters: Mapping[str, str]) -> bool:
    return all(code in FILTERS[name].codes(fact.event) for name, code in filters.items())
