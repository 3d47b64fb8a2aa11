"""A command sent again under its key has its first outcome."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import BaseModel

from services.platform.http.repeat_store import MongoRepeats
from services.platform.http.repeating import (
    AT_WORK,
    KEY_REUSED,
    STILL_AT_WORK,
    Begun,
    Command,
    Repeats,
    RepeatStore,
)
from services.platform.mongo import connect
from services.platform.problems import FORBIDDEN, Problem
from tests.eventually import eventually
from tests.twins.repeats import MemoryRepeats

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
KEY = "0d1f0a52-7b1e"


class Asked(BaseModel):
    name: str = "An"


class Made(BaseModel):
    number: int
    token: str = "tnk_secret"


class World:
    """Something that is made, and how often."""

    def __init__(self, store: RepeatStore) -> None:
        self.now = NOON
        self.made = 0
        self.fails = False
        self.at_work = False
        self.stuck: asyncio.Event | None = None
        self.repeats = Repeats(store, b"k" * 32, lambda: self.now)

    async def ask(
        self, key: str | None = KEY, by: str = "/user/u-1", what: str = "keys", name: str = "An"
    ) -> Made:
        command = Command(key, by, what, Asked(name=name))
        return await self.repeats.once(command, self._make, Made)

    async def _make(self) -> Made:
        self.at_work = True
        if self.stuck:
            await self.stuck.wait()
        if self.fails:
            raise Problem(FORBIDDEN)
        self.made += 1
        return Made(number=self.made)


class RepeatContract:
    """What both stores promise."""

    @pytest.fixture
    def world(self, store: RepeatStore) -> World:
        return World(store)

    async def test_same_key_and_body_have_one_outcome(self, world: World) -> None:
        answers = [await world.ask() for _ in range(3)]

        assert answers == [Made(number=1)] * 3
        assert world.made == 1

    async def test_without_a_key_each_is_its_own(self, world: World) -> None:
        assert [(await world.ask(None)).number for _ in range(2)] == [1, 2]

    async def test_another_body_under_the_same_key_is_refused(self, world: World) -> None:
        await world.ask()

        with pytest.raises(Problem) as problem:
            await world.ask(name="Bình")

        assert problem.value.kind is KEY_REUSED
        assert world.made == 1

    @pytest.mark.parametrize(
        "other", [{"key": "another-key"}, {"by": "/user/u-2"}, {"what": "users"}]
    )
    async def test_key_means_one_command_of_one_person(
        self, world: World, other: dict[str, str]
    ) -> None:
        await world.ask()

        assert (await world.ask(**other)).number == 2

    async def test_what_failed_may_be_sent_again(self, world: World) -> None:
        world.fails = True
        with pytest.raises(Problem):
            await world.ask()
        world.fails = False

        assert (await world.ask()).number == 1

    async def test_of_many_at_once_one_is_done(self, world: World) -> None:
        answers = await asyncio.gather(*(world.ask() for _ in range(6)), return_exceptions=True)

        made = [answer for answer in answers if isinstance(answer, Made)]
        kinds = {answer.kind for answer in answers if isinstance(answer, Problem)}
        assert made
        assert kinds <= {STILL_AT_WORK}
        assert (await world.ask()).number == world.made == 1

    async def test_command_that_died_with_its_process_is_done_again(self, world: World) -> None:
        world.stuck = asyncio.Event()
        dying = asyncio.create_task(world.ask())
        await eventually(lambda: world.at_work)
        with pytest.raises(Problem):
            await world.ask()
        world.stuck, world.now = None, NOON + AT_WORK

        answer = await world.ask()
        dying.cancel()

        assert answer.number == 1

    async def test_what_is_begun_is_taken_over_by_one(self, store: RepeatStore) -> None:
        dead = Begun(b"h" * 16, NOON)
        late = [Begun(b"h" * 16, NOON + AT_WORK + timedelta(seconds=n)) for n in range(3)]
        assert await store.begin("id", dead, None)

        taken = [await store.begin("id", begun, dead) for begun in late]

        assert taken == [True, False, False]
        assert await store.find("id") == late[0]

    async def test_answer_is_not_readable_where_it_is_kept(
        self, world: World, store: RepeatStore
    ) -> None:
        await world.ask()
        command = Command(KEY, "/user/u-1", "keys", Asked())

        kept = await store.find(world.repeats._digest(b"id", command).hex())

        assert kept
        assert kept.sealed
        assert b"secret" not in kept.sealed


class TestMemoryRepeats(RepeatContract):
    @pytest.fixture
    def store(self) -> MemoryRepeats:
        return MemoryRepeats()


class TestMongoRepeats(RepeatContract):
    @pytest.fixture
    async def store(self, mongo_url: str, database_name: str) -> AsyncIterator[MongoRepeats]:
        client = connect(mongo_url)
        store = MongoRepeats(client[database_name])
        await store.ensure_indexes()
        yield store
        client.close()
