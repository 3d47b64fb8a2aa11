"""Exchanges, queues and bindings: their names and their one declaration.

Each queue of ours is a reader that the relay publishes to by name, over `readers` or `private`, so
that each has an outcome of its own. `events` is for everybody else: what is bound there can never
hold up ours. Every argument means the same to RabbitMQ 3.10 and 4.x.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aio_pika.abc import AbstractChannel

from services.events.appointments import AppointmentBooked, AppointmentCancelled
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenErased, CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.corrections import EventRefused, EventVoided
from services.events.disputes import DisputeResolved
from services.events.registry import type_name
from services.events.requests import RequestClosed, RequestReceived
from services.events.signatures import SignatureIssued
from services.platform.access.ended import ACCESS_ENDED
from services.platform.personal_data.contact_wire import CONTACT_ERASED, CONTACT_SHARED

EVENTS = "events"
READERS = "readers"
PRIVATE = "private"
EVENTS_DEAD_LETTERS = "events.dead_letters"
PRIVATE_DEAD_LETTERS = "private.dead_letters"
NOTIFY_EVENTS = "notify.events"
NOTIFY_CONTACTS = "notify.contacts"

NOTIFY_TYPES = tuple(
    type_name(event_class)
    for event_class in (
        AppointmentBooked,
        AppointmentCancelled,
        CitizenAssisted,
        CitizenErased,
        CitizenMerged,
        ConsentGiven,
        ConsentWithdrawn,
        DisputeResolved,
        EventRefused,
        EventVoided,
        RequestClosed,
        RequestReceived,
        SignatureIssued,
    )
)
"""The few types that notify answers or must know of."""

NOTIFY_PRIVATE_TYPES = (CONTACT_SHARED, CONTACT_ERASED, ACCESS_ENDED)
"""What registration tells notify alone."""
EXCHANGES = (EVENTS, READERS, PRIVATE, EVENTS_DEAD_LETTERS, PRIVATE_DEAD_LETTERS)
QUEUE_BYTES = 1024**3
CONTACT_DAYS = 90
"""Contact that nobody could read goes by itself."""

NO_LIMIT = 1_000_000
"""RabbitMQ 4 drops a quorum queue's message after 20 deliveries unless told otherwise, and 3.10
counts one for each restart of a consumer and each listing of the dead letters. At one a second
this is reached after eleven days of nothing else. (-1 is refused by 3.10.)"""

Arguments = dict[str, Any]


def partition_of(ward: str, partitions: int) -> int:
    """Where a ward's events travel; the same for every process and version."""
    return zlib.crc32(ward.encode()) % partitions


def routing_key(event_type: str, partition: int) -> str:
    """Such as `citizen.assisted.v1.p3`."""
    return f"{event_type}.p{partition}"


def heartbeat_key(partition: int) -> str:
    """An empty message that says how far a quiet partition is true."""
    return f"heartbeat.p{partition}"


def partition_queue(partition: int) -> str:
    """Reporting's queue of one partition."""
    return f"reporting.p{partition}"


class Binding(NamedTuple):
    """What brings messages to a queue."""

    exchange: str
    key: str


@dataclass(frozen=True)
class Queue:
    """A durable quorum queue and what it is bound to."""

    name: str
    bindings: tuple[Binding, ...]
    arguments: Arguments = field(default_factory=dict)
    former: tuple[Binding, ...] = ()
    """Bindings of an earlier version, undone where they stand."""


def queues(partitions: int) -> tuple[Queue, ...]:
    """All of them, dead letters first, so that no other ever stands without."""
    return (
        Queue(EVENTS_DEAD_LETTERS, (Binding(EVENTS_DEAD_LETTERS, "#"),), _keeping()),
        Queue(
            PRIVATE_DEAD_LETTERS,
            (Binding(PRIVATE_DEAD_LETTERS, "#"),),
            _keeping() | {"x-message-ttl": CONTACT_DAYS * 86_400_000},
        ),
        *(_partition_queue(n) for n in range(partitions)),
        Queue(
            NOTIFY_EVENTS,
            (Binding(READERS, NOTIFY_EVENTS),),
            _working(EVENTS_DEAD_LETTERS),
            tuple(Binding(EVENTS, f"{name}.*") for name in NOTIFY_TYPES),
        ),
        Queue(
            NOTIFY_CONTACTS,
            tuple(Binding(PRIVATE, key) for key in NOTIFY_PRIVATE_TYPES),
            _working(PRIVATE_DEAD_LETTERS),
        ),
    )


async def declare(channel: AbstractChannel, partitions: int) -> None:
    """Declares what is missing; declaring again changes nothing.

    Raises: ChannelPreconditionFailed where a queue stands with other arguments (topology_upgrade).
    """
    for name in EXCHANGES:
        await channel.declare_exchange(name, "topic", durable=True)
    for queue in queues(partitions):
        await declare_queue(channel, queue)


async def declare_queue(channel: AbstractChannel, queue: Queue) -> None:
    """One queue with its bindings, and without those of an earlier version."""
    declared = await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments)
    await bind(channel, queue.name, queue.bindings)
    for binding in queue.former:
        await declared.unbind(binding.exchange, binding.key)


async def bind(channel: AbstractChannel, name: str, bindings: Iterable[Binding]) -> None:
    """Brings a queue what is published there; bound already, it stays so."""
    queue = await channel.get_queue(name, ensure=False)
    for binding in bindings:
        await queue.bind(binding.exchange, binding.key)


def _partition_queue(partition: int) -> Queue:
    name = partition_queue(partition)
    return Queue(
        name,
        (Binding(READERS, name),),
        _working(EVENTS_DEAD_LETTERS) | {"x-single-active-consumer": True},
        (Binding(EVENTS, f"#.p{partition}"),),
    )


def _keeping() -> Arguments:
    return {"x-queue-type": "quorum", "x-delivery-limit": NO_LIMIT}


def _working(dead_letters: str) -> Arguments:
    """Loses nothing: what is full refuses, what is dead-lettered is confirmed first.

    How often a message was delivered says nothing of the message: its reader sets aside what it
    cannot handle, and nobody else does.
    """
    return {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": dead_letters,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-max-length-bytes": QUEUE_BYTES,
        "x-delivery-limit": NO_LIMIT,
    }
