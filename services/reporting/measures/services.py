"""Services given: one for each line of a visit."""

from collections.abc import Iterator

from services.events.assistance import CitizenAssisted
from services.reporting.measure import Labels, count


def _outcomes(event: CitizenAssisted) -> Iterator[Labels]:
    return ((given.service, given.outcome) for given in event.data.services)


def _before(event: CitizenAssisted) -> Iterator[Labels]:
    return ((given.service, given.before) for given in event.data.services)


def _groups(event: CitizenAssisted) -> Iterator[Labels]:
    data = event.data
    return ((given.service, group) for given in data.services for group in set(data.groups))


def _places(event: CitizenAssisted) -> Iterator[Labels]:
    where = event.data.neighbourhood_id or ""
    return ((where, given.service) for given in event.data.services)


SERVICES_GIVEN = count("services_given", ("service", "outcome"), CitizenAssisted, _outcomes)
SERVICES_BEFORE = count("services_before", ("service", "before"), CitizenAssisted, _before)
SERVICES_TO_GROUP = count("services_to_group", ("service", "group"), CitizenAssisted, _groups)
"""A citizen of two groups counts in both: never add these up."""
SERVICES_AT = count("services_at", ("neighbourhood", "service"), CitizenAssisted, _places)

MEASURES = (SERVICES_GIVEN, SERVICES_BEFORE, SERVICES_TO_GROUP, SERVICES_AT)
