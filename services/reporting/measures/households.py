"""Doors knocked on, households reached, and the devices found there."""

from collections.abc import Iterator, Sequence
from typing import cast

from services.events.codes import Code, VisitOutcome
from services.events.households import HouseholdVisited
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import NEIGHBOURHOOD
from services.reporting.definitions.measure import (
    EVERYTHING,
    Codes,
    Fact,
    Life,
    count,
    distinct,
    total,
)
from services.reporting.measures.stock import Standing, stock


class PhoneKind(Code):
    """Which phones a visit counted."""

    PHONE_2G = "2g", "Máy 2G gặp", "2G phones found"
    CONVERTED = "converted", "Máy đã chuyển 4G/5G", "Phones converted"


class SmartDevices(Code):
    """Whether a household has a smart device."""

    SOME = "some", "Có thiết bị thông minh", "Has a smart device"
    NONE = "none", "Không có thiết bị thông minh", "Has no smart device"


VISIT_OUTCOME = Label("visit_outcome", VisitOutcome)
PHONE_KIND = Label("phone_kind", PhoneKind)
SMART_DEVICES = Label("smart_devices", SmartDevices)


def _outcome(event: HouseholdVisited) -> Iterator[Codes]:
    yield event.data.neighbourhood_id or "", event.data.outcome


def _breakdowns(event: HouseholdVisited) -> Iterator[Codes]:
    yield EVERYTHING
    yield VISIT_OUTCOME, event.data.outcome
    yield NEIGHBOURHOOD, event.data.neighbourhood_id or ""


def _household(event: HouseholdVisited) -> str:
    return event.data.household_id


def _phones(event: HouseholdVisited) -> Iterator[tuple[Codes, int]]:
    if found := event.data.phones_2g:
        yield (PhoneKind.PHONE_2G,), found
    if converted := event.data.converted:
        yield (PhoneKind.CONVERTED,), converted


def _counted_devices(fact: Fact) -> tuple[str, ...]:
    visit = cast(HouseholdVisited, fact.event).data
    return () if visit.smart_devices is None else (visit.household_id,)


def _last_count(history: Sequence[Fact]) -> Standing:
    """The newest visit that counted devices knows best."""
    visit = cast(HouseholdVisited, history[-1].event).data
    return Standing({(SmartDevices.SOME if visit.smart_devices else SmartDevices.NONE,): 1})


DOORS = count("doors", (NEIGHBOURHOOD, VISIT_OUTCOME), HouseholdVisited, _outcome)
HOUSEHOLDS = distinct(
    "households",
    (NEIGHBOURHOOD, VISIT_OUTCOME),
    HouseholdVisited,
    _household,
    _breakdowns,
    one_at_a_time=True,
)
PHONES = total("phones", (PHONE_KIND,), HouseholdVisited, _phones)
HOUSEHOLD = Life("household", (HouseholdVisited,), _counted_devices)
"""A household as far as its devices were counted; other visits do not pay for being judged."""
HOUSEHOLD_DEVICES = stock(
    "household_devices", (SMART_DEVICES,), (HouseholdVisited,), HOUSEHOLD, _last_count
)
