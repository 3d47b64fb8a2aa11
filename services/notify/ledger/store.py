"""The ledger in MongoDB: notifications, reasons that are used up, numbers, budgets, receipts."""

from collections.abc import Callable, Collection, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from pymongo import DESCENDING

from services.events.envelope import Event
from services.messaging.log.event_log import EventLog
from services.notify import metrics
from services.notify.ledger.controls import CONTROLS, Controls, controls_of
from services.notify.ledger.index_store import prepare
from services.notify.ledger.ledger import Query, Traces, Transaction
from services.notify.ledger.parts import WHOLE, Part
from services.notify.ledger.records import (
    CLAIMS,
    INVITATIONS,
    LEASES,
    NOTIFICATIONS,
    NUMBERS,
    REPLIES,
    ROWS,
    SENDERS,
    Sender,
)
from services.notify.ledger.table import Table
from services.notify.ledger.transaction_store import MongoTransaction
from services.notify.notification.notification import Notification, ids_telling
from services.notify.notification.numbers import LEADING_TO_NOTIFICATIONS, NumberRecord
from services.notify.notification.occasions import EventRow
from services.notify.notification.states import JUDGEABLE, State
from services.platform.mongo import Client, Database, Document, Session, or_unavailable, transact

T = TypeVar("T")

LEASES_AT_ONCE = 500
"""Looked through each second, and removed when all that they stood for is settled."""


class MongoLedger:
    """One collection a table, in notify's own database beside its event log."""

    def __init__(self, client: Client, database: Database, log: EventLog) -> None:
        self._client = client
        self._database = database
        self._log = log
        self._notifications = database[NOTIFICATIONS.name]
        self._rows = database[ROWS.name]
        self._leases = database[LEASES.name]

    async def ensure_indexes(self) -> None:
        """Run again it changes nothing."""
        await prepare(self._database)

    async def transact(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        announced: list[Event] = []

        async def inside(session: Session) -> T:
            announced.clear()
            return await work(MongoTransaction(self._database, self._log, session, announced))

        with or_unavailable():
            answer = await transact(self._client, inside)
        if announced:
            self._log.announce()
            metrics.count_announced(announced)
        return answer

    async def due(
        self, now: datetime, limit: int, part: Part = WHOLE, without: Collection[str] = ()
    ) -> list[Notification]:
        asked = {
            "due_at": {"$lte": now},
            "_id": {"$gte": part.first, "$lt": part.end, "$nin": list(without)},
            "state": {"$ne": State.SUBMITTING.value},
        }
        cursor = self._notifications.find(asked).hint("due_by_id")
        found = await self._read(cursor.sort("due_at", 1).limit(limit).batch_size(limit + 1))
        return [NOTIFICATIONS.from_document(document) for document in found]

    async def abandoned(self, at: datetime, limit: int) -> list[str]:
        over = await self._read(self._leases.find({"until": {"$lte": at}}).limit(LEASES_AT_ONCE))
        ids = [id_ for lease in over for id_ in lease["notification_ids"]]
        asked = {"_id": {"$in": ids}, "lease_until": {"$lte": at}}
        dead = await self._ids(self._notifications.find(asked, {"_id": 1}), limit) if ids else []
        if over and not dead:
            await self._forget([lease["_id"] for lease in over])
        return dead

    async def stranded(self, now: datetime, limit: int) -> list[str]:
        asked = {"waits_until": {"$lte": now}}
        return await self._ids(self._rows.find(asked, {"_id": 1}).hint("stranded"), limit)

    async def wake(self, citizen_ids: Collection[str], now: datetime) -> None:
        theirs = {"occasions.citizen_id": {"$in": list(citizen_ids)}}
        unsent = {"state": {"$in": [state.value for state in JUDGEABLE]}}
        deferred = theirs | {"state": State.DEFERRED.value}
        with or_unavailable():
            await self._notifications.update_many(theirs | unsent, {"$inc": {"version": 1}})
            await self._notifications.update_many(
                deferred, {"$min": {"due_at": now}, "$inc": {"version": 1}}
            )

    async def traces(self, citizen_ids: Collection[str]) -> Traces:
        theirs = {"occasions.citizen_id": {"$in": list(citizen_ids)}}
        told = await self._keys(NOTIFICATIONS, theirs)
        leading = [
            {f"{name}.{id_}": {"$exists": True}}
            for name, ids in (
                ("wrong_for", citizen_ids),
                *((n, told) for n in LEADING_TO_NOTIFICATIONS),
            )
            for id_ in ids
        ]
        invited = {"_id": {"$regex": "^campaign-"}, "notification_id": {"$in": list(told)}}
        return Traces(
            notifications=told,
            numbers=await self._keys(NUMBERS, {"$or": leading}),
            replies=await self._keys(REPLIES, {"citizen_id": {"$in": list(citizen_ids)}}),
            claims=await self._keys(CLAIMS, invited),
        )

    async def _keys(self, table: Table[Any], asked: Document) -> frozenset[str]:
        found = await self._read(self._database[table.name].find(asked, {"_id": 1}))
        return frozenset(document["_id"] for document in found)

    async def senders(self, notification_ids: Collection[str]) -> dict[str, Sender]:
        asked = {"_id": {"$in": list(notification_ids)}}
        found = await self._read(self._database[SENDERS.name].find(asked))
        return {document["_id"]: SENDERS.from_document(document) for document in found}

    async def versions(self, notification_ids: Collection[str]) -> dict[str, int]:
        asked = {"_id": {"$in": list(notification_ids)}}
        cursor = self._notifications.find(asked, {"version": 1})
        found = await self._read(cursor.batch_size(len(notification_ids) + 1))
        return {document["_id"]: document["version"] for document in found}

    async def numbers(self, number_keys: Collection[str]) -> dict[str, NumberRecord]:
        cursor = self._database[NUMBERS.name].find({"_id": {"$in": list(number_keys)}})
        found = await self._read(cursor.batch_size(len(number_keys) + 1))
        return {document["_id"]: NUMBERS.from_document(document) for document in found}

    async def controls(self) -> Controls:
        found = await self._read(self._database[CONTROLS.name].find())
        return controls_of({d["_id"]: CONTROLS.from_document(d) for d in found})

    async def invitations(self, campaign_ids: Collection[str]) -> dict[str, str]:
        asked = {"_id": {"$in": list(campaign_ids)}}
        found = await self._read(self._database[INVITATIONS.name].find(asked, {"text": 1}))
        return {d["_id"]: INVITATIONS.from_document(d).text for d in found}

    async def find(self, notification_id: str) -> Notification | None:
        with or_unavailable():
            found = await self._notifications.find_one({"_id": notification_id})
        return NOTIFICATIONS.from_document(found) if found else None

    async def search(self, query: Query) -> list[Notification]:
        asked = _asked(query)
        if query.event_id:
            asked["_id"] = {"$in": await self._telling(query.event_id)}
        cursor = self._notifications.find(asked)
        newest = cursor.sort([("created_at", DESCENDING), ("_id", DESCENDING)])
        found = await self._read(newest.limit(query.limit))
        return [NOTIFICATIONS.from_document(document) for document in found]

    async def newest(self) -> EventRow | None:
        cursor = self._rows.find({"occasion": {"$exists": True}}).sort("occasion.recorded_at", -1)
        found = await self._read(cursor.limit(1))
        return ROWS.from_document(found[0]) if found else None

    async def _forget(self, leases: Collection[str]) -> None:
        """Once nothing that they stood for is open."""
        with or_unavailable():
            await self._leases.delete_many({"_id": {"$in": list(leases)}})

    async def _telling(self, event_id: str) -> list[str]:
        """By the event's own row: an index here would be written with each step of each SMS."""
        found = await self._read(self._rows.find({"_id": event_id}))
        reasons = [ROWS.from_document(document).reason_id for document in found]
        return [id_ for reason in reasons if reason for id_ in ids_telling(reason)]

    async def _ids(self, cursor: Any, limit: int) -> list[str]:
        return [document["_id"] for document in await self._read(cursor.limit(limit))]

    async def _read(self, cursor: Any) -> list[Document]:
        with or_unavailable():
            found: list[Document] = await cursor.to_list(None)
        return found


def _asked(query: Query) -> Document:
    asked: Document = {}
    if query.citizen_id:
        asked["occasions.citizen_id"] = query.citizen_id
    if query.states:
        asked["state"] = {"$in": [state.value for state in query.states]}
    if query.wards is not None:
        asked["occasions.ward"] = {"$in": sorted(query.wards)}
    if query.before:
        created_at, id_ = query.before
        asked["$or"] = [
            {"created_at": {"$lt": created_at}},
            {"created_at": created_at, "_id": {"$lt": id_}},
        ]
    return asked
