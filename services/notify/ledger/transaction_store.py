"""One transaction of the ledger in MongoDB, with an identity map of what it read."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from pymongo import InsertOne, ReplaceOne, UpdateOne

from services.events.envelope import Event
from services.messaging.log.entry import Entry
from services.messaging.log.event_log import EventLog
from services.notify.ledger.records import LEASES, NOTIFICATIONS, ROWS, Lease
from services.notify.ledger.table import Table
from services.notify.notification.notification import Notification
from services.notify.notification.occasions import EventRow
from services.platform.mongo import Collection as MongoCollection
from services.platform.mongo import Database, Document, Session

R = TypeVar("R")


class MongoTransaction:
    """Reads and writes within one session."""

    def __init__(
        self, database: Database, log: EventLog, session: Session, announced: list[Event]
    ) -> None:
        self._database = database
        self._log = log
        self._session = session
        self._announced = announced
        self._seen = dict[tuple[str, str], Any]()
        """What this transaction read or wrote, by table and key; None where there was nothing."""

    async def get(self, table: Table[R], keys: Collection[str]) -> dict[str, R]:
        if not keys:
            return {}
        documents = await self._of(table, keys)
        found = {d["_id"]: table.from_document(d) for d in documents}
        self._seen |= {(table.name, key): found.get(key) for key in keys}
        return found

    async def unchanged(self, known: Collection[Notification]) -> dict[str, Notification]:
        by_id = {n.id: n for n in known}
        versions = await self._of(NOTIFICATIONS, by_id, "version")
        found = {d["_id"]: d["version"] for d in versions}
        same = {id_: n for id_, n in by_id.items() if found.get(id_) == n.version}
        self._seen |= {(NOTIFICATIONS.name, id_): n for id_, n in same.items()}
        return same | await self.get(NOTIFICATIONS, found.keys() - same.keys())

    async def put(self, table: Table[R], records: Mapping[str, R]) -> None:
        if not records:
            return
        writes = [self._write(table, key, record) for key, record in records.items()]
        await self._in(table).bulk_write(writes, ordered=False, session=self._session)

    async def drop(self, table: Table[R], keys: Collection[str]) -> None:
        if keys:
            asked = {"_id": {"$in": list(keys)}}
            await self._in(table).delete_many(asked, session=self._session)

    async def lease(self, notification_ids: Collection[str], until: datetime) -> None:
        lease = Lease(until, tuple(notification_ids))
        document = LEASES.to_document(uuid4().hex, lease)
        await self._in(LEASES).insert_one(document, session=self._session)

    async def waiting_for(self, event_ids: Collection[str]) -> list[EventRow]:
        asked = {"replaces": {"$in": list(event_ids)}, "waits_until": {"$exists": True}}
        cursor = self._in(ROWS).find(asked, session=self._session).hint("waiting_for")
        return [ROWS.from_document(document) for document in await cursor.to_list(None)]

    async def announce(self, events: Sequence[Event]) -> None:
        if not events:
            return
        entries = [Entry(event, _digest(event)) for event in events]
        await self._log.insert_in(self._session, entries)
        self._announced.extend(events)

    def _write(
        self, table: Table[R], key: str, record: R
    ) -> InsertOne[Document] | UpdateOne | ReplaceOne[Document]:
        """What this transaction saw absent is inserted: whoever comes between conflicts with it.

        Of what it saw, only what changed is written: each index that an update touches costs
        MongoDB as much as the rest of it.
        """
        place = table.name, key
        known, before = place in self._seen, self._seen.get(place)
        self._seen[place] = record
        if before is not None:
            there, gone = table.changes(before, record)
            changes = {"$set": there, "$unset": dict.fromkeys(gone, "")}
            return UpdateOne({"_id": key}, changes)
        document = table.to_document(key, record)
        return InsertOne(document) if known else ReplaceOne({"_id": key}, document, upsert=True)

    async def _of(self, table: Table[Any], keys: Collection[str], *fields: str) -> list[Document]:
        """Whole documents unless fields are named; in one batch, for each further one is a way."""
        asked, shown = {"_id": {"$in": list(keys)}}, fields or None
        cursor = self._in(table).find(asked, shown, session=self._session)
        found: list[Document] = await cursor.batch_size(len(keys) + 1).to_list(None)
        return found

    def _in(self, table: Table[Any]) -> MongoCollection:
        return self._database[table.name]


def _digest(event: Event) -> bytes:
    """Our own ids are made of what the event says: two with one id say the same."""
    return hashlib.sha256(event.id.encode()).digest()
