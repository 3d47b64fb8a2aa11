"""Whose short tokens open nothing any more, as registration told it."""

from datetime import timedelta
from typing import Annotated, Protocol

from fastapi import Depends, Request

from services.platform.access.auth import LIFETIME, Reader
from services.platform.access.ended import EndedAccess
from services.platform.problems import UNAUTHENTICATED, Problem

RETENTION = LIFETIME + timedelta(hours=1)
"""Longer than any token that it ends."""


class EndedAccesses(Protocol):
    """Raises: Unavailable."""

    async def note(self, ended: EndedAccess) -> None:
        """Telling it again, or an older end, changes nothing."""

    async def of(self, source: str) -> EndedAccess | None:
        """The newest."""


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
