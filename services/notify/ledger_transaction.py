"""One change to the ledger in MongoDB: all of it at once, or nothing."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from pymongo import InsertOne, ReplaceOne

from services.events.envelope import Event
from services.messaging.entry import Entry
from services.messaging.event_log import EventLog
from services.notify.codec import Table
from services.notify.notification import Notification
from services.notify.occasions import Row
from services.notify.transaction import NOTIFICATIONS, ROWS
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
        self._absent = set[tuple[str, str]]()

    async def get(self, table: Table[R], keys: Collection[str]) -> dict[str, R]:
        if not keys:
            return {}
        cursor = self._in(table).find({"_id": {"$in": list(keys)}}, session=self._session)
        found = {document["_id"]: document for document in await cursor.to_list(None)}
        self._absent |= {(table.name, key) for key in keys if key not in found}
        return {key: table.from_document(document) for key, document in found.items()}

    async def unchanged(self, known: Collection[Notification]) -> dict[str, Notification]:
        by_id = {n.id: n for n in known}
        asked = {"_id": {"$in": list(by_id)}}
        cursor = self._in(NOTIFICATIONS).find(asked, {"version": 1}, session=self._session)
        found = {d["_id"]: d["version"] for d in await cursor.to_list(None)}
        same = {id_: n for id_, n in by_id.items() if found.get(id_) == n.version}
        return same | await self.get(NOTIFICATIONS, found.keys() - same.keys())

    async def put(self, table: Table[R], records: Mapping[str, R]) -> None:
        if not records:
            return
        writes = [self._write(table, key, record) for key, record in records.items()]
        await self._in(table).bulk_write(writes, ordered=False, session=self._session)

    async def waiting_for(self, event_ids: Collection[str]) -> list[Row]:
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
    ) -> InsertOne[Document] | ReplaceOne[Document]:
        """What this transaction saw absent is inserted: whoever comes between conflicts with it."""
        document = table.to_document(key, record)
        if (table.name, key) in self._absent:
            self._absent.discard((table.name, key))
            return InsertOne(document)
        return ReplaceOne({"_id": key}, document, upsert=True)

    def _in(self, table: Table[Any]) -> MongoCollection:
        return self._database[table.name]


def _digest(event: Event) -> bytes:
    """Our own ids are made of what the event says: two with one id say the same."""
    return hashlib.sha256(event.id.encode()).digest()
