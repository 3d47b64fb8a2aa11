"""What a consumer could not read or handle: how it is set aside, and read by an operator."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from services.messaging import metrics
from services.messaging.broker import (
    DEFAULT_EXCHANGE,
    Broker,
    Delivery,
    Outgoing,
)
from services.messaging.topology import EVENTS_DEAD_LETTERS
from services.platform.clock import Clock, utc_now


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Some elements of a message, or (None) its whole body, that cannot be read or handled, and a
    code for what is wrong."""

    delivery: Delivery
    elements: list[Any] | None
    reason: str


REPLAY = "replay"
"""The header that names the replay which gave a message back; what is buried of it keeps it."""

Bury = Callable[[str, Sequence[Unreadable]], Awaitable[None]]
"""Sets aside what came from a queue; confirmed when it returns.

Raises: BrokerUnavailable, Unconfirmed.
"""


def burial(broker: Broker, exchange: str = EVENTS_DEAD_LETTERS, clock: Clock = utc_now) -> Bury:
    """Publishes to the dead letters, on a connection of its own."""

    async def bury(queue: str, unreadable: Sequence[Unreadable]) -> None:
        letters = (_letter(one, exchange, queue, clock()) for one in unreadable)
        different = {letter.message_id: letter for letter in letters}.values()
        async with broker.publisher(f"dead letters of {queue}") as publisher:
            await asyncio.gather(*(publisher.publish(letter) for letter in different))
        for letter in different:
            metrics.DEAD_LETTERED.labels(queue, str(letter.headers["reason"])).inc()

    return bury


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter as its operator sees it: ids and codes, never the contents."""

    id: str
    """The same each time that the same trouble comes back."""
    queue: str
    """Where it was to be handled."""
    reason: str
    type: str
    message_id: str
    event_ids: tuple[str, ...]
    died_at: datetime | None = None
    replay: str = ""
    """The one that it has come back from."""


def _letter(one: Unreadable, exchange: str, queue: str, now: datetime) -> Outgoing:
    """The same trouble has the same message id, however often it comes."""
    delivery = one.delivery
    body = delivery.body if one.elements is None else orjson.dumps(one.elements)
    return Outgoing(
        exchange,
        delivery.routing_key,
        body,
        message_id=_digest(queue, delivery.message_id, body),
        type=delivery.type,
        app_id=delivery.app_id,
        headers={
            "count": len(one.elements or ()),
            "queue": queue,
            "reason": one.reason,
            "died_at": now.isoformat(),
            "message_id": delivery.message_id,
            REPLAY: _replay_of(delivery),
        },
        content_type=delivery.content_type,
    )


def read_letter(delivery: Delivery) -> Letter:
    """One that we buried says where it came from; of others the broker tells it in `x-death`."""
    death = (delivery.headers.get("x-death") or [{}])[0]
    queue = str(delivery.headers.get("queue") or death.get("queue", ""))
    message_id = str(delivery.headers.get("message_id") or delivery.message_id)
    return Letter(
        id=_digest(queue, message_id, delivery.body)[:16],
        queue=queue,
        reason=str(delivery.headers.get("reason") or death.get("reason", "unknown")),
        type=delivery.type,
        message_id=message_id,
        died_at=_instant(delivery.headers.get("died_at") or death.get("time")),
        event_ids=tuple(str(e["id"]) for e in elements_of(delivery.body) if "id" in e),
        replay=_replay_of(delivery),
    )


def _replay_of(delivery: Delivery) -> str:
    return str(delivery.headers.get(REPLAY) or "")


def elements_of(body: bytes) -> list[dict[str, Any]]:
    """What may be events in it."""
    try:
        elements = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    found = elements if isinstance(elements, list) else [elements]
    return [element for element in found if isinstance(element, dict)]


def returned(delivery: Delivery, letter: Letter, replay: str) -> Outgoing:
    """The message for the queue that it was meant for, as it first came, marked by its replay."""
    return Outgoing(
        DEFAULT_EXCHANGE,
        letter.queue,
        delivery.body,
        message_id=letter.message_id,
        type=delivery.type,
        app_id=delivery.app_id,
        headers={"count": max(len(letter.event_ids), 1), REPLAY: replay},
        content_type=delivery.content_type,
    )


def _instant(told: object) -> datetime | None:
    try:
        instant = told if isinstance(told, datetime) else datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _digest(*parts: str | bytes) -> str:
    joined = b"\x1f".join(p.encode() if isinstance(p, str) else p for p in parts)
    return hashlib.sha256(joined).hexdigest()[:32]
