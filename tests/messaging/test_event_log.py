"""The event log: one suite, and what only MongoDB can do wrong."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pymongo
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymongo.write_concern import WriteConcern

from services.messaging.log.append_store import QUEUE_DEADLINE
from services.messaging.log.entry import Appended
from services.messaging.log.event_log import EventLog
from services.messaging.log.store import MongoEventLog
from services.platform.ids import new_event_id
from services.platform.mongo import Client, connect, transact
from services.platform.unavailable import Unavailable
from tests.messaging.entries import assisted, entry
from tests.messaging.event_log_contract import EventLogContract, Transact
from tests.twins.event_log import EventLogTwin


class TestTwin(EventLogContract):
    @pytest.fixture
    def log(self) -> EventLogTwin:
        return EventLogTwin()

    @pytest.fixture
    def transact(self) -> Transact:
        async def call(work: Callable[[Any], Awaitable[Any]]) -> Any:
            return await work(None)

        return call


@pytest.fixture
async def mongo_log(client: Client, database_name: str) -> AsyncIterator[MongoEventLog]:
    log = MongoEventLog(client[database_name], partitions=4)
    await log.ensure_indexes()
    yield log
    await log.close()


class TestMongo(EventLogContract):
    @pytest.fixture
    def log(self, mongo_log: MongoEventLog) -> MongoEventLog:
        return mongo_log

    @pytest.fixture
    def transact(self, client: Client) -> Transact:
        async def call(work: Callable[[Any], Any]) -> Any:
            return await transact(client, work)

        return call


async def test_callers_in_flight_share_writes(
    mongo_log: MongoEventLog, client: Client, database_name: str
) -> None:
    database, entries = client[database_name], [entry() for _ in range(200)]
    await database.command("profile", 2)

    answers = await asyncio.gather(*map(mongo_log.append, entries))

    writes = {"op": "insert", "ns": f"{database_name}.events"}
    assert await database["system.profile"].count_documents(writes) <= 2
    assert Counter(answers) == {Appended.ACCEPTED: 200}
    assert len(await mongo_log.page("", 1_000)) == 200


async def test_each_id_is_accepted_once_among_many_callers(mongo_log: MongoEventLog) -> None:
    events = [assisted() for _ in range(20)]

    answers = await asyncio.gather(*(mongo_log.append(entry(e)) for e in events * 5))

    assert Counter(answers) == {Appended.ACCEPTED: 20, Appended.DUPLICATE: 80}


async def test_entry_rolled_back_with_its_transaction_leaves_nothing(
    mongo_log: MongoEventLog, client: Client
) -> None:
    event = assisted()

    async def append_and_fail(session: Any) -> None:
        await mongo_log.insert_in(session, [entry(event)])
        raise LookupError

    with pytest.raises(LookupError):
        await transact(client, append_and_fail)

    assert await mongo_log.find(event.id) is None


async def test_entry_that_waited_too_long_is_not_written(
    client: Client, database_name: str
) -> None:
    now = datetime(2025, 11, 20, tzinfo=UTC)
    ticks = iter([now, now + QUEUE_DEADLINE + timedelta(seconds=1)])
    log = MongoEventLog(client[database_name], partitions=4, clock=lambda: next(ticks))
    late = entry()

    with pytest.raises(Unavailable):
        await log.append(late)

    assert await log.find(late.event.id) is None


async def test_without_a_primary_everything_is_unavailable() -> None:
    client = connect("mongodb://127.0.0.1:1/?replicaSet=none")
    log = MongoEventLog(client["nowhere"], partitions=4, write_timeout_s=0.2)

    answers = await asyncio.gather(log.append(entry()), log.append(entry()), return_exceptions=True)

    assert [type(answer) for answer in answers] == [Unavailable, Unavailable]
    client.close()


Asking = Callable[[EventLog], Awaitable[object]]


@pytest.mark.parametrize(
    "ask",
    [
        lambda log: log.find(new_event_id()),
        lambda log: log.find_all([new_event_id()]),
        lambda log: log.histories(["team-1"]),
        lambda log: log.hashes([new_event_id()]),
        lambda log: log.is_voided(new_event_id()),
        lambda log: log.held_for([new_event_id()]),
        lambda log: log.held("", 10),
        lambda log: log.refuse_held(new_event_id()),
        lambda log: log.publish(assisted()),
        lambda log: log.page("", 10),
    ],
)
async def test_log_that_cannot_be_reached_says_so_whatever_is_asked(ask: Asking) -> None:
    twin = EventLogTwin()
    twin.down = True
    client = connect("mongodb://127.0.0.1:1/?replicaSet=none")
    nowhere = MongoEventLog(client["nowhere"], partitions=4)

    for log in (twin, nowhere):
        with pymongo.timeout(0.1), pytest.raises(Unavailable):
            await ask(log)
    client.close()


async def test_what_is_not_on_a_majority_is_unavailable_for_the_whole_group(
    client: Client, database_name: str
) -> None:
    """Two members of a set of one never answer: the server reports `writeConcernErrors`."""
    two = client.get_database(database_name, write_concern=WriteConcern(w=2, wtimeout=500))
    log = MongoEventLog(two, partitions=4)
    known, fresh = entry(), entry()

    answers = await asyncio.gather(
        *(log.append(e) for e in (known, fresh, known)), return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [Unavailable] * 3


async def test_unavailable_append_may_be_repeated(client: Client, database_name: str) -> None:
    two = client.get_database(database_name, write_concern=WriteConcern(w=2, wtimeout=500))
    unsure = entry()
    with pytest.raises(Unavailable):
        await MongoEventLog(two, partitions=4).append(unsure)

    answer = await MongoEventLog(client[database_name], partitions=4).append(unsure)

    assert answer is Appended.DUPLICATE


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from([b"a", b"b"])), max_size=40), st.data()
)
def test_any_order_and_duplication_accepts_each_id_once(
    posted: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    events = [assisted() for _ in range(6)]
    batches = data.draw(_split(posted))

    async def append() -> list[tuple[int, bytes, Appended]]:
        log = EventLogTwin()
        answers: list[tuple[tuple[int, bytes], Appended]] = []
        for batch in batches:
            entries = [entry(events[n], payload) for n, payload in batch]
            answers += zip(batch, await log.append_all(entries), strict=True)
        return [(n, payload, answer) for (n, payload), answer in answers]

    answers = asyncio.run(append())

    accepted = {n: payload for n, payload, answer in answers if answer is Appended.ACCEPTED}
    assert Counter(a for *_, a in answers)[Appended.ACCEPTED] == len({n for n, _ in posted})
    for n, payload, answer in answers:
        if answer is not Appended.ACCEPTED:
            same = accepted[n] == payload
            assert answer is (Appended.DUPLICATE if same else Appended.CONFLICT)


def _split(posted: list[tuple[int, bytes]]) -> st.SearchStrategy[list[list[tuple[int, bytes]]]]:
    cuts = st.lists(st.integers(0, len(posted)), max_size=4).map(sorted)
    return cuts.map(lambda at: [posted[a:b] for a, b in zip([0, *at], [*at, None], strict=True)])
