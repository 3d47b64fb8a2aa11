"""People (người): distinct citizens, each once however often they were helped."""

from collections.abc import Iterator

from services.events.assistance import CitizenAssisted
from services.reporting.definitions.labels import AGE_BAND, GROUP, NEIGHBOURHOOD, SERVICE
from services.reporting.definitions.measure import EVERYTHING, Codes, distinct


def _breakdowns(event: CitizenAssisted) -> Iterator[Codes]:
    data = event.data
    yield EVERYTHING
    yield NEIGHBOURHOOD, data.neighbourhood_id or ""
    yield AGE_BAND, data.age_band or ""
    yield from ((SERVICE, given.service) for given in data.services)
    yield from ((GROUP, group) for group in data.groups)


def _citizen(event: CitizenAssisted) -> str | None:
    """Without an id it is a visit (lượt) and never a person (người)."""
    return event.data.citizen_id


PEOPLE = distinct(
    "people",
    (NEIGHBOURHOOD, AGE_BAND, SERVICE, GROUP),
    CitizenAssisted,
    _citizen,
    _breakdowns,
    one_at_a_time=True,
)
