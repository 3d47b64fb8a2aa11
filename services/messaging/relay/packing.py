"""From log entries to messages: one holds 1-100 events of one type and one partition. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.messaging.broker import Outgoing
from services.messaging.log.completeness import Statement
from services.messaging.log.stored import Stored
from services.messaging.relay.readers import OTHERS, readers_of
from services.messaging.topology import (
    EVENTS,
    NOTIFY_CONTACTS,
    PRIVATE,
    READERS,
    heartbeat_key,
    partition_of,
    partition_queue,
    routing_key,
)

MAX_EVENTS = 100
MAX_BYTES = 1_000_000
HEARTBEAT = "heartbeat"


@dataclass(frozen=True, slots=True)
class Private:
    """What notify alone may read of an event: its contact, or that a contact is erased."""

    event_id: str
    routing_key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """Some events of one type and partition, and the same message for each of their readers."""

    event_ids: tuple[str, ...]
    messages: Mapping[str, Outgoing]
    """By reader."""
    traceparents: tuple[str, ...] = ()


def pack(
    entries: Sequence[Stored],
    app_id: str,
    partitions: int,
    now: datetime,
    only: Collection[str] = (),
) -> list[Parcel]:
    """The entries as messages, each type's and partition's in the order given.

    The partition follows from the ward, not from how many there were when the entry was written.
    `only` names the readers that they are for; by itself they go to all who read them.
    """
    groups: dict[tuple[str, int], list[Stored]] = {}
    for entry in entries:
        partition = partition_of(entry.ward, partitions)
        groups.setdefault((entry.type, partition), []).append(entry)
    parcels = [
        _parcel(few, app_id, partition, now, only)
        for (_, partition), many in groups.items()
        for few in _split(many)
    ]
    return [parcel for parcel in parcels if parcel.messages]


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
    return Parcel((private.event_id,), {NOTIFY_CONTACTS: message})


def heartbeat(
    partition: int, app_id: str, now: datetime, statement: Statement | None
) -> Mapping[str, Outgoing]:
    """An empty message for a partition's readers, each second, with what can be stated of it."""
    stated = statement.headers() if statement else {}
    name = f"{HEARTBEAT}-{app_id}-p{partition}-{now.timestamp():.3f}"
    return {
        reader: Outgoing(
            *_address(reader, heartbeat_key(partition)),
            b"[]",
            message_id=_message_id(name, reader),
            type=HEARTBEAT,
            app_id=app_id,
            headers={"count": 0, "oldest_pending": now.isoformat(), **stated},
            mandatory=reader != OTHERS,
        )
        for reader in (partition_queue(partition), OTHERS)
    }


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


def _parcel(
    entries: Sequence[Stored], app_id: str, partition: int, now: datetime, only: Collection[str]
) -> Parcel:
    first = entries[0]
    key = routing_key(first.type, partition)
    body = b"[" + b",".join(entry.body for entry in entries) + b"]"
    waiting = [entry.pending for entry in entries if entry.pending]
    headers: dict[str, str | int] = {
        "count": len(entries),
        "oldest_pending": min(waiting, default=now).isoformat(),
    }
    messages = {
        reader: Outgoing(
            *_address(reader, key),
            body,
            message_id=_message_id(first.event_id, reader),
            type=first.type,
            app_id=app_id,
            headers=headers,
            mandatory=reader != OTHERS,
        )
        for reader in readers_of(first.type, partition)
        if not only or reader in only
    }
    traceparents = tuple(entry.traceparent for entry in entries if entry.traceparent)
    return Parcel(tuple(entry.event_id for entry in entries), messages, traceparents)


def _address(reader: str, key: str) -> tuple[str, str]:
    """Exchange and routing key: others choose by key, ours are named."""
    return (EVENTS, key) if reader == OTHERS else (READERS, reader)


def _message_id(first: str, reader: str) -> str:
    """Unlike on one channel: by it the client tells which of several publishes was returned."""
    return first if reader == OTHERS else f"{first}@{reader}"
