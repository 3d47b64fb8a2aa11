"""What a report counts: measures map standing facts to points.

A measure is made by `count`, `total` or `distinct`; one that judges what has a life (a signature,
a team) is a `Measure` whose `history` is that `Life`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple, Self, TypeVar

from services.events.envelope import Event
from services.reporting.definitions.label import Label

E = TypeVar("E", bound=Event)
Codes = tuple[str, ...]
"""A code for each label of a measure, in their order."""
On = type[E] | tuple[type[E], ...]

ONCE: tuple[Codes, ...] = ((),)
"""Counted once, under no label."""
EVERYTHING: Codes = ("", "")
"""Where everything counts in a measure that is broken down by one label at a time."""


def once(_: Event) -> tuple[Codes, ...]:
    """Each event once, under no label."""
    return ONCE


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
    codes: Codes = ()
    member: str = ""


Points = Iterable[Point] | Mapping[Point, int]


class Alone(NamedTuple):
    """Of a fact judged by itself, on its own day: labels that count one each, and amounts.

    Says the same as the measure's `points`, and spares the projection keys and reads.
    """

    counts: Callable[[Any], Iterable[Codes]] | None = None
    sums: Callable[[Any], Iterable[tuple[Codes, int]]] | None = None


@dataclass(frozen=True, eq=False)
class Life:
    """A kind of subject that is judged whole, wherever its events were recorded.

    It counts at its home: the unit of its earliest standing fact by (time, id), followed through
    successions; see `life.py`.
    """

    name: str
    on: tuple[type[Event], ...]
    """All that tells of such a subject, also where no measure counts it."""
    subjects: Callable[[Fact], Collection[str]]
    """Whom a fact tells of; several are one while it stands, and none has no part in it."""


HistoryKey = Callable[[Fact], str | None]
"""Key of a short history inside a ward; None: not counted."""


@dataclass(frozen=True)
class Measure:
    """Maps the standing facts that are judged together to points."""

    stands: ClassVar[bool] = False
    """Whether its points are changes of what stands; see `measures.stock`."""

    name: str
    labels: tuple[Label, ...]
    """At most two, unless it is broken down by one of them at a time."""
    on: tuple[type[Event], ...]
    """The events it looks at; all others are never shown to it."""
    history: HistoryKey | Life
    points: Callable[[Sequence[Fact]], Points]
    """Of the standing facts, oldest first and never none; a mapping gives each point its amount."""
    alone: Alone | None = None
    """Set where every fact is judged by itself."""
    members: bool = False
    """Its points name members. Two histories never give one point: a history's key holds both the
    member and whatever else decides about the point."""
    at_least: int = 1
    """Fewer facts than these in a history give no point; the commonest history has one."""
    one_at_a_time: bool = False
    """Its codes are a label's name and the code under that, or `EVERYTHING`: one history serves all
    these breakdowns."""
    version: int = 1
    """Goes up with a corrected formula: its figures are then made anew at the next start."""

    def __post_init__(self) -> None:
        """Raises: ValueError."""
        if len(self.labels) > 2 and not self.one_at_a_time:
            raise ValueError(f"{self.name}: a measure has at most two labels")
        if self.life and not set(self.on) <= set(self.life.on):
            raise ValueError(f"{self.name}: looks at events that do not tell of a {self.life.name}")

    @property
    def life(self) -> Life | None:
        """What it judges whole; None: each fact, or a history inside a ward."""
        return self.history if isinstance(self.history, Life) else None

    def at_version(self, version: int) -> Self:
        """The same with a formula that was corrected."""
        return replace(self, version=version)

    @property
    def tells_apart(self) -> tuple[Label, ...]:
        """The labels of which each point has a code."""
        return () if self.one_at_a_time else self.labels

    def labelled(self, codes: Codes) -> Sequence[tuple[Label, str]]:
        """A point's codes with their labels."""
        if not self.one_at_a_time:
            return list(zip(self.labels, codes, strict=True))
        name, code = codes
        return [(label, code) for label in self.labels if label == name]


def count(
    name: str, labels: tuple[Label, ...], on: On[E], of: Callable[[E], Iterable[Codes]] = once
) -> Measure:
    """Each event by itself, once for each of the labels that `of` gives."""

    def points(facts: Sequence[Fact]) -> list[Point]:
        return [Point(fact.day, given) for fact in facts for given in of(_event(fact))]

    return Measure(name, labels, _classes(on), _by_itself, points, Alone(counts=of))


def total(
    name: str,
    labels: tuple[Label, ...],
    on: On[E],
    of: Callable[[E], Iterable[tuple[Codes, int]]],
) -> Measure:
    """The sum of the amounts that `of` gives, each under its labels."""

    def points(facts: Sequence[Fact]) -> Counter[Point]:
        summed = Counter[Point]()
        for fact in facts:
            for given, amount in of(_event(fact)):
                summed[Point(fact.day, given)] += amount
        return summed

    return Measure(name, labels, _classes(on), _by_itself, points, Alone(sums=of))


def distinct(
    name: str,
    labels: tuple[Label, ...],
    on: On[E],
    who: Callable[[E], str | None],
    of: Callable[[E], Iterable[Codes]] = once,
    *,
    one_at_a_time: bool = False,
) -> Measure:
    """Each member once a day under each label; a wider total is a union made when read."""

    def history_key(fact: Fact) -> str | None:
        member = who(_event(fact))
        return f"{member}|{fact.day}" if member else None

    def points(facts: Sequence[Fact]) -> set[Point]:
        return {
            Point(fact.day, given, who(_event(fact)) or "")
            for fact in facts
            for given in of(_event(fact))
        }

    return Measure(
        name, labels, _classes(on), history_key, points, members=True, one_at_a_time=one_at_a_time
    )


def _event(fact: Fact) -> Any:
    """Of a class that the measure asked for."""
    return fact.event


def _by_itself(fact: Fact) -> str:
    return fact.id


def _classes(on: On[E]) -> tuple[type[Event], ...]:
    return on if isinstance(on, tuple) else (on,)
