"""What a consumer could not read or handle: set aside, and later listed, replayed or discarded."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import orjson

from services.messaging import metrics
from services.messaging.broker import (
    DEFAULT_EXCHANGE,
    Broker,
    Delivery,
    Inbox,
    Outgoing,
    Publisher,
)
from services.messaging.topology import EVENTS_DEAD_LETTERS
from services.platform.clock import Clock, utc_now
from services.platform.ids import random_id
from services.platform.mongo import Database

MOST = 1_000
"""Letters seen at a time."""
QUIET_S = 1.0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Some elements of a message, or (None) its whole body, and a code for what is wrong."""

    delivery: Delivery
    elements: list[Any] | None
    reason: str


Bury = Callable[[str, Sequence[Unreadable]], Awaitable[None]]
"""Sets aside what came from a queue; confirmed when it returns.

Raises: BrokerUnavailable, Unconfirmed.
"""


def burial(broker: Broker, exchange: str = EVENTS_DEAD_LETTERS, clock: Clock = utc_now) -> Bury:
    """Publishes to the dead letters, one letter an element, on a connection of its own."""

    async def bury(queue: str, unreadable: Sequence[Unreadable]) -> None:
        letters = (_letter(one, exchange, queue, clock()) for one in unreadable)
        different = {letter.message_id: letter for letter in letters}.values()
        async with broker.publisher(f"dead letters of {queue}") as publisher:
            await asyncio.gather(*(publisher.publish(letter) for letter in different))
        for one in unreadable:
            metrics.DEAD_LETTERED.labels(queue, one.reason).inc()

    return bury


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter as its operator sees it: ids and codes, never the contents."""

    id: str
    queue: str
    """Where it was to be handled."""
    reason: str
    type: str
    message_id: str
    event_ids: tuple[str, ...]


class Trail(Protocol):
    """Who did what to which dead letters."""

    async def record(self, act: str, by: str, letters: Sequence[Letter]) -> None:
        """Durable when it returns."""


class MongoTrail:
    """The trail in collection `dead_letter_acts`."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._acts = database["dead_letter_acts"]
        self._clock = clock

    async def record(self, act: str, by: str, letters: Sequence[Letter]) -> None:
        await self._acts.insert_one(
            {
                "_id": random_id("act"),
                "act": act,
                "by": by,
                "at": self._clock(),
                "letters": [_trace(letter) for letter in letters],
            }
        )


class DeadLetters:
    """An operator's hand on one queue of dead letters; each act leaves its trace before it is done.

    While one operator looks, another sees none of them.
    """

    def __init__(
        self,
        broker: Broker,
        trail: Trail,
        *,
        by: str,
        queue: str = EVENTS_DEAD_LETTERS,
        quiet_s: float = QUIET_S,
    ) -> None:
        self._broker = broker
        self._trail = trail
        self._by = by
        self._queue = queue
        self._quiet_s = quiet_s

    async def list(self) -> Sequence[Letter]:
        """The oldest 1,000; all of them stay where they are."""
        async with self._broker.inbox(self._queue, prefetch=MOST) as inbox:
            letters = [_read(delivery) async for delivery in self._browse(inbox)]
        await self._trail.record("listed", self._by, letters)
        return letters

    async def replay(self, ids: Collection[str] | None = None) -> Sequence[Letter]:
        """Gives these (None: all) back to the queue that each was meant for, and to no other."""
        async with self._broker.publisher("replay dead letters") as publisher:
            return await self._settle("replayed", ids, publisher)

    async def discard(self, ids: Collection[str] | None = None) -> Sequence[Letter]:
        """Takes these (None: all) away for good; the trail keeps their ids."""
        return await self._settle("discarded", ids, None)

    async def _settle(
        self, act: str, ids: Collection[str] | None, publisher: Publisher | None
    ) -> Sequence[Letter]:
        settled = []
        async with self._broker.inbox(self._queue, prefetch=MOST) as inbox:
            async for delivery in self._browse(inbox):
                letter = _read(delivery)
                if ids is not None and letter.id not in ids:
                    continue
                await self._trail.record(act, self._by, [letter])
                if publisher:
                    await publisher.publish(_back(delivery, letter))
                await inbox.ack(delivery.tag)
                settled.append(letter)
        return settled

    async def _browse(self, inbox: Inbox) -> AsyncIterator[Delivery]:
        """Each that stands there now; over when nothing more arrives for a while."""
        while True:
            try:
                async with asyncio.timeout(self._quiet_s):
                    deliveries = await inbox.take(MOST)
            except TimeoutError:
                return
            for delivery in deliveries:
                yield delivery


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
        },
        content_type=delivery.content_type,
    )


def _read(delivery: Delivery) -> Letter:
    """One that we buried says where it came from; of others the broker tells it in `x-death`."""
    deaths = delivery.headers.get("x-death") or [{}]
    queue = str(delivery.headers.get("queue") or deaths[0].get("queue", ""))
    return Letter(
        id=_digest(queue, delivery.message_id, delivery.body)[:16],
        queue=queue,
        reason=str(delivery.headers.get("reason") or deaths[0].get("reason", "unknown")),
        type=delivery.type,
        message_id=delivery.message_id,
        event_ids=_event_ids(delivery.body),
    )


def _event_ids(body: bytes) -> tuple[str, ...]:
    try:
        elements = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ()
    found = elements if isinstance(elements, list) else [elements]
    return tuple(str(e["id"]) for e in found if isinstance(e, dict) and "id" in e)


def _back(delivery: Delivery, letter: Letter) -> Outgoing:
    return Outgoing(
        DEFAULT_EXCHANGE,
        letter.queue,
        delivery.body,
        message_id=delivery.message_id,
        type=delivery.type,
        app_id=delivery.app_id,
        headers={"count": max(len(letter.event_ids), 1)},
        content_type=delivery.content_type,
    )


def _digest(*parts: str | bytes) -> str:
    joined = b"\x1f".join(p.encode() if isinstance(p, str) else p for p in parts)
    return hashlib.sha256(joined).hexdigest()[:32]


def _trace(letter: Letter) -> dict[str, Any]:
    return {
        "letter": letter.id,
        "queue": letter.queue,
        "reason": letter.reason,
        "type": letter.type,
        "message_id": letter.message_id,
        "event_ids": list(letter.event_ids),
    }
