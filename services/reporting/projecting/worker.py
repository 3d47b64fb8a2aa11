"""One partition's worker: batches from its queue and, between them, wards to be made anew."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

import structlog

from services.events.envelope import Event
from services.messaging.consumer.arrivals import Arrival
from services.messaging.log.completeness import Statement
from services.messaging.topology import partition_of
from services.platform.clock import Clock, utc_now
from services.platform.retry import every
from services.reporting import metrics
from services.reporting.projecting.rebuild import Rebuild
from services.reporting.projecting.shared_transactions import SharedTransactions
from services.reporting.stores.progress_store import NotCounted

REBUILD_POLL_S = 2.0

log = structlog.get_logger(__name__)


class StatementStore(Protocol):
    """How far a quiet partition has come."""

    async def heard(
        self, partition: int, statements: Sequence[Statement], now: datetime
    ) -> None: ...


class Recount(Protocol):
    """Makes a partition's tallies anew."""

    async def one(self, partition: int) -> None: ...


class RebuildRequests(Protocol):
    """Wards that somebody wants made anew."""

    async def open(self) -> list[str]: ...
    async def done(self, ward: str) -> None: ...


class PartitionWorker:
    """Handles what the partition's consumer takes; batches and rebuilds never overlap."""

    def __init__(
        self,
        partition: int,
        projection: SharedTransactions,
        rebuild: Rebuild,
        progress: StatementStore,
        counting: Recount,
        clock: Clock = utc_now,
    ) -> None:
        self._partition = partition
        self._projection = projection
        self._rebuild = rebuild
        self._progress = progress
        self._counting = counting
        self._clock = clock
        self._alone = asyncio.Lock()

    async def handle(self, arrivals: Sequence[Arrival]) -> None:
        """Project a batch. An empty one is a transaction of the partition too, and proves that
        there can be one."""
        async with self._alone:
            try:
                await self._settle(arrivals)
            except NotCounted:
                await self._counting.one(self._partition)
                await self._settle(arrivals)

    async def _settle(self, arrivals: Sequence[Arrival]) -> None:
        statements = [arrival for arrival in arrivals if isinstance(arrival, Statement)]
        if statements and len(statements) == len(arrivals):
            await self._progress.heard(self._partition, statements, self._clock())
            return
        await self._projection.project(self._partition, arrivals)
        if events := [arrival for arrival in arrivals if isinstance(arrival, Event)]:
            metrics.LAG.labels(str(self._partition)).set(self._age(events))

    async def rebuild_asked(self, requests: RebuildRequests, partitions: int) -> None:
        """Make anew the wards of this partition that were asked for, one at a time."""
        for ward in await requests.open():
            if partition_of(ward.partition("@")[0], partitions) == self._partition:
                async with self._alone:
                    await self._rebuild.ward(ward, self._partition)
                await requests.done(ward)
                metrics.REBUILT.inc()

    async def keep_rebuilding(self, requests: RebuildRequests, partitions: int) -> None:
        """The same until cancelled; what fails is tried again."""
        await every(
            REBUILD_POLL_S,
            partial(self.rebuild_asked, requests, partitions),
            on=Exception,  # the request stays open
            warning="a ward is not made anew yet",
        )

    def _age(self, events: Sequence[Event]) -> float:
        oldest = min(event.recordedtime or event.time for event in events)
        return (self._clock() - oldest).total_seconds()
