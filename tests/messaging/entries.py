"""Entries and events as the messaging tests need them."""

from datetime import UTC, datetime
from typing import Any

from services.events import registry
from services.events.envelope import Event
from services.messaging.log.entry import Entry
from services.platform.ids import new_event_id

NOON = datetime(2025, 11, 20, 5, tzinfo=UTC)
WARD = "26734"


def assisted(event_id: str | None = None, *, ward: str = WARD, **changes: Any) -> Event:
    """A citizen was helped to install VNeID."""
    return registry.parse(
        {
            "specversion": "1.0",
            "id": event_id or new_event_id(),
            "source": "/device/d-1",
            "type": "citizen.assisted.v1",
            "subject": "household-1",
            "time": NOON,
            "ward": ward,
            "recordedtime": NOON,
            "data": {
                "services": ({"service": "vneid_install", "before": "none", "outcome": "using"},),
                "channel": "home",
                "device": "own",
                "team_id": "team-1",
            },
        }
        | changes
    )


def visited(**changes: Any) -> Event:
    """A household was met."""
    data = {"household_id": "household-1", "outcome": "met", "team_id": "team-1"}
    return _event("household.visited.v1", "household-1", data, changes)


def formed(team_id: str = "team-1", **changes: Any) -> Event:
    """A team was formed: a decided event."""
    return _event("team.formed.v1", team_id, {"kind": "dx_formation", "name": "Tổ 1"}, changes)


def voided(target: Event, **changes: Any) -> Event:
    """An event was taken back."""
    data = {"event_id": target.id, "target_type": target.type, "reason": "mistake"}
    return _event("event.voided.v1", target.subject, data, {"ward": target.ward} | changes)


def _event(name: str, subject: str, data: dict[str, Any], changes: dict[str, Any]) -> Event:
    envelope = {
        "specversion": "1.0",
        "id": new_event_id(),
        "source": "/device/d-1",
        "type": name,
        "subject": subject,
        "time": NOON,
        "ward": WARD,
        "recordedtime": NOON,
        "data": data,
    }
    return registry.parse(envelope | changes)


def entry(event: Event | None = None, payload: bytes = b"first", **changes: Any) -> Entry:
    """What intake hands to the log."""
    return Entry(event or assisted(), payload, **changes)
