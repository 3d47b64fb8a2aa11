"""From the log through RabbitMQ to a consumer, on real parts that are killed on the way."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest

from deploy.local.rabbitmq import RabbitNode
from services.events.envelope import Event
from services.messaging.amqp import AmqpBroker
from services.messaging.broker import Broker
from services.messaging.consumer.arrivals import Arrival, read_arrivals
from services.messaging.consumer.consumer import PartitionConsumer
from services.messaging.dead_letters.letters import burial
from services.messaging.log.completeness import Statement
from services.messaging.log.store import MongoEventLog
from services.messaging.relay.lease_store import MongoLease
from services.messaging.relay.outbox_store import MongoOutbox
from services.messaging.relay.parts import RelayOptions, RelayParts
from services.messaging.relay.relay import Relay
from services.messaging.topology import declare, partition_queue
from services.platform.mongo import Database, connect
from tests.eventually import eventually
from tests.messaging.entries import assisted, entry, visited
from tests.servers import remembers

PARTITIONS = 4
WARDS = ("26734", "27343", "26740", "27007", "26800", "27100")


class Reported:
    """What the consumers handled, with how often."""

    def __init__(self) -> None:
        self.seen = Counter[str]()
        self.stated: dict[str, dict[int, Statement]] = {}

    def of(self, partition: int) -> Callable[[Sequence[Arrival]], Awaitable[None]]:
        """The handler of one partition."""

        async def handle(arrivals: Sequence[Arrival]) -> None:
            self.seen.update(a.id for a in arrivals if isinstance(a, Event))
            for statement in arrivals:
                if isinstance(statement, Statement):
                    self.stated.setdefault(statement.publisher, {})[partition] = statement

        return handle

    def states(self, publisher: str) -> int:
        """How many events the publisher says that it sent."""
        return sum(s.tally.count for s in self.stated.get(publisher, {}).values())


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url)
    yield client[database_name]
    client.close()


@pytest.fixture
async def outbox(database: Database) -> MongoOutbox:
    outbox = MongoOutbox(database.client, database, partitions=PARTITIONS)
    await outbox.ensure_indexes()
    return outbox


@pytest.fixture
async def log(database: Database) -> MongoEventLog:
    log = MongoEventLog(database, partitions=PARTITIONS)
    await log.ensure_indexes()
    return log


async def declared(broker: AmqpBroker) -> AmqpBroker:
    async with broker.connection("declare") as connection, connection.channel() as channel:
        await declare(channel, PARTITIONS)
    return broker


@asynccontextmanager
async def running(*tasks: asyncio.Task[None]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def relay(
    log: MongoEventLog, broker: Broker, outbox: MongoOutbox, database: Database
) -> Relay:
    lease = MongoLease(database, "relay", ttl_s=1)
    await lease.ensure()
    options = RelayOptions(lease_retry_s=0.1, heartbeat_s=0.2)
    parts = RelayParts(
        outbox, broker, app_id="registration", partitions=PARTITIONS, options=options
    )
    return Relay(parts, lease, log.appended)


def consumers(broker: Broker, reported: Reported) -> list[asyncio.Task[None]]:
    made = (
        PartitionConsumer(
            broker, partition_queue(n), reported.of(n), read=read_arrivals, bury=burial(broker)
        )
        for n in range(PARTITIONS)
    )
    return [asyncio.create_task(consumer.run()) for consumer in made]


async def append_some(log: MongoEventLog, number: int) -> set[str]:
    kinds = (assisted, visited)
    events = [kinds[n % 2](ward=WARDS[n % len(WARDS)]) for n in range(number)]
    await asyncio.gather(*(log.append(entry(event)) for event in events))
    return {event.id for event in events}


async def nothing_waits(outbox: MongoOutbox) -> bool:
    """Reported comes first: an event is marked once the broker has confirmed it."""
    return (await outbox.backlog()).count == 0


async def test_every_accepted_event_is_reported(
    log: MongoEventLog, outbox: MongoOutbox, database: Database, vhost_url: str
) -> None:
    broker, reported = await declared(AmqpBroker(vhost_url)), Reported()
    running_relay = asyncio.create_task((await relay(log, broker, outbox, database)).run())

    async with running(running_relay, *consumers(broker, reported)):
        accepted = await append_some(log, 500)
        await eventually(lambda: reported.seen.keys() == accepted)
        await eventually(lambda: reported.states("registration") == 500)


async def test_two_relays_and_two_sets_of_consumers_lose_nothing(
    log: MongoEventLog, outbox: MongoOutbox, database: Database, vhost_url: str
) -> None:
    broker, reported = await declared(AmqpBroker(vhost_url)), Reported()
    relays = [await relay(log, broker, outbox, database) for _ in range(2)]
    tasks = [asyncio.create_task(one.run()) for one in relays]

    async with running(*tasks, *consumers(broker, reported), *consumers(broker, reported)):
        accepted = await append_some(log, 300)
        tasks[0].cancel()
        accepted |= await append_some(log, 300)
        await eventually(lambda: reported.seen.keys() == accepted)


async def test_broker_killed_while_events_are_appended_loses_nothing(
    log: MongoEventLog, outbox: MongoOutbox, database: Database, faulty_broker: RabbitNode
) -> None:
    broker, reported = await declared(AmqpBroker(faulty_broker.url)), Reported()
    running_relay = asyncio.create_task((await relay(log, broker, outbox, database)).run())

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(running_relay, *consumers(broker, reported)))
        accepted = await append_some(log, 200)
        queues = [partition_queue(partition) for partition in range(PARTITIONS)]
        await eventually(lambda: remembers(faulty_broker, *queues))
        faulty_broker.kill()
        accepted |= await append_some(log, 200)
        waiting = (await outbox.backlog()).count
        await asyncio.to_thread(faulty_broker.start)
        accepted |= await append_some(log, 200)
        await eventually(lambda: reported.seen.keys() == accepted)
        await eventually(lambda: nothing_waits(outbox))

    assert waiting > 0
