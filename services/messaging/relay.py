"""Publishes what the event log holds: everything at least once, nothing before it is durable."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog

from services.events.citizens import CitizenErased, CitizenMerged
from services.events.corrections import EventVoided
from services.events.registry import type_name
from services.messaging import metrics, tracing
from services.messaging.backoff import LONGEST_S, Backoff
from services.messaging.broker import Broker, Publisher, Unconfirmed
from services.messaging.event_log import EventLog
from services.messaging.lease import Lease
from services.messaging.log_writer import WRITE_DEADLINE
from services.messaging.packing import Parcel, Private, heartbeat, pack, true_until, wrap
from services.messaging.stored import Stored
from services.platform.clock import Clock, utc_now

log = structlog.get_logger(__name__)

Confidential = Callable[[Sequence[Stored]], Awaitable[Sequence[Private]]]
"""What notify alone may read of these entries; one that cannot be opened any more is left out."""

CONFIDENTIAL_TYPES = frozenset(
    {type_name(CitizenErased), type_name(CitizenMerged), type_name(EventVoided)}
)
"""What changes who is who; a void does where it takes back a merger."""
READ = 1_000
RESTART_S = 5.0


async def nothing_confidential(_: Sequence[Stored]) -> Sequence[Private]:
    """For a log without contacts."""
    return ()


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a relay does what nothing tells it to do."""

    clock: Clock = utc_now
    poll_s: float = 0.05
    heartbeat_s: float = 1.0
    lease_retry_s: float = 1.0
    backoff_s: float = 0.2


STEADY = Pace()


class Relay:
    """Runs wherever its service runs; the lease makes one of them active.

    Two active ones publish events twice, which every consumer bears.
    """

    def __init__(
        self,
        event_log: EventLog,
        broker: Broker,
        lease: Lease,
        *,
        app_id: str,
        partitions: int,
        confidential: Confidential = nothing_confidential,
        pace: Pace = STEADY,
    ) -> None:
        self._log = event_log
        self._broker = broker
        self._lease = lease
        self._app_id = app_id
        self._partitions = partitions
        self._confidential = confidential
        self._pace = pace
        self._reading = _Reading(event_log)
        self._beat_at = 0.0

    async def run(self) -> None:
        """Until it is cancelled; any failure drops the connection and is tried again."""
        backoff = Backoff(self._pace.backoff_s)
        try:
            while True:
                began = time.monotonic()
                try:
                    await self._lead()
                except Exception as error:  # whatever it is, the log still has all
                    log.warning("the relay starts again", app=self._app_id, exc_info=error)
                metrics.ACTIVE.labels(self._app_id).set(0)
                if time.monotonic() - began > LONGEST_S:
                    backoff.reset()
                await backoff.wait()
        finally:
            with suppress(Exception):
                await self._lease.release()

    async def _lead(self) -> None:
        """From getting the lease to losing it."""
        while not await self._lease.hold():  # noqa: ASYNC110  # another process holds it
            await asyncio.sleep(self._pace.lease_retry_s)
        await self._measure()
        async with self._broker.publisher(f"relay {self._app_id}") as publisher:
            metrics.ACTIVE.labels(self._app_id).set(1)
            self._reading.restart()
            while await self._lease.hold():
                self._log.appended.clear()
                if await self._publish_some(publisher):
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pace.poll_s):
                        await self._log.appended.wait()

    async def _publish_some(self, publisher: Publisher) -> bool:
        """Whether more may be waiting."""
        now = self._pace.clock()
        read = await self._reading.next(now)
        more = len(read) == READ
        if read:
            await self._publish(publisher, read, self._true_until(read, now, more=more))
        if time.monotonic() >= self._beat_at:
            left = read[-1:] if more else []
            await self._beat(publisher, now, self._true_until(left, now, more=more))
        return more

    async def _publish(
        self, publisher: Publisher, read: Sequence[Stored], until: Mapping[int, datetime]
    ) -> None:
        """All at once; one write marks what was confirmed. Raises: Unconfirmed for the others."""
        parcels = pack(read, self._app_id, until)
        if secret := [e for e in read if e.contact or e.type in CONFIDENTIAL_TYPES]:
            parcels += [wrap(p, self._app_id) for p in await self._confidential(secret)]
        sent = (_send(publisher, parcel) for parcel in parcels)
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
        failures = [(p, e) for p, e in zip(parcels, outcomes, strict=True) if e is not None]
        lost = {event_id for parcel, _ in failures for event_id in parcel.event_ids}
        confirmed = [e.event_id for e in read if e.event_id not in lost]
        if confirmed:
            await self._log.mark_published(confirmed)
            metrics.PUBLISHED.labels(self._app_id).inc(len(confirmed))
        self._require_all([error for _, error in failures])

    async def _beat(
        self, publisher: Publisher, now: datetime, until: Mapping[int, datetime]
    ) -> None:
        self._beat_at = time.monotonic() + self._pace.heartbeat_s
        await self._measure()
        beats = (heartbeat(n, self._app_id, now, until[n]) for n in range(self._partitions))
        sent = (publisher.publish(beat) for beat in beats)
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
        self._require_all([error for error in outcomes if error is not None])

    async def _measure(self) -> None:
        """Before anything is sent: what waits must show while the broker takes nothing."""
        backlog, now = await self._log.backlog(), self._pace.clock()
        age = (now - backlog.oldest).total_seconds() if backlog.oldest else 0.0
        metrics.PENDING.labels(self._app_id).set(backlog.count)
        metrics.OLDEST_PENDING.labels(self._app_id).set(max(age, 0.0))

    def _require_all(self, failures: Sequence[BaseException]) -> None:
        """Counts each by its kind, a full queue's among them. Raises: Unconfirmed."""
        for error in failures:
            metrics.PUBLISH_FAILURES.labels(self._app_id, type(error).__name__).inc()
        if failures:
            raise Unconfirmed(f"{len(failures)} messages") from failures[0]

    def _true_until(
        self, read: Sequence[Stored], now: datetime, *, more: bool
    ) -> Mapping[int, datetime]:
        return true_until(read, self._partitions, now, all_read=not more)


class _Reading:
    """Begins where the last reading left something, for what was published leaves a trail in the
    index that each reading from its start would walk over; from the start again every 5 s."""

    def __init__(self, event_log: EventLog) -> None:
        self._log = event_log
        self._since: datetime | None = None
        self._restart_at = 0.0

    def restart(self) -> None:
        """The next reading misses nothing."""
        self._restart_at = 0.0

    async def next(self, now: datetime) -> list[Stored]:
        """The longest waiting entries."""
        if time.monotonic() >= self._restart_at:
            self._since, self._restart_at = None, time.monotonic() + RESTART_S
        read = await self._log.pending(READ, self._since)
        self._since = min([now - WRITE_DEADLINE, *(e.pending for e in read[:1] if e.pending)])
        return read


async def _send(publisher: Publisher, parcel: Parcel) -> None:
    with tracing.published(parcel.message, parcel.traceparents) as message:
        await publisher.publish(message)
