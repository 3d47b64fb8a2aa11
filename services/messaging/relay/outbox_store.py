"""The outbox in MongoDB: pending and owed entries, and a tally a partition (fencing by term)."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime

import pymongo

from services.messaging.log.completeness import Tally
from services.messaging.log.stored import Stored, from_document
from services.messaging.relay.outbox import Backlog, Superseded
from services.messaging.relay.readers import Deliveries
from services.messaging.topology import partition_of, partition_queue
from services.platform.mongo import Client, Database, Document, Session, transact

MOST_COUNTED = 10_000
_READ_AT_ONCE = 10_000
_POSITIONS = "positions"


class MongoOutbox:
    """The outbox of the log in collection `events`; its tallies are in `positions`."""

    def __init__(self, client: Client, database: Database, *, partitions: int) -> None:
        self._client = client
        self._database = database
        self._events = database["events"]
        self._positions = database[_POSITIONS]
        self._partitions = partitions

    async def ensure_indexes(self) -> None:
        """Indexes, and what a transaction cannot make by itself; run again it changes nothing."""
        await self._events.create_indexes(
            [
                pymongo.IndexModel(
                    [("pending", 1)],
                    name="pending",
                    partialFilterExpression={"pending": {"$exists": True}},
                ),
                pymongo.IndexModel(
                    [("owed", 1), ("owed_since", 1)],
                    name="owed",
                    partialFilterExpression={"owed": {"$exists": True}},
                ),
            ]
        )
        first = {"$setOnInsert": {"term": 0, "counted": False}}
        await self._positions.update_one({"_id": _POSITIONS}, first, upsert=True)

    async def now(self) -> datetime:
        found: datetime = (await self._database.command("hello"))["localTime"]
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    async def lead(self, term: int) -> None:
        earlier = {"_id": _POSITIONS, "term": {"$lt": term}}
        await self._positions.update_one(earlier, {"$set": {"term": term}})
        found = await self._position(term)
        if not found.get("counted") or found.get("partitions") != self._partitions:
            await self._offer_again()
            afresh = {"term": term, "partitions": self._partitions, "counted": False}
            replaced = await self._positions.replace_one({"_id": _POSITIONS, "term": term}, afresh)
            _require(replaced.matched_count == 1)

    async def count_anew(self, term: int) -> None:
        if (await self._position(term))["counted"]:
            return
        async with await self._client.start_session(snapshot=True) as session:
            known = await self._position(term, session)
            missing = {n: _less(Tally(), _tally(known, n)) for n in range(self._partitions)}
            async for partition, ids in self._published(session):
                missing[partition] = missing[partition].plus(ids)
        mine = {"_id": _POSITIONS, "term": term, "counted": False}
        counted = {"$inc": _increments(missing), "$set": {"counted": True}}
        _require((await self._positions.update_one(mine, counted)).matched_count == 1)

    async def pending(self, limit: int, since: datetime | None = None) -> list[Stored]:
        asked = {"$exists": True} if since is None else {"$gte": since}
        cursor = self._events.find({"pending": asked}).sort("pending", 1).hint("pending")
        return [from_document(found) for found in await cursor.limit(limit).to_list(limit)]

    async def newest_pending(self) -> datetime | None:
        cursor = self._events.find({"pending": {"$exists": True}}, {"pending": 1}).hint("pending")
        found = await cursor.sort("pending", -1).limit(1).to_list(1)
        return found[0]["pending"] if found else None

    async def owed(self, reader: str, limit: int) -> list[Stored]:
        cursor = self._events.find({"owed": reader}).sort("owed_since", 1).hint("owed")
        return [from_document(found) for found in await cursor.limit(limit).to_list(limit)]

    async def record(self, term: int, done: Deliveries) -> None:
        changes = [
            pymongo.UpdateMany({"_id": {"$in": list(ids)}, **_PENDING}, _published_but_for(owed))
            for owed, ids in done.owed.items()
        ]
        await self._write(term, done, changes, sum(map(len, done.owed.values())))

    async def settle(self, term: int, reader: str, done: Deliveries) -> None:
        ids = list(done.owed.get((), ()))
        owed = {"_id": {"$in": ids}, "owed": reader}
        changes = [
            pymongo.UpdateMany(owed | {"owed": [reader]}, _OWED_NO_MORE),
            pymongo.UpdateMany(owed, {"$pull": {"owed": reader}}),
        ]
        await self._write(term, done, changes, len(ids))

    async def tallies(self, term: int) -> Mapping[int, Tally] | None:
        found = await self._position(term)
        known = found["counted"]
        return {n: _tally(found, n) for n in range(self._partitions)} if known else None

    async def owing(self) -> Mapping[str, Backlog]:
        readers = await self._events.distinct("owed", {"owed": {"$exists": True}})
        return {reader: await self._backlog({"owed": reader}, "owed_since") for reader in readers}

    async def backlog(self) -> Backlog:
        return await self._backlog(_PENDING, "pending")

    async def _backlog(self, waiting: Document, since: str) -> Backlog:
        hint = "pending" if since == "pending" else "owed"
        count = await self._events.count_documents(waiting, hint=hint, limit=MOST_COUNTED)
        cursor = self._events.find(waiting, {since: 1}).sort(since, 1).hint(hint).limit(1)
        oldest = await cursor.to_list(1)
        return Backlog(count, oldest[0][since] if oldest else None)

    async def _position(self, term: int, session: Session | None = None) -> Document:
        found = await self._positions.find_one({"_id": _POSITIONS, "term": term}, session=session)
        if found is None:
            raise Superseded
        return found

    async def _write(
        self, term: int, done: Deliveries, changes: Sequence[pymongo.UpdateMany], expected: int
    ) -> None:
        """Raises: Superseded, also where another relay recorded some of them already: whoever
        comes next reads what is left."""
        mine = {"_id": _POSITIONS, "term": term}
        change = {"$set": {"term": term}, "$inc": {"writes": 1, **_increments(done.tallies)}}

        async def work(session: Session) -> None:
            found = await self._positions.update_one(mine, change, session=session)
            _require(found.matched_count == 1)
            written = await self._events.bulk_write(list(changes), session=session)
            _require(written.matched_count == expected)

        await transact(self._client, work)

    async def _published(self, session: Session) -> AsyncIterator[tuple[int, list[str]]]:
        """What the partitions' queues have taken, as the session's snapshot shows it."""
        done = {"pending": {"$exists": False}, "held": {"$exists": False}}
        fields = {"ward": 1, "owed": 1}
        cursor = self._events.find(done, fields, session=session, batch_size=_READ_AT_ONCE)
        while page := await cursor.to_list(_READ_AT_ONCE):
            ids: dict[int, list[str]] = {}
            for entry in page:
                partition = partition_of(entry["ward"], self._partitions)
                if partition_queue(partition) not in entry.get("owed", ()):
                    ids.setdefault(partition, []).append(entry["_id"])
            for found in ids.items():
                yield found

    async def _offer_again(self) -> None:
        """What is owed to a partition's queue may belong to another one by now."""
        owed = {"owed": {"$regex": rf"^{re.escape(partition_queue(0)[:-1])}\d"}}
        again: list[Document] = [
            {"$set": {"pending": "$owed_since"}},
            {"$unset": ["owed", "owed_since"]},
        ]
        await self._events.update_many(owed, again)


_PENDING = {"pending": {"$exists": True}}
_OWED_NO_MORE = {"$unset": {"owed": "", "owed_since": ""}}


def _published_but_for(owed: tuple[str, ...]) -> Document | list[Document]:
    """What is owed waits since it was appended."""
    if not owed:
        return {"$unset": {"pending": ""}}
    return [{"$set": {"owed": list(owed), "owed_since": "$pending"}}, {"$unset": "pending"}]


def _increments(tallies: Mapping[int, Tally]) -> dict[str, int]:
    return {
        f"p{n}.{name}": amount
        for n, tally in tallies.items()
        for name, amount in (("count", tally.count), ("digest", tally.digest))
    }


def _tally(position: Document, partition: int) -> Tally:
    found = position.get(f"p{partition}", {})
    return Tally(found.get("count", 0), found.get("digest", 0))


def _less(tally: Tally, other: Tally) -> Tally:
    return Tally(tally.count - other.count, tally.digest - other.digest)


def _require(mine: bool) -> None:
    if not mine:
        raise Superseded
