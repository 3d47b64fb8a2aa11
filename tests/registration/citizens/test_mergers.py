"""Merged by mistake and parted again: who is who follows from the mergers that stand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenErased, CitizenMerged
from services.events.envelope import Event
from services.events.person import Person
from services.messaging.log.entry import Entry
from services.messaging.log.stored import Stored, store
from services.messaging.relay.packing import Private
from services.platform.mongo import connect
from services.platform.personal_data.contact_wire import CONTACT_SHARED, open_shared, read_erased
from services.registration.citizens.contact import Confidential
from services.registration.citizens.identity import Kind
from services.registration.citizens.mergers import leads, merge, part
from services.registration.citizens.persons import Persons
from services.registration.citizens.refused_bodies import RefusedBodies
from services.registration.citizens.rotation import reseal_all
from services.registration.citizens.rows import Alias, IndexRow, Merger, Repoint, RowStore
from services.registration.citizens.store import MongoRowStore
from services.registration.citizens.vault import Keys, Vault
from tests.builders import SATURDAY, a_national_id, a_phone, an_event_id, event, void
from tests.examples import examples
from tests.registration.citizens.people import KEYS, VISIT, WARD, identify, somebody
from tests.twins.refused_body_store import MemoryRefusedBodyStore
from tests.twins.row_store import MemoryRowStore

Opened = Callable[[], AbstractAsyncContextManager[RowStore]]

LATER = SATURDAY + timedelta(hours=1)
RECORDS = ("c-a", "c-b", "c-c", "c-d")
SLOW_IS_FINE = settings(max_examples=examples(60), suppress_health_check=list(HealthCheck))


@asynccontextmanager
async def _twin() -> AsyncIterator[RowStore]:
    yield MemoryRowStore()


@asynccontextmanager
async def _mongo(url: str, name: str) -> AsyncIterator[RowStore]:
    client = connect(url)
    try:
        for collection in ("index", "aliases", "mergers"):
            await client[name][collection].delete_many({})
        yield MongoRowStore(client[name])
    finally:
        client.close()


@pytest.fixture(params=["mongo", "twin"])
def opened(request: pytest.FixtureRequest) -> Opened:
    """An empty index, each time it is asked."""
    if request.param == "twin":
        return _twin
    url, name = map(request.getfixturevalue, ("mongo_url", "database_name"))
    return partial(_mongo, url, name)


class Registration:
    """Citizens over an index, with the relay's view of their events."""

    def __init__(self, rows: RowStore) -> None:
        self.rows = rows
        self.persons = Persons(rows, KEYS)
        self.relay = Confidential(rows, RefusedBodies(MemoryRefusedBodyStore(), KEYS), KEYS)

    async def publish(self, *events: Event) -> Sequence[Private]:
        return await self.relay([entry(one) for one in events])

    async def citizen(self, person: Person) -> str:
        """Whom a visit is recorded for."""
        [met] = await identify(self.persons, person)
        assert met.citizen_id is not None
        return met.citizen_id

    async def visit(self, person: Person) -> Stored:
        """With the contact, as it waits for the relay."""
        id_ = an_event_id()
        candidate = self.persons.candidate(person, WARD, id_, VISIT)
        [met] = await self.persons.identify([candidate])
        visit = event(CitizenAssisted, envelope={"id": id_}, citizen_id=met.citizen_id)
        return entry(visit, self.persons.contact(candidate, met))

    async def phones(self, *visits: Stored) -> list[str]:
        """Numbers that notify could read."""
        told = [m for m in await self.relay(visits) if m.routing_key == CONTACT_SHARED]
        return [open_shared(one.body, KEYS.notify).phone for one in told]


@pytest.fixture
async def registration(opened: Opened) -> AsyncIterator[Registration]:
    async with opened() as rows:
        yield Registration(rows)


def entry(of: Event, contact: bytes | None = None) -> Stored:
    return store(Entry(of, b"", contact=contact), partitions=4, now=SATURDAY)


def merging(survivor: str, merged_id: str, **more: Any) -> CitizenMerged:
    named: Any = {"citizen_id": survivor, "merged_id": merged_id}
    return event(CitizenMerged, subject=merged_id, **named, **more)


async def two(registration: Registration) -> tuple[list[Person], list[str]]:
    people = [somebody(national_id=a_national_id(), phone=a_phone()) for _ in range(2)]
    return people, [await registration.citizen(person) for person in people]


async def test_records_are_met_as_two_again_once_their_merger_is_voided(
    registration: Registration,
) -> None:
    people, ids = await two(registration)
    merger = merging(ids[0], ids[1])
    await registration.publish(merger)
    as_one = {await registration.citizen(person) for person in people}

    for _ in range(2):
        await registration.publish(void(merger))

    assert as_one == {ids[0]}
    assert [await registration.citizen(person) for person in people] == ids


@pytest.mark.parametrize("together", [True, False])
async def test_void_that_reaches_the_index_first_keeps_two_records_two(
    registration: Registration, *, together: bool
) -> None:
    people, ids = await two(registration)
    merger = merging(ids[0], ids[1])

    if together:
        await registration.publish(void(merger), merger)
    else:
        await registration.publish(void(merger))
        await registration.publish(merger)

    assert [await registration.citizen(person) for person in people] == ids


async def test_records_are_merged_by_a_merger_after_the_void(registration: Registration) -> None:
    people, ids = await two(registration)
    mistaken = merging(ids[0], ids[1])
    await registration.publish(mistaken, void(mistaken))

    await registration.publish(merging(ids[1], ids[0], at=LATER), mistaken)

    assert {await registration.citizen(person) for person in people} == {ids[1]}


async def test_contacts_of_both_reach_notify_after_the_void(registration: Registration) -> None:
    people, ids = await two(registration)
    before = [await registration.visit(person) for person in people]
    merger = merging(ids[0], ids[1])
    await registration.publish(merger)
    meanwhile = [await registration.visit(person) for person in people]

    await registration.publish(void(merger))
    after = [await registration.visit(person) for person in people]

    assert len(await registration.phones(*before, *meanwhile, *after)) == 6


async def test_number_that_came_while_two_were_one_stays_with_the_person_who_gave_it(
    registration: Registration,
) -> None:
    people, ids = await two(registration)
    merger = merging(ids[0], ids[1])
    await registration.publish(merger)
    new_number = a_phone()
    await registration.citizen(somebody(national_id=people[1].national_id, phone=new_number))

    await registration.publish(void(merger))

    assert await registration.citizen(somebody(phone=new_number)) == ids[1]


@pytest.mark.parametrize("kept_too", [True, False])
async def test_what_was_erased_stays_erased_when_the_merger_is_voided(
    registration: Registration, *, kept_too: bool
) -> None:
    people, ids = await two(registration)
    merger = merging(ids[0], ids[1])
    await registration.publish(merger)
    [told] = await registration.publish(event(CitizenErased, citizen_id=ids[1 - kept_too]))

    await registration.publish(void(merger))

    assert set(read_erased(told.body).citizen_ids) == set(ids)
    assert not set(ids) & {await registration.citizen(person) for person in people}


async def test_erasure_after_the_void_leaves_the_other(registration: Registration) -> None:
    people, ids = await two(registration)
    merger = merging(ids[0], ids[1])
    await registration.publish(merger)

    told = await registration.publish(event(CitizenErased, citizen_id=ids[1]), void(merger))

    assert read_erased(told[0].body).citizen_ids == (ids[1],)
    assert await registration.citizen(people[0]) == ids[0]
    assert await registration.citizen(people[1]) != ids[1]


async def test_parted_records_are_read_after_the_master_key_was_changed(
    registration: Registration,
) -> None:
    people, ids = await two(registration)
    before = await registration.visit(people[1])
    merger = merging(ids[0], ids[1])
    await registration.publish(merger)
    changed = Keys(KEYS.index, b"M" * 32, KEYS.notify, former_master=(KEYS.master,))
    await reseal_all(registration.rows, Vault(changed))
    only_the_new_one = Keys(KEYS.index, b"M" * 32, KEYS.notify)
    relay = Confidential(
        registration.rows, RefusedBodies(MemoryRefusedBodyStore(), KEYS), only_the_new_one
    )

    while_one = await relay([before])
    await relay([entry(void(merger))])

    assert len(while_one) == len(await relay([before])) == 1


async def test_merger_that_an_earlier_version_carried_out_is_voided_as_far_as_it_is_known(
    registration: Registration,
) -> None:
    """It kept no trace of which rows it moved: those stay, and contacts stay readable."""
    people, ids = await two(registration)
    visit = await registration.visit(people[1])
    keys = await registration.rows.data_keys(ids)
    moved = await registration.rows.of(ids[1])
    await registration.rows.add_alias(Alias(ids[1], ids[0], keys[ids[1]]))
    await registration.rows.repoint([Repoint(r.hash, ids[1], ids[0], keys[ids[0]]) for r in moved])
    third = await registration.citizen(somebody(national_id=a_national_id()))

    await registration.publish(later := merging(third, ids[0]))
    met_as = {await registration.citizen(person) for person in people}
    await registration.publish(void(later))
    back = {await registration.citizen(person) for person in people}

    assert (met_as, back) == ({third}, {ids[0]})
    assert len(await registration.phones(visit)) == 1


def test_later_of_two_mergers_that_would_close_a_circle_counts_nothing() -> None:
    first = Merger("e-1", "c-b", "c-a", SATURDAY)
    second = Merger("e-2", "c-a", "c-b", LATER)

    assert leads([second, first]) == {"c-b": "c-a"}
    assert leads([second, Merger("e-1", "c-b", "c-a", SATURDAY, voided=True)]) == {"c-a": "c-b"}


def a_merger(records: Sequence[str], hours: int, n: int, voided: bool) -> Merger:
    return Merger(f"e-{n}", records[0], records[1], SATURDAY + timedelta(hours=hours), voided)


mergers = st.lists(
    st.builds(
        a_merger,
        st.permutations(RECORDS),
        st.integers(0, 3),
        st.integers(0, 10**6),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda merger: merger.event_id,
)


def roots(told: Sequence[Merger]) -> dict[str, str]:
    """By a plain model: one merger after the other, by time, the voided left out."""
    to = {record: record for record in RECORDS}
    parents: dict[str, str] = {}
    for merger in sorted(told, key=lambda m: (m.at, m.event_id)):
        above = merger.surviving_id
        while above in parents and above != merger.merged_id:
            above = parents[above]
        if not merger.voided and above != merger.merged_id:
            parents[merger.merged_id] = merger.surviving_id
    for record in RECORDS:
        while to[record] in parents:
            to[record] = parents[to[record]]
    return to


def a_row(n: int, record: str) -> IndexRow:
    key = record.encode()
    return IndexRow(bytes([n]) * 16, Kind.PHONE, record, WARD, "k", SATURDAY, data_key=key)


@given(told=mergers, chance=st.randoms(use_true_random=False))
@SLOW_IS_FINE
def test_index_is_a_function_of_the_mergers_that_stand(
    opened: Opened, told: list[Merger], chance: Random
) -> None:
    async def play() -> None:
        async with opened() as rows:
            await rows.insert([a_row(n, record) for n, record in enumerate(RECORDS)])
            tellings = []
            for m in told:
                tellings += chance.randint(1, 2) * [partial(merge, m_of(m), rows)]
                if m.voided:
                    gone = partial(part, m.event_id, m.merged_id, rows)
                    tellings += chance.randint(1, 2) * [gone]
            chance.shuffle(tellings)
            for tell in tellings:
                await tell()

            expected = roots(told)
            found = await rows.find([a_row(n, record).hash for n, record in enumerate(RECORDS)])
            led = {record: found[a_row(n, record).hash] for n, record in enumerate(RECORDS)}
            assert {record: row.to for record, row in led.items()} == expected
            assert all(row.data_key == row.to.encode() for row in led.values())
            keys = await rows.data_keys(RECORDS)
            assert keys == {record: record.encode() for record in RECORDS}
            merged_away = {r for r in RECORDS if await rows.alias(r)}
            assert merged_away == {r for r in RECORDS if expected[r] != r}

    asyncio.run(play())


def m_of(merger: Merger) -> Merger:
    """As its event tells it, which knows of no void."""
    return Merger(merger.event_id, merger.merged_id, merger.surviving_id, merger.at)
