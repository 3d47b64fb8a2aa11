"""One worker on one queue: takes what has arrived, has it handled as a whole, then acknowledges."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Generic, TypeVar

import structlog

from services.messaging import metrics, tracing
from services.messaging.backoff import Backoff
from services.messaging.broker import Broker, Delivery, Inbox
from services.messaging.dead_letters import Bury
from services.messaging.decoding import Read, decode

T = TypeVar("T")
Handle = Callable[[Sequence[T], Mapping[str, datetime]], Awaitable[None]]
"""Gets a batch, and for each publisher (`app_id`) heard in it the instant before which nothing
that it recorded is left to come. It bears the same batch again, whole or in part."""

MAX_EVENTS = 2_000
PREFETCH = 200
"""Messages, so that the next batch arrives while one is handled."""
BACKOFF_S = 0.2

log = structlog.get_logger(__name__)


class PartitionConsumer(Generic[T]):
    """Each has a channel, and so a connection, of its own; the queue keeps it the only active one.

    Whatever fails, nothing is acknowledged: the channel is dropped and all comes again.
    """

    def __init__(
        self,
        broker: Broker,
        queue: str,
        handle: Handle[T],
        *,
        read: Read[T],
        bury: Bury,
        max_events: int = MAX_EVENTS,
        backoff_s: float = BACKOFF_S,
    ) -> None:
        self.connected = False
        """Whether its channel stands; for readiness."""
        self._broker = broker
        self._queue = queue
        self._handle = handle
        self._read = read
        self._bury = bury
        self._max_events = max_events
        self._backoff = Backoff(backoff_s)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                async with self._broker.inbox(self._queue, prefetch=PREFETCH) as inbox:
                    self.connected = True
                    await self._consume(inbox)
            except Exception as error:  # all of it is delivered again
                metrics.CONSUMER_FAILURES.labels(self._queue).inc()
                log.warning("a batch comes again", queue=self._queue, exc_info=error)
            finally:
                self.connected = False
            await self._backoff.wait()

    async def _consume(self, inbox: Inbox) -> None:
        while True:
            deliveries = await inbox.take(self._max_events)
            with tracing.handled(self._queue, _traceparents(deliveries)):
                handled = await self._process(deliveries)
            await inbox.ack_through(deliveries[-1].tag)
            metrics.CONSUMED.labels(self._queue).inc(handled)
            self._backoff.reset()

    async def _process(self, deliveries: Sequence[Delivery]) -> int:
        """How many were handled; what is unreadable is set aside, confirmed, before any ack."""
        decoded = [decode(delivery, self._read) for delivery in deliveries]
        items = [item for one in decoded for item in one.items]
        await self._handle(items, complete_until(deliveries))
        if unreadable := [bad for one in decoded for bad in one.unreadable]:
            await self._bury(self._queue, unreadable)
        return len(items)


def complete_until(deliveries: Sequence[Delivery]) -> Mapping[str, datetime]:
    """By publisher, the latest instant that one of its messages gives."""
    latest: dict[str, datetime] = {}
    for delivery in deliveries:
        instant = _instant(delivery.headers.get("oldest_pending"))
        if instant and delivery.app_id:
            latest[delivery.app_id] = max(instant, latest.get(delivery.app_id, instant))
    return latest


def _instant(header: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(header))
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _traceparents(deliveries: Sequence[Delivery]) -> list[str]:
    return [str(t) for d in deliveries if (t := d.headers.get("traceparent"))]
