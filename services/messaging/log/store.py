"""The event log in MongoDB: appends by group commit, reads by id, subject and target."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pymongo
from pymongo.errors import BulkWriteError

from services.events import registry
from services.events.envelope import Event
from services.messaging.log.append_store import (
    DUPLICATE_KEY,
    WRITE_TIMEOUT_S,
    Encoded,
    LogWriter,
    encode,
)
from services.messaging.log.entry import Appended, Entry
from services.messaging.log.stored import Stored, from_document, store, target_of, to_document
from services.messaging.topology import partition_of
from services.platform.clock import Clock, utc_now
from services.platform.group_commit import GroupCommit
from services.platform.mongo import Collection as MongoCollection
from services.platform.mongo import Database, Document, PyMongoError, Session
from services.platform.unavailable import Unavailable

_WAITING = {"held": True, "refused": {"$exists": False}}


class MongoEventLog:
    """The log in collection `events` of the service's own database."""

    def __init__(
        self,
        database: Database,
        *,
        partitions: int,
        clock: Clock = utc_now,
        max_group: int = 1_000,
        max_waiting: int = 5_000,
        write_timeout_s: float = WRITE_TIMEOUT_S,
    ) -> None:
        self.appended = asyncio.Event()
        self._events: MongoCollection = database["events"]
        self._partitions = partitions
        self._clock = clock
        self._writer = LogWriter(self._events, clock, write_timeout_s)
        self._group = GroupCommit[Encoded, Appended](
            self._write, max_group=max_group, max_waiting=max_waiting
        )

    async def ensure_indexes(self) -> None:
        """Partial indexes, so that each holds few entries; run again it changes nothing."""
        await self._events.create_indexes(
            [
                _index("history", [("subject", 1), ("time", 1), ("_id", 1)], {"decided": True}),
                _index("held", [("held", 1), ("_id", 1)], {"held": True}),
                _index("target", [("target", 1)], {"target": {"$exists": True}}),
            ]
        )

    async def append(self, entry: Entry) -> Appended:
        return (await self.append_all([entry]))[0]

    async def append_all(self, entries: Sequence[Entry]) -> list[Appended]:
        now = self._clock()
        return await self._group.add_all(
            [encode(store(e, self._partitions, now), now) for e in entries]
        )

    async def insert_in(self, session: Session, entries: Sequence[Entry]) -> None:
        now = self._clock()
        stored = [to_document(store(entry, self._partitions, now)) for entry in entries]
        try:
            await self._events.insert_many(stored, session=session)
        except BulkWriteError as error:
            if any(e["code"] == DUPLICATE_KEY for e in error.details["writeErrors"]):
                raise Unavailable("another append of this id came between") from error
            raise

    def announce(self) -> None:
        self.appended.set()

    async def close(self) -> None:
        """Waits for appends under way."""
        await self._group.close()

    async def find(self, event_id: str) -> Stored | None:
        with _translated():
            found = await self._events.find_one({"_id": event_id})
        return from_document(found) if found else None

    async def find_all(self, event_ids: Collection[str]) -> dict[str, Stored]:
        cursor = self._events.find({"_id": {"$in": list(event_ids)}})
        return {found["_id"]: from_document(found) for found in await _all(cursor)}

    async def histories(
        self, subjects: Collection[str], session: Session | None = None
    ) -> dict[str, list[Event]]:
        asked = {"subject": {"$in": list(subjects)}, "decided": True}
        cursor = self._events.find(asked, session=session).hint("history")
        found: dict[str, list[Event]] = {subject: [] for subject in subjects}
        for document in await _all(cursor.sort([("time", 1), ("_id", 1)]), session):
            found[document["subject"]].append(from_document(document).event)
        return found

    async def hashes(
        self, event_ids: Collection[str], session: Session | None = None
    ) -> dict[str, bytes]:
        asked = {"_id": {"$in": list(event_ids)}}
        cursor = self._events.find(asked, {"payload_hash": 1}, session=session)
        return {found["_id"]: found["payload_hash"] for found in await _all(cursor, session)}

    async def is_voided(self, event_id: str) -> bool:
        standing = {"target": event_id, "held": {"$exists": False}}
        with _translated():
            return await self._events.find_one(standing, {"_id": 1}, hint="target") is not None

    async def held_for(self, targets: Sequence[str]) -> list[Stored]:
        cursor = self._events.find({"target": {"$in": list(targets)}, **_WAITING})
        return [from_document(document) for document in await _all(cursor.hint("target"))]

    async def held(self, after: str, limit: int) -> list[Stored]:
        cursor = self._events.find({"_id": {"$gt": after}, **_WAITING}).hint("held")
        return [from_document(found) for found in await _all(cursor.sort("_id", 1).limit(limit))]

    async def refuse_held(self, event_id: str) -> None:
        waiting = {"_id": event_id, **_WAITING}
        with _translated():
            await self._events.update_one(waiting, {"$set": {"refused": True}})

    async def publish(
        self, event: Event, session: Session | None = None, *, decided: bool = False
    ) -> bool:
        target = target_of(event, held=False)
        with _translated(session):
            changed = await self._events.update_one(
                {"_id": event.id, "held": True},
                {
                    "$set": {
                        "recorded_at": event.recordedtime,
                        "subject": event.subject,
                        "ward": event.ward,
                        "partition": partition_of(event.ward, self._partitions),
                        "body": registry.encode(event),
                        "pending": self._clock(),
                        **({"decided": True} if decided else {}),
                    },
                    "$unset": {"held": "", **({} if target else {"target": ""})},
                },
                session=session,
            )
        if session is None:
            self.announce()
        return changed.modified_count == 1

    async def page(self, after: str, limit: int, since: datetime | None = None) -> list[Stored]:
        asked: Document = {"_id": {"$gt": after}, "held": {"$exists": False}}
        if since is not None:
            asked["recorded_at"] = {"$gte": since}
        cursor = self._events.find(asked).sort("_id", 1).limit(limit)
        return [from_document(found) for found in await _all(cursor)]

    async def _write(self, group: Sequence[Encoded]) -> list[Appended | Exception]:
        answers = await self._writer.write(group)
        self.announce()
        return answers


def _index(name: str, keys: list[tuple[str, int]], only: dict[str, Any]) -> pymongo.IndexModel:
    return pymongo.IndexModel(keys, name=name, partialFilterExpression=only)


async def _all(cursor: Any, session: Session | None = None) -> list[Document]:
    """Raises: Unavailable, unless the transaction of the session is to say so."""
    with _translated(session):
        found: list[Document] = await cursor.to_list(None)
        return found


@contextmanager
def _translated(session: Session | None = None) -> Iterator[None]:
    """The driver's errors as Unavailable; as they are within a transaction, which needs their
    labels to know whether to begin again."""
    try:
        yield
    except PyMongoError as error:
        if session is not None:
            raise
        raise Unavailable(type(error).__name__) from error
