"""Visits of service (lượt): help to one citizen at one time, also to someone unidentified."""

from collections.abc import Iterator

from services.events.assistance import CitizenAssisted
from services.events.codes import Channel, Device
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import AGE_BAND, GROUP, NEIGHBOURHOOD, SERVICE
from services.reporting.definitions.measure import Codes, count

CHANNEL = Label("channel", Channel)
DEVICE_USED = Label("device_used", Device)


def _channel(event: CitizenAssisted) -> Iterator[Codes]:
    yield event.data.channel, event.data.device


def _age(event: CitizenAssisted) -> Iterator[Codes]:
    yield (event.data.age_band or "",)


def _groups(event: CitizenAssisted) -> Iterator[Codes]:
    return ((group,) for group in set(event.data.groups))


def _services(event: CitizenAssisted) -> Iterator[Codes]:
    return ((service,) for service in {given.service for given in event.data.services})


def _place(event: CitizenAssisted) -> Iterator[Codes]:
    yield event.data.neighbourhood_id or "", event.data.channel


VISITS = count("visits", (CHANNEL, DEVICE_USED), CitizenAssisted, _channel)
VISITS_BY_AGE = count("visits_by_age", (AGE_BAND,), CitizenAssisted, _age)
VISITS_TO_GROUP = count("visits_to_group", (GROUP,), CitizenAssisted, _groups)
VISITS_WITH_SERVICE = count(
    "visits_with_service", (SERVICE.overlapping,), CitizenAssisted, _services
)
VISITS_AT = count("visits_at", (NEIGHBOURHOOD, CHANNEL), CitizenAssisted, _place)
