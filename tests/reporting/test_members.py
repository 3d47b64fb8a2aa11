"""Numbers for citizens and households, and who is one person."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.platform.mongo import Database, connect
from services.reporting.stores.member_store import Members, Merge, one_person

SATURDAY = date(2025, 10, 11)
IDS = st.sampled_from([f"citizen-{n}" for n in range(6)])


async def no_merges() -> list[Merge]:
    return []


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url)
    yield client[database_name]
    client.close()


async def test_member_keeps_its_number_for_ever(database: Database) -> None:
    first = await Members(database, no_merges).numbers(["citizen-1", "citizen-2"])

    again = await Members(database, no_merges).numbers(["citizen-2", "citizen-3", "citizen-1"])

    assert {m: again[m] for m in first} == first
    assert len(set(again.values())) == 3


async def test_writers_that_meet_the_same_members_agree(database: Database) -> None:
    members = [f"citizen-{n}" for n in range(200)]
    writers = [Members(database, no_merges) for _ in range(4)]

    answers = await asyncio.gather(
        *(writer.numbers(members[i * 20 : i * 20 + 120]) for i, writer in enumerate(writers))
    )

    numbers: dict[str, int] = {}
    for answer in answers:
        assert all(numbers.setdefault(m, n) == n for m, n in answer.items())
    assert len(set(numbers.values())) == len(numbers)


@given(st.lists(st.tuples(IDS, IDS), max_size=8), st.randoms())
def test_persons_do_not_depend_on_the_order_of_mergers(
    pairs: list[tuple[str, str]], random: object
) -> None:
    merges = [Merge(kept, gone, SATURDAY) for kept, gone in pairs]
    shuffled = merges[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def groups(told: list[Merge]) -> set[frozenset[str]]:
        person = one_person(told)
        ids = {f"citizen-{n}" for n in range(6)}
        named = {i: person.get(i, i) for i in ids}
        return {frozenset(i for i in ids if named[i] == name) for name in named.values()}

    assert groups(shuffled) == groups(merges)
    assert all(any({a, b} <= group for group in groups(merges)) for a, b in pairs)
