"""An operator's acts on dead letters: each leaves its trace before it is done."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from typing import Any, Protocol

from services.messaging.broker import Broker, Delivery, Inbox, Publisher
from services.messaging.dead_letters.leaving import Leaving, announcement
from services.messaging.dead_letters.letters import Letter, elements_of, read_letter, returned
from services.messaging.log.completeness import PUBLISHERS
from services.messaging.topology import EVENTS_DEAD_LETTERS, partition_of
from services.platform.clock import Clock, utc_now
from services.platform.ids import random_id
from services.platform.mongo import Database

MOST = 1_000
"""Letters seen at a time."""
QUIET_S = 1.0
REPORTING = "reporting."
"""Queues whose reader says what it lacks."""
_NAMED = ("id", "ward", "type", "source")

Act = Callable[[Delivery, Letter, Publisher], Awaitable[None]]
"""What becomes of a letter, before it is acknowledged."""
Letters = Sequence[Letter]


class ReasonNeeded(Exception):
    """The letter of this id holds an event that reporting waits for."""


class Trail(Protocol):
    """Who did what to which dead letters."""

    async def record(self, act: str, by: str, letters: Letters) -> None:
        """Durable when it returns."""


class MongoTrail:
    """The trail in collection `dead_letter_acts`."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._acts = database["dead_letter_acts"]
        self._clock = clock

    async def record(self, act: str, by: str, letters: Letters) -> None:
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
        partitions: int = 4,
        quiet_s: float = QUIET_S,
        clock: Clock = utc_now,
    ) -> None:
        self._broker = broker
        self._trail = trail
        self._by = by
        self._queue = queue
        self._partitions = partitions
        self._quiet_s = quiet_s
        self._clock = clock

    async def list(self) -> Letters:
        """The oldest 1,000; all of them stay where they are."""
        standing = await self._standing()
        async with self._broker.inbox(self._queue, prefetch=MOST) as inbox:
            letters = [read_letter(delivery) async for delivery in self._browse(inbox, standing)]
        await self._trail.record("listed", self._by, letters)
        return letters

    async def replay(self, ids: Collection[str] | None = None) -> Letters:
        """Gives these (None: all) back to the queue that each was meant for, and to no other.

        Each once: what comes, or comes back, while this runs waits for the next time.
        """
        replay = random_id("replay")

        async def back(delivery: Delivery, letter: Letter, publisher: Publisher) -> None:
            await self._trail.record("replayed", self._by, [letter])
            await publisher.publish(returned(delivery, letter, replay))

        return await self._settle(ids, back, replay)

    async def discard(self, ids: Collection[str] | None = None, reason: str = "") -> Letters:
        """Takes these (None: all) away for good; the trail keeps their ids.

        Reporting is told of events that it waits for, and says from then on what it goes without.
        Raises: ReasonNeeded before such an event is discarded without one.
        """

        async def leave(delivery: Delivery, letter: Letter, publisher: Publisher) -> None:
            leavings = self._leavings(delivery, letter, reason)
            if leavings and not reason:
                raise ReasonNeeded(letter.id)
            await self._trail.record("discarded", self._by, [letter])
            await self._announce(leavings, letter, publisher)

        return await self._settle(ids, leave)

    async def _settle(self, ids: Collection[str] | None, act: Act, replay: str = "") -> Letters:
        settled: dict[str, Letter] = {}
        standing = await self._standing()
        async with (
            self._broker.publisher("settle dead letters") as publisher,
            self._broker.inbox(self._queue, prefetch=MOST) as inbox,
        ):
            async for delivery in self._browse(inbox, standing):
                letter = read_letter(delivery)
                came_back = letter.id in settled or (replay and letter.replay == replay)
                if came_back or (ids is not None and letter.id not in ids):
                    continue
                await act(delivery, letter, publisher)
                await inbox.ack(delivery.tag)
                settled[letter.id] = letter
        return list(settled.values())

    async def _standing(self) -> int:
        """How many letters nobody has taken yet."""
        return await self._broker.depth(self._queue) or 0

    async def _browse(self, inbox: Inbox, standing: int) -> AsyncIterator[Delivery]:
        """Those that stood there when they were counted, and what somebody gave back since, which
        the queue delivers first. Over as well when nothing more arrives for a while."""
        first_time = 0
        while True:
            try:
                async with asyncio.timeout(self._quiet_s):
                    deliveries = await inbox.take(MOST)
            except TimeoutError:
                return
            for delivery in deliveries:
                first_time += not delivery.redelivered
                if first_time > standing:
                    return
                yield delivery

    def _leavings(self, delivery: Delivery, letter: Letter, reason: str) -> Sequence[Leaving]:
        """The events of a letter that reporting counts on: it was to handle them, and a log has
        them."""
        if delivery.app_id not in PUBLISHERS or not letter.queue.startswith(REPORTING):
            return []
        now = self._clock()
        return [
            Leaving(**{name: element[name] for name in _NAMED}, reason=reason, by=self._by, at=now)
            for element in elements_of(delivery.body)
            if all(isinstance(element.get(name), str) for name in _NAMED)
        ]

    async def _announce(
        self, leavings: Sequence[Leaving], letter: Letter, publisher: Publisher
    ) -> None:
        by_partition: dict[int, list[Leaving]] = {}
        for leaving in leavings:
            partition = partition_of(leaving.ward, self._partitions)
            by_partition.setdefault(partition, []).append(leaving)
        for partition, few in by_partition.items():
            await publisher.publish(announcement(few, partition, f"left-{letter.id}"))


def _trace(letter: Letter) -> dict[str, Any]:
    return {
        "letter": letter.id,
        "queue": letter.queue,
        "reason": letter.reason,
        "type": letter.type,
        "message_id": letter.message_id,
        "event_ids": list(letter.event_ids),
    }
