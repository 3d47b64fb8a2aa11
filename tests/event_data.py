"""What the builders put into an event's data where a test says nothing: the least that is valid."""

from collections.abc import Mapping
from typing import Any

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

Json = dict[str, Any]

_TARGET = "01990000-0000-7000-8000-ffffffffffff"
_SIGNATURE: Json = {"citizen_id": "citizen-1", "ca": "vnpt"}
_CONSENT: Json = {
    "citizen_id": "citizen-1",
    "purposes": ["visit"],
    "method": "app_form",
    "wording": "2025-10",
}
_NOTIFICATION: Json = {
    "citizen_id": "citizen-1",
    "purpose": "visit",
    "reason_id": "citizen-1|2025-10-11|visit",
    "template": "assisted",
}
_ANSWER: Json = {
    "citizen_id": "citizen-1",
    "notification_id": "notification-1",
    "event_id": _TARGET,
}
_APPOINTMENT: Json = {
    "service_point_id": "point-1",
    "starts_at": "2025-10-12T08:30:00+07:00",
    "citizen_id": "citizen-1",
}
DATA: Mapping[type[Event], Json] = {
    OrganisationRegistered: {"kind": "ward", "name": "UBND phường"},
    NeighbourhoodRegistered: {"kind": "khu_pho", "name": "Khu phố 1", "valid_from": "2025-07-01"},
    NeighbourhoodDissolved: {"valid_to": "2026-06-30"},
    TeamFormed: {"kind": "community_tech_team", "name": "Tổ khu phố 1"},
    TeamDeployed: {"from_day": "2025-10-11"},
    TeamDisbanded: {},
    TeamMemberJoined: {"member_id": "tnv-1", "kind": "youth_union"},
    TeamMemberLeft: {"member_id": "tnv-1"},
    ServicePointOpened: {"kind": "neighbourhood", "name": "Điểm khu phố 1"},
    ServicePointClosed: {},
    HouseholdVisited: {"household_id": "household-1", "team_id": "team-1", "outcome": "met"},
    CitizenAssisted: {
        "services": [{"service": "citizen_app", "before": "none", "outcome": "can_do"}],
        "channel": "home",
        "device": "own",
        "team_id": "team-1",
    },
    SignatureRegistered: _SIGNATURE,
    SignatureIssued: _SIGNATURE,
    SignatureActivated: _SIGNATURE,
    SignatureSuspended: _SIGNATURE,
    SignatureRevoked: _SIGNATURE,
    ConsentGiven: _CONSENT,
    ConsentWithdrawn: _CONSENT,
    CitizenErased: {"citizen_id": "citizen-1"},
    CitizenMerged: {"citizen_id": "citizen-1", "merged_id": "citizen-2"},
    EventVoided: {
        "event_id": _TARGET,
        "target_type": "citizen.assisted.v1",
        "reason": "mistake",
    },
    EventRefused: {
        "event_id": _TARGET,
        "poster": "/device/phone-1",
        "result": "rejected",
        "code": "unknown_type",
    },
    NotificationSent: _NOTIFICATION,
    NotificationDelivered: _NOTIFICATION,
    NotificationFailed: {**_NOTIFICATION, "reason": "no_such_number"},
    NotificationSuppressed: {**_NOTIFICATION, "reason": "no_consent"},
    NotificationUnconfirmed: {**_NOTIFICATION, "reason": "no_receipt"},
    AssistanceConfirmed: _ANSWER,
    AssistanceDisputed: {**_ANSWER, "kind": "not_helped"},
    AssistanceFollowedUp: {**_ANSWER, "still_using": True},
    CitizenOptedOut: {"citizen_id": "citizen-1"},
    CitizenOptedIn: {"citizen_id": "citizen-1"},
    FeedbackReceived: {"topic": "sms_reply", "due": "2025-10-18"},
    DisputeResolved: {"event_id": _TARGET, "outcome": "confirmed"},
    AppointmentBooked: _APPOINTMENT,
    AppointmentCancelled: _APPOINTMENT,
    RequestReceived: {"kind": "data_erasure", "citizen_id": "citizen-1", "due": "2025-10-31"},
    RequestClosed: {"kind": "data_erasure", "citizen_id": "citizen-1", "outcome": "done"},
}
