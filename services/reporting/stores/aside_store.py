"""Owns which events a partition goes without: those that wait for an operator, those left out."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import UpdateOne

from services.messaging.dead_letters.leaving import Leaving
from services.messaging.log.completeness import log_of_source
from services.messaging.topology import partition_of
from services.platform.mongo import Database, Document, Session

Partition = Callable[[str], int]
_NAMED = ("id", "ward", "type", "source")


@dataclass(frozen=True, slots=True)
class Buried:
    """An event that lies among the dead letters, as far as it can be read."""

    id: str
    ward: str
    type: str
    source: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Some:
    """Events of one ward in one log and partition."""

    partition: int
    log: str
    ward: str
    """Its code."""
    count: int
    since: datetime


def buried_of(elements: Iterable[Any], reason: str, now: datetime) -> list[Buried]:
    """The elements of a message that are events of a log, whatever else is wrong with them."""
    return [
        Buried(**{name: element[name] for name in _NAMED}, reason=reason, since=now)
        for element in elements
        if isinstance(element, dict) and all(isinstance(element.get(name), str) for name in _NAMED)
    ]


class Aside:
    """Collections `buried` and `left_out`, by event id."""

    def __init__(self, database: Database, partitions: int) -> None:
        self._buried = database["buried"]
        self._left_out = database["left_out"]
        self._partitions = partitions

    async def prepare(self) -> None:
        """Make the indexes, and with them the collections; repeatable."""
        for collection in (self._buried, self._left_out):
            await collection.create_index("partition")

    async def bury(self, events: Iterable[Buried], session: Session | None) -> None:
        """They wait for an operator; known ones go on waiting since they did."""
        writes = [
            UpdateOne(
                {"_id": event.id},
                {
                    "$setOnInsert": {
                        **self._place(event.ward, event.source),
                        "type": event.type,
                        "reason": event.reason,
                        "since": event.since,
                    }
                },
                upsert=True,
            )
            for event in events
        ]
        await self._buried.bulk_write(writes, session=session)

    async def settled(self, event_ids: Collection[str], session: Session | None) -> None:
        """These wait for nobody any more."""
        await self._buried.delete_many({"_id": {"$in": list(event_ids)}}, session=session)

    async def leave(self, leavings: Sequence[Leaving], session: Session | None) -> set[str]:
        """The ids of those that were not left out before; they are now."""
        before = await self._ids({leaving.id for leaving in leavings}, session)
        fresh = {leaving.id: leaving for leaving in leavings if leaving.id not in before}
        if fresh:
            rows = [self._row(leaving) for leaving in fresh.values()]
            await self._left_out.insert_many(rows, session=session)
        return set(fresh)

    async def come(self, event_ids: Collection[str], session: Session | None) -> set[str]:
        """Those of them that were left out; they are no longer."""
        found = await self._ids(event_ids, session)
        if found:
            await self._left_out.delete_many({"_id": {"$in": list(found)}}, session=session)
        return found

    async def any(self, partition: int, session: Session | None) -> bool:
        """Whether anything of the partition is buried or left out."""
        for collection in (self._buried, self._left_out):
            if await collection.find_one({"partition": partition}, {"_id": 1}, session=session):
                return True
        return False

    async def buried(self) -> list[Some]:
        """What waits for an operator."""
        return await _some(self._buried, "since")

    async def left_out(self) -> list[Some]:
        """What the figures go without."""
        return await _some(self._left_out, "at")

    async def _ids(self, event_ids: Collection[str], session: Session | None) -> set[str]:
        asked = {"_id": {"$in": list(event_ids)}}
        found = self._left_out.find(asked, {"_id": 1}, session=session)
        return {row["_id"] async for row in found}

    def _row(self, leaving: Leaving) -> Document:
        return {
            "_id": leaving.id,
            **self._place(leaving.ward, leaving.source),
            "type": leaving.type,
            "reason": leaving.reason,
            "by": leaving.by,
            "at": leaving.at,
        }

    def _place(self, ward: str, source: str) -> Document:
        return {
            "ward": ward,
            "source": source,
            "log": log_of_source(source),
            "partition": partition_of(ward, self._partitions),
        }


async def _some(collection: Any, since: str) -> list[Some]:
    place = {"partition": "$partition", "log": "$log", "ward": "$ward"}
    group = {"_id": place, "count": {"$sum": 1}, "since": {"$min": f"${since}"}}
    found = collection.aggregate([{"$group": group}, {"$sort": {"_id": 1}}])
    return [Some(**row.pop("_id"), **row) async for row in found]
