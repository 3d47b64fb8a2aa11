"""What stands on a day: measures whose points are changes, so that a figure is their sum so far."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from services.events.envelope import Event
from services.reporting.definitions.label import Label
from services.reporting.definitions.measure import Codes, Fact, Life, Measure, Point

Standing = Counter[Codes]
"""What one history has standing under each combination of codes."""


@dataclass(frozen=True)
class Stock(Measure):
    """Its cells are changes; what stands at the end of a day is their sum up to that day."""

    stands: ClassVar[bool] = True


def stock(
    name: str,
    labels: tuple[Label, ...],
    on: tuple[type[Event], ...],
    life: Life,
    standing: Callable[[Sequence[Fact]], Standing],
) -> Stock:
    """Counts what `standing` finds in a history, changed on the day of the fact that changed it.

    `standing` is asked once for each beginning of the history, oldest fact first.
    """

    def points(history: Sequence[Fact]) -> Counter[Point]:
        changes = Counter[Point]()
        for point, amount in _changes(history, standing):
            changes[point] += amount
        return Counter({point: amount for point, amount in changes.items() if amount})

    return Stock(name, labels, on, life, points)


def _changes(
    history: Sequence[Fact], standing: Callable[[Sequence[Fact]], Standing]
) -> Iterator[tuple[Point, int]]:
    before = Standing()
    for end, fact in enumerate(history, start=1):
        after = standing(history[:end])
        for codes in after.keys() | before.keys():
            if change := after[codes] - before[codes]:
                yield Point(fact.day, codes), change
        before = after


def of_subject(fact: Fact) -> tuple[str, ...]:
    """Whom a fact tells of where the envelope says it."""
    return (fact.event.subject,)
