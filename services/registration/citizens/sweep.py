"""Forgets people of whom no event stands: a process died between index and log, or a void."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import NamedTuple

import structlog

from services.messaging.log.stored import Stored
from services.platform.clock import Clock, utc_now
from services.platform.retry import every
from services.platform.unavailable import Unavailable
from services.registration.citizens.rows import IndexRow, RowStore

log = structlog.get_logger(__name__)

AFTER = timedelta(hours=25)
"""Whoever recorded an event may void it for a day; what it brought into the index goes with it."""
INTERVAL_S = 3_600.0
BATCH = 500

Find = Callable[[str], Awaitable[Stored | None]]
"""The log's entry of an event."""
IsVoided = Callable[[str], Awaitable[bool]]


class Swept(NamedTuple):
    """Rows of which an event stands, and rows that were forgotten."""

    settled: int = 0
    forgotten: int = 0


class Sweep:
    """Looks once at each row, a good day after it was written."""

    def __init__(
        self, rows: RowStore, find: Find, is_voided: IsVoided, clock: Clock = utc_now
    ) -> None:
        self._rows = rows
        self._find = find
        self._is_voided = is_voided
        self._clock = clock

    async def run(self) -> None:
        """Every hour until it is cancelled."""
        await every(INTERVAL_S, self._report_once, on=Unavailable, warning="index not swept")

    async def once(self) -> Swept:
        """Until nothing older than a day is left. Raises: Unavailable."""
        total = Swept()
        while batch := await self._rows.unsettled(self._clock() - AFTER, BATCH):
            stand = [row for row in batch if await self._stands(row)]
            lost = [row for row in batch if row not in stand]
            if stand:
                await self._rows.settle([row.hash for row in stand])
            if lost:
                await self._rows.remove_unused(lost)
            total = Swept(total.settled + len(stand), total.forgotten + len(lost))
        return total

    async def _report_once(self) -> None:
        swept = await self.once()
        log.info("index swept", settled=swept.settled, forgotten=swept.forgotten)

    async def _stands(self, row: IndexRow) -> bool:
        """Ids are random, so that one stands in an event's bytes only where the event names it."""
        names = {name.encode() for name in (row.to, row.home) if name}
        for event_id in row.used_by:
            stored = await self._find(event_id)
            named = stored is not None and any(name in stored.body for name in names)
            if named and not await self._is_voided(event_id):
                return True
        return False
