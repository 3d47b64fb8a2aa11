"""Visits of service (lượt): help to one citizen at one time, also to someone unidentified."""

from collections.abc import Iterator

from services.events.assistance import CitizenAssisted
from services.reporting.measure import Labels, count


def _channel(event: CitizenAssisted) -> Iterator[Labels]:
    yield event.data.channel, event.data.device


def _age(event: CitizenAssisted) -> Iterator[Labels]:
    yield (event.data.age_band or "",)


def _groups(event: CitizenAssisted) -> Iterator[Labels]:
    return ((group,) for group in set(event.data.groups))


def _services(event: CitizenAssisted) -> Iterator[Labels]:
    return ((service,) for service in {given.service for given in event.data.services})


def _place(event: CitizenAssisted) -> Iterator[Labels]:
    yield event.data.neighbourhood_id or "", event.data.channel


VISITS = count("visits", ("channel", "device"), CitizenAssisted, _channel)
VISITS_BY_AGE = count("visits_by_age", ("age_band",), CitizenAssisted, _age)
VISITS_TO_GROUP = count("visits_to_group", ("group",), CitizenAssisted, _groups)
"""A citizen of two groups counts in both: never add these up."""
VISITS_WITH_SERVICE = count("visits_with_service", ("service",), CitizenAssisted, _services)
"""A visit with two services counts in both: never add these up."""
VISITS_AT = count("visits_at", ("neighbourhood", "channel"), CitizenAssisted, _place)

MEASURES = (VISITS, VISITS_BY_AGE, VISITS_TO_GROUP, VISITS_WITH_SERVICE, VISITS_AT)
