"""What facts add to the cells, by the day on which each change came to be known: delta encoding."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from services.reporting.definitions.measure import Fact, Measure, Point, Points


class Cell(NamedTuple):
    """Where a difference is stored."""

    measure: str
    ward: str
    point: Point
    known: date


def contributions(measure: Measure, facts: Sequence[Fact]) -> Counter[Cell]:
    """What these facts (one ward, one `together`) add to the cells, by the day it was known."""
    if len(facts) == 1 and not facts[0].voided:
        return _of_one(measure, facts[0])
    cells, before = Counter[Cell](), Counter[Point]()
    for known in known_days(facts):
        after = Counter(_points(measure, standing(facts, known)))
        for point in after.keys() | before.keys():
            if difference := after[point] - before[point]:
                cells[Cell(measure.name, facts[0].ward, point, known)] = difference
        before = after
    return cells


def known_days(facts: Iterable[Fact]) -> list[date]:
    """The days on which something about them came to be known."""
    return sorted({day for f in facts for day in (f.recorded, f.voided) if day})


def standing(facts: Iterable[Fact], known: date | None) -> list[Fact]:
    """Those that stand, as known at the end of a day (None: now), oldest first."""
    found = [fact for fact in facts if stands(fact, known)]
    return sorted(found, key=lambda fact: (fact.at, fact.id))


def stands(fact: Fact, known: date | None) -> bool:
    """Whether it was recorded by that day and not taken back."""
    if known is None:
        return fact.voided is None
    return fact.recorded <= known and not (fact.voided and fact.voided <= known)


def _of_one(measure: Measure, fact: Fact) -> Counter[Cell]:
    """The same for the commonest history."""
    points = Counter(measure.points([fact]))
    return Counter(
        {Cell(measure.name, fact.ward, point, fact.recorded): n for point, n in points.items() if n}
    )


def _points(measure: Measure, history: Sequence[Fact]) -> Points:
    return measure.points(history) if history else ()
