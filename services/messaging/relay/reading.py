"""In what order a relay reads what is pending, and when it has read all of it."""

import time
from collections.abc import Callable
from datetime import datetime

from services.messaging.log.append_store import WRITE_DEADLINE
from services.messaging.log.stored import Stored
from services.messaging.relay.outbox import Outbox
from services.platform.clock import Clock

READ = 1_000
OFTENEST_S = 1.0
RAREST_S = 5.0
SHARE = 20
"""A reading from the start may take one part in so many of the time."""


class Reading:
    """Reads in passes: each begins at the start of the index and ends where that ended when the
    pass began. A pass that was dealt with proves that all that was appended before it was.

    Between two starts it goes on where something is left, for what was published leaves a trail
    in the index that each reading from its start would walk over.
    """

    def __init__(
        self, outbox: Outbox, clock: Clock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.complete_until: datetime | None = None
        """All that was appended before this instant was read and dealt with; None: not known."""
        self._outbox = outbox
        self._clock = clock
        self._monotonic = monotonic
        self._since: datetime | None = None
        self._restart_at = 0.0
        self._began: datetime | None = None
        """Of the pass under way; None once it is over."""
        self._last: datetime | None = None
        """The newest that waited when the pass began."""
        self._over = False

    def restart(self) -> None:
        """The next reading misses nothing."""
        self._restart_at, self._began, self._over = 0.0, None, False

    async def next(self) -> list[Stored]:
        """The longest waiting entries."""
        if self._began is None and self._monotonic() >= self._restart_at:
            return await self._begin()
        return await self._read(self._since)

    def dealt_with(self) -> None:
        """All that was read is published, or owed to those who could not take it."""
        if self._over:
            self.complete_until, self._began, self._over = self._began, None, False

    async def _begin(self) -> list[Stored]:
        started = self._monotonic()
        # neither a relay's clock that is ahead nor a database's makes a claim too early
        self._began = min(self._clock(), await self._outbox.now())
        self._last = await self._outbox.newest_pending()
        read = await self._read(None)
        took_s = self._monotonic() - started
        self._restart_at = started + min(max(OFTENEST_S, SHARE * took_s), RAREST_S)
        return read

    async def _read(self, since: datetime | None) -> list[Stored]:
        read = await self._outbox.pending(READ, since)
        if self._began is not None:
            newest = read[-1].pending if read else None
            past = not (newest and self._last) or newest > self._last
            self._over = len(read) < READ or past
        oldest = [entry.pending for entry in read[:1] if entry.pending]
        self._since = min([self._clock() - WRITE_DEADLINE, *oldest])
        return read
