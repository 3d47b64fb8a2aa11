"""One worker on one queue: takes what has arrived, has it handled, then acknowledges."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from services.events.envelope import Event
from services.messaging import metrics, tracing
from services.messaging.broker import Broker, BrokerUnavailable, Delivery, Inbox
from services.messaging.consumer.decoding import Decode
from services.messaging.consumer.forwarding import forwarding
from services.messaging.consumer.holding import Handle, Holding
from services.messaging.consumer.pieces import Piece
from services.messaging.dead_letters.letters import Bury
from services.platform.retry import Backoff

T = TypeVar("T")
PREFETCH = 200
"""Messages, so that the next batch arrives while one is handled."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ConsumerOptions:
    """How much is handled at once, and how soon it is tried again."""

    max_events: int = 2_000
    backoff_s: float = 0.2


DEFAULT_OPTIONS = ConsumerOptions()


class PartitionConsumer(Generic[T]):
    """Each has a channel, and so a connection, of its own; the queue keeps it the only active one.

    Nothing is acknowledged before it is handled, forwarded or set aside; what waits for a part is
    held in place, so that no outage counts as a delivery.
    """

    def __init__(
        self,
        broker: Broker,
        queue: str,
        handle: Handle[T],
        *,
        read: Decode[T],
        bury: Bury,
        home: Callable[[T], str | None] = lambda _: None,
        options: ConsumerOptions = DEFAULT_OPTIONS,
    ) -> None:
        """`home`: the queue that an item belongs to; None: this one."""
        self._broker = broker
        self._queue = queue
        self._read = read
        self._home = home
        self._forward = forwarding(broker)
        self._max_events = options.max_events
        self._backoff = Backoff(options.backoff_s)
        self._holding = Holding(queue, handle, bury, self._backoff)
        self._inbox: Inbox | None = None
        metrics.begin_at_zero(queue)

    @property
    def connected(self) -> bool:
        """Whether the broker still knows it as a consumer; for readiness."""
        return self._inbox is not None and self._inbox.alive

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                async with self._broker.inbox(self._queue, prefetch=PREFETCH) as inbox:
                    self._inbox = inbox
                    await self._consume(inbox)
            except Exception as error:  # what was not acknowledged is delivered again
                metrics.CONSUMER_FAILURES.labels(self._queue).inc()
                log.warning("the channel is opened again", queue=self._queue, exc_info=error)
            finally:
                self._inbox = None
            await self._backoff.wait()

    async def _consume(self, inbox: Inbox) -> None:
        while True:
            deliveries = await inbox.take(self._max_events)
            with tracing.handled(self._queue, _traceparents(deliveries)):
                handled = await self._process(deliveries, inbox)
            await inbox.ack_through(deliveries[-1].tag)
            metrics.CONSUMED.labels(self._queue).inc(handled)
            self._backoff.reset()

    async def _process(self, deliveries: Sequence[Delivery], inbox: Inbox) -> int:
        """How many events were settled; all of it is, before any ack."""

        def check() -> None:
            if not inbox.alive:
                raise BrokerUnavailable("the consumer's channel is gone")

        decoded = [(delivery, self._read(delivery)) for delivery in deliveries]
        pieces = [Piece(d, *pair) for d, one in decoded for pair in one.pairs()]
        homes = [self._home(piece.item) or self._queue for piece in pieces]
        ours = [p for p, home in zip(pieces, homes, strict=True) if home == self._queue]
        await self._holding.settle(ours, check)
        if unreadable := [bad for _, one in decoded for bad in one.unreadable]:
            await self._holding.set_aside(unreadable, check)
        if strays := [s for s in zip(homes, pieces, strict=True) if s[0] != self._queue]:
            await self._holding.until_done(lambda: self._forward(strays), check)
        return sum(isinstance(piece.item, Event) for piece in pieces)


def _traceparents(deliveries: Sequence[Delivery]) -> list[str]:
    return [str(t) for d in deliveries if (t := d.headers.get("traceparent"))]
