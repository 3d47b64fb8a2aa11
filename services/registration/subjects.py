"""Every type of event with the one subject that takes it in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.events.answers import (
    AssistanceConfirmed,
    AssistanceDisputed,
    AssistanceFollowedUp,
    CitizenOptedIn,
    CitizenOptedOut,
)
from services.events.envelope import Event
from services.events.feedback import FeedbackReceived
from services.events.notifications import (
    NotificationDelivered,
    NotificationFailed,
    NotificationSent,
    NotificationSuppressed,
    NotificationUnconfirmed,
)
from services.registration.appointments.rules import SLOT
from services.registration.assistance.rules import ASSISTANCE
from services.registration.citizens.rules import CITIZEN
from services.registration.corrections.rules import CORRECTION
from services.registration.disputes.rules import DISPUTE
from services.registration.households.rules import HOUSEHOLD
from services.registration.intake.subject import SYSTEM, Accepts, Subject
from services.registration.neighbourhoods.rules import NEIGHBOURHOOD
from services.registration.organisations.rules import ORGANISATION
from services.registration.requests.rules import REQUEST
from services.registration.service_points.rules import SERVICE_POINT
from services.registration.signatures.rules import SIGNATURE
from services.registration.teams.rules import TEAM

NOTIFICATION = Subject[None](
    accepts={
        NotificationSent: Accepts(by=SYSTEM),
        NotificationDelivered: Accepts(by=SYSTEM),
        NotificationFailed: Accepts(by=SYSTEM),
        NotificationSuppressed: Accepts(by=SYSTEM),
        NotificationUnconfirmed: Accepts(by=SYSTEM),
    }
)
CONVERSATION = Subject[None](
    accepts={
        AssistanceConfirmed: Accepts(by=SYSTEM),
        AssistanceDisputed: Accepts(by=SYSTEM),
        AssistanceFollowedUp: Accepts(by=SYSTEM),
        CitizenOptedOut: Accepts(by=SYSTEM),
        CitizenOptedIn: Accepts(by=SYSTEM),
        FeedbackReceived: Accepts(by=SYSTEM),
    }
)
"""Notify has an event log of its own: nobody posts these two kinds."""

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
    NOTIFICATION,
    CONVERSATION,
    DISPUTE,
    SLOT,
    REQUEST,
)
SUBJECTS: Mapping[type[Event], Subject[Any]] = MappingProxyType(
    {event_class: subject for subject in ALL for event_class in subject.accepts}
)
