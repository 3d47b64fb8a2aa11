"""Refused bodies in MongoDB, beside the index; the database forgets them after 90 days."""

from collections.abc import Collection as Some
from collections.abc import Sequence
from datetime import datetime

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.platform.mongo import Collection, Database, Document
from services.registration.citizens.refused_bodies import RETENTION, RefusedBody
from services.registration.citizens.store import TIMEOUT_S, durable

_FIELDS = ("event_id", "poster", "ward", "target_type", "result", "code", "at", "sealed", "key")

MOST = 100
"""Refusals of one event that are looked at: whoever guesses an id may be refused often."""


class MongoRefusedBodyStore:
    """Collection `refused`."""

    def __init__(self, database: Database, timeout_s: float = TIMEOUT_S) -> None:
        self._refused: Collection = database["refused"]
        self._timeout_s = timeout_s

    async def ensure_indexes(self) -> None:
        """By event, ward and person; and the one that ends what is kept."""
        age = int(RETENTION.total_seconds())
        await self._refused.create_indexes(
            [
                IndexModel([("at", ASCENDING)], name="age", expireAfterSeconds=age),
                IndexModel([("event_id", ASCENDING), ("poster", ASCENDING)], name="event"),
                IndexModel([("poster", ASCENDING), ("at", ASCENDING)], name="source"),
                IndexModel([("ward", ASCENDING), ("_id", ASCENDING)], name="ward"),
                IndexModel([("persons", ASCENDING)], name="persons"),
            ]
        )

    async def add(self, body: RefusedBody) -> None:
        document: Document = {name: getattr(body, name) for name in _FIELDS}
        document["persons"] = list(body.persons)
        with durable(self._timeout_s):
            await self._refused.update_one(
                {"_id": body.refusal_id}, {"$setOnInsert": document}, upsert=True
            )

    async def newest(self, event_id: str, poster: str) -> RefusedBody | None:
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

    async def of_event(self, event_id: str) -> Sequence[RefusedBody]:
        with durable(self._timeout_s):
            found = self._refused.find({"event_id": event_id}).sort("at", DESCENDING)
            return [_kept(document) for document in await found.to_list(MOST)]

    async def of_ward(self, ward: str, after: str, limit: int) -> Sequence[RefusedBody]:
        return await self._page({"ward": ward, "_id": {"$gt": after}}, limit)

    async def open_of(self, ids: Some[str]) -> Sequence[RefusedBody]:
        named = {"$in": list(ids)}
        query = {"$or": [{"event_id": named}, {"_id": named}], "ended": None}
        with durable(self._timeout_s):
            found = await self._refused.find(query).to_list(None)
        return [_kept(document) for document in found]

    async def open_after(self, refusal_id: str, limit: int) -> Sequence[RefusedBody]:
        return await self._page({"_id": {"$gt": refusal_id}}, limit)

    async def end(self, refusal_ids: Some[str]) -> None:
        query = {"_id": {"$in": list(refusal_ids)}}
        with durable(self._timeout_s):
            await self._refused.update_many(query, {"$set": {"ended": True}})

    async def delete(self, persons: Sequence[bytes]) -> None:
        with durable(self._timeout_s):
            await self._refused.delete_many({"persons": {"$in": list(persons)}})

    async def _page(self, query: Document, limit: int) -> Sequence[RefusedBody]:
        found = self._refused.find({**query, "ended": None}).sort("_id", ASCENDING)
        with durable(self._timeout_s):
            return [_kept(document) for document in await found.limit(limit).to_list(None)]


def _kept(document: Document) -> RefusedBody:
    fields = {name: document[name] for name in _FIELDS}
    ended = document.get("ended", False)
    return RefusedBody(document["_id"], persons=tuple(document["persons"]), ended=ended, **fields)
