"""The ended accesses in MongoDB, for as long as a token that they end could live."""

from pymongo import ASCENDING, IndexModel

from services.notify.access.ended import RETENTION
from services.platform.access.ended import EndedAccess
from services.platform.mongo import Database, or_unavailable


class MongoEndedAccesses:
    """Collection `ended_access`."""

    def __init__(self, database: Database) -> None:
        self._ended = database["ended_access"]

    async def ensure_indexes(self) -> None:
        """What makes the database forget them."""
        seconds = int(RETENTION.total_seconds())
        index = IndexModel([("at", ASCENDING)], expireAfterSeconds=seconds)
        await self._ended.create_indexes([index])

    async def note(self, ended: EndedAccess) -> None:
        with or_unavailable():
            await self._ended.update_one({"_id": ended.id}, {"$max": {"at": ended.at}}, upsert=True)

    async def of(self, source: str) -> EndedAccess | None:
        with or_unavailable():
            found = await self._ended.find_one({"_id": source.rpartition("/")[2]})
        return EndedAccess(id=found["_id"], at=found["at"]) if found else None
