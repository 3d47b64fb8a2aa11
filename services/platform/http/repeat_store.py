"""Commands that came under a key, in MongoDB."""

from dataclasses import asdict

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from services.platform.http.repeating import REMEMBERED_FOR, Begun
from services.platform.mongo import Collection, Database


class MongoRepeats:
    """Collection `repeats`."""

    def __init__(self, database: Database) -> None:
        self._repeats: Collection = database["repeats"]

    async def ensure_indexes(self) -> None:
        """The one that makes the database forget."""
        age = int(REMEMBERED_FOR.total_seconds())
        await self._repeats.create_indexes(
            [IndexModel([("begun_at", ASCENDING)], expireAfterSeconds=age)]
        )

    async def begin(self, id_: str, begun: Begun, instead_of: Begun | None) -> bool:
        if instead_of is None:
            try:
                await self._repeats.insert_one({"_id": id_, **asdict(begun)})
            except DuplicateKeyError:
                return False
            return True
        as_found = {"_id": id_, **asdict(instead_of)}
        return bool((await self._repeats.replace_one(as_found, asdict(begun))).matched_count)

    async def find(self, id_: str) -> Begun | None:
        found = await self._repeats.find_one({"_id": id_}, {"_id": 0})
        return Begun(**found) if found else None

    async def finish(self, id_: str, sealed: bytes) -> None:
        await self._repeats.update_one({"_id": id_}, {"$set": {"sealed": sealed}})

    async def drop(self, id_: str) -> None:
        await self._repeats.delete_one({"_id": id_})
