"""What reporting cannot handle, on a real broker and database: set aside alone, seen, and left."""

import asyncio
from datetime import timedelta

import httpx
from pydantic import SecretStr

from deploy.local.mongod import Mongod
from services.events.assistance import CitizenAssisted
from services.events.envelope import Event
from services.messaging.amqp import AmqpBroker
from services.messaging.broker import Outgoing
from services.messaging.dead_letters.acts import DeadLetters
from services.messaging.topology import (
    EVENTS_DEAD_LETTERS,
    declare,
    partition_of,
    partition_queue,
)
from services.platform.mongo import Client, connect
from services.reporting.projecting.bookkeeping import Bookkeeping
from services.reporting.projecting.completeness import Completeness
from services.reporting.settings import ReportingSettings
from tests.builders import event
from tests.eventually import SILENCE_S, eventually
from tests.reporting.test_service import (
    NOON,
    PARTITIONS,
    WARDS,
    books,
    heartbeat,
    message,
    publish,
    quiet,
    serving,
    settings,
    visits,
)
from tests.twins.trail import TrailTwin

__all__ = ["books", "settings"]
WARD = WARDS[0]
HERE = partition_of(WARD, PARTITIONS)
LATER = NOON + timedelta(seconds=1)


def visits_of(number: int, ward: str = WARD) -> list[Event]:
    return [event(CitizenAssisted, ward=ward) for _ in range(number)]


def operator(settings: ReportingSettings) -> DeadLetters:
    broker = AmqpBroker(settings.broker_url.get_secret_value())
    return DeadLetters(
        broker, TrailTwin(), by="an operator", partitions=PARTITIONS, quiet_s=SILENCE_S
    )


async def refuse(client: Client, settings: ReportingSettings, *events: Event) -> None:
    """The database takes these for wrong."""
    wrong = {"_id": {"$nin": [one.id for one in events]}} if events else {}
    await client[settings.mongo_database].command("collMod", "facts", validator=wrong)


async def state_all(settings: ReportingSettings, *sent: Event) -> None:
    """Both logs say that these are all that they sent."""
    told: dict[int, list[Event]] = {n: [] for n in range(PARTITIONS)}
    for one in sent:
        told[partition_of(one.ward, PARTITIONS)].append(one)
    statements = (heartbeat(n, NOON, *few) for n, few in told.items())
    await publish(settings, *quiet(LATER), *statements)


async def dead(settings: ReportingSettings) -> int | None:
    broker = AmqpBroker(settings.broker_url.get_secret_value())
    return await broker.depth(EVENTS_DEAD_LETTERS)


async def said(books: Bookkeeping) -> tuple[bool, list[str], list[str]]:
    """Whether all until NOON is there, why not, and without what."""
    told: Completeness = await books.completeness()
    reached = told.true_as_of is not None and told.true_as_of >= NOON
    held_back = [f"{one.code} {one.count} {one.ward and one.ward.code}" for one in told.held_back]
    return reached, held_back, [f"{one.count} {one.ward.code}" for one in told.without]


async def test_event_that_cannot_be_projected_is_buried_alone_named_and_left(
    settings: ReportingSettings, books: Bookkeeping, client: Client
) -> None:
    told = visits_of(200)
    await books.prepare()
    await refuse(client, settings, told[77])

    async with serving(settings):
        await publish(settings, *(message(told[n : n + 20]) for n in range(0, 200, 20)))
        await eventually(lambda: _is(dead(settings), 1))
        await eventually(lambda: _is(visits(books), 199))

        await state_all(settings, *told)
        await eventually(lambda: _is(said(books), (False, [f"set_aside 1 {WARD}"], [])))

        await operator(settings).discard(reason="typed twice")
        await eventually(lambda: _is_left(books))
        await state_all(settings, *told)
        await eventually(lambda: _is(said(books), (True, [], [f"1 {WARD}"])))

    assert await dead(settings) == 0


async def test_event_that_is_replayed_is_waited_for_no_more(
    settings: ReportingSettings, books: Bookkeeping, client: Client
) -> None:
    told = visits_of(3)
    await books.prepare()
    await refuse(client, settings, told[1])

    async with serving(settings):
        await publish(settings, message(told))
        await eventually(lambda: _is(dead(settings), 1))
        await refuse(client, settings)
        await operator(settings).replay()
        await eventually(lambda: _is(visits(books), 3))
        await state_all(settings, *told)
        await eventually(lambda: _is(said(books), (True, [], [])))

    assert await books.aside.buried() == []


async def test_event_that_comes_after_it_was_left_is_counted_once(
    settings: ReportingSettings, books: Bookkeeping, client: Client
) -> None:
    told = visits_of(3)
    await books.prepare()
    await refuse(client, settings, told[1])

    async with serving(settings):
        await publish(settings, message(told))
        await eventually(lambda: _is(dead(settings), 1))
        await operator(settings).discard(reason="typed twice")
        await eventually(lambda: _is_left(books))

        await refuse(client, settings)
        await publish(settings, message(told))
        await eventually(lambda: _is(visits(books), 3))
        await state_all(settings, *told)
        await eventually(lambda: _is(said(books), (True, [], [])))


async def test_stranger_neither_spoils_a_claim_nor_makes_one(
    settings: ReportingSettings, books: Bookkeeping
) -> None:
    told, strange = visits_of(2), visits_of(2)

    async with serving(settings):
        await publish(settings, message(told), message(strange, app_id="stranger"))
        await publish(settings, heartbeat(HERE, LATER, *told, *strange, publisher="stranger"))
        await eventually(lambda: _is(dead(settings), 1))
        await state_all(settings, *told)
        await eventually(lambda: _is(said(books), (True, [], [])))

    assert await visits(books) == 2
    assert (await books.completeness()).true_as_of == NOON


async def test_two_workers_of_one_partition_keep_one_tally(
    settings: ReportingSettings, books: Bookkeeping
) -> None:
    """As there may be for a moment: the first one's channel is gone, and it does not know yet."""
    told = visits_of(120)
    await books.prepare()
    batches = [told[n : n + 20] for n in range(0, 120, 10)]

    await asyncio.gather(
        *(books.projection.project(HERE, batch) for batch in batches for _ in range(2))
    )

    async with serving(settings):
        await state_all(settings, *told)
        await eventually(lambda: _is(said(books), (True, [], [])))


async def test_process_that_died_before_it_acknowledged_claims_what_it_has(
    settings: ReportingSettings, books: Bookkeeping
) -> None:
    told = visits_of(30)
    await books.prepare()
    await books.projection.project(HERE, told)
    await publish(settings, message(told))

    async with serving(settings):
        await state_all(settings, *told)
        await eventually(lambda: _is(said(books), (True, [], [])))

    assert await visits(books) == 30


async def test_ward_keeps_one_writer_when_the_number_of_partitions_changes(
    settings: ReportingSettings, books: Bookkeeping, vhost_url: str
) -> None:
    broker = AmqpBroker(vhost_url)
    async with broker.connection("declare") as connection, connection.channel() as channel:
        await declare(channel, PARTITIONS + 1)
    told = [one for ward in WARDS for one in visits_of(5, ward)]
    former = [_to_former(message(told[n : n + 5]), told[n].ward) for n in range(0, len(told), 5)]
    assert {one.routing_key for one in former} - {partition_queue(n) for n in range(PARTITIONS)}
    await publish(settings, *former)

    async with serving(settings):
        await eventually(lambda: _is(visits(books), len(told)))
        await state_all(settings, *told)
        await eventually(lambda: _is(said(books), (True, [], [])))
        assert await broker.depth(partition_queue(PARTITIONS)) == 0


async def test_database_that_was_filled_by_an_older_version_is_counted_at_the_start(
    settings: ReportingSettings, books: Bookkeeping, client: Client
) -> None:
    told = [one for ward in WARDS for one in visits_of(5, ward)]
    await books.prepare()
    for ward in WARDS:
        few = [one for one in told if one.ward == ward]
        await books.projection.project(partition_of(ward, PARTITIONS), few)
    as_before = {"$unset": {"partitions": "", "counted": "", "logs": "", "aside": ""}}
    await client[settings.mongo_database]["progress"].update_many({}, as_before)

    async with serving(settings):
        await state_all(settings, *told)
        await eventually(lambda: _is(said(books), (True, [], [])))


async def test_database_that_is_away_leaves_nothing_among_the_dead_and_no_false_claim(
    faulty_mongod: Mongod, vhost_url: str
) -> None:
    broker = AmqpBroker(vhost_url)
    async with broker.connection("declare") as connection, connection.channel() as channel:
        await declare(channel, PARTITIONS)
    settings = ReportingSettings(
        mongo_url=SecretStr(faulty_mongod.url),
        broker_url=SecretStr(vhost_url),
        partitions=PARTITIONS,
        anonymous_reading=True,
    )
    client = connect(faulty_mongod.url)
    books = Bookkeeping(client, settings.mongo_database, PARTITIONS)
    before, during = visits_of(20), visits_of(60)

    async with serving(settings) as http:
        await publish(settings, message(before))
        await eventually(lambda: _is(visits(books), 20))
        faulty_mongod.kill()
        await publish(settings, *(message(during[n : n + 10]) for n in range(0, 60, 10)))
        await state_all(settings, *before, *during)
        await eventually(lambda: _database_is_away(http))
        assert await dead(settings) == 0
        await asyncio.to_thread(faulty_mongod.start)

        await eventually(lambda: _is(visits(books), 80))
        await eventually(lambda: _is(said(books), (True, [], [])))

    assert await dead(settings) == 0
    client.close()


async def test_queue_that_is_deleted_is_not_ready_and_is_consumed_again_once_it_is_declared(
    settings: ReportingSettings, books: Bookkeeping, vhost_url: str
) -> None:
    broker = AmqpBroker(vhost_url)
    async with serving(settings) as http:
        await eventually(lambda: _queues_are(http, "ready"))
        async with broker.connection("test") as connection, connection.channel() as channel:
            await channel.queue_delete(partition_queue(HERE))
            await eventually(lambda: _queues_are(http, "ConnectionError"))
            await declare(channel, PARTITIONS)

        await publish(settings, message(visits_of(4)))
        await eventually(lambda: _is(visits(books), 4))
        await eventually(lambda: _queues_are(http, "ready"))


def _to_former(sent: Outgoing, ward: str) -> Outgoing:
    """To where it belonged when there was one partition more."""
    queue = partition_queue(partition_of(ward, PARTITIONS + 1))
    return Outgoing(
        sent.exchange,
        queue,
        sent.body,
        sent.message_id,
        sent.type,
        sent.app_id,
        sent.headers,
    )


async def _is(answer: object, expected: object) -> bool:
    found = await answer  # type: ignore[misc]
    assert found == expected, found
    return True


async def _is_left(books: Bookkeeping) -> bool:
    return bool(await books.aside.left_out())


async def _queues_are(http: httpx.AsyncClient, expected: str) -> bool:
    parts: dict[str, str] = (await http.get("/readyz")).json()["parts"]
    return parts["queues"] == expected


async def _database_is_away(http: httpx.AsyncClient) -> bool:
    parts: dict[str, str] = (await http.get("/readyz")).json()["parts"]
    return parts["database"] != "ready"
