"""The whole service on a real broker and database: from messages on queues to figures."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from services.events.assistance import CitizenAssisted
from services.events.envelope import Event
from services.events.registry import encode
from services.messaging.amqp import AmqpBroker
from services.messaging.broker import Outgoing
from services.messaging.log.completeness import NOTIFY, REGISTRATION, Statement, Tally
from services.messaging.relay.packing import HEARTBEAT
from services.messaging.topology import READERS, declare, partition_of, partition_queue
from services.platform.mongo import connect
from services.reporting.cli import cli
from services.reporting.main import create
from services.reporting.measures.visits import VISITS
from services.reporting.projecting.bookkeeping import Bookkeeping
from services.reporting.settings import ReportingSettings
from tests.builders import event, void
from tests.eventually import eventually
from tests.reporting.cell_contract import CHO_LON as CHO_LON_KEY
from tests.reporting.test_verify_and_rebuild import STRAY

PARTITIONS = 2
WARDS = ("27343", "27163", "26740", "27007", "26734", "26800")
DAYS = (date(2025, 10, 1), date(2025, 10, 31))
NOON = datetime(2025, 10, 11, 5, 0, tzinfo=UTC)


@pytest.fixture
async def settings(mongo_url: str, database_name: str, vhost_url: str) -> ReportingSettings:
    broker = AmqpBroker(vhost_url)
    async with broker.connection("declare") as connection, connection.channel() as channel:
        await declare(channel, PARTITIONS)
    return ReportingSettings(
        mongo_url=SecretStr(mongo_url),
        mongo_database=database_name,
        broker_url=SecretStr(vhost_url),
        partitions=PARTITIONS,
        anonymous_reading=True,
    )


@pytest.fixture
async def books(settings: ReportingSettings) -> AsyncIterator[Bookkeeping]:
    client = connect(settings.mongo_url.get_secret_value())
    yield Bookkeeping(client, settings.mongo_database, PARTITIONS)
    client.close()


@asynccontextmanager
async def serving(settings: ReportingSettings) -> AsyncIterator[httpx.AsyncClient]:
    app = create(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://reporting") as http:
            yield http


def message(events: Sequence[Event], app_id: str = REGISTRATION) -> Outgoing:
    partition = partition_of(events[0].ward, PARTITIONS)
    body = b"[" + b",".join(encode(one) for one in events) + b"]"
    return Outgoing(
        READERS,
        partition_queue(partition),
        body,
        events[0].id,
        events[0].type,
        app_id,
        {"count": len(events)},
    )


def heartbeat(
    partition: int, at: datetime, *sent: Event, publisher: str = REGISTRATION
) -> Outgoing:
    """A log says that these are all that it sent to the partition."""
    statement = Statement(publisher, Tally().plus(e.id for e in sent), at, PARTITIONS)
    headers = {"count": 0, **statement.headers()}
    key = partition_queue(partition)
    return Outgoing(READERS, key, b"[]", f"{key}-{at}", HEARTBEAT, publisher, headers)


def quiet(at: datetime) -> list[Outgoing]:
    """What notify says where it has recorded nothing."""
    return [heartbeat(n, at, publisher=NOTIFY) for n in range(PARTITIONS)]


async def publish(settings: ReportingSettings, *messages: Outgoing) -> None:
    broker = AmqpBroker(settings.broker_url.get_secret_value())
    async with broker.publisher("test") as publisher:
        await asyncio.gather(*(publisher.publish(one) for one in messages))


async def command(settings: ReportingSettings, *words: str) -> tuple[int, str]:
    """`tungngo reporting WORDS`, as an operator runs it: how it ended and what it said."""
    told = {
        "REPORTING_MONGO_URL": settings.mongo_url.get_secret_value(),
        "REPORTING_MONGO_DATABASE": settings.mongo_database,
        "REPORTING_BROKER_URL": settings.broker_url.get_secret_value(),
        "REPORTING_PARTITIONS": str(settings.partitions),
    }
    if log_url := settings.registration_log_mongo_url:
        told |= {
            "REPORTING_REGISTRATION_LOG_MONGO_URL": log_url.get_secret_value(),
            "REPORTING_REGISTRATION_LOG_DATABASE": settings.registration_log_database,
        }
    result = await asyncio.to_thread(lambda: CliRunner().invoke(cli, words, env=told))
    return result.exit_code, result.output


async def visits(books: Bookkeeping) -> int:
    return sum((await books.cells.read([VISITS], wards=None, days=DAYS)).values())


async def test_what_is_published_is_reported_each_event_once(
    settings: ReportingSettings, books: Bookkeeping
) -> None:
    told: list[list[Event]] = [
        [event(CitizenAssisted, ward=ward) for _ in range(20)] for ward in WARDS
    ]
    taken_back: list[list[Event]] = [[void(events[0])] for events in told]
    messages = [message(events) for events in (*told, *taken_back, *told)]

    async with serving(settings) as http:
        await publish(settings, *messages)

        await eventually(lambda: _is(visits(books), 19 * len(WARDS)))
        await eventually(lambda: _ready(http))
        assert [ward async for ward, difference in books.verify() if difference] == []


async def test_figures_are_true_as_of_the_last_heartbeat_of_the_slowest_partition(
    settings: ReportingSettings, books: Bookkeeping
) -> None:
    later = NOON + timedelta(seconds=5)

    async with serving(settings):
        await publish(settings, *quiet(later), heartbeat(0, later))
        await eventually(lambda: _is_in(books, 0))
        assert (await books.completeness()).true_as_of is None

        await publish(settings, heartbeat(1, NOON))
        await eventually(lambda: _is(_true_as_of(books), NOON))


async def test_worker_that_died_before_it_acknowledged_counts_nothing_twice(
    settings: ReportingSettings, books: Bookkeeping
) -> None:
    told = [event(CitizenAssisted) for _ in range(50)]
    await publish(settings, *(message(told[n : n + 10]) for n in range(0, 50, 10)))
    for _ in range(3):
        async with serving(settings):
            await eventually(lambda: _at_least(visits(books), 1))
        await publish(settings, message(told[:10]))

    async with serving(settings):
        await eventually(lambda: _is(visits(books), 50))

    assert [ward async for ward, difference in books.verify() if difference] == []


async def test_verify_ends_with_1_until_a_rebuild(
    settings: ReportingSettings, books: Bookkeeping
) -> None:
    await books.prepare()
    partition = partition_of("27343", PARTITIONS)
    await books.projection.project(partition, [event(CitizenAssisted)])
    await books.cells.apply(STRAY, None)

    code, said = await command(settings, "verify")
    assert code == 1
    assert "services['etax', 'using'] lacks -5" in said
    assert said.endswith("1 wards verified, 1 with differences\n")

    async with serving(settings):
        rebuilt = await command(settings, "rebuild", CHO_LON_KEY)

    assert rebuilt == (0, "1 wards made anew\n")
    assert await command(settings, "verify") == (0, "1 wards verified, 0 with differences\n")


async def test_http_serves_while_broker_and_database_are_not_there() -> None:
    nowhere = ReportingSettings(
        mongo_url=SecretStr("mongodb://127.0.0.1:9/"), broker_url=SecretStr("amqp://127.0.0.1:9/")
    )

    async with serving(nowhere) as http:
        alive, ready = await http.get("/livez"), await http.get("/readyz")

    assert alive.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["parts"].keys() == {"database", "queues"}


async def _is(answer: object, expected: object) -> bool:
    found = await answer  # type: ignore[misc]
    assert found == expected, found
    return True


async def _at_least(answer: object, least: int) -> bool:
    return await answer >= least  # type: ignore[misc,no-any-return]


async def _is_in(books: Bookkeeping, partition: int) -> bool:
    state = (await books.progress.all()).get(partition)
    return state is not None and state.standing[REGISTRATION].true_until is not None


async def _true_as_of(books: Bookkeeping) -> datetime | None:
    return (await books.completeness()).true_as_of


async def _ready(http: httpx.AsyncClient) -> bool:
    return (await http.get("/readyz")).status_code == 200
