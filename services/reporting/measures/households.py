"""Doors knocked on, households reached, and the devices found there."""

from collections.abc import Iterator, Sequence
from typing import cast

from services.events.households import HouseholdVisited
from services.reporting.measure import Fact, Labels, Life, count, distinct, total
from services.reporting.measures.breakdown import EVERYTHING, LABELS
from services.reporting.measures.stock import Standing, stock

BREAKDOWNS = ("neighbourhood", "door")


def _outcome(event: HouseholdVisited) -> Iterator[Labels]:
    yield event.data.neighbourhood_id or "", event.data.outcome


def _found(event: HouseholdVisited) -> Iterator[Labels]:
    yield EVERYTHING
    yield "door", event.data.outcome
    yield "neighbourhood", event.data.neighbourhood_id or ""


def _household(event: HouseholdVisited) -> str:
    return event.data.household_id


def _phones(event: HouseholdVisited) -> Iterator[tuple[Labels, int]]:
    for kind, number in (("2g", event.data.phones_2g), ("converted", event.data.converted)):
        if number:
            yield (kind,), number


def _counted_devices(fact: Fact) -> tuple[str, ...]:
    visit = cast(HouseholdVisited, fact.event).data
    return () if visit.smart_devices is None else (visit.household_id,)


def _last_count(history: Sequence[Fact]) -> Standing:
    """The newest visit that counted devices knows best."""
    visit = cast(HouseholdVisited, history[-1].event).data
    return Standing({("some" if visit.smart_devices else "none",): 1})


DOORS = count("doors", ("neighbourhood", "door"), HouseholdVisited, _outcome)
HOUSEHOLDS = distinct("households", LABELS, HouseholdVisited, _household, _found)
PHONES = total("phones", ("phone",), HouseholdVisited, _phones)
HOUSEHOLD = Life("household", (HouseholdVisited,), _counted_devices)
"""A household as far as its devices were counted; other visits do not pay for being judged."""
HOUSEHOLD_DEVICES = stock(
    "household_devices", ("smart_devices",), (HouseholdVisited,), HOUSEHOLD, _last_count
)

MEASURES = (DOORS, HOUSEHOLDS, PHONES, HOUSEHOLD_DEVICES)
