"""The outbox: one suite, and what only MongoDB can do wrong."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from services.messaging.log.completeness import Tally
from services.messaging.log.store import MongoEventLog
from services.messaging.relay.outbox_store import MongoOutbox
from services.messaging.relay.readers import Deliveries
from services.messaging.topology import partition_of, partition_queue
from services.platform.mongo import Client
from tests.messaging.entries import assisted, entry
from tests.messaging.outbox_contract import OutboxContract, appended, ids, taken
from tests.twins.event_log import EventLogTwin
from tests.twins.outbox import OutboxTwin

WARDS = ("26734", "27343", "26740", "27007", "26800", "27100")


class TestTwin(OutboxContract):
    @pytest.fixture
    def log(self) -> EventLogTwin:
        return EventLogTwin()

    @pytest.fixture
    def outbox(self, log: EventLogTwin) -> OutboxTwin:
        return OutboxTwin(log)


@pytest.fixture
async def mongo_log(client: Client, database_name: str) -> AsyncIterator[MongoEventLog]:
    log = MongoEventLog(client[database_name], partitions=4)
    await log.ensure_indexes()
    yield log
    await log.close()


async def outbox_of(client: Client, name: str, partitions: int = 4) -> MongoOutbox:
    outbox = MongoOutbox(client, client[name], partitions=partitions)
    await outbox.ensure_indexes()
    return outbox


class TestMongo(OutboxContract):
    @pytest.fixture
    def log(self, mongo_log: MongoEventLog) -> MongoEventLog:
        return mongo_log

    @pytest.fixture
    async def outbox(self, client: Client, database_name: str) -> MongoOutbox:
        return await outbox_of(client, database_name)


async def test_relay_reads_only_the_index_of_what_is_pending(
    mongo_log: MongoEventLog, client: Client, database_name: str
) -> None:
    outbox = await outbox_of(client, database_name)
    published = await appended(mongo_log, 28)
    await appended(mongo_log, 2)
    await outbox.lead(1)
    await outbox.record(1, taken(*published))

    plan = await client[database_name].command(
        "explain",
        {
            "find": "events",
            "filter": {"pending": {"$gte": datetime(2020, 1, 1, tzinfo=UTC)}},
            "sort": {"pending": 1},
            "hint": "pending",
        },
        verbosity="executionStats",
    )

    assert plan["executionStats"]["totalKeysExamined"] <= 3
    assert plan["executionStats"]["nReturned"] == 2


async def test_log_of_an_earlier_version_is_counted_while_the_relay_goes_on(
    mongo_log: MongoEventLog, client: Client, database_name: str
) -> None:
    events = [assisted(ward=WARDS[n % len(WARDS)]) for n in range(300)]
    await mongo_log.append_all([entry(event) for event in events])
    await client[database_name]["events"].update_many({}, {"$unset": {"pending": ""}})
    outbox = await outbox_of(client, database_name)
    await outbox.lead(1)

    async def publish_more() -> list[str]:
        more = await appended(mongo_log, 20)
        for event_id in more:
            await outbox.record(1, taken(event_id))
        return more

    _, more = await asyncio.gather(outbox.count_anew(1), publish_more())

    tallies = await outbox.tallies(1)
    assert tallies is not None
    assert sum(tally.count for tally in tallies.values()) == 320
    for n in range(4):
        mine = [e.id for e in events if partition_of(e.ward, 4) == n]
        mine += more if partition_of(assisted().ward, 4) == n else []
        assert tallies[n] == Tally().plus(mine)


async def test_with_another_number_of_partitions_everything_is_counted_and_owed_anew(
    mongo_log: MongoEventLog, client: Client, database_name: str
) -> None:
    before = await outbox_of(client, database_name)
    first, second = await appended(mongo_log, 2)
    await before.lead(1)
    await before.count_anew(1)
    await before.record(1, taken(first))
    queue = partition_queue(partition_of(assisted().ward, 4))
    await before.record(1, Deliveries({(queue,): [second]}))

    after = await outbox_of(client, database_name, partitions=3)
    await after.lead(2)
    await after.count_anew(2)

    assert ids(await after.pending(10)) == [second]
    assert await after.owing() == {}
    tallies = await after.tallies(2)
    assert tallies is not None
    assert tallies[partition_of(assisted().ward, 3)] == Tally().plus([first])
