"""One reader in trouble, on real parts: the others are served, and it catches up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aio_pika
import orjson
import pytest

from deploy.local.rabbitmq import RabbitNode
from services.messaging.amqp import AmqpBroker
from services.messaging.log.completeness import Tally, statement_in
from services.messaging.log.store import MongoEventLog
from services.messaging.relay.lease_store import MongoLease
from services.messaging.relay.outbox_store import MongoOutbox
from services.messaging.relay.parts import RelayOptions, RelayParts
from services.messaging.relay.relay import Relay
from services.messaging.relay.republish import Reader, republish
from services.messaging.topology import (
    EVENTS,
    NOTIFY_EVENTS,
    declare,
    partition_of,
    partition_queue,
)
from services.platform.mongo import Client, Database
from tests.eventually import eventually, patience
from tests.messaging.entries import WARD, assisted, entry

PARTITIONS = 4
P = partition_of(WARD, PARTITIONS)
QUEUE = partition_queue(P)
ELSEWHERE = "27343"
ELSEWHERE_QUEUE = partition_queue(partition_of(ELSEWHERE, PARTITIONS))
ALMOST_FULL: dict[str, Any] = {"x-max-length": 1, "x-overflow": "reject-publish"}
OPTIONS = RelayOptions(lease_retry_s=0.1, heartbeat_s=0.2, backoff_s=0.05)


@pytest.fixture
def database(client: Client, database_name: str) -> Database:
    return client[database_name]


@pytest.fixture
async def log(database: Database) -> MongoEventLog:
    log = MongoEventLog(database, partitions=PARTITIONS)
    await log.ensure_indexes()
    return log


async def parts_of(database: Database, broker: AmqpBroker, partitions: int) -> RelayParts:
    outbox = MongoOutbox(database.client, database, partitions=partitions)
    await outbox.ensure_indexes()
    return RelayParts(outbox, broker, app_id="registration", partitions=partitions, options=OPTIONS)


@asynccontextmanager
async def relaying(
    log: MongoEventLog, database: Database, broker: AmqpBroker, partitions: int = PARTITIONS
) -> AsyncIterator[RelayParts]:
    parts = await parts_of(database, broker, partitions)
    lease = MongoLease(database, "relay")
    await lease.ensure()
    task = asyncio.create_task(Relay(parts, lease, log.appended).run())
    try:
        yield parts
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def declared(url: str, partitions: int = PARTITIONS) -> AmqpBroker:
    broker = AmqpBroker(url)
    async with broker.connection("declare") as connection, connection.channel() as channel:
        await declare(channel, partitions)
    return broker


@asynccontextmanager
async def channel_of(broker: AmqpBroker) -> AsyncIterator[aio_pika.abc.AbstractChannel]:
    async with broker.connection("test") as connection, connection.channel() as channel:
        yield channel


async def ids_in(broker: AmqpBroker, queue: str, number: int) -> set[str]:
    """So many different events of a queue, which keeps them."""
    found: set[str] = set()
    async with broker.inbox(queue, prefetch=1_000) as inbox, patience():
        while len(found) < number:
            for delivery in await inbox.take(1_000):
                found |= {element["id"] for element in orjson.loads(delivery.body)}
    return found


async def append(log: MongoEventLog, number: int, ward: str = WARD) -> set[str]:
    events = [assisted(ward=ward) for _ in range(number)]
    await log.append_all([entry(event) for event in events])
    return {event.id for event in events}


async def test_queue_that_is_deleted_misses_nothing_once_it_is_there_again(
    log: MongoEventLog, database: Database, vhost_url: str
) -> None:
    broker = await declared(vhost_url)
    async with channel_of(broker) as channel:
        await channel.queue_delete(QUEUE)

    async with relaying(log, database, broker) as parts:
        missed = await append(log, 1_200)
        others = await append(log, 20, ELSEWHERE)
        reached = await ids_in(broker, ELSEWHERE_QUEUE, len(others))
        await eventually(lambda: owed(parts, QUEUE, len(missed)))
        await declared(vhost_url)
        found = await ids_in(broker, QUEUE, len(missed))
        await eventually(lambda: owed(parts, QUEUE, 0))

    assert reached == others
    assert found == missed


async def owed(parts: RelayParts, reader: str, number: int) -> bool:
    owing = (await parts.outbox.owing()).get(reader)
    return (owing.count if owing else 0) == number


async def test_full_queue_of_notify_holds_up_no_report(
    log: MongoEventLog, database: Database, vhost_url: str
) -> None:
    broker = AmqpBroker(vhost_url)
    async with channel_of(broker) as channel:
        await full_queue(channel, NOTIFY_EVENTS)
        await declare_all_but_notify(channel)

    async with relaying(log, database, broker) as parts:
        appended = set[str]()
        for _ in range(10):
            appended |= await append(log, 5)
            await eventually(lambda: nothing_pending(parts))
        found = await ids_in(broker, QUEUE, len(appended))
        owing = await parts.outbox.owing()

    assert found == appended
    assert owing.keys() == {NOTIFY_EVENTS}


async def full_queue(channel: aio_pika.abc.AbstractChannel, name: str) -> None:
    """One that refuses what is more than a message or two."""
    readers = await channel.declare_exchange("readers", "topic", durable=True)
    queue = await channel.declare_queue(
        name, durable=True, arguments={"x-queue-type": "quorum", **ALMOST_FULL}
    )
    await queue.bind(readers, name)


async def declare_all_but_notify(channel: aio_pika.abc.AbstractChannel) -> None:
    """As `declare` does, for which this queue of notify's would be another one."""
    for name in (EVENTS, "readers", "private"):
        await channel.declare_exchange(name, "topic", durable=True)
    for n in range(PARTITIONS):
        queue = await channel.declare_queue(
            partition_queue(n), durable=True, arguments={"x-queue-type": "quorum"}
        )
        await queue.bind("readers", partition_queue(n))


async def nothing_pending(parts: RelayParts) -> bool:
    return (await parts.outbox.backlog()).count == 0


async def test_full_queue_of_somebody_else_holds_up_nobody(
    log: MongoEventLog, database: Database, vhost_url: str
) -> None:
    broker = await declared(vhost_url)
    async with channel_of(broker) as channel:
        foreign = await channel.declare_queue("foreign", durable=True, arguments=ALMOST_FULL)
        await foreign.bind(EVENTS, "#")

    async with relaying(log, database, broker) as parts:
        appended = set[str]()
        for _ in range(10):
            appended |= await append(log, 5)
            await eventually(lambda: nothing_pending(parts))
        found = await ids_in(broker, QUEUE, len(appended))
        owing = await parts.outbox.owing()

    assert found == appended
    assert owing == {}


async def test_broker_that_lost_its_disk_gets_all_of_it_again(
    log: MongoEventLog, database: Database, faulty_broker: RabbitNode
) -> None:
    broker = await declared(faulty_broker.url)
    async with relaying(log, database, broker) as parts:
        lost = await append(log, 300)
        await eventually(lambda: nothing_pending(parts))
        async with channel_of(broker) as channel:
            for name in (*map(partition_queue, range(PARTITIONS)), NOTIFY_EVENTS):
                await channel.queue_delete(name)
        meanwhile = await append(log, 100)
        await eventually(lambda: owed(parts, QUEUE, len(meanwhile)))

        await declared(faulty_broker.url)
        for reader in Reader:
            await republish(log, parts, reader.queues(PARTITIONS))

        assert await ids_in(broker, QUEUE, 400) == lost | meanwhile
        assert await ids_in(broker, NOTIFY_EVENTS, 400) == lost | meanwhile


async def test_other_number_of_partitions_while_events_wait_loses_none(
    log: MongoEventLog, database: Database, vhost_url: str
) -> None:
    broker = await declared(vhost_url)
    async with channel_of(broker) as channel:
        await channel.queue_delete(QUEUE)
    async with relaying(log, database, broker) as parts:
        waiting = await append(log, 50)
        await eventually(lambda: owed(parts, QUEUE, len(waiting)))

    waiting |= await append(log, 50)
    await declared(vhost_url, 3)
    new_queue = partition_queue(partition_of(WARD, 3))
    async with relaying(log, database, broker, partitions=3):
        assert await ids_in(broker, new_queue, 100) == waiting


async def test_statement_follows_all_that_it_names(
    log: MongoEventLog, database: Database, vhost_url: str
) -> None:
    broker = await declared(vhost_url)
    appended = await append(log, 250)

    got, stated = Tally(), None
    async with (
        relaying(log, database, broker),
        broker.inbox(QUEUE, prefetch=1_000) as inbox,
        patience(),
    ):
        while stated is None or stated.tally.count < len(appended):
            for delivery in await inbox.take(1):
                got = got.plus(e["id"] for e in orjson.loads(delivery.body))
                stated = statement_in(delivery.app_id, delivery.headers) or stated
                if stated and delivery.type == "heartbeat":
                    assert stated.tally == got

    assert got == Tally().plus(appended)
