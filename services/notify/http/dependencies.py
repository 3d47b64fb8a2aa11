"""What notify's routes share: where they begin, the ledger that they ask, and who comes in."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from services.notify.access.ended import InEnded, must_still_come_in
from services.notify.ledger.ledger import Ledger
from services.notify.settings import NotifySettings
from services.platform.access.auth import Reader, ReaderDoor
from services.platform.access.readers import Matter


async def ledger_of(request: Request) -> Ledger:
    """The lifespan's."""
    ledger: Ledger = request.state.ledger
    return ledger


InLedger = Annotated[Ledger, Depends(ledger_of)]


Door = Callable[..., Awaitable[Reader]]
"""A dependency: whoever is let in, and has not signed out or been shut out since."""


def door_of(settings: NotifySettings, matter: Matter) -> Door:
    """Whoever may read the matter; a ward its own."""
    return _unless_ended(ReaderDoor(settings, "notify", matter))


def city_door_of(settings: NotifySettings, matter: Matter) -> Door:
    """Whoever may, of the whole city."""
    return _unless_ended(ReaderDoor(settings, "notify", matter, whole_city=True))


def _unless_ended(door: ReaderDoor) -> Door:
    known = Depends(door)

    async def let_in(reader: Annotated[Reader, known], accesses: InEnded) -> Reader:
        await must_still_come_in(reader, accesses)
        return reader

    return let_in
