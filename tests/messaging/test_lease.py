"""Who is the active relay, by the database's clock."""

import asyncio

import pytest

from services.messaging.lease import MongoLease
from services.platform.mongo import Client, Database
from tests.eventually import SILENCE_S, eventually


@pytest.fixture
def database(client: Client, database_name: str) -> Database:
    return client[database_name]


async def lease(database: Database, ttl_s: float = 60) -> MongoLease:
    made = MongoLease(database, "relay", ttl_s=ttl_s)
    await made.ensure()
    return made


async def test_one_of_many_holds_it(database: Database) -> None:
    leases = [await lease(database) for _ in range(5)]

    held = await asyncio.gather(*(one.hold() for one in leases))

    assert sorted(held) == [False] * 4 + [True]


async def test_holder_keeps_it_and_the_next_gets_it_when_released(database: Database) -> None:
    first, second = await lease(database), await lease(database)

    before = [await first.hold(), await first.hold(), await second.hold()]
    await first.release()

    assert before == [True, True, False]
    assert await second.hold()
    assert not await first.hold()


async def test_lease_of_a_holder_that_died_runs_out(database: Database) -> None:
    died, successor = await lease(database, ttl_s=SILENCE_S), await lease(database)
    await died.hold()

    assert not await successor.hold()

    await eventually(successor.hold)


async def test_release_of_one_that_does_not_hold_it_changes_nothing(database: Database) -> None:
    holder, other = await lease(database), await lease(database)
    await holder.hold()

    await other.release()

    assert not await other.hold()


async def test_declaring_it_again_takes_it_from_nobody(database: Database) -> None:
    holder = await lease(database)
    await holder.hold()

    other = await lease(database)

    assert not await other.hold()
