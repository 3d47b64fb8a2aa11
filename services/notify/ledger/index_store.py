"""The collections and indexes of the ledger in MongoDB."""

from uuid import uuid4

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.notify.ledger.controls import CONTROLS
from services.notify.ledger.records import (
    CANCELLATIONS,
    CLAIMS,
    INVITATIONS,
    LEASES,
    NOTIFICATIONS,
    NUMBERS,
    RECEIVED,
    REPLIES,
    ROWS,
    SEALED_TEXTS,
    SENDERS,
    SPENT,
    UNKNOWN_WORDS,
    Lease,
)
from services.platform.mongo import Database

_TABLES = (
    CLAIMS,
    LEASES,
    NUMBERS,
    SPENT,
    RECEIVED,
    UNKNOWN_WORDS,
    REPLIES,
    SEALED_TEXTS,
    SENDERS,
    CANCELLATIONS,
    INVITATIONS,
    CONTROLS,
)
"""Made ahead: a collection cannot come to be within a transaction that others wait for."""
_FORMER_INDEXES = {"due", "lease"}


async def prepare(database: Database) -> None:
    """Makes indexes and collections; run again it changes nothing."""
    known = await database.list_collection_names()
    for name in {table.name for table in _TABLES} - set(known):
        await database.create_collection(name)
    for table, indexes in _INDEXES.items():
        await database[table].create_indexes(indexes)
    await _leave_former_indexes(database)


async def _leave_former_indexes(database: Database) -> None:
    """Each notification once had a lease in an index; what is open from then gets a record now."""
    notifications = database[NOTIFICATIONS.name]
    former = _FORMER_INDEXES & (await notifications.index_information()).keys()
    if "lease" in former:
        asked = {"lease_until": {"$exists": True}}
        open_ = await notifications.find(asked, {"lease_until": 1}).to_list(None)
        if open_:
            lease = Lease(max(n["lease_until"] for n in open_), tuple(n["_id"] for n in open_))
            await database[LEASES.name].insert_one(LEASES.to_document(uuid4().hex, lease))
    for name in former:
        await notifications.drop_index(name)


def _partial(name: str, *fields: str) -> IndexModel:
    """Holds only what has the first of these fields."""
    only = {fields[0]: {"$exists": True}}
    keys = [(field, ASCENDING) for field in fields]
    return IndexModel(keys, name=name, partialFilterExpression=only)


_FORGOTTEN = IndexModel([("until", ASCENDING)], name="until", expireAfterSeconds=0)
_INDEXES = {
    NOTIFICATIONS.name: [
        _partial("due_by_id", "due_at", "_id"),
        IndexModel([("occasions.citizen_id", ASCENDING)], name="citizen"),
        IndexModel([("created_at", DESCENDING), ("_id", DESCENDING)], name="newest"),
    ],
    ROWS.name: [
        IndexModel(
            [("replaces", ASCENDING)],
            name="waiting_for",
            partialFilterExpression={"waits_until": {"$exists": True}},
        ),
        _partial("stranded", "waits_until"),
    ],
    SEALED_TEXTS.name: [_FORGOTTEN],
    SENDERS.name: [_FORGOTTEN],
    LEASES.name: [IndexModel([("until", ASCENDING)], name="until")],
}
