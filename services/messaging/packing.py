"""From log entries to messages: one holds 1-100 events of one type and one partition. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from services.messaging.broker import Outgoing
from services.messaging.log_writer import INTAKE_DEADLINE, WRITE_DEADLINE
from services.messaging.stored import Stored
from services.messaging.topology import EVENTS, PRIVATE, heartbeat_key, routing_key

MAX_EVENTS = 100
MAX_BYTES = 1_000_000
HEARTBEAT = "heartbeat"
NOT_KNOWN: Mapping[int, datetime] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Private:
    """What notify alone may read of an event: its contact, or that a contact is erased."""

    event_id: str
    routing_key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message, and the events that are published once it is confirmed."""

    message: Outgoing
    event_ids: tuple[str, ...]
    traceparents: tuple[str, ...] = ()


def pack(
    entries: Sequence[Stored], app_id: str, true_until: Mapping[int, datetime] = NOT_KNOWN
) -> list[Parcel]:
    """The entries as messages, each type's and partition's in the order given."""
    groups: dict[tuple[str, int], list[Stored]] = {}
    for entry in entries:
        groups.setdefault((entry.type, entry.partition), []).append(entry)
    return [
        _parcel(few, app_id, true_until.get(partition))
        for (_, partition), many in groups.items()
        for few in _split(many)
    ]


def wrap(private: Private, app_id: str) -> Parcel:
    """A message on the private exchange; its id differs from the event's own message's."""
    message = Outgoing(
        PRIVATE,
        private.routing_key,
        private.body,
        message_id=f"{private.routing_key}:{private.event_id}",
        type=private.routing_key,
        app_id=app_id,
        content_type="application/json",
    )
    return Parcel(message, (private.event_id,))


def heartbeat(partition: int, app_id: str, now: datetime, true_until: datetime) -> Outgoing:
    """An empty message, for a partition in which nothing happens."""
    return Outgoing(
        EVENTS,
        heartbeat_key(partition),
        b"[]",
        message_id=f"{HEARTBEAT}-{app_id}-p{partition}-{now.timestamp():.3f}",
        type=HEARTBEAT,
        app_id=app_id,
        headers={"count": 0, "oldest_pending": true_until.isoformat()},
    )


def true_until(
    read: Sequence[Stored], partitions: int, now: datetime, *, all_read: bool
) -> dict[int, datetime]:
    """By partition, the instant before which nothing recorded is left to be published.

    `read` are the longest waiting entries at `now`; all that waits is among them, or it waits
    for less long than they do.
    """
    horizon = now - WRITE_DEADLINE
    if not all_read:
        horizon = min([horizon, *(at - INTAKE_DEADLINE for at in _waiting(read[-1:]))])
    oldest = dict.fromkeys(range(partitions), horizon)
    for entry in read:
        for at in _waiting([entry]):
            partition = entry.partition
            oldest[partition] = min(oldest.get(partition, horizon), at - INTAKE_DEADLINE)
    return oldest


def _waiting(entries: Iterable[Stored]) -> list[datetime]:
    return [entry.pending for entry in entries if entry.pending]


def _split(entries: Sequence[Stored]) -> Iterable[list[Stored]]:
    few: list[Stored] = []
    size = 0
    for entry in entries:
        if few and (len(few) == MAX_EVENTS or size + len(entry.body) > MAX_BYTES):
            yield few
            few, size = [], 0
        few.append(entry)
        size += len(entry.body)
    if few:
        yield few


def _parcel(entries: Sequence[Stored], app_id: str, oldest_pending: datetime | None) -> Parcel:
    first = entries[0]
    headers: dict[str, str | int] = {"count": len(entries)}
    if oldest_pending:
        headers["oldest_pending"] = oldest_pending.isoformat()
    message = Outgoing(
        EVENTS,
        routing_key(first.type, first.partition),
        b"[" + b",".join(entry.body for entry in entries) + b"]",
        message_id=first.event_id,
        type=first.type,
        app_id=app_id,
        headers=headers,
    )
    traceparents = tuple(entry.traceparent for entry in entries if entry.traceparent)
    return Parcel(message, tuple(entry.event_id for entry in entries), traceparents)
