"""From an event's type to its class, and from bytes to an event."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from services.events.answers import (
    AssistanceConfirmed,
    AssistanceDisputed,
    AssistanceFollowedUp,
    CitizenOptedIn,
    CitizenOptedOut,
)
from services.events.appointments import AppointmentBooked, AppointmentCancelled
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenErased, CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.corrections import EventRefused, EventVoided
from services.events.disputes import DisputeResolved
from services.events.envelope import Event
from services.events.feedback import FeedbackReceived
from services.events.households import HouseholdVisited
from services.events.neighbourhoods import NeighbourhoodDissolved, NeighbourhoodRegistered
from services.events.notifications import (
    NotificationDelivered,
    NotificationFailed,
    NotificationSent,
    NotificationSuppressed,
    NotificationUnconfirmed,
)
from services.events.organisations import OrganisationRegistered
from services.events.requests import RequestClosed, RequestReceived
from services.events.service_points import ServicePointClosed, ServicePointOpened
from services.events.signatures import (
    SignatureActivated,
    SignatureIssued,
    SignatureRegistered,
    SignatureRevoked,
    SignatureSuspended,
)
from services.events.teams import (
    TeamDeployed,
    TeamDisbanded,
    TeamFormed,
    TeamMemberJoined,
    TeamMemberLeft,
)

EVENT_CLASSES: tuple[type[Event], ...] = (
    OrganisationRegistered,
    NeighbourhoodRegistered,
    NeighbourhoodDissolved,
    TeamFormed,
    TeamDeployed,
    TeamDisbanded,
    TeamMemberJoined,
    TeamMemberLeft,
    ServicePointOpened,
    ServicePointClosed,
    HouseholdVisited,
    CitizenAssisted,
    SignatureRegistered,
    SignatureIssued,
    SignatureActivated,
    SignatureSuspended,
    SignatureRevoked,
    ConsentGiven,
    ConsentWithdrawn,
    CitizenErased,
    CitizenMerged,
    EventVoided,
    EventRefused,
    NotificationSent,
    NotificationDelivered,
    NotificationFailed,
    NotificationSuppressed,
    NotificationUnconfirmed,
    AssistanceConfirmed,
    AssistanceDisputed,
    AssistanceFollowedUp,
    CitizenOptedOut,
    CitizenOptedIn,
    FeedbackReceived,
    DisputeResolved,
    AppointmentBooked,
    AppointmentCancelled,
    RequestReceived,
    RequestClosed,
)


def type_name(event_class: type[Event]) -> str:
    """The permanent name, such as `citizen.assisted.v1`."""
    return str(event_class.model_fields["type"].default)


BY_TYPE: Mapping[str, type[Event]] = MappingProxyType({type_name(c): c for c in EVENT_CLASSES})


@cache
def adapter(event_class: type[Event]) -> TypeAdapter[Event]:
    """The validator of one class, built once."""
    return TypeAdapter(event_class)


class UnknownType(ValueError):
    """No class has this type."""


def parse(envelope: Mapping[str, Any]) -> Event:
    """An event from its decoded JSON. Raises: UnknownType, pydantic.ValidationError."""
    event_class = BY_TYPE.get(str(envelope.get("type")))
    if event_class is None:
        raise UnknownType
    return adapter(event_class).validate_python(envelope)


def encode(event: Event) -> bytes:
    """The JSON that is stored and published; absent fields are left out."""
    return event.__pydantic_serializer__.to_json(event, exclude_none=True)
