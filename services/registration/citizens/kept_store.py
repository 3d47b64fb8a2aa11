"""Refused bodies in MongoDB, beside the index; the database forgets them after 90 days."""

from collections.abc import Sequence
from datetime import datetime

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.platform.mongo import Collection, Database, Document
from services.registration.citizens.kept import KEPT_FOR, KeptBody
from services.registration.citizens.store import TIMEOUT_S, durable

_FIELDS = ("event_id", "poster", "ward", "target_type", "result", "code", "at", "sealed", "key")

MOST = 100
"""Refusals of one event that are looked at: whoever guesses an id may be refused often."""


class MongoKeptStore:
    """Collection `refused`."""

    def __init__(self, database: Database, timeout_s: float = TIMEOUT_S) -> None:
        self._refused: Collection = database["refused"]
        self._timeout_s = timeout_s

    async def ensure_indexes(self) -> None:
        """By event, ward and person; and the one that ends what is kept."""
        age = int(KEPT_FOR.total_seconds())
        await self._refused.create_indexes(
            [
                IndexModel([("at", ASCENDING)], name="age", expireAfterSeconds=age),
                IndexModel([("event_id", ASCENDING), ("poster", ASCENDING)], name="event"),
                IndexModel([("poster", ASCENDING), ("at", ASCENDING)], name="source"),
                IndexModel([("ward", ASCENDING), ("_id", ASCENDING)], name="ward"),
                IndexModel([("persons", ASCENDING)], name="persons"),
            ]
        )

    async def add(self, body: KeptBody) -> None:
        document: Document = {name: getattr(body, name) for name in _FIELDS}
        document["persons"] = list(body.persons)
        with durable(self._timeout_s):
            await self._refused.update_one(
                {"_id": body.refusal_id}, {"$setOnInsert": document}, upsert=True
            )

    async def newest(self, event_id: str, poster: str) -> KeptBody | None:
        query = {"event_id": event_id, "poster": poster}
        with durable(self._timeout_s):
            found = await self._refused.find_one(query, sort=[("at", DESCENDING)])
        return _kept(found) if found else None

    async def has(self, refusal_id: str) -> bool:
        with durable(self._timeout_s):
            return await self._refused.find_one({"_id": refusal_id}, {"_id": 1}) is not None

    async def of_source(self, poster: str, since: datetime) -> tuple[int, int]:
        size = {"$sum": {"$binarySize": "$sealed"}}
        stages: list[Document] = [
            {"$match": {"poster": poster, "at": {"$gt": since}}},
            {"$group": {"_id": None, "events": {"$sum": 1}, "size": size}},
        ]
        with durable(self._timeout_s):
            for found in await self._refused.aggregate(stages).to_list(1):
                return found["events"], found["size"]
        return 0, 0

    async def of_event(self, event_id: str) -> Sequence[KeptBody]:
        with durable(self._timeout_s):
            found = self._refused.find({"event_id": event_id}).sort("at", DESCENDING)
            return [_kept(document) for document in await found.to_list(MOST)]

    async def of_ward(self, ward: str, after: str, limit: int) -> Sequence[KeptBody]:
        query = {"ward": ward, "_id": {"$gt": after}}
        with durable(self._timeout_s):
            found = (
                await self._refused.find(query).sort("_id", ASCENDING).limit(limit).to_list(None)
            )
        return [_kept(document) for document in found]

    async def delete(self, persons: Sequence[bytes]) -> None:
        with durable(self._timeout_s):
            await self._refused.delete_many({"persons": {"$in": list(persons)}})


def _kept(document: Document) -> KeptBody:
    fields = {name: document[name] for name in _FIELDS}
    return KeptBody(document["_id"], persons=tuple(document["persons"]), **fields)
