"""An event as the log keeps it: its bytes, and beside them what is queried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from services.events import registry
from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.events.registry import REGISTRY, Registry
from services.messaging.log.entry import Entry
from services.messaging.topology import partition_of


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry of the log."""

    event_id: str
    type: str
    subject: str
    ward: str
    time: datetime
    recorded_at: datetime
    source: str
    payload_hash: bytes
    body: bytes
    """The event's JSON, as it is published."""
    partition: int
    decided: bool = False
    held: bool = False
    """Nobody publishes it: what voids or replaces an event waits for that event."""
    refused: bool = False
    """Held for good: when its target came it had no right to take that back."""
    pending: datetime | None = None
    """Since when it waits for the relay; None once published, or while held."""
    contact: bytes | None = None
    target: str | None = None
    """The event that this one voids; or, while it is held, replaces."""
    traceparent: str | None = None

    @property
    def event(self) -> Event:
        """The event itself."""
        return registry.parse(orjson.loads(self.body))


def store(entry: Entry, partitions: int, now: datetime) -> Stored:
    """The entry as it will stand in the log. Raises: ValueError without `recordedtime`.

    It is pending since `now`, not since `recordedtime`, which a demonstration may set.
    """
    event = entry.event
    if event.recordedtime is None:
        raise ValueError("an event is logged with the time at which it was recorded")
    return Stored(
        event_id=event.id,
        type=event.type,
        subject=event.subject,
        ward=event.ward,
        time=event.time,
        recorded_at=event.recordedtime,
        source=event.source,
        payload_hash=entry.payload_hash,
        body=registry.encode(event),
        partition=partition_of(event.ward, partitions),
        decided=entry.decided,
        held=not entry.published,
        pending=now if entry.published else None,
        contact=entry.contact,
        target=target_of(event, held=not entry.published),
        traceparent=event.traceparent,
    )


def target_of(event: Event, *, held: bool) -> str | None:
    """The event that this one voids; or, while it is held, replaces."""
    if isinstance(event, EventVoided):
        return event.data.event_id
    return event.replaces if held else None


_OF_THE_OUTBOX = frozenset({"owed", "owed_since"})
_OPTIONAL = ("decided", "held", "refused", "pending", "contact", "target", "traceparent")


def to_document(stored: Stored) -> dict[str, Any]:
    """As MongoDB keeps it; what is absent is left out, so that partial indexes stay small."""
    document: dict[str, Any] = {
        "_id": stored.event_id,
        "type": stored.type,
        "subject": stored.subject,
        "ward": stored.ward,
        "time": stored.time,
        "recorded_at": stored.recorded_at,
        "source": stored.source,
        "payload_hash": stored.payload_hash,
        "body": stored.body,
        "partition": stored.partition,
    }
    for name in _OPTIONAL:
        if value := getattr(stored, name):
            document[name] = value
    return document


def from_document(document: Mapping[str, Any], known: Registry = REGISTRY) -> Stored:
    """What MongoDB keeps, as the newest version of its type says it."""
    fields = {name: value for name, value in document.items() if name not in _OF_THE_OUTBOX}
    if (current := known.current(fields["type"])) != fields["type"]:
        body = registry.encode(known.parse_stored(fields["type"], fields["body"]))
        fields |= {"type": current, "body": body}
    return Stored(event_id=fields.pop("_id"), **fields)
