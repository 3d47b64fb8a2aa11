"""What has a life is judged whole and counts at its home; pure.

A home is the unit of the earliest standing fact by (time, id). Where that unit went into one other,
what stands moves there on that day, so that rows add up to the total, then and today.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from services.reporting.counting.contributions import Cell, known_days
from services.reporting.counting.contributions import standing as standing_facts
from services.reporting.definitions.measure import Codes, Fact, Life, Measure, Point
from services.reporting.definitions.wards import moves, unit_on


class Placed(NamedTuple):
    """A point of a measure in the unit where it counts."""

    measure: str
    ward: str
    point: Point


def contributions(life: Life, measures: Sequence[Measure], facts: Sequence[Fact]) -> Counter[Cell]:
    """What the facts of some subjects add to the cells, each change by the day it was known."""
    cells, before = Counter[Cell](), Counter[Placed]()
    for known in known_days(facts):
        after = Counter[Placed]()
        for history in joined(life, standing_facts(facts, known)):
            for measure in measures:
                asked = [fact for fact in history if isinstance(fact.event, measure.on)]
                for placed, amount in counted(measure, history[0].ward, asked):
                    after[placed] += amount
        for at in after.keys() | before.keys():
            if difference := after[at] - before[at]:
                cells[Cell(*at, known)] = difference
        before = after
    return cells


def joined(life: Life, facts: Iterable[Fact]) -> list[list[Fact]]:
    """The facts of each subject, in the order given; a fact that tells of two makes them one."""
    facts = list(facts)
    subjects = _Joining()
    for fact in facts:
        subjects.join(life.subjects(fact))
    histories: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        for subject in life.subjects(fact):
            histories[subjects.root(subject)].append(fact)
            break
    return list(histories.values())


def counted(measure: Measure, home: str, facts: Sequence[Fact]) -> Iterator[tuple[Placed, int]]:
    """What the standing facts of one subject that a measure looks at come to, and where."""
    points = Counter(measure.points(facts)) if facts else Counter[Point]()
    for ward, point, amount in _at_home(home, points, measure):
        yield Placed(measure.name, ward, point), amount


def _at_home(
    home: str, points: Mapping[Point, int], measure: Measure
) -> Iterator[tuple[str, Point, int]]:
    for point, amount in points.items():
        yield unit_on(home, point.day), point, amount
    if not measure.stands:
        return
    for unit, to, day in moves(home):
        left = Counter[Codes]()
        for point, amount in points.items():
            if point.day < day:
                left[point.codes] += amount
        for codes, amount in left.items():
            if amount:
                yield unit, Point(day, codes), -amount
                yield to, Point(day, codes), amount


class _Joining:
    """Which subjects are one."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, subject: str) -> str:
        while (parent := self._parent.get(subject, subject)) != subject:
            subject = parent
        return subject

    def join(self, subjects: Iterable[str]) -> None:
        roots = {self.root(subject) for subject in subjects}
        if len(roots) > 1:
            first = min(roots)
            for root in roots - {first}:
                self._parent[root] = first
