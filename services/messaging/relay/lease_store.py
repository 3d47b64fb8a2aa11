"""A lease in MongoDB: a document that its holder renews, watched by whoever waits for it."""

import time
from collections.abc import Callable

from pymongo import ReturnDocument

from services.platform.ids import random_id
from services.platform.mongo import Database, Document

FREE = ""


class MongoLease:
    """A lease by name, in collection `leases`.

    No clock decides: whoever waits takes it once it has seen the same beat for `ttl_s` by its own
    monotonic clock. So neither the database's clock nor anybody's wall clock can lose or keep it.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        *,
        ttl_s: float = 10.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._leases = database["leases"]
        self._name = name
        self._holder = random_id("holder")
        self._ttl_s = ttl_s
        self._monotonic = monotonic
        self._term: int | None = None
        self._renew_at = 0.0
        self._seen: tuple[object, object] = (None, None)
        self._seen_at = 0.0

    async def ensure(self) -> None:
        """Creates the document, free, so that taking it never inserts."""
        free = {"$setOnInsert": {"holder": FREE, "term": 0, "beat": 0}}
        await self._leases.update_one({"_id": self._name}, free, upsert=True)

    async def hold(self) -> int | None:
        asked_at = self._monotonic()
        if self._term and asked_at < self._renew_at:
            return self._term
        self._term = await self._renew() if self._term else await self._take()
        self._renew_at = asked_at + self._ttl_s / 3
        return self._term

    async def release(self) -> None:
        self._term = None
        await self._leases.update_one(
            {"_id": self._name, "holder": self._holder}, {"$set": {"holder": FREE}}
        )

    async def _renew(self) -> int | None:
        mine = {"_id": self._name, "holder": self._holder, "term": self._term}
        renewed = await self._leases.update_one(mine, {"$inc": {"beat": 1}})
        return self._term if renewed.matched_count else None

    async def _take(self) -> int | None:
        found = await self._leases.find_one({"_id": self._name})
        if found is None or not self._is_over(found):
            return None
        # a document of an earlier version has neither beat nor term: null matches what is absent
        as_seen = {"_id": self._name, "holder": found["holder"], "beat": found.get("beat")}
        mine: Document = {"$set": {"holder": self._holder}, "$inc": {"term": 1, "beat": 1}}
        taken = await self._leases.find_one_and_update(
            as_seen, mine, return_document=ReturnDocument.AFTER
        )
        return int(taken["term"]) if taken else None

    def _is_over(self, found: Document) -> bool:
        """Free, or its holder has not been heard of for as long as it lasts."""
        now, beat = self._monotonic(), (found["holder"], found.get("beat"))
        if beat != self._seen:
            self._seen, self._seen_at = beat, now
        return found["holder"] == FREE or now - self._seen_at >= self._ttl_s
