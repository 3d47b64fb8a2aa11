"""Owns the numbers of citizens and households, so that sets of them are small bitmaps."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pymongo import ReturnDocument
from pymongo.errors import BulkWriteError

from services.platform.mongo import Database, Document

REMEMBERED = 200_000
"""Numbers kept in memory; they never change."""
TAKEN_AT_ONCE = 1_000
_ALREADY_THERE = 11000


class Merge(NamedTuple):
    """Two records that are one person, from the day it was known until it was taken back."""

    citizen_id: str
    merged_id: str
    known: date
    voided: date | None = None

    def known_by(self, day: date | None) -> bool:
        """Whether it stood, as known on that day (None: today)."""
        if day is None:
            return self.voided is None
        return self.known <= day and not (self.voided and self.voided <= day)


Merges = Callable[[], Awaitable[Sequence[Merge]]]


def one_person(merges: Iterable[Merge]) -> Mapping[str, str]:
    """Each merged id and the one id that stands for its person, also over several mergers."""
    parent: dict[str, str] = {}

    def root(member: str) -> str:
        while member in parent:
            member = parent[member]
        return member

    for merge in merges:
        kept, gone = root(merge.citizen_id), root(merge.merged_id)
        if kept != gone:
            parent[gone] = kept
    return {member: root(member) for member in parent}


class Members:
    """Gives every member a number, the same for ever; gaps are harmless."""

    def __init__(self, database: Database, merges: Merges) -> None:
        self._numbers = database["members"]
        self._last = database["member_numbers"]
        self._merges = merges
        self._remembered: dict[str, int] = {}
        self._free: list[int] = []

    async def numbers(self, members: Collection[str]) -> Mapping[str, int]:
        """The number of each, given now where one has none. Takes no part in a transaction."""
        found = {m: self._remembered[m] for m in members if m in self._remembered}
        unknown = [member for member in members if member not in found]
        return found | await self._number(unknown) if unknown else found

    async def known(self, members: Collection[str]) -> dict[str, int]:
        """The numbers that were given already."""
        found = {m: self._remembered[m] for m in members if m in self._remembered}
        unknown = [member for member in members if member not in found]
        if unknown:
            found |= self._remember(await self._stored(unknown))
        return found

    async def aliases(self, known_by: date | None) -> Mapping[int, int]:
        """Numbers of merged records, with the number that counts in their place."""
        merges = [merge for merge in await self._merges() if merge.known_by(known_by)]
        person = one_person(merges)
        number = await self.numbers({*person.keys(), *person.values()}) if person else {}
        return {number[merged]: number[kept] for merged, kept in person.items()}

    async def _number(self, members: Sequence[str]) -> dict[str, int]:
        """Most are new: insert first, and read only those that were there."""
        given = dict(zip(members, await self._fresh(len(members)), strict=True))
        documents: list[Document] = [{"_id": m, "number": n} for m, n in given.items()]
        try:
            await self._numbers.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if any(e["code"] != _ALREADY_THERE for e in error.details["writeErrors"]):
                raise
            there = [members[e["index"]] for e in error.details["writeErrors"]]
            given |= await self._stored(there)
        return self._remember(given)

    async def _fresh(self, count: int) -> list[int]:
        """Numbers that nobody has; taken from the database many at a time."""
        while len(self._free) < count:
            self._free += await self._block(max(count, TAKEN_AT_ONCE))
        return [self._free.pop() for _ in range(count)]

    async def _block(self, count: int) -> range:
        taken = await self._last.find_one_and_update(
            {"_id": "last"},
            {"$inc": {"number": count}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return range(taken["number"], taken["number"] - count, -1)

    async def _stored(self, members: Sequence[str]) -> dict[str, int]:
        rows = self._numbers.find({"_id": {"$in": members}})
        return {row["_id"]: row["number"] async for row in rows}

    def _remember(self, numbers: dict[str, int]) -> dict[str, int]:
        if len(self._remembered) + len(numbers) > REMEMBERED:
            self._remembered.clear()
        self._remembered |= numbers
        return numbers
