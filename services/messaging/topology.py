"""Exchanges, queues and bindings: their names and their one declaration.

Every argument means the same to RabbitMQ 3.10 and 4.x.
"""

import zlib
from dataclasses import dataclass, field
from typing import Any

from aio_pika.abc import AbstractChannel

from services.platform.contact_wire import CONTACT_ERASED, CONTACT_SHARED

EVENTS = "events"
PRIVATE = "private"
EVENTS_DEAD_LETTERS = "events.dead_letters"
PRIVATE_DEAD_LETTERS = "private.dead_letters"
NOTIFY_EVENTS = "notify.events"
NOTIFY_CONTACTS = "notify.contacts"

NOTIFY_TYPES = (
    "appointment.booked.v1",
    "appointment.cancelled.v1",
    "citizen.assisted.v1",
    "citizen.erased.v1",
    "citizen.merged.v1",
    "consent.given.v1",
    "consent.withdrawn.v1",
    "dispute.resolved.v1",
    "event.refused.v1",
    "event.voided.v1",
    "signature.issued.v1",
)
"""The few types that notify answers or must know of."""

EXCHANGES = (EVENTS, PRIVATE, EVENTS_DEAD_LETTERS, PRIVATE_DEAD_LETTERS)
QUEUE_BYTES = 1024**3
CONTACT_DAYS = 90
"""Contact that nobody could read goes by itself."""

_NO_LIMIT = 1_000_000
"""RabbitMQ 4 drops a quorum queue's message after 20 deliveries unless told otherwise; each
listing of the dead letters is one."""

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


@dataclass(frozen=True)
class Queue:
    """A durable quorum queue and what it is bound to."""

    name: str
    exchange: str
    keys: tuple[str, ...]
    arguments: Arguments = field(default_factory=dict)


def queues(partitions: int) -> tuple[Queue, ...]:
    """All of them, dead letters first, so that no other ever stands without."""
    return (
        Queue(EVENTS_DEAD_LETTERS, EVENTS_DEAD_LETTERS, ("#",), _keeping()),
        Queue(
            PRIVATE_DEAD_LETTERS,
            PRIVATE_DEAD_LETTERS,
            ("#",),
            _keeping() | {"x-message-ttl": CONTACT_DAYS * 86_400_000},
        ),
        *(
            Queue(
                partition_queue(n),
                EVENTS,
                (f"#.p{n}",),
                _working(EVENTS_DEAD_LETTERS) | {"x-single-active-consumer": True},
            )
            for n in range(partitions)
        ),
        Queue(
            NOTIFY_EVENTS,
            EVENTS,
            tuple(f"{name}.*" for name in NOTIFY_TYPES),
            _working(EVENTS_DEAD_LETTERS),
        ),
        Queue(
            NOTIFY_CONTACTS,
            PRIVATE,
            (CONTACT_SHARED, CONTACT_ERASED),
            _working(PRIVATE_DEAD_LETTERS),
        ),
    )


async def declare(channel: AbstractChannel, partitions: int) -> None:
    """Declares what is missing; declaring again changes nothing."""
    for name in EXCHANGES:
        await channel.declare_exchange(name, "topic", durable=True)
    for queue in queues(partitions):
        declared = await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments)
        for key in queue.keys:
            await declared.bind(queue.exchange, key)


def _keeping() -> Arguments:
    return {"x-queue-type": "quorum", "x-delivery-limit": _NO_LIMIT}


def _working(dead_letters: str) -> Arguments:
    """Loses nothing: what is full refuses, what is dead-lettered is confirmed first.

    The delivery limit is a fuse only, for every restart counts a delivery.
    """
    return {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": dead_letters,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-max-length-bytes": QUEUE_BYTES,
        "x-delivery-limit": 100,
    }
