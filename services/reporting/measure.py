"""What a report counts: pure arithmetic from standing facts to points and cells."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from services.events.envelope import Event

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One event as reports see it; days are Asia/Ho_Chi_Minh."""

    event: Event
    ward: str
    """The ward's key: code and first day, such as `27343@2025-07-01`; a code alone is ambiguous."""
    day: date
    recorded: date
    """The day it came to be known."""
    voided: date | None = None
    """The day it was known to be taken back."""

    @property
    def id(self) -> str:
        """The event's id."""
        return self.event.id

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.event.time


class Point(NamedTuple):
    """One thing counted; `member` names who is counted once."""

    day: date
    labels: Labels = ()
    member: str = ""


@dataclass(frozen=True)
class Measure:
    """Maps the standing facts that are judged together to points."""

    name: str
    labels: tuple[str, ...]
    """At most two."""
    on: tuple[type[Event], ...]
    """The events it looks at; all others are never shown to it."""
    together: Callable[[Fact], str | None]
    """Key of a short history judged together, within a ward; None: not counted."""
    points: Callable[[Sequence[Fact]], Iterable[Point]]
    """Of the standing facts, oldest first."""


class Cell(NamedTuple):
    """Where a difference is stored."""

    measure: str
    ward: str
    point: Point
    known: date


def contributions(measure: Measure, facts: Sequence[Fact]) -> Counter[Cell]:
    """What these facts (one ward, one `together`) add to the cells, by the day it was known."""
    cells, before = Counter[Cell](), Counter[Point]()
    known_days = {f.recorded for f in facts} | {f.voided for f in facts if f.voided}
    for known in sorted(known_days):
        now_standing = [
            f for f in facts if f.recorded <= known and not (f.voided and f.voided <= known)
        ]
        after = Counter(measure.points(sorted(now_standing, key=lambda f: (f.at, f.id))))
        for point in after.keys() | before.keys():
            if difference := after[point] - before[point]:
                cells[Cell(measure.name, facts[0].ward, point, known)] = difference
        before = after
    return cells
