"""Owns how far each partition has come, and so the instant up to which the figures are true."""

from collections.abc import Mapping
from datetime import datetime

from pymongo import ReturnDocument, UpdateOne

from services.platform.mongo import Database, Document, Session

Pending = Mapping[str, datetime]
"""By publisher: all that it recorded before this instant has been published."""


class Moved(Exception):
    """Another transaction of the partition came in between."""


class Progress:
    """One document a partition, which every transaction of the partition writes.

    So two workers of one partition, as there may be for a moment after a failure, conflict.
    """

    def __init__(self, database: Database) -> None:
        self._progress = database["progress"]

    async def prepare(self, partitions: int) -> None:
        """Make the documents, for a transaction cannot make a collection beside another one."""
        for partition in range(partitions):
            await self.revision(partition)

    async def move(self, moves: Mapping[int, Pending], session: Session | None) -> None:
        """All that was published to each partition before is projected with this transaction."""
        writes = [UpdateOne({"_id": n}, _moved(moves[n]), upsert=True) for n in sorted(moves)]
        await self._progress.bulk_write(writes, session=session)

    async def claim(self, partition: int, revision: int, session: Session | None) -> None:
        """The session's transaction is the only one of the partition since `revision`.

        Raises: Moved when another one came.
        """
        seen = {"_id": partition, "revision": revision}
        result = await self._progress.update_one(seen, _moved({}), session=session)
        if not result.matched_count:
            raise Moved

    async def heard(self, partition: int, pending: Pending) -> None:
        """The same where nothing was to be projected: a heartbeat."""
        if not pending:
            return
        await self._progress.update_one({"_id": partition}, _latest(pending), upsert=True)

    async def revision(self, partition: int) -> int:
        """Changes with every transaction of the partition."""
        found = await self._progress.find_one_and_update(
            {"_id": partition},
            {"$inc": {"revision": 0}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return int(found["revision"])

    async def revisions(self) -> dict[int, int]:
        """Of every partition: while these are equal, so are all figures."""
        found = self._progress.find({}, {"revision": 1}).sort("_id")
        return {document["_id"]: int(document.get("revision", 0)) async for document in found}

    async def all(self) -> dict[int, dict[str, datetime]]:
        """Of each partition, how far each publisher's events are projected."""
        return {
            document["_id"]: document.get("pending", {}) async for document in self._progress.find()
        }


def _moved(pending: Pending) -> Document:
    return {"$inc": {"revision": 1}, **_latest(pending)}


def _latest(pending: Pending) -> Document:
    change = {f"pending.{publisher}": at for publisher, at in pending.items()}
    return {"$max": change} if change else {}


def true_as_of(progress: Mapping[int, Pending], partitions: int) -> datetime | None:
    """All that was recorded before this instant is in the figures; None: nobody can say yet.

    The least over partitions and over all publishers that were ever heard.
    """
    publishers = {publisher for pending in progress.values() for publisher in pending}
    instants = [
        progress.get(partition, {}).get(publisher)
        for partition in range(partitions)
        for publisher in publishers
    ]
    known = [instant for instant in instants if instant is not None]
    return min(known) if known and len(known) == len(instants) else None
