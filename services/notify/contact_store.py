"""The records of citizens in MongoDB; contacts stay as sealed as they came."""

from collections.abc import Collection, Sequence
from typing import Any

from pymongo import UpdateOne

from services.messaging.outage import or_unavailable
from services.notify.codec import Table
from services.notify.contacts import Record, Shared, Word, persons
from services.platform.mongo import Database, Document

CITIZENS = Table("citizens", Record)


class MongoContacts:
    """One document a citizen; each change is one update that may come twice and in any order."""

    def __init__(self, database: Database) -> None:
        self._citizens = database[CITIZENS.name]

    async def share(self, contacts: Sequence[Shared]) -> None:
        await self._update([_sharing(contact) for contact in contacts])

    async def consent(self, words: Sequence[Word]) -> None:
        await self._update([_consenting(word) for word in words])

    async def erase(self, citizen_ids: Collection[str]) -> None:
        gone = {"erased": True, "contact": "$$REMOVE"}
        await self._update([_change(citizen_id, gone) for citizen_id in citizen_ids])

    async def merge(self, merged_id: str, citizen_id: str, order: str) -> None:
        kept = {"$gte": ["$merged_order", order]}
        merged = {
            "merged_into": _unless(kept, "$merged_into", citizen_id),
            "merged_order": _unless(kept, "$merged_order", order),
        }
        absorbed = {"$ifNull": ["$absorbed", []]}
        stays = {"absorbed": {"$setUnion": [absorbed, [merged_id]]}}
        await self._update([_change(merged_id, merged), _change(citizen_id, stays)])

    async def persons(self, citizen_ids: Collection[str]) -> dict[str, tuple[Record, ...]]:
        return await persons(citizen_ids, self._read)

    async def agreed(self, purpose: str, after: str, limit: int) -> list[str]:
        asked = {f"consents.{purpose}.given": True, "_id": {"$gt": after}}
        cursor = self._citizens.find(asked, {"_id": 1}).sort("_id", 1).limit(limit)
        with or_unavailable():
            return [document["_id"] for document in await cursor.to_list(None)]

    async def _read(self, citizen_ids: Collection[str]) -> dict[str, Record]:
        with or_unavailable():
            cursor = self._citizens.find({"_id": {"$in": list(citizen_ids)}})
            found = await cursor.batch_size(len(citizen_ids) + 1).to_list(None)
        return {d["_id"]: CITIZENS.from_document(d | {"citizen_id": d["_id"]}) for d in found}

    async def _update(self, changes: Sequence[UpdateOne]) -> None:
        with or_unavailable():
            await self._citizens.bulk_write(changes)


def _sharing(contact: Shared) -> UpdateOne:
    kept = {"$or": [{"$eq": ["$erased", True]}, {"$gte": ["$contact_order", contact.order]}]}
    fields = {
        "contact": _unless(kept, "$contact", contact.body),
        "contact_order": _unless(kept, "$contact_order", contact.order),
    }
    return _change(contact.citizen_id, fields)


def _consenting(word: Word) -> UpdateOne:
    field, consent = f"consents.{word.purpose}", word.consent
    kept = {"$gte": [f"${field}.order", consent.order]}
    last = {"given": consent.given, "order": consent.order, "ward": consent.ward}
    return _change(word.citizen_id, {field: _unless(kept, f"${field}", last)})


def _change(citizen_id: str, fields: Document) -> UpdateOne:
    return UpdateOne({"_id": citizen_id}, [{"$set": fields}], upsert=True)


def _unless(kept: Document, known: str, new: Any) -> Document:
    """A field that stays as it is where `kept` holds; `$$REMOVE` keeps an absent one absent."""
    old = {"$ifNull": [known, "$$REMOVE"]}
    return {"$cond": [kept, old, {"$literal": new}]}
