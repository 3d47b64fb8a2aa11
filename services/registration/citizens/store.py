"""The blind index in MongoDB, in a database and with a user of its own."""

from collections.abc import Collection as Several
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pymongo
from pymongo import ASCENDING, DeleteOne, IndexModel, UpdateOne
from pymongo.errors import BulkWriteError, PyMongoError

from services.platform.mongo import Collection, Database, Document
from services.platform.unavailable import Unavailable
from services.registration.citizens.identity import Kind
from services.registration.citizens.row_store import (
    alias_of,
    document_of,
    merger_of,
    repointing,
    row_of,
    sealed_of,
)
from services.registration.citizens.rows import Alias, IndexRow, Merger, Repoint

TIMEOUT_S = 5.0
DUPLICATE_KEY = 11_000
_ROUNDS = 3
_CITIZENS = [Kind.NATIONAL_ID, Kind.PHONE]
_NATIONAL_IDS = [Kind.NATIONAL_ID, Kind.MEMBER_NATIONAL_ID]


class MongoRowStore:
    """Collections `index`, `aliases` and `mergers`."""

    def __init__(self, database: Database, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._rows: Collection = database["index"]
        self._aliases: Collection = database["aliases"]
        self._mergers: Collection = database["mergers"]

    async def ensure_indexes(self) -> None:
        """By what a row leads to, and those that the sweep has still to look at."""
        unsettled = {"used_by": {"$exists": True}}
        await self._rows.create_indexes(
            [
                IndexModel([("to", ASCENDING)], name="to"),
                IndexModel([("home", ASCENDING)], name="home", sparse=True),
                IndexModel([("addresses", ASCENDING)], name="addresses", sparse=True),
                IndexModel([("at", ASCENDING)], name="at", partialFilterExpression=unsettled),
            ]
        )
        await self._aliases.create_index("to")
        for side in ("merged_id", "kept_id"):
            await self._mergers.create_index(side)

    async def insert(self, rows: Sequence[IndexRow]) -> Mapping[bytes, IndexRow]:
        left, found = {row.hash: row for row in rows}, dict[bytes, IndexRow]()
        with durable(self._timeout_s):
            for _ in range(_ROUNDS):
                clashes = await self._insert([*left.values()])
                known = await self.find(clashes)
                found |= known
                left = {hash_: left[hash_] for hash_ in clashes if hash_ not in known}
                if not left:
                    return found
        raise Unavailable("rows come and go")

    async def find(self, hashes: Several[bytes]) -> Mapping[bytes, IndexRow]:
        if not hashes:
            return {}
        with durable(self._timeout_s):
            found = await self._rows.find({"_id": {"$in": list(hashes)}}).to_list(None)
        return {document["_id"]: row_of(document) for document in found}

    async def of(self, to: str) -> Sequence[IndexRow]:
        with durable(self._timeout_s):
            found = await self._rows.find({"to": to}).sort("_id", ASCENDING).to_list(None)
        return [row_of(document) for document in found]

    async def with_national_id(self, citizens: Several[str]) -> set[str]:
        query = {"to": {"$in": list(citizens)}, "kind": {"$in": _NATIONAL_IDS}}
        with durable(self._timeout_s):
            return {row["to"] for row in await self._rows.find(query, {"to": 1}).to_list(None)}

    async def repoint(self, changes: Sequence[Repoint]) -> None:
        with durable(self._timeout_s):
            await self._rows.bulk_write([repointing(change) for change in changes], ordered=False)

    async def note_use(self, uses: Sequence[tuple[bytes, str]]) -> None:
        notes = [
            UpdateOne({"_id": hash_, "used_by": {"$exists": True}}, {"$addToSet": {"used_by": use}})
            for hash_, use in uses
        ]
        with durable(self._timeout_s):
            await self._rows.bulk_write(notes, ordered=False)

    async def met_at(self, hash_: bytes, address: bytes) -> None:
        with durable(self._timeout_s):
            await self._rows.update_one({"_id": hash_}, {"$addToSet": {"addresses": address}})

    async def at_addresses(self, addresses: Several[bytes]) -> set[str]:
        query = {"addresses": {"$in": list(addresses)}}
        with durable(self._timeout_s):
            return {row["to"] for row in await self._rows.find(query, {"to": 1}).to_list(None)}

    async def data_keys(self, citizens: Several[str]) -> Mapping[str, bytes]:
        ids = list(citizens)
        live = {"to": {"$in": ids}, "kind": {"$in": _CITIZENS}}
        with durable(self._timeout_s):
            rows = await self._rows.find(live, {"to": 1, "data_key": 1}).to_list(None)
            away = await self._rows.find({"home": {"$in": ids}}).to_list(None)
            merged = await self._aliases.find({"_id": {"$in": ids}}).to_list(None)
        keys = {row["_id"]: row.get("data_key") for row in merged}
        keys |= {row["home"]: row.get("home_key") for row in away}
        keys |= {row["to"]: row.get("data_key") for row in rows}
        return {citizen_id: key for citizen_id, key in keys.items() if key}

    async def add_alias(self, alias: Alias) -> None:
        fields: Document = {"to": alias.to}
        if alias.data_key:
            fields["data_key"] = alias.data_key
        with durable(self._timeout_s):
            await self._aliases.update_one({"_id": alias.merged_id}, {"$set": fields}, upsert=True)

    async def alias(self, citizen_id: str) -> Alias | None:
        with durable(self._timeout_s):
            found = await self._aliases.find_one({"_id": citizen_id})
        return alias_of(found) if found else None

    async def aliases_of(self, to: str) -> Sequence[Alias]:
        with durable(self._timeout_s):
            found = await self._aliases.find({"to": to}).sort("_id", ASCENDING).to_list(None)
        return [alias_of(row) for row in found]

    async def remove_alias(self, merged_id: str) -> None:
        with durable(self._timeout_s):
            await self._aliases.delete_one({"_id": merged_id})

    async def note_merger(self, merger: Merger) -> None:
        told = {"merged_id": merger.merged_id, "kept_id": merger.surviving_id, "at": merger.at}
        with durable(self._timeout_s):
            await self._mergers.update_one({"_id": merger.event_id}, {"$set": told}, upsert=True)

    async def note_met(self, meetings: Sequence[tuple[bytes, str]]) -> None:
        told = [UpdateOne({"_id": hash_}, {"$addToSet": {"met": w}}) for hash_, w in meetings]
        with durable(self._timeout_s):
            await self._rows.bulk_write(told, ordered=False)

    async def note_voided_merger(self, event_id: str, merged_id: str) -> None:
        told = {"merged_id": merged_id, "voided": True}
        with durable(self._timeout_s):
            await self._mergers.update_one({"_id": event_id}, {"$set": told}, upsert=True)

    async def mergers_of(self, citizens: Several[str]) -> Sequence[Merger]:
        ids = {"$in": list(citizens)}
        either = {"$or": [{"merged_id": ids}, {"kept_id": ids}]}
        with durable(self._timeout_s):
            found = await self._mergers.find(either).sort("_id", ASCENDING).to_list(None)
        return [merger_of(document) for document in found]

    async def written_for(self, citizen_id: str) -> Sequence[IndexRow]:
        own = {"to": citizen_id, "home": {"$exists": False}}
        with durable(self._timeout_s):
            found = self._rows.find({"$or": [{"home": citizen_id}, own]}).sort("_id", ASCENDING)
            return [row_of(document) for document in await found.to_list(None)]

    async def erase(self, ids: Several[str]) -> None:
        asked = {"$in": list(ids)}
        with durable(self._timeout_s):
            await self._rows.delete_many({"$or": [{"to": asked}, {"home": asked}]})
            await self._aliases.update_many({"_id": asked}, {"$unset": {"data_key": ""}})

    async def remove_unused(self, rows: Sequence[IndexRow]) -> None:
        unused = [DeleteOne({"_id": row.hash, "used_by": list(row.used_by)}) for row in rows]
        with durable(self._timeout_s):
            await self._rows.bulk_write(unused, ordered=False)

    async def unsettled(self, before: datetime, limit: int) -> Sequence[IndexRow]:
        query = {"at": {"$lt": before}, "used_by": {"$exists": True}}
        with durable(self._timeout_s):
            found = await self._rows.find(query).sort("at", ASCENDING).limit(limit).to_list(None)
        return [row_of(document) for document in found]

    async def page(self, after: bytes, limit: int) -> Sequence[IndexRow]:
        with durable(self._timeout_s):
            found = self._rows.find({"_id": {"$gt": after}}).sort("_id", ASCENDING).limit(limit)
            return [row_of(document) for document in await found.to_list(None)]

    async def reseal(self, rows: Sequence[IndexRow]) -> None:
        resealed = [
            UpdateOne(
                {"_id": row.hash, "to": row.to},
                {"$set": sealed_of(row)},
            )
            for row in rows
        ]
        with durable(self._timeout_s):
            await self._rows.bulk_write(resealed, ordered=False)

    async def note_seen(self, rows: Sequence[IndexRow]) -> None:
        seen = [
            UpdateOne(
                {"_id": row.hash, "to": row.to},
                {"$set": {"seen_at": row.seen_at, "names": list(row.names)}},
            )
            for row in rows
        ]
        with durable(self._timeout_s):
            await self._rows.bulk_write(seen, ordered=False)

    async def remove_former(self, rows: Sequence[IndexRow]) -> None:
        gone = {"_id": {"$in": [row.former for row in rows if row.former]}}
        alone = {"_id": {"$in": [row.hash for row in rows]}}
        with durable(self._timeout_s):
            await self._rows.delete_many(gone)
            await self._rows.update_many(alone, {"$unset": {"former": ""}})

    async def settle(self, hashes: Several[bytes]) -> None:
        with durable(self._timeout_s):
            await self._rows.update_many(
                {"_id": {"$in": list(hashes)}}, {"$unset": {"used_by": ""}}
            )

    async def _insert(self, rows: Sequence[IndexRow]) -> list[bytes]:
        """The hashes that were taken."""
        try:
            await self._rows.insert_many([document_of(row) for row in rows], ordered=False)
        except BulkWriteError as error:
            return _taken(rows, error.details)
        return []


@contextmanager
def durable(timeout_s: float) -> Iterator[None]:
    """What MongoDB cannot say in time is not known: the caller repeats."""
    try:
        with pymongo.timeout(timeout_s):
            yield
    except PyMongoError as error:
        raise Unavailable(type(error).__name__) from error


def _taken(rows: Sequence[IndexRow], details: Mapping[str, Any]) -> list[bytes]:
    errors = details["writeErrors"]
    if details["writeConcernErrors"] or any(e["code"] != DUPLICATE_KEY for e in errors):
        raise Unavailable("not on a majority's disks")
    return [rows[error["index"]].hash for error in errors]
