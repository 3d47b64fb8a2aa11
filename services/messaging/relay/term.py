"""What a relay does while it holds the lease: read, publish to each reader, record, state."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import structlog

from services.messaging import metrics
from services.messaging.broker import Publisher
from services.messaging.log.completeness import Statement, Tally
from services.messaging.log.stored import Stored
from services.messaging.relay.catching_up import CatchingUp
from services.messaging.relay.outbox import Backlog, Superseded
from services.messaging.relay.packing import Parcel, heartbeat
from services.messaging.relay.parts import RelayParts, is_secret
from services.messaging.relay.readers import Sent, all_readers, broken, deliveries
from services.messaging.relay.reading import READ, Reading
from services.messaging.relay.sending import send
from services.messaging.topology import NOTIFY_CONTACTS, partition_queue
from services.platform.retry import Backoff, retry

log = structlog.get_logger(__name__)


class Term:
    """One term of the lease; a later one ends it, and whatever it was about to record."""

    def __init__(self, parts: RelayParts, number: int) -> None:
        self._parts = parts
        self._outbox = parts.outbox
        self._number = number
        self._reading = Reading(parts.outbox, parts.options.clock)
        self._catching_up = CatchingUp(parts, number)
        self._beat_at = 0.0

    @asynccontextmanager
    async def begun(self) -> AsyncIterator[Publisher]:
        """Raises: Superseded; BrokerUnavailable."""
        await self._outbox.lead(self._number)
        await self._measure()
        async with (
            self._parts.broker.publisher(f"relay {self._parts.app_id}") as publisher,
            self._catching_up.running(),
            self._counting_anew(),
        ):
            yield publisher

    async def publish_some(self, publisher: Publisher) -> bool:
        """Whether more may be waiting. Raises: Unconfirmed where nobody takes anything."""
        read = await self._reading.next()
        if read:
            await self._publish(publisher, read)
        self._reading.dealt_with()
        if time.monotonic() >= self._beat_at:
            await self._beat(publisher)
        return len(read) == READ

    async def _publish(self, publisher: Publisher, read: Sequence[Stored]) -> None:
        """All at once; one transaction records who took what."""
        private, unmade = await self._private(read)
        parcels = [*self._parts.pack(read), *private]
        blocked = frozenset(self._catching_up.blocked)
        sent = [*unmade, *await send(publisher, parcels, self._parts.app_id, blocked)]
        if error := broken(sent):
            raise error
        done = deliveries(read, sent, self._parts.partitions)
        await self._outbox.record(self._number, done)
        for reader in done.owing:
            self._catching_up.begin(reader)
        metrics.PUBLISHED.labels(self._parts.app_id).inc(len(read))

    async def _private(self, read: Sequence[Stored]) -> tuple[list[Parcel], list[Sent]]:
        """Contacts that cannot be read now wait for themselves alone."""
        try:
            return await self._parts.pack_private(read), []
        except Exception as error:  # noqa: BLE001  # whatever it is, the events need no contact
            secret = tuple(e.event_id for e in read if is_secret(e))
            return [], [Sent(NOTIFY_CONTACTS, secret, error)]

    async def _beat(self, publisher: Publisher) -> None:
        self._beat_at = time.monotonic() + self._parts.options.heartbeat_s
        await self._measure()
        tallies = await self._outbox.tallies(self._number)
        now = self._parts.options.clock()
        beats = [
            Parcel((), heartbeat(n, self._parts.app_id, now, self._statement(n, tallies)))
            for n in range(self._parts.partitions)
        ]
        blocked = frozenset(self._catching_up.blocked)
        if error := broken(await send(publisher, beats, self._parts.app_id, blocked)):
            raise error

    def _statement(self, partition: int, tallies: Mapping[int, Tally] | None) -> Statement | None:
        """None while the partition's queue has still something to take."""
        as_of = self._reading.complete_until
        if not tallies or not as_of or partition_queue(partition) in self._catching_up.owing:
            return None
        parts = self._parts
        return Statement(parts.app_id, tallies[partition], as_of, parts.partitions)

    async def _measure(self) -> None:
        """Before anything is sent: what waits must show while the broker takes nothing."""
        app_id = self._parts.app_id
        pending = await self._outbox.backlog()
        metrics.PENDING.labels(app_id).set(pending.count)
        metrics.OLDEST_PENDING.labels(app_id).set(self._age(pending))
        owing = await self._outbox.owing()
        for reader in {*all_readers(self._parts.partitions), *owing}:
            owed = owing.get(reader, Backlog(0, None))
            metrics.OWED.labels(app_id, reader).set(owed.count)
            metrics.OLDEST_OWED.labels(app_id, reader).set(self._age(owed))

    def _age(self, backlog: Backlog) -> float:
        now = self._parts.options.clock()
        return max((now - backlog.oldest).total_seconds(), 0.0) if backlog.oldest else 0.0

    @asynccontextmanager
    async def _counting_anew(self) -> AsyncIterator[None]:
        """Beside the publishing, which goes on; until it is done nothing is stated."""
        counting = asyncio.create_task(self._count_anew())
        try:
            yield
        finally:
            counting.cancel()
            await asyncio.gather(counting, return_exceptions=True)

    async def _count_anew(self) -> None:
        await retry(
            lambda: self._outbox.count_anew(self._number),
            on=lambda error: not isinstance(error, Superseded),  # it is only counted again
            warning="what was published is counted again",
            backoff=Backoff(self._parts.options.backoff_s),
        )
