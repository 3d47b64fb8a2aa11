"""What every broker does: run on the twin and on RabbitMQ."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from services.messaging.broker import (
    DEFAULT_EXCHANGE,
    Broker,
    BrokerUnavailable,
    Delivery,
    Inbox,
    Outgoing,
    Refused,
    Unroutable,
)
from services.messaging.topology import EVENTS, NOTIFY_EVENTS, READERS, partition_queue
from tests.eventually import patience

SMALL = "small"
"""A queue that a subclass declares, which is full with one or two messages."""


def message(number: int = 0, *, partition: int = 0, queue: str = "") -> Outgoing:
    """A message of two events, for one reader."""
    name, key = "household.visited.v1", queue or partition_queue(partition)
    return Outgoing(READERS, key, b"[1,2]", f"m-{number}", name, "registration", {"count": 2})


async def publish(broker: Broker, *messages: Outgoing) -> None:
    async with broker.publisher("test") as publisher:
        for one in messages:
            await publisher.publish(one)


async def take(inbox: Inbox, number: int) -> list[Delivery]:
    """So many messages, however they arrive."""
    taken: list[Delivery] = []
    async with patience():
        while len(taken) < number:
            taken += await inbox.take(2)
    return taken


def ids(deliveries: Sequence[Delivery]) -> list[str]:
    return [d.message_id for d in deliveries]


class BrokerContract:
    """Subclasses give the fixture `broker`, with the topology and the queue SMALL declared."""

    async def test_message_arrives_as_it_was_published(self, broker: Broker) -> None:
        await publish(broker, message(7, partition=2))

        async with broker.inbox(partition_queue(2), prefetch=10) as inbox:
            [arrived] = await take(inbox, 1)

        assert arrived.body == b"[1,2]"
        assert (arrived.message_id, arrived.type) == ("m-7", "household.visited.v1")
        assert (arrived.app_id, arrived.count) == ("registration", 2)
        assert arrived.routing_key == "reporting.p2"
        assert not arrived.redelivered

    async def test_reader_hears_only_what_is_meant_for_it(self, broker: Broker) -> None:
        await publish(broker, message(1), message(2, queue=NOTIFY_EVENTS), message(3, partition=1))

        async with broker.inbox(NOTIFY_EVENTS, prefetch=10) as inbox:
            [arrived] = await take(inbox, 1)

        assert arrived.message_id == "m-2"

    async def test_what_others_may_hear_reaches_nobody_of_ours(self, broker: Broker) -> None:
        heard_by_others = replace(message(), exchange=EVENTS, mandatory=False)
        await publish(broker, heard_by_others, message(2))

        async with broker.inbox(partition_queue(0), prefetch=10) as inbox:
            [arrived] = await take(inbox, 1)

        assert arrived.message_id == "m-2"

    async def test_publishing_to_no_queue_is_an_error(self, broker: Broker) -> None:
        with pytest.raises(Unroutable):
            await publish(broker, message(partition=99))

    async def test_only_the_message_without_a_queue_fails(self, broker: Broker) -> None:
        messages = [message(n, partition=99 if n == 1 else 0) for n in range(3)]

        async with broker.publisher("test") as publisher:
            outcomes = await asyncio.gather(
                *(publisher.publish(m) for m in messages), return_exceptions=True
            )

        assert [type(outcome) for outcome in outcomes] == [type(None), Unroutable, type(None)]

    async def test_full_queue_refuses(self, broker: Broker) -> None:
        def to_small(number: int) -> Outgoing:
            return Outgoing(DEFAULT_EXCHANGE, SMALL, b"[]", f"m-{number}", "x", "test")

        with pytest.raises(Refused):
            await publish(broker, *(to_small(n) for n in range(20)))

    async def test_what_is_not_acknowledged_comes_again_in_order(self, broker: Broker) -> None:
        await publish(broker, *(message(n) for n in range(4)))
        async with broker.inbox(partition_queue(0), prefetch=10) as inbox:
            first = await take(inbox, 3)
            await inbox.ack_through(first[1].tag)

        async with broker.inbox(partition_queue(0), prefetch=10) as inbox:
            again = await take(inbox, 2)

        assert ids(again) == ["m-2", "m-3"]
        assert again[0].redelivered

    async def test_one_delivery_may_be_acknowledged_by_itself(self, broker: Broker) -> None:
        await publish(broker, *(message(n) for n in range(3)))
        async with broker.inbox(partition_queue(0), prefetch=10) as inbox:
            first = await take(inbox, 3)
            await inbox.ack(first[1].tag)

        async with broker.inbox(partition_queue(0), prefetch=10) as inbox:
            assert ids(await take(inbox, 2)) == ["m-0", "m-2"]

    async def test_acknowledging_one_queue_leaves_the_other_alone(self, broker: Broker) -> None:
        await publish(broker, message(0, partition=0), message(1, partition=1))
        async with (
            broker.inbox(partition_queue(0), prefetch=10) as one,
            broker.inbox(partition_queue(1), prefetch=10) as other,
        ):
            await take(other, 1)
            [done] = await take(one, 1)
            await one.ack_through(done.tag)

        async with broker.inbox(partition_queue(1), prefetch=10) as other:
            assert ids(await take(other, 1)) == ["m-1"]

    async def test_partition_has_one_active_consumer_and_the_next_takes_over(
        self, broker: Broker
    ) -> None:
        async with (
            broker.inbox(partition_queue(3), prefetch=1) as active,
            broker.inbox(partition_queue(3), prefetch=10),
        ):
            await publish(broker, *(message(n, partition=3) for n in range(4)))
            [first] = await take(active, 1)
            await active.ack(first.tag)
            [second] = await take(active, 1)  # had it been another's turn, it would be with that

        assert ids([first, second]) == ["m-0", "m-1"]
        async with broker.inbox(partition_queue(3), prefetch=10) as successor:
            assert ids(await take(successor, 3)) == ["m-1", "m-2", "m-3"]

    async def test_inbox_takes_what_has_arrived_up_to_so_many_events(self, broker: Broker) -> None:
        await publish(broker, *(message(n) for n in range(5)))

        async with broker.inbox(partition_queue(0), prefetch=10) as inbox:
            sizes: list[int] = []
            while sum(sizes) < 5:
                sizes.append(len(await inbox.take(4)))

        assert max(sizes) <= 2

    async def test_queue_that_was_never_declared_is_unavailable(self, broker: Broker) -> None:
        with pytest.raises(BrokerUnavailable):
            async with broker.inbox("nowhere", prefetch=1):
                pass

    async def test_depth_is_what_waits_in_a_queue_that_is_there(self, broker: Broker) -> None:
        await publish(broker, *(message(n) for n in range(3)))

        assert await broker.depth(partition_queue(0)) == 3
        assert await broker.depth(partition_queue(1)) == 0
        assert await broker.depth("nowhere") is None
