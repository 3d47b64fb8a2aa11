"""What an operator does with dead letters: run on the twin and on RabbitMQ."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count

import pytest

from services.messaging.broker import Broker, Delivery, Outgoing, Unroutable
from services.messaging.consumer.arrivals import read_arrivals
from services.messaging.consumer.consumer import ConsumerOptions, PartitionConsumer
from services.messaging.consumer.decoding import decode
from services.messaging.dead_letters.acts import DeadLetters, ReasonNeeded
from services.messaging.dead_letters.leaving import Leaving
from services.messaging.dead_letters.letters import Letter, Unreadable, burial
from services.messaging.topology import EVENTS_DEAD_LETTERS, partition_of, partition_queue
from tests.eventually import SILENCE_S, eventually, patience
from tests.messaging.broker_contract import take
from tests.twins.trail import TrailTwin

QUEUE = partition_queue(1)
WARD = "26734"
NOON = datetime(2025, 11, 20, 5, tzinfo=UTC)


def unreadable(number: int) -> Unreadable:
    """One bad event of a message."""
    return Unreadable(delivery(f"m-{number}"), [{"id": f"event-{number}"}], "invalid")


def awaited(ward: str, app_id: str = "registration") -> Unreadable:
    """An event of a log, as it is when nobody can handle it."""
    named = {"type": "citizen.assisted.v1", "source": "/device/d-1", "ward": ward}
    return Unreadable(delivery("m-7", app_id), [{"id": "event-7", **named}], "not_handled")


def delivery(message_id: str, app_id: str = "registration") -> Delivery:
    return Delivery(
        tag=1,
        routing_key=QUEUE,
        body=b"",
        message_id=message_id,
        type="citizen.assisted.v1",
        app_id=app_id,
        headers={},
    )


async def all_back(operator: DeadLetters) -> Sequence[Letter] | None:
    letters = await operator.list()
    return letters if len(letters) == 2 else None


@asynccontextmanager
async def burying_again(broker: Broker) -> AsyncIterator[None]:
    """A reader that can bear nothing of QUEUE."""

    async def fail(items: Sequence[dict[str, object]]) -> None:
        if items:
            raise ZeroDivisionError

    consumer = PartitionConsumer[dict[str, object]](
        broker,
        QUEUE,
        fail,
        read=lambda one: decode(one, dict),
        bury=burial(broker),
        options=ConsumerOptions(backoff_s=0.001),
    )
    running = asyncio.create_task(consumer.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait([running])


@asynccontextmanager
async def burying_without_end(broker: Broker) -> AsyncIterator[None]:
    """A reader to whom all that comes is unreadable."""

    async def keep_burying() -> None:
        for number in count(1_000):
            await burial(broker)(QUEUE, [unreadable(number)])
            await asyncio.sleep(0)

    burying = asyncio.create_task(keep_burying())
    try:
        yield
    finally:
        burying.cancel()
        await asyncio.wait([burying])


class DeadLettersContract:
    """Subclasses give the fixture `broker`."""

    quiet_s: float

    async def test_listed_letters_stay(self, broker: Broker) -> None:
        trail = TrailTwin()
        operator = DeadLetters(broker, trail, by="an operator", quiet_s=self.quiet_s)
        await burial(broker)(QUEUE, [unreadable(1), unreadable(2)])

        first, second = await operator.list(), await operator.list()

        assert [letter.event_ids for letter in first] == [("event-1",), ("event-2",)]
        assert [(first[0].queue, first[0].reason)] == [(QUEUE, "invalid")]
        assert sorted(x.id for x in second) == sorted(x.id for x in first)
        assert [act for act, *_ in trail.acts] == ["listed", "listed"]

    async def test_replayed_letter_returns_to_its_own_queue_alone(self, broker: Broker) -> None:
        trail = TrailTwin()
        operator = DeadLetters(broker, trail, by="an operator", quiet_s=self.quiet_s)
        await burial(broker)(QUEUE, [unreadable(1), unreadable(2)])
        chosen, other = await operator.list()

        await operator.replay([chosen.id])

        assert [letter.id for letter in await operator.list()] == [other.id]
        async with broker.inbox(QUEUE, prefetch=10) as inbox:
            [back] = await take(inbox, 1)
        assert back.body == b'[{"id":"event-1"}]'
        assert (back.type, back.app_id) == ("citizen.assisted.v1", "registration")
        assert ("replayed", "an operator", (chosen.id,)) in trail.acts

    async def test_discarded_letter_leaves_only_its_trace(self, broker: Broker) -> None:
        trail = TrailTwin()
        operator = DeadLetters(broker, trail, by="an operator", quiet_s=self.quiet_s)
        await burial(broker)(QUEUE, [unreadable(1), unreadable(2)])

        gone = await operator.discard()

        assert await operator.list() == []
        assert trail.acts[:2] == [("discarded", "an operator", (g.id,)) for g in gone]

    async def test_letter_that_comes_back_is_replayed_once(self, broker: Broker) -> None:
        trail = TrailTwin()
        operator = DeadLetters(broker, trail, by="an operator", quiet_s=SILENCE_S)
        await burial(broker)(QUEUE, [unreadable(1), unreadable(2)])

        async with burying_again(broker):
            replayed = await operator.replay()
            again = await eventually(lambda: all_back(operator))

        ids = sorted(letter.id for letter in replayed)
        assert sorted(letter.id for letter in again) == ids
        assert sorted(id_ for act, _, of in trail.acts if act == "replayed" for id_ in of) == ids

    async def test_clock_of_an_operator_that_is_behind_hides_no_letter(
        self, broker: Broker
    ) -> None:
        behind = DeadLetters(
            *(broker, TrailTwin()), by="ops", quiet_s=self.quiet_s, clock=lambda: NOON
        )
        await burial(broker)(QUEUE, [unreadable(1), unreadable(2)])

        replayed = await behind.replay()

        assert [letter.event_ids for letter in replayed] == [("event-1",), ("event-2",)]

    async def test_part_of_a_letter_that_comes_back_waits_for_the_next_replay(
        self, broker: Broker
    ) -> None:
        whole = Unreadable(delivery("m-1"), [{"id": "event-1"}, {"id": "event-2"}], "not_handled")
        trail = TrailTwin()
        operator = DeadLetters(broker, trail, by="an operator", quiet_s=SILENCE_S)
        await burial(broker)(QUEUE, [whole])
        await operator.list()

        async with burying_again(broker):
            replayed = await operator.replay()
            parts = await eventually(lambda: all_back(operator))

        assert [letter.event_ids for letter in replayed] == [("event-1", "event-2")]
        assert sorted(letter.event_ids for letter in parts) == [("event-1",), ("event-2",)]
        assert [act for act, *_ in trail.acts].count("replayed") == 1

    async def test_letters_that_keep_coming_do_not_keep_an_operator(self, broker: Broker) -> None:
        operator = DeadLetters(broker, TrailTwin(), by="an operator", quiet_s=SILENCE_S)
        await burial(broker)(QUEUE, [unreadable(1), unreadable(2)])

        async with burying_without_end(broker), patience():
            discarded = await operator.discard()

        assert [letter.event_ids for letter in discarded][:2] == [("event-1",), ("event-2",)]

    async def test_event_that_reporting_waits_for_is_not_discarded_without_a_reason(
        self, broker: Broker
    ) -> None:
        operator = DeadLetters(broker, TrailTwin(), by="an operator", quiet_s=self.quiet_s)
        await burial(broker)(QUEUE, [awaited(WARD)])

        with pytest.raises(ReasonNeeded):
            await operator.discard()

        assert [letter.event_ids for letter in await operator.list()] == [("event-7",)]

    async def test_reporting_is_told_of_the_event_that_it_goes_without(
        self, broker: Broker
    ) -> None:
        operator = DeadLetters(
            broker, TrailTwin(), by="an operator", quiet_s=self.quiet_s, clock=lambda: NOON
        )
        await burial(broker, clock=lambda: NOON)(QUEUE, [awaited(WARD), unreadable(1)])

        await operator.discard(reason="typed twice")

        async with broker.inbox(partition_queue(partition_of(WARD, 4)), prefetch=10) as inbox:
            [told] = await take(inbox, 1)
        assert read_arrivals(told).items == [
            Leaving(
                *("event-7", WARD, "citizen.assisted.v1", "/device/d-1"),
                *("typed twice", "an operator", NOON),
            )
        ]
        assert await operator.list() == []

    async def test_junk_and_what_a_stranger_published_is_discarded_without_a_word(
        self, broker: Broker
    ) -> None:
        operator = DeadLetters(broker, TrailTwin(), by="an operator", quiet_s=self.quiet_s)
        await burial(broker)(QUEUE, [awaited(WARD, app_id="stranger"), unreadable(1)])

        assert len(await operator.discard()) == 2

        assert await broker.depth(partition_queue(partition_of(WARD, 4))) == 0

    async def test_letter_that_cannot_return_stays(self, broker: Broker) -> None:
        operator = DeadLetters(broker, TrailTwin(), by="an operator", quiet_s=self.quiet_s)
        async with broker.publisher("test") as publisher:
            await publisher.publish(
                Outgoing(EVENTS_DEAD_LETTERS, "x", b"[]", "m-1", "x", "y", {"queue": "gone"})
            )

        with pytest.raises(Unroutable):
            await operator.replay()

        assert [letter.queue for letter in await operator.list()] == ["gone"]
