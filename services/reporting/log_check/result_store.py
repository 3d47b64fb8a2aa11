"""Owns what a comparison has found, how far it has come, and how the last one ended."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from pymongo import ReplaceOne

from services.platform.mongo import Database

_PLACE, _RESULT = "place", "result"
_AT_ONCE = 1_000


class Kind(StrEnum):
    """How the two sides differ."""

    MISSING = "missing"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Found:
    """One event that only one side has."""

    id: str
    kind: Kind
    log: str
    ward: str


@dataclass(frozen=True, slots=True)
class Place:
    """Up to which id all is compared."""

    after: str
    compared: Mapping[str, int]
    """Entries so far, by log."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a comparison ended; all counts are by log."""

    at: datetime
    compared: Mapping[str, int]
    missing: Mapping[str, int] = field(default_factory=dict)
    extra: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)
    """Missing, but known: they lie among the dead letters."""

    @property
    def is_complete(self) -> bool:
        """Neither side lacks anything that nobody knows of."""
        return not any(self.missing.values()) and not any(self.extra.values())


class Records:
    """Collections `log_check` and `log_check_found`."""

    def __init__(self, database: Database) -> None:
        self._check = database["log_check"]
        self._found = database["log_check_found"]

    async def begin(self, place: Place, *, fresh: bool) -> Place:
        """The place to go on from; else this one, with nothing found."""
        kept = None if fresh else await self._check.find_one({"_id": _PLACE}, {"_id": 0})
        if kept:
            return Place(**kept)
        await self._found.delete_many({})
        return place

    async def keep(self, place: Place, found: Sequence[Found]) -> None:
        """What was found before this place. Done twice, it is the same."""
        if found:
            writes = [
                ReplaceOne({"_id": finding.id}, _document(finding), upsert=True)
                for finding in found
            ]
            await self._found.bulk_write(writes, ordered=False)
        await self._check.replace_one({"_id": _PLACE}, asdict(place), upsert=True)

    async def found(self, kind: Kind, log: str) -> AsyncIterator[list[Found]]:
        """By id, a thousand at a time; what was seen may be forgotten meanwhile."""
        after = ""
        while True:
            asked = {"kind": kind, "log": log, "_id": {"$gt": after}}
            rows = await self._found.find(asked).sort("_id", 1).limit(_AT_ONCE).to_list(_AT_ONCE)
            if not rows:
                return
            after = rows[-1]["_id"]
            yield [Found(row["_id"], Kind(row["kind"]), row["log"], row["ward"]) for row in rows]

    async def forget(self, event_ids: Collection[str]) -> None:
        """These were only on their way."""
        await self._found.delete_many({"_id": {"$in": list(event_ids)}})

    async def end(self, result: Result) -> None:
        """The next comparison begins anew."""
        await self._check.replace_one({"_id": _RESULT}, asdict(result), upsert=True)
        await self._check.delete_one({"_id": _PLACE})

    async def last(self) -> Result | None:
        """How the last one ended."""
        found = await self._check.find_one({"_id": _RESULT}, {"_id": 0})
        return Result(**found) if found else None


def _document(found: Found) -> dict[str, str]:
    return {"_id": found.id, "kind": found.kind, "log": found.log, "ward": found.ward}
