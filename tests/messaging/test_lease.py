"""Who is the active relay: the one whose beat is seen."""

import asyncio
from dataclasses import dataclass

import pytest

from services.messaging.relay.lease_store import MongoLease
from services.platform.mongo import Client, Database


@pytest.fixture
def database(client: Client, database_name: str) -> Database:
    return client[database_name]


@dataclass
class Stopwatch:
    """A process's own monotonic clock."""

    s: float = 100.0

    def __call__(self) -> float:
        return self.s


async def lease(database: Database, stopwatch: Stopwatch | None = None) -> MongoLease:
    made = MongoLease(database, "relay", ttl_s=10, monotonic=stopwatch or Stopwatch())
    await made.ensure()
    return made


async def test_one_of_many_holds_it(database: Database) -> None:
    leases = [await lease(database) for _ in range(5)]

    held = await asyncio.gather(*(one.hold() for one in leases))

    assert [term for term in held if term] == [1]


async def test_holder_keeps_it_and_the_next_gets_a_later_term_when_released(
    database: Database,
) -> None:
    first, second = await lease(database), await lease(database)

    before = [await first.hold(), await first.hold(), await second.hold()]
    await first.release()

    assert before == [1, 1, None]
    assert await second.hold() == 2
    assert await first.hold() is None


async def test_lease_of_a_holder_that_died_is_over_once_its_beat_stood_still(
    database: Database,
) -> None:
    waiting = Stopwatch()
    died, successor = await lease(database), await lease(database, waiting)
    await died.hold()

    early = await successor.hold()
    waiting.s += 9
    still_early = await successor.hold()
    waiting.s += 1
    late = await successor.hold()

    assert (early, still_early, late) == (None, None, 2)


async def test_holder_that_beats_is_never_given_up_however_long_others_wait(
    database: Database,
) -> None:
    own, waiting = Stopwatch(), Stopwatch()
    holder, other = await lease(database, own), await lease(database, waiting)

    taken = []
    for _ in range(5):
        assert await holder.hold() == 1
        taken.append(await other.hold())
        own.s += 9
        waiting.s += 9

    assert taken == [None] * 5


async def test_paused_holder_finds_that_a_later_term_began(database: Database) -> None:
    own, waiting = Stopwatch(), Stopwatch()
    paused, successor = await lease(database, own), await lease(database, waiting)
    await paused.hold()
    await successor.hold()

    waiting.s += 10
    await successor.hold()
    own.s += 11

    assert await paused.hold() is None
    assert await successor.hold() == 2


async def test_lease_as_the_version_before_kept_it_is_taken_over(database: Database) -> None:
    await database["leases"].insert_one({"_id": "relay", "holder": "holder-old", "until": None})
    waiting = Stopwatch()
    successor = await lease(database, waiting)

    early = await successor.hold()
    waiting.s += 10

    assert early is None
    assert await successor.hold() == 1


async def test_release_of_one_that_does_not_hold_it_changes_nothing(database: Database) -> None:
    holder, other = await lease(database), await lease(database)
    await holder.hold()

    await other.release()

    assert await other.hold() is None


async def test_declaring_it_again_takes_it_from_nobody(database: Database) -> None:
    holder = await lease(database)
    await holder.hold()

    other = await lease(database)

    assert await other.hold() is None
