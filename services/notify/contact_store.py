"""The records of citizens in MongoDB; contacts stay as sealed as they came."""

from collections.abc import Collection
from typing import Any

from services.messaging.entry import Unavailable
from services.notify.codec import Table
from services.notify.contacts import Consent, Record, persons
from services.platform.mongo import Database, Document, PyMongoError

CITIZENS = Table("citizens", Record)


class MongoContacts:
    """One document a citizen; each change is one update that may come twice and in any order."""

    def __init__(self, database: Database) -> None:
        self._citizens = database[CITIZENS.name]

    async def share(self, citizen_id: str, body: bytes, order: str) -> None:
        kept = {"$or": [{"$eq": ["$erased", True]}, {"$gte": ["$contact_order", order]}]}
        await self._update(
            citizen_id,
            {
                "contact": _unless(kept, "$contact", body),
                "contact_order": _unless(kept, "$contact_order", order),
            },
        )

    async def consent(self, citizen_id: str, purpose: str, consent: Consent) -> None:
        field = f"consents.{purpose}"
        kept = {"$gte": [f"${field}.order", consent.order]}
        last = {"given": consent.given, "order": consent.order}
        await self._update(citizen_id, {field: _unless(kept, f"${field}", last)})

    async def erase(self, citizen_ids: Collection[str]) -> None:
        for citizen_id in citizen_ids:
            await self._update(citizen_id, {"erased": True, "contact": "$$REMOVE"})

    async def merge(self, merged_id: str, citizen_id: str, order: str) -> None:
        kept = {"$gte": ["$merged_order", order]}
        await self._update(
            merged_id,
            {
                "merged_into": _unless(kept, "$merged_into", citizen_id),
                "merged_order": _unless(kept, "$merged_order", order),
            },
        )
        absorbed = {"$ifNull": ["$absorbed", []]}
        await self._update(citizen_id, {"absorbed": {"$setUnion": [absorbed, [merged_id]]}})

    async def persons(self, citizen_ids: Collection[str]) -> dict[str, tuple[Record, ...]]:
        return await persons(citizen_ids, self._read)

    async def _read(self, citizen_ids: Collection[str]) -> dict[str, Record]:
        try:
            found = await self._citizens.find({"_id": {"$in": list(citizen_ids)}}).to_list(None)
        except PyMongoError as error:
            raise Unavailable from error
        return {d["_id"]: CITIZENS.from_document(d | {"citizen_id": d["_id"]}) for d in found}

    async def _update(self, citizen_id: str, fields: Document) -> None:
        try:
            await self._citizens.update_one({"_id": citizen_id}, [{"$set": fields}], upsert=True)
        except PyMongoError as error:
            raise Unavailable from error


def _unless(kept: Document, known: str, new: Any) -> Document:
    """A field that stays as it is where `kept` holds; `$$REMOVE` keeps an absent one absent."""
    old = {"$ifNull": [known, "$$REMOVE"]}
    return {"$cond": [kept, old, {"$literal": new}]}
