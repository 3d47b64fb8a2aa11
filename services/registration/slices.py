"""Every type of event with the one subject that takes it in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.events.envelope import Event
from services.events.registry import EVENT_CLASSES
from services.registration.appointments.rules import SLOT
from services.registration.assistance.rules import ASSISTANCE
from services.registration.citizens.rules import CITIZEN
from services.registration.corrections.rules import CORRECTION
from services.registration.disputes.rules import DISPUTE
from services.registration.households.rules import HOUSEHOLD
from services.registration.neighbourhoods.rules import NEIGHBOURHOOD
from services.registration.organisations.rules import ORGANISATION
from services.registration.requests.rules import REQUEST
from services.registration.service_points.rules import SERVICE_POINT
from services.registration.signatures.rules import SIGNATURE
from services.registration.subjects.subject import SYSTEM, Accepts, Subject
from services.registration.teams.rules import TEAM

OURSELVES = Subject[None](
    accepts={c: Accepts(by=SYSTEM) for c in EVENT_CLASSES if not c.posted},
)
"""What registration and notify say; nobody posts it, and notify has an event log of its own."""

ALL: tuple[Subject[Any], ...] = (
    ORGANISATION,
    NEIGHBOURHOOD,
    TEAM,
    SERVICE_POINT,
    HOUSEHOLD,
    ASSISTANCE,
    SIGNATURE,
    CITIZEN,
    CORRECTION,
    OURSELVES,
    DISPUTE,
    SLOT,
    REQUEST,
)
SUBJECTS: Mapping[type[Event], Subject[Any]] = MappingProxyType(
    {event_class: subject for subject in ALL for event_class in subject.accepts}
)
