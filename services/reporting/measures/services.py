"""Services given: one for each line of a visit."""

from collections.abc import Iterator

from services.events.assistance import CitizenAssisted
from services.events.codes import Before, Outcome
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import GROUP, NEIGHBOURHOOD, SERVICE
from services.reporting.definitions.measure import Codes, count

SERVICE_OUTCOME = Label("service_outcome", Outcome)
HAD_BEFORE = Label("had_before", Before)


def _outcomes(event: CitizenAssisted) -> Iterator[Codes]:
    return ((given.service, given.outcome) for given in event.data.services)


def _before(event: CitizenAssisted) -> Iterator[Codes]:
    return ((given.service, given.before) for given in event.data.services)


def _groups(event: CitizenAssisted) -> Iterator[Codes]:
    data = event.data
    return ((given.service, group) for given in data.services for group in set(data.groups))


def _places(event: CitizenAssisted) -> Iterator[Codes]:
    where = event.data.neighbourhood_id or ""
    return ((where, given.service) for given in event.data.services)


SERVICES_GIVEN = count("services_given", (SERVICE, SERVICE_OUTCOME), CitizenAssisted, _outcomes)
SERVICES_BEFORE = count("services_before", (SERVICE, HAD_BEFORE), CitizenAssisted, _before)
SERVICES_TO_GROUP = count("services_to_group", (SERVICE, GROUP), CitizenAssisted, _groups)
SERVICES_AT = count("services_at", (NEIGHBOURHOOD, SERVICE), CitizenAssisted, _places)
