"""Brings a reader what it could not take, while everybody else is served as ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from services.messaging.broker import Publisher
from services.messaging.relay.outbox import Superseded
from services.messaging.relay.parts import RelayParts
from services.messaging.relay.readers import deliveries
from services.messaging.relay.sending import send
from services.platform.retry import Backoff

log = structlog.get_logger(__name__)

READ = 200
"""Few at a time: what is full takes a little, and a try costs the broker little."""


class CatchingUp:
    """One task a reader that owes; a term of the lease has its own."""

    def __init__(self, parts: RelayParts, term: int) -> None:
        self.blocked: set[str] = set()
        """Readers that took nothing when they were last tried."""
        self._parts = parts
        self._outbox = parts.outbox
        self._term = term
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._more: set[str] = set()
        """Readers that owe more than was last read."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the term lasts; begins with what an earlier one left."""
        try:
            for reader in await self._outbox.owing():
                self.begin(reader)
            yield
        finally:
            tasks = list(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def owing(self) -> frozenset[str]:
        """Readers that have still something to take."""
        return frozenset(self._tasks)

    def begin(self, reader: str) -> None:
        """What the reader owes stands in the log: it is tried until it has taken all."""
        self.blocked.add(reader)
        self._more.add(reader)
        if reader not in self._tasks:
            log.warning("a reader takes nothing; the others go on", reader=reader)
            self._tasks[reader] = asyncio.create_task(self._run(reader))

    async def _run(self, reader: str) -> None:
        backoff = Backoff(self._parts.options.backoff_s)
        while reader in self._more:
            await backoff.wait()
            try:
                name = f"relay {self._parts.app_id} {reader}"
                async with self._parts.broker.publisher(name) as publisher:
                    await self._take_all(reader, publisher, backoff)
            except Superseded:
                return
            except Exception as error:  # whatever it is, what is owed still stands in the log
                log.warning("a reader is tried again", reader=reader, exc_info=error)
        del self._tasks[reader]
        self.blocked.discard(reader)

    async def _take_all(self, reader: str, publisher: Publisher, backoff: Backoff) -> None:
        """Raises: Unconfirmed where the reader still takes nothing; Superseded."""
        self._more.discard(reader)
        try:
            while owed := await self._outbox.owed(reader, READ):
                parcels = await self._parts.pack_for(reader, owed)
                sent = await send(publisher, parcels, self._parts.app_id)
                done = deliveries(owed, sent, self._parts.partitions)
                if done.owed.get(()):
                    await self._outbox.settle(self._term, reader, done)
                if refused := next((m.error for m in sent if not m.is_taken), None):
                    raise refused
                self.blocked.discard(reader)
                backoff.reset()
        except BaseException:
            self._more.add(reader)
            raise
