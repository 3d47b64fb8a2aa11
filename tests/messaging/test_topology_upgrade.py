"""A broker of the version before, with messages in its queues, is brought up to date."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from services.messaging.amqp import AmqpBroker
from services.messaging.broker import Outgoing
from services.messaging.topology import (
    EVENTS,
    EXCHANGES,
    NOTIFY_EVENTS,
    READERS,
    Queue,
    bind,
    partition_queue,
    queues,
    routing_key,
)
from services.messaging.topology_upgrade import InUse, bring_up_to_date
from tests import calls
from tests.conftest import Broker as Addresses
from tests.messaging.broker_contract import ids, message, publish, take

PARTITIONS = 2
EARLIER_EXCHANGES = [name for name in EXCHANGES if name != READERS]


@pytest.fixture
def new_broker(vhost_url: str) -> AmqpBroker:
    return AmqpBroker(vhost_url)


async def declare_as_before(broker: AmqpBroker, partitions: int = PARTITIONS) -> None:
    """A delivery limit of 100, and our queues bound to what everybody hears."""
    async with broker.connection("before") as connection, connection.channel() as channel:
        for name in EARLIER_EXCHANGES:
            await channel.declare_exchange(name, "topic", durable=True)
        for queue in map(as_before, queues(partitions)):
            await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments)
            await bind(channel, queue.name, queue.bindings)


def as_before(queue: Queue) -> Queue:
    if "x-overflow" not in queue.arguments:
        return queue
    return replace(
        queue,
        bindings=queue.former or queue.bindings,
        arguments=queue.arguments | {"x-delivery-limit": 100},
    )


def as_published_before(number: int, partition: int = 0) -> Outgoing:
    key = routing_key("citizen.assisted.v1", partition)
    return replace(message(number), exchange=EVENTS, routing_key=key)


async def declared(addresses: Addresses, broker: AmqpBroker) -> dict[str, object]:
    vhost = httpx.URL(broker.url).path.removeprefix("/")
    async with calls.async_client() as http:
        found = await http.get(f"{addresses.management_url}/api/queues/{vhost}")
    return {queue["name"]: queue["arguments"] for queue in found.json()}


async def test_messages_of_the_version_before_stay_in_their_queues(
    new_broker: AmqpBroker, broker: Addresses
) -> None:
    await declare_as_before(new_broker)
    await publish(new_broker, *(as_published_before(n) for n in range(450)))

    moved = await bring_up_to_date(new_broker, PARTITIONS)

    assert {partition_queue(0), NOTIFY_EVENTS} <= set(moved)
    assert await declared(broker, new_broker) == {q.name: q.arguments for q in queues(PARTITIONS)}
    for queue in (partition_queue(0), NOTIFY_EVENTS):
        async with new_broker.inbox(queue, prefetch=500) as inbox:
            assert ids(await take(inbox, 450)) == [f"m-{n}" for n in range(450)]


async def test_what_goes_to_everybody_reaches_our_queues_no_more(new_broker: AmqpBroker) -> None:
    await declare_as_before(new_broker)
    await bring_up_to_date(new_broker, PARTITIONS)

    to_everybody = replace(as_published_before(1), mandatory=False)
    await publish(new_broker, to_everybody, message(2))

    async with new_broker.inbox(partition_queue(0), prefetch=10) as inbox:
        assert ids(await take(inbox, 1)) == ["m-2"]


async def test_bringing_up_to_date_again_moves_nothing(new_broker: AmqpBroker) -> None:
    await bring_up_to_date(new_broker, PARTITIONS)

    assert await bring_up_to_date(new_broker, PARTITIONS) == []


async def test_queue_that_somebody_consumes_is_left_as_it_is(new_broker: AmqpBroker) -> None:
    await declare_as_before(new_broker)
    await publish(new_broker, as_published_before(1))

    async with new_broker.inbox(partition_queue(0), prefetch=10) as inbox:
        await take(inbox, 1)
        with pytest.raises(InUse, match=r"reporting\.p0"):
            await bring_up_to_date(new_broker, PARTITIONS)

    await bring_up_to_date(new_broker, PARTITIONS)
    async with new_broker.inbox(partition_queue(0), prefetch=10) as inbox:
        assert ids(await take(inbox, 1)) == ["m-1"]


@pytest.mark.parametrize("stopped_after_s", [0.05, 0.2, 0.5, 1.0])
async def test_upgrade_that_was_stopped_half_way_goes_on(
    stopped_after_s: float, new_broker: AmqpBroker
) -> None:
    await declare_as_before(new_broker)
    await publish(new_broker, *(as_published_before(n) for n in range(300)))
    first = asyncio.create_task(bring_up_to_date(new_broker, PARTITIONS))
    await asyncio.wait([first], timeout=stopped_after_s)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)

    await bring_up_to_date(new_broker, PARTITIONS)

    async with new_broker.inbox(partition_queue(0), prefetch=1_000) as inbox:
        found = set(ids(await take(inbox, 300)))
        while len(found) < 300:
            found |= set(ids(await take(inbox, 1)))
    assert found == {f"m-{n}" for n in range(300)}


async def test_queue_of_a_partition_that_is_no_more_goes_once_it_is_empty(
    new_broker: AmqpBroker, broker: Addresses
) -> None:
    await bring_up_to_date(new_broker, 4)
    await publish(new_broker, message(1, partition=3))

    await bring_up_to_date(new_broker, PARTITIONS)
    with_messages = await declared(broker, new_broker)
    async with new_broker.inbox(partition_queue(3), prefetch=1) as inbox:
        [last] = await take(inbox, 1)
        await inbox.ack(last.tag)
    await bring_up_to_date(new_broker, PARTITIONS)

    assert partition_queue(3) in with_messages
    assert set(await declared(broker, new_broker)) == {q.name for q in queues(PARTITIONS)}
