"""Who is the active one: a document whose end the database's own clock decides."""

import time
from typing import Any, Protocol

from pymongo import ReturnDocument

from services.platform.ids import random_id
from services.platform.mongo import Database


class Lease(Protocol):
    """Held by one at a time, give or take a slow clock; so what it guards must bear two."""

    async def hold(self) -> bool:
        """Takes or renews it; asked again soon it answers from memory."""

    async def release(self) -> None:
        """Lets the next one take it at once."""


class MongoLease:
    """A lease by name, in collection `leases`."""

    def __init__(self, database: Database, name: str, *, ttl_s: float = 10.0) -> None:
        self._leases = database["leases"]
        self._name = name
        self._holder = random_id("holder")
        self._ttl_s = ttl_s
        self._renew_at = 0.0

    async def ensure(self) -> None:
        """Creates the document, free, so that taking it never inserts."""
        free = {"$setOnInsert": {"holder": "", "until": None}}
        await self._leases.update_one({"_id": self._name}, free, upsert=True)

    async def hold(self) -> bool:
        if time.monotonic() < self._renew_at:
            return True
        asked_at = time.monotonic()
        held = await self._leases.find_one_and_update(
            {"_id": self._name, "$or": [{"holder": self._holder}, _EXPIRED]},
            [{"$set": {"holder": self._holder, "until": _in_seconds(self._ttl_s)}}],
            return_document=ReturnDocument.AFTER,
        )
        self._renew_at = asked_at + self._ttl_s / 3 if held else 0.0
        return held is not None

    async def release(self) -> None:
        self._renew_at = 0.0
        await self._leases.update_one(
            {"_id": self._name, "holder": self._holder}, {"$set": {"holder": "", "until": None}}
        )


_EXPIRED = {"$expr": {"$lt": ["$until", "$$NOW"]}}
"""A free lease has no `until`, and null sorts before every date."""


def _in_seconds(seconds: float) -> dict[str, Any]:
    return {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": int(seconds * 1e3)}}
