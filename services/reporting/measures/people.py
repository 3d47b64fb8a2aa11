"""People (người): distinct citizens, each once however often they were helped."""

from collections.abc import Iterator

from services.events.assistance import CitizenAssisted
from services.reporting.measure import Labels, distinct
from services.reporting.measures.breakdown import EVERYTHING, LABELS

BREAKDOWNS = ("neighbourhood", "age_band", "service", "group")


def _kinds(event: CitizenAssisted) -> Iterator[Labels]:
    """Everybody, and then by one thing at a time: one history serves all these breakdowns."""
    data = event.data
    yield EVERYTHING
    yield "neighbourhood", data.neighbourhood_id or ""
    yield "age_band", data.age_band or ""
    yield from (("service", given.service) for given in data.services)
    yield from (("group", group) for group in data.groups)


def _citizen(event: CitizenAssisted) -> str | None:
    """Without an id it is a visit (lượt) and never a person (người)."""
    return event.data.citizen_id


PEOPLE = distinct("people", LABELS, CitizenAssisted, _citizen, _kinds)

MEASURES = (PEOPLE,)
