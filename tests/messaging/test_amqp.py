"""What only a real RabbitMQ, or the network before it, can do wrong."""

import asyncio

import httpx
import pytest

from services.messaging.amqp import HEARTBEAT_S, AmqpBroker
from services.messaging.broker import BrokerUnavailable, Unconfirmed
from services.messaging.topology import NOTIFY_EVENTS, READERS, declare, partition_queue, queues
from tests import calls
from tests.conftest import Broker as Addresses
from tests.eventually import PATIENCE_S, SILENCE_S, eventually, patience
from tests.messaging.broker_contract import ids, message, publish, take
from tests.messaging.conftest import PARTITIONS
from tests.messaging.link import link_to


async def test_publish_into_a_silent_network_ends_in_time(amqp_broker: AmqpBroker) -> None:
    async with link_to(amqp_broker.url) as (link, url):
        broker = AmqpBroker(url, publish_timeout_s=SILENCE_S)
        async with patience(), broker.publisher("test") as publisher:
            await publisher.publish(message(0))
            link.silent = True

            with pytest.raises(Unconfirmed):
                await publisher.publish(message(1))


async def test_publish_in_flight_when_the_connection_breaks_is_unconfirmed(
    amqp_broker: AmqpBroker,
) -> None:
    """Not cancelled: a CancelledError would end the task that published."""
    async with link_to(amqp_broker.url) as (link, url):
        broker = AmqpBroker(url, publish_timeout_s=PATIENCE_S)
        async with patience(), broker.publisher("test") as publisher:
            await publisher.publish(message(0))
            link.silent = True
            in_flight = asyncio.create_task(publisher.publish(message(1)))
            await asyncio.sleep(0)

            link.close()

            with pytest.raises(Unconfirmed):
                await in_flight


async def test_caller_may_still_cancel_a_publish(amqp_broker: AmqpBroker) -> None:
    async with (
        link_to(amqp_broker.url) as (link, url),
        AmqpBroker(url).publisher("test") as publisher,
    ):
        link.silent = True
        in_flight = asyncio.create_task(publisher.publish(message(1)))
        await asyncio.sleep(0)

        in_flight.cancel()

        with pytest.raises(asyncio.CancelledError):
            async with patience():
                await in_flight


async def test_silent_network_ends_the_inbox(amqp_broker: AmqpBroker) -> None:
    """By missed heartbeats alone: of one second here, of ten in production."""
    async with link_to(amqp_broker.url) as (link, url):
        broker = AmqpBroker(url, heartbeat_s=1)
        async with patience(), broker.inbox(partition_queue(0), prefetch=1) as inbox:
            link.silent = True

            with pytest.raises(BrokerUnavailable):
                await inbox.take(1)


async def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(BrokerUnavailable):
        async with AmqpBroker("amqp://guest:guest@127.0.0.1:1/").publisher("test"):
            pass


async def test_publishing_to_an_exchange_that_is_not_there_is_unconfirmed(
    amqp_broker: AmqpBroker, vhost_url: str
) -> None:
    async with amqp_broker.connection("test") as connection, connection.channel() as channel:
        await channel.exchange_delete(READERS)

    with pytest.raises(Unconfirmed):
        await publish(amqp_broker, message(0))


async def test_queue_that_is_deleted_ends_its_inbox(amqp_broker: AmqpBroker) -> None:
    async with amqp_broker.inbox(partition_queue(0), prefetch=1) as inbox:
        async with amqp_broker.connection("test") as connection, connection.channel() as channel:
            await channel.queue_delete(partition_queue(0))

        with pytest.raises(BrokerUnavailable):
            async with patience():
                await inbox.take(1)


async def test_ack_of_all_until_now_stays_on_its_own_channel(amqp_broker: AmqpBroker) -> None:
    """Tags count on a channel: the other queue's delivery has a smaller one, and stays."""
    await publish(amqp_broker, message(0, partition=1), *(message(n) for n in (1, 2, 3)))
    async with (
        amqp_broker.inbox(partition_queue(1), prefetch=9) as other,
        amqp_broker.inbox(partition_queue(0), prefetch=9) as one,
    ):
        [waiting] = await take(other, 1)
        done = await take(one, 3)
        assert waiting.tag < done[-1].tag
        await one.ack_through(done[-1].tag)

    async with amqp_broker.inbox(partition_queue(1), prefetch=9) as other:
        assert ids(await take(other, 1)) == ["m-0"]


async def test_publisher_and_inbox_have_connections_of_their_own(
    amqp_broker: AmqpBroker, broker: Addresses
) -> None:
    vhost = httpx.URL(amqp_broker.url).path.removeprefix("/")

    async def connections() -> dict[str, int]:
        async with calls.async_client() as http:
            found = await http.get(f"{broker.management_url}/api/vhosts/{vhost}/connections")
        named = {
            c["client_properties"]["connection_name"]: c["timeout"]
            for c in found.json()
            if "connection_name" in c.get("client_properties", {})
        }
        assert named.keys() >= {"tungngo relay", "tungngo consume reporting.p0"}
        return named

    async with (
        amqp_broker.publisher("relay"),
        amqp_broker.inbox(partition_queue(0), prefetch=1),
    ):
        named = await eventually(connections)

    assert named["tungngo relay"] == HEARTBEAT_S


async def test_declaring_again_changes_nothing(amqp_broker: AmqpBroker) -> None:
    await publish(amqp_broker, message(0))

    async with amqp_broker.connection("again") as connection, connection.channel() as channel:
        await declare(channel, PARTITIONS)

    async with amqp_broker.inbox(partition_queue(0), prefetch=1) as inbox:
        assert ids(await take(inbox, 1)) == ["m-0"]


async def test_queues_are_declared_as_they_are_described(
    amqp_broker: AmqpBroker, broker: Addresses
) -> None:
    vhost = httpx.URL(amqp_broker.url).path.removeprefix("/")
    async with calls.async_client() as http:
        found = await http.get(f"{broker.management_url}/api/queues/{vhost}")

    declared = {queue["name"]: queue["arguments"] for queue in found.json()}
    assert declared == {queue.name: queue.arguments for queue in queues(PARTITIONS)}


async def test_rejected_delivery_reaches_the_dead_letters(amqp_broker: AmqpBroker) -> None:
    await publish(amqp_broker, message(0, queue=NOTIFY_EVENTS))
    async with amqp_broker.connection("test") as connection, connection.channel() as channel:
        queue = await channel.get_queue("notify.events")
        delivered = await queue.get(timeout=PATIENCE_S)
        await delivered.reject(requeue=False)

        async with amqp_broker.inbox("events.dead_letters", prefetch=1) as inbox:
            [letter] = await take(inbox, 1)

    assert letter.message_id == "m-0"
    assert letter.headers["x-death"][0]["queue"] == "notify.events"
