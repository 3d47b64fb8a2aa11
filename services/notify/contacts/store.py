"""The records of citizens in MongoDB; contacts stay as sealed as they came."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from pymongo import ASCENDING, IndexModel, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from services.messaging.log.append_store import DUPLICATE_KEY
from services.notify.contacts.contacts import (
    CitizenStatement,
    applied,
    by_citizen,
    concerned,
    marked,
    persons,
)
from services.notify.contacts.records import (
    CITIZENS,
    CitizenRecord,
    StatementVoid,
    erase,
    with_voids,
)
from services.platform.clock import Clock, utc_now
from services.platform.mongo import Database, Document, or_unavailable

_FORMER = {"contact_order": "contact_by", "merged_order": "merged_by"}
"""Fields in which an earlier version kept an event's id, and what holds an order now."""
_INDEXES = [
    IndexModel([("said.event_id", ASCENDING)], name="said_by", sparse=True),
    IndexModel([("contact_order", ASCENDING)], name="former_contact", sparse=True),
]

Work = Callable[[CitizenRecord], CitizenRecord]


class MongoContacts:
    """One document a citizen; who writes one that another changed meanwhile works it out again."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._citizens = database[CITIZENS.name]
        self._voids = database["voids_of_statements"]
        self._clock = clock

    async def ensure_indexes(self) -> None:
        """By the events that said something; run again it changes nothing."""
        await self._citizens.create_indexes(_INDEXES)

    async def record(self, said: Sequence[CitizenStatement]) -> None:
        """A statement and its void each look for the other after they were written."""
        with or_unavailable():
            gone = await self._taken_back(said)
            await self._tell(marked(said, gone))
            if late := await self._taken_back(said) - gone:
                await self._tell(marked(said, late))

    async def void(self, voids: Sequence[StatementVoid]) -> set[str]:
        now = self._clock()
        with or_unavailable():
            await self._remember(voids)
            found = await self._stating(voids)
            changed = await self._change(found, lambda record: with_voids(record, voids, now))
            return concerned(changed.values(), voids)

    async def erase(self, citizen_ids: Collection[str]) -> None:
        now = self._clock()
        with or_unavailable():
            await self._change(citizen_ids, lambda record: erase(record, now))

    async def persons(self, citizen_ids: Collection[str]) -> dict[str, tuple[CitizenRecord, ...]]:
        return await persons(citizen_ids, self._holding)

    async def versions(self, citizen_ids: Collection[str]) -> dict[str, int]:
        cursor = self._citizens.find({"_id": {"$in": list(citizen_ids)}}, {"version": 1})
        with or_unavailable():
            found = await cursor.batch_size(len(citizen_ids) + 1).to_list(None)
        return {document["_id"]: document.get("version", 0) for document in found}

    async def agreed(self, purpose: str, after: str, limit: int) -> list[str]:
        asked = {f"consents.{purpose}.given": True, "_id": {"$gt": after}}
        cursor = self._citizens.find(asked, {"_id": 1}).sort("_id", 1).limit(limit)
        with or_unavailable():
            return [document["_id"] for document in await cursor.to_list(None)]

    async def _tell(self, said: Sequence[CitizenStatement]) -> None:
        by, now = by_citizen(said), self._clock()
        await self._change(by, lambda record: applied(record, by[record.citizen_id], now))

    async def _taken_back(self, said: Sequence[CitizenStatement]) -> set[str]:
        ids = {one.statement.event_id for one in said}
        cursor = self._voids.find({"_id": {"$in": list(ids)}})
        return {document["_id"] for document in await cursor.to_list(None)}

    async def _remember(self, voids: Sequence[StatementVoid]) -> None:
        known = [
            UpdateOne({"_id": v.event_id}, {"$set": {"type": v.target_type}}, upsert=True)
            for v in voids
        ]
        await self._voids.bulk_write(known, ordered=False)

    async def _stating(self, voids: Sequence[StatementVoid]) -> list[str]:
        """The records in which something of these events may stand."""
        ids = [void.event_id for void in voids]
        asked = [
            {"said.event_id": {"$in": ids}},
            {"contact_order": {"$in": ids}},
            {"_id": {"$in": [void.subject for void in voids]}},
        ]
        found = await self._citizens.find({"$or": asked}, {"_id": 1}).to_list(None)
        return [document["_id"] for document in found]

    async def _change(self, citizen_ids: Collection[str], work: Work) -> dict[str, CitizenRecord]:
        """The records as they are in the end."""
        while True:
            before = await self._read(citizen_ids)
            after = {id_: work(before.get(id_, CitizenRecord(id_))) for id_ in citizen_ids}
            writes = [
                _replacing(record) for id_, record in after.items() if record != before.get(id_)
            ]
            if not writes or await self._written(writes):
                return after

    async def _written(self, writes: Sequence[ReplaceOne[Document]]) -> bool:
        """All of them; another may have come between."""
        try:
            done = await self._citizens.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            if any(e["code"] != DUPLICATE_KEY for e in error.details["writeErrors"]):
                raise
            return False
        return done.matched_count + done.upserted_count == len(writes)

    async def _holding(self, citizen_ids: Collection[str]) -> dict[str, CitizenRecord]:
        """Without what was said: so a dispatch reads them."""
        with or_unavailable():
            return await self._read(citizen_ids, {"said": 0})

    async def _read(
        self, citizen_ids: Collection[str], shown: Document | None = None
    ) -> dict[str, CitizenRecord]:
        cursor = self._citizens.find({"_id": {"$in": list(citizen_ids)}}, shown)
        found = await cursor.batch_size(len(citizen_ids) + 1).to_list(None)
        return {document["_id"]: _record(document) for document in found}


def _record(document: Document) -> CitizenRecord:
    fields: dict[str, Any] = document | {"citizen_id": document["_id"]}
    for former, name in _FORMER.items():
        if former in fields:
            fields[name] = fields.pop(former)
    return CITIZENS.from_document(fields)


def _replacing(record: CitizenRecord) -> ReplaceOne[Document]:
    """Only what it was worked out from; a version that is not there was never written."""
    document = CITIZENS.to_document(record.citizen_id, record)
    known = record.version or {"$exists": False}
    document["version"] = record.version + 1
    del document["citizen_id"]
    return ReplaceOne(
        {"_id": record.citizen_id, "version": known}, document, upsert=not record.version
    )
