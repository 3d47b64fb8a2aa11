"""One partition's worker: batches from its queue and, between them, wards to be made anew."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from services.events.envelope import Event
from services.messaging.topology import partition_of
from services.platform.clock import Clock, utc_now
from services.reporting import metrics
from services.reporting.rebuild import Rebuild
from services.reporting.together import Together
from services.reporting.true_as_of import Pending

HEARD_EVERY_S = 1.0
REBUILD_POLL_S = 2.0

log = structlog.get_logger(__name__)


class HeartbeatStore(Protocol):
    """How far a quiet partition has come."""

    async def heard(self, partition: int, pending: Pending) -> None: ...


class RebuildRequests(Protocol):
    """Wards that somebody wants made anew."""

    async def open(self) -> list[str]: ...
    async def done(self, ward: str) -> None: ...


class PartitionWorker:
    """Handles what the partition's consumer takes; batches and rebuilds never overlap."""

    def __init__(
        self,
        partition: int,
        projection: Together,
        rebuild: Rebuild,
        progress: HeartbeatStore,
        clock: Clock = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._partition = partition
        self._projection = projection
        self._rebuild = rebuild
        self._progress = progress
        self._clock = clock
        self._monotonic = monotonic
        self._alone = asyncio.Lock()
        self._heard: dict[str, datetime] = {}
        self._heard_at = -HEARD_EVERY_S

    async def handle(self, events: Sequence[Event], pending: Pending) -> None:
        """Project a batch; a batch of heartbeats is written down about once a second."""
        self._heard = _latest(self._heard, pending)
        async with self._alone:
            if events:
                await self._projection.project(self._partition, events, self._heard)
                metrics.LAG.labels(str(self._partition)).set(self._age(events))
            elif self._monotonic() - self._heard_at >= HEARD_EVERY_S:
                await self._progress.heard(self._partition, self._heard)
                self._heard_at = self._monotonic()

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
        while True:
            try:
                await self.rebuild_asked(requests, partitions)
            except Exception as error:  # the request stays open
                log.warning("a ward is not made anew yet", exc_info=error)
            await asyncio.sleep(REBUILD_POLL_S)

    def _age(self, events: Sequence[Event]) -> float:
        oldest = min(event.recordedtime or event.time for event in events)
        return (self._clock() - oldest).total_seconds()


def _latest(heard: Mapping[str, datetime], pending: Pending) -> dict[str, datetime]:
    newer = {p: at for p, at in pending.items() if p not in heard or at > heard[p]}
    return {**heard, **newer}
