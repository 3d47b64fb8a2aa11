"""Rows in the collection `subjects`, as MongoDB finds them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from services.platform.mongo import Collection as MongoCollection
from services.platform.mongo import Document
from services.registration.subjects.rows import Row, RowName, row_id
from services.registration.subjects.subject import Decided


class MongoRows:
    """Rows in the collection `subjects`."""

    def __init__(self, subjects: MongoCollection) -> None:
        self._subjects = subjects

    async def ensure_indexes(self) -> None:
        """For lists by ward."""
        await self._subjects.create_index([("kind", 1), ("ward", 1), ("id", 1)])
        await self._subjects.create_index([("kind", 1), ("id", 1)])
        await self._subjects.create_index([("state.citizen_id", 1), ("kind", 1)], sparse=True)

    async def get(self, kind: str, id_: str) -> Row | None:
        document = await self._subjects.find_one({"_id": row_id(kind, id_)})
        return _row(document) if document else None

    async def list(
        self, kind: str, ward: str | None = None, after: str = "", limit: int = 100
    ) -> Sequence[Row]:
        query: Document = {"kind": kind, "id": {"$gt": after}}
        if ward is not None:
            query["ward"] = ward
        found = self._subjects.find(query).sort("id", 1).limit(limit)
        return [_row(document) async for document in found]

    async def of_citizen(self, kind: str, citizen_id: str) -> Sequence[Row]:
        found = self._subjects.find({"state.citizen_id": citizen_id, "kind": kind}).sort("id", 1)
        return [_row(document) async for document in found]

    async def open(self, subject: Decided[Any], until: date) -> Sequence[Row]:
        asked: Document = {
            "kind": subject.kind,
            f"state.{subject.ends_on}": None,
            "state.since": {"$lte": until.isoformat()},
        }
        found = self._subjects.find(asked).sort([("state.since", 1), ("id", 1)])
        return [_row(document) async for document in found]

    async def find(self, named: Collection[RowName]) -> Mapping[RowName, Row]:
        if not named:
            return {}
        found = self._subjects.find({"_id": {"$in": [row_id(*name) for name in named]}})
        rows = [_row(document) async for document in found]
        return {(row.kind, row.id): row for row in rows}


def _row(document: Document) -> Row:
    return Row(document["kind"], document["id"], document["ward"], document["state"])
