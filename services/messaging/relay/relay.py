"""Publishes what the event log holds: everything at least once, nothing before it is durable."""

import asyncio
import time
from contextlib import suppress

import structlog

from services.messaging import metrics
from services.messaging.relay.lease import Lease
from services.messaging.relay.parts import RelayParts
from services.messaging.relay.readers import all_readers
from services.messaging.relay.term import Term
from services.platform.retry import LONGEST_S, Backoff

log = structlog.get_logger(__name__)


class Relay:
    """Runs wherever its service runs; the lease makes one of them active.

    Two active ones publish events twice, which every consumer bears; only the later one records.
    """

    def __init__(self, parts: RelayParts, lease: Lease, appended: asyncio.Event) -> None:
        """`appended` is set when there may be something to publish; the relay clears it."""
        self._parts = parts
        self._lease = lease
        self._appended = appended
        metrics.begin_publishing_at_zero(parts.app_id, all_readers(parts.partitions))

    async def run(self) -> None:
        """Until it is cancelled; any failure drops the connection and is tried again."""
        backoff = Backoff(self._parts.options.backoff_s)
        try:
            while True:
                began = time.monotonic()
                try:
                    await self._lead()
                except Exception as error:  # whatever it is, the log still has all
                    log.warning("the relay starts again", app=self._parts.app_id, exc_info=error)
                metrics.ACTIVE.labels(self._parts.app_id).set(0)
                if time.monotonic() - began > LONGEST_S:
                    backoff.reset()
                await backoff.wait()
        finally:
            with suppress(Exception):
                await self._lease.release()

    async def _lead(self) -> None:
        """From getting the lease to losing it."""
        while (number := await self._lease.hold()) is None:  # noqa: ASYNC110  # another holds it
            await asyncio.sleep(self._parts.options.lease_retry_s)
        term = Term(self._parts, number)
        async with term.begun() as publisher:
            metrics.ACTIVE.labels(self._parts.app_id).set(1)
            while await self._lease.hold() == number:
                self._appended.clear()
                if await term.publish_some(publisher):
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._parts.options.poll_s):
                        await self._appended.wait()
