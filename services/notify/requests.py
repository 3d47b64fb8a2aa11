"""What notify's routes share: where they begin, the ledger that they ask, and who the centre is."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from services.notify.settings import NotifySettings
from services.notify.transaction import Ledger
from services.platform.auth import Reader, reader_of
from services.platform.problems import FORBIDDEN, Problem

BASE = "/api/notify/v1"
CENTRE = frozenset({"centre", "admin"})


async def ledger_of(request: Request) -> Ledger:
    """The lifespan's."""
    ledger: Ledger = request.state.ledger
    return ledger


InLedger = Annotated[Ledger, Depends(ledger_of)]


def centre_of(settings: NotifySettings) -> Callable[..., Awaitable[Reader]]:
    """A dependency: staff of the whole city, known by name."""
    known = Depends(reader_of(settings, "notify"))

    async def centre(reader: Annotated[Reader, known]) -> Reader:
        if reader.role not in CENTRE or reader.wards is not None:
            raise Problem(FORBIDDEN)
        return reader

    return centre
