"""The OpenAPI document, with the schema of each type that may be posted."""

from typing import Any

from services.events.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE, Event
from services.events.registry import EVENT_CLASSES, type_name
from services.events.schemas import component, components, posted
from services.platform.http.openapi import Document
from services.registration.intake.body import MAX_EVENTS

PREFIX = "Posted"
"""Keeps what is posted apart from what is answered: both have an `Outcome`."""
POSTED: tuple[type[Event], ...] = tuple(c for c in EVENT_CLASSES if c.posted)
"""What somebody outside may post."""
VISIT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "0199d2c3-6f5e-7c44-9a0b-2f6f0e6c5a11",
    "source": "/device/device-1",
    "type": "citizen.assisted.v1",
    "time": "2025-10-11T09:30:00+07:00",
    "ward": "27343",
    "clockoffset": -3.2,
    "data": {
        "person": {"phone": "0900000001", "phone_owner": "self"},
        "services": [{"service": "vneid_install", "before": "none", "outcome": "can_do"}],
        "channel": "home",
        "device": "own",
        "team_id": "team-1",
    },
}
KNOCK: dict[str, Any] = {
    "specversion": "1.0",
    "id": "0199d2c3-6f5e-7c44-9a0b-2f6f0e6c5a12",
    "source": "/device/device-1",
    "type": "household.visited.v1",
    "time": "2025-10-11T09:45:00+07:00",
    "ward": "27343",
    "data": {
        "person": {"address": "12 đường Minh Họa"},
        "team_id": "team-1",
        "outcome": "absent",
    },
}
VOID: dict[str, Any] = {
    "specversion": "1.0",
    "id": "0199d2c3-6f5e-7c44-9a0b-2f6f0e6c5a13",
    "source": "/device/device-1",
    "type": "event.voided.v1",
    "time": "2025-10-11T10:00:00+07:00",
    "ward": "27343",
    "data": {
        "event_id": VISIT["id"],
        "target_type": VISIT["type"],
        "reason": "mistake",
    },
}


def describe_events(document: Document) -> Document:
    """Names every type; FastAPI itself never reads these bodies."""
    document["components"]["schemas"] |= components(POSTED, posted, PREFIX)
    return document


def request_body() -> dict[str, Any]:
    """One event, or a batch."""
    names = {type_name(c): component(PREFIX, c) for c in POSTED}
    one = {
        "oneOf": [{"$ref": name} for name in names.values()],
        "discriminator": {"propertyName": "type", "mapping": names},
    }
    batch = {"type": "array", "items": one, "maxItems": MAX_EVENTS}
    return {
        "required": True,
        "description": "What happened. Each id is made once, by whoever saw it.",
        "content": {
            MEDIA_TYPE: {
                "schema": one,
                "examples": {
                    "visit": {"summary": "A citizen was helped", "value": VISIT},
                    "void": {"summary": "That visit is taken back", "value": VOID},
                },
            },
            BATCH_MEDIA_TYPE: {
                "schema": batch,
                "examples": {"two": {"summary": "Two doors", "value": [VISIT, KNOCK]}},
            },
        },
    }
