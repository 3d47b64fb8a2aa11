"""What only a real broker shows of a consumer: deliveries that count, queues that go."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from services.events.envelope import Event
from services.events.registry import encode
from services.messaging.amqp import AmqpBroker
from services.messaging.broker import DEFAULT_EXCHANGE, Outgoing
from services.messaging.consumer.consumer import PREFETCH, ConsumerOptions, PartitionConsumer
from services.messaging.consumer.decoding import decode_events
from services.messaging.dead_letters.depth import Depths
from services.messaging.dead_letters.letters import burial
from services.messaging.topology import EVENTS_DEAD_LETTERS, declare, partition_queue
from tests.eventually import eventually
from tests.messaging.broker_contract import publish, take
from tests.messaging.conftest import PARTITIONS
from tests.messaging.entries import assisted
from tests.messaging.test_consumer import Handler, gauge

STRICT = "strict"
"""A queue that gives a message up after its second delivery."""


@pytest.fixture
async def broker(amqp_broker: AmqpBroker) -> AmqpBroker:
    arguments: dict[str, Any] = {
        "x-queue-type": "quorum",
        "x-delivery-limit": 1,
        "x-dead-letter-exchange": EVENTS_DEAD_LETTERS,
        "x-single-active-consumer": True,
    }
    async with amqp_broker.connection("test") as connection, connection.channel() as channel:
        await channel.declare_queue(STRICT, durable=True, arguments=arguments)
    return amqp_broker


@asynccontextmanager
async def consuming(
    broker: AmqpBroker, queue: str, handler: Handler
) -> AsyncIterator[PartitionConsumer[Event]]:
    consumer = PartitionConsumer(
        broker,
        queue,
        handler,
        read=decode_events,
        bury=burial(broker),
        options=ConsumerOptions(backoff_s=0.00002),
    )
    running = asyncio.create_task(consumer.run())
    try:
        yield consumer
    finally:
        running.cancel()
        await asyncio.wait([running])


def holding(queue: str, *events: Event) -> Outgoing:
    body = b"[" + b",".join(map(encode, events)) + b"]"
    headers = {"count": len(events)}
    first = events[0]
    return Outgoing(DEFAULT_EXCHANGE, queue, body, first.id, first.type, "registration", headers)


async def dead(broker: AmqpBroker) -> int | None:
    return await broker.depth(EVENTS_DEAD_LETTERS)


async def test_hundred_and_one_failures_leave_no_sound_message_among_the_dead(
    broker: AmqpBroker,
) -> None:
    events, handler = [assisted() for _ in range(250)], Handler()
    handler.failures = 101
    await publish(broker, *(holding(STRICT, event) for event in events))

    async with consuming(broker, STRICT, handler):
        await eventually(lambda: len(handler.handled) == 250)
        await eventually(lambda: _is_empty(broker, STRICT))

    assert sorted(handler.handled) == sorted(event.id for event in events)
    assert await dead(broker) == 0


async def test_reader_that_dies_hundred_and_three_times_leaves_no_message_among_the_dead(
    broker: AmqpBroker,
) -> None:
    queue, events, handler = partition_queue(0), [assisted() for _ in range(150)], Handler()
    await publish(broker, *(holding(queue, event) for event in events))
    for _ in range(103):
        async with broker.inbox(queue, prefetch=PREFETCH) as inbox:
            await take(inbox, 1)

    async with consuming(broker, queue, handler):
        await eventually(lambda: len(handler.handled) == 150)

    assert await dead(broker) == 0


async def test_culprit_is_buried_alone_and_counted_at_the_broker(broker: AmqpBroker) -> None:
    events, handler = [assisted() for _ in range(100)], Handler()
    handler.cannot_bear = {events[50].id}
    depths = Depths(broker, [EVENTS_DEAD_LETTERS])
    await depths.measure()
    before = gauge("dead_letters_depth", queue=EVENTS_DEAD_LETTERS)

    await publish(broker, *(holding(STRICT, *events[n : n + 50]) for n in (0, 50)))
    async with consuming(broker, STRICT, handler):
        await eventually(lambda: len(handler.handled) == 99)
        await eventually(lambda: _is_empty(broker, STRICT))
    await depths.measure()

    assert before == 0
    assert gauge("dead_letters_depth", queue=EVENTS_DEAD_LETTERS) == 1


async def test_consumer_whose_queue_is_deleted_is_not_connected_and_comes_back_by_itself(
    broker: AmqpBroker,
) -> None:
    queue, handler = partition_queue(1), Handler()
    async with consuming(broker, queue, handler) as consumer:
        await eventually(lambda: consumer.connected)
        await _delete(broker, queue)
        await eventually(lambda: not consumer.connected)

        async with broker.connection("test") as connection, connection.channel() as channel:
            await declare(channel, PARTITIONS)
        event = assisted()
        await publish(broker, holding(queue, event))

        await eventually(lambda: handler.handled == [event.id])
        assert consumer.connected


async def test_consumer_that_holds_a_batch_of_a_deleted_queue_is_not_connected(
    broker: AmqpBroker,
) -> None:
    class Stuck(Handler):
        """Waits for a database that does not answer."""

        async def __call__(self, events: Sequence[Event]) -> None:
            self.batches.append(list(events))
            await asyncio.Event().wait()

    queue, stuck = partition_queue(2), Stuck()
    await publish(broker, holding(queue, assisted()))
    async with consuming(broker, queue, stuck) as consumer:
        await eventually(lambda: stuck.handled)
        assert consumer.connected

        await _delete(broker, queue)

        await eventually(lambda: not consumer.connected)


async def _delete(broker: AmqpBroker, queue: str) -> None:
    async with broker.connection("test") as connection, connection.channel() as channel:
        await channel.queue_delete(queue)


async def _is_empty(broker: AmqpBroker, queue: str) -> bool:
    return await broker.depth(queue) == 0
