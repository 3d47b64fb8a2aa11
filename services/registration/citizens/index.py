"""The blind index: one write for a group of persons, one read for those known before."""

import asyncio
from collections.abc import Mapping, Sequence

from services.platform.group_commit import GroupCommit
from services.platform.unavailable import Unavailable
from services.registration.citizens.candidate import HashedPerson
from services.registration.citizens.meeting import newly_met
from services.registration.citizens.resolve import (
    ResolvedPerson,
    adoptable,
    first_of_each,
    met_elsewhere,
    resolve,
    seen,
    used_before_settled,
)
from services.registration.citizens.rows import IndexRow, RowStore, carried_over


class Index:
    """Tells who somebody is; two who ask at once about one person get one answer."""

    def __init__(self, rows: RowStore) -> None:
        self._rows = rows
        self._group = GroupCommit[HashedPerson, ResolvedPerson](self._write)
        self._notes: set[asyncio.Task[None]] = set()

    async def identify(self, candidates: Sequence[HashedPerson]) -> list[ResolvedPerson]:
        """Durable once it returns. Raises: Unavailable; asking again is safe."""
        return await self._group.add_all(candidates)

    async def look_up(self, candidates: Sequence[HashedPerson]) -> list[ResolvedPerson]:
        """The same answer, and nothing written. Raises: Unavailable."""
        fresh = await self._carry_over(candidates, first_of_each(candidates))
        known = await self._rows.find(fresh.keys())
        return await self._resolve(candidates, {**fresh, **known}, write=False)

    async def close(self) -> None:
        """Waits for what is under way."""
        await self._group.close()
        if self._notes:
            await asyncio.wait(self._notes)

    async def _write(self, group: Sequence[HashedPerson]) -> list[ResolvedPerson | Exception]:
        fresh = await self._carry_over(group, first_of_each(group))
        known = await self._rows.insert(list(fresh.values())) if fresh else {}
        for hash_, address in met_elsewhere(group, known):
            await self._rows.met_at(hash_, address)
        rows = {**fresh, **known}
        people = await self._resolve(group, rows, write=True)
        self._note(used_before_settled(group, rows), seen(group, rows))
        return [*people]

    async def _resolve(
        self, group: Sequence[HashedPerson], rows: Mapping[bytes, IndexRow], *, write: bool
    ) -> list[ResolvedPerson]:
        owners = adoptable(group, rows)
        numbered = await self._rows.with_national_id(owners) if owners else set()
        resolution = resolve(group, rows, numbered)
        if write and resolution.changes:
            await self._rows.repoint(resolution.changes)
        if write and (meetings := newly_met(group, resolution.people, rows)):
            await self._rows.note_met(meetings)
        return resolution.people

    async def _carry_over(
        self, group: Sequence[HashedPerson], fresh: Mapping[bytes, IndexRow]
    ) -> dict[bytes, IndexRow]:
        """While a former key is in use, whom its rows know is known under the new key too."""
        former = {hash_: olds for c in group for hash_, olds in c.former.items()}
        known = await self._rows.find([old for olds in former.values() for old in olds])
        return {
            hash_: _as_before(row, former.get(hash_, ()), known) for hash_, row in fresh.items()
        }

    def _note(self, uses: Sequence[tuple[bytes, str]], met: Sequence[IndexRow]) -> None:
        """Nobody waits for it: it matters where an event was lost, or a number changes hands."""
        if uses or met:
            task = asyncio.create_task(self._note_both(uses, met))
            self._notes.add(task)
            task.add_done_callback(self._notes.discard)

    async def _note_both(self, uses: Sequence[tuple[bytes, str]], met: Sequence[IndexRow]) -> None:
        try:
            if uses:
                await self._rows.note_use(uses)
            if met:
                await self._rows.note_seen(met)
        except Unavailable:
            return


def _as_before(row: IndexRow, olds: Sequence[bytes], known: Mapping[bytes, IndexRow]) -> IndexRow:
    found = next((known[old] for old in olds if old in known), None)
    if found is None:
        return row
    return carried_over(row, found)
