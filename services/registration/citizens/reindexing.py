"""After a key or the form of addresses was changed: rows move to where they are looked for today.

A hash cannot be turned back. Whoever is met again is found under the former one and gets a row
under today's; an address that somebody lists is moved without waiting for that.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from services.events.person import Person
from services.platform.problems import Problem
from services.registration.citizens.candidate import Candidates, HashedPerson
from services.registration.citizens.rows import IndexRow, RowStore, carried_over

PAGE = 500
_HOUSEHOLD = frozenset({"household_id"})


class Listed(NamedTuple):
    """An address as somebody's list has it, and its ward's code."""

    ward: str
    address: str


class Reindexed(NamedTuple):
    """What a run did, and what it could not."""

    moved: int
    """Former rows that are gone, for another stands in their place."""
    under_former_keys: int
    """Rows that wait until their person is met again."""


async def move_listed(
    listed: Iterable[Listed], rows: RowStore, candidates: Candidates, now: datetime
) -> None:
    """What of these stands in a former form gets its row in today's. Raises: Unavailable."""
    for one in listed:
        candidate = _candidate(one, candidates, now)
        if candidate and candidate.household:
            await _move(candidate.household, candidate, rows)


async def remove_former(rows: RowStore, key_id: str) -> Reindexed:
    """Of all that was met again; may be run again, and while people are met."""
    moved = 0
    async for page in _pages(rows):
        settled = [row for row in page if row.former and not row.used_by]
        if settled:
            await rows.remove_former(settled)
        moved += len(settled)
    waiting = [sum(row.key_id != key_id for row in page) async for page in _pages(rows)]
    return Reindexed(moved, sum(waiting))


async def _pages(rows: RowStore) -> AsyncIterator[Sequence[IndexRow]]:
    after = b""
    while page := await rows.page(after, PAGE):
        yield page
        after = page[-1].hash


def _candidate(one: Listed, candidates: Candidates, now: datetime) -> HashedPerson | None:
    """None where the list holds no address there."""
    try:
        return candidates.of(Person(address=one.address), one.ward, "", _HOUSEHOLD, now)
    except Problem:
        return None


async def _move(household: IndexRow, candidate: HashedPerson, rows: RowStore) -> None:
    known = await rows.find(candidate.former.get(household.hash, ()))
    if found := next(iter(known.values()), None):
        await rows.insert([replace(carried_over(household, found), used_by=())])
