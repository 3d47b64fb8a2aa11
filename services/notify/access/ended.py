"""Whose short tokens open nothing any more, as registration told it."""

from datetime import timedelta
from typing import Annotated, Protocol

from fastapi import Depends, Request
from pymongo import ASCENDING, IndexModel

from services.platform.access.auth import LIFETIME, Reader
from services.platform.access.ended import EndedAccess
from services.platform.mongo import Database, or_unavailable
from services.platform.problems import UNAUTHENTICATED, Problem

KEPT = LIFETIME + timedelta(hours=1)
"""Longer than any token that it ends."""


class EndedAccesses(Protocol):
    """Raises: Unavailable."""

    async def note(self, ended: EndedAccess) -> None:
        """Telling it again, or an older end, changes nothing."""

    async def of(self, source: str) -> EndedAccess | None:
        """The newest."""


class MongoEndedAccesses:
    """Collection `ended_access`."""

    def __init__(self, database: Database) -> None:
        self._ended = database["ended_access"]

    async def ensure_indexes(self) -> None:
        """What makes the database forget them."""
        seconds = int(KEPT.total_seconds())
        index = IndexModel([("at", ASCENDING)], expireAfterSeconds=seconds)
        await self._ended.create_indexes([index])

    async def note(self, ended: EndedAccess) -> None:
        with or_unavailable():
            await self._ended.update_one({"_id": ended.id}, {"$max": {"at": ended.at}}, upsert=True)

    async def of(self, source: str) -> EndedAccess | None:
        with or_unavailable():
            found = await self._ended.find_one({"_id": source.rpartition("/")[2]})
        return EndedAccess(id=found["_id"], at=found["at"]) if found else None


async def ended_of(request: Request) -> EndedAccesses:
    """The lifespan's."""
    ended: EndedAccesses = request.state.ended
    return ended


InEnded = Annotated[EndedAccesses, Depends(ended_of)]


async def must_still_come_in(reader: Reader, accesses: EndedAccesses) -> None:
    """Raises: Problem for a token that a sign-out or a revocation has ended."""
    ended = await accesses.of(reader.source)
    if ended and ended.ends(reader.source, reader.issued_at):
        raise Problem(UNAUTHENTICATED)
