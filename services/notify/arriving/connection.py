"""The connection to the broker: subscribed again whenever the broker comes back."""

import asyncio
from contextlib import suppress

import structlog
from aio_pika.exceptions import ChannelInvalidStateError
from aiormq import Channel
from faststream.rabbit import RabbitBroker
from faststream.rabbit.subscriber import RabbitSubscriber

from services.platform.retry import Backoff, retry

LONGEST_PAUSE_S = 10.0
START_TIMEOUT_S = 15.0
PING_TIMEOUT_S = 1.0
CHANNEL_TIMEOUT_S = 0.5
"""Together less than readiness waits for an answer."""

log = structlog.get_logger(__name__)


class NotConsuming(Exception):
    """The broker is there and hands nothing over: a queue was deleted, or its node is away."""


class BrokerConnection:
    """FastStream's `start()` fails where the broker is away: it is tried until it succeeds.

    Once started, aio-pika connects again by itself, and consumes again from a queue that is
    declared again. Where a queue is missing while it connects, it hears none of them.
    """

    def __init__(self, broker: RabbitBroker) -> None:
        self._broker = broker
        self._queues = [s.queue for s in broker.subscribers if isinstance(s, RabbitSubscriber)]
        self._started = False

    async def run(self) -> None:
        """Until it is cancelled; then handlers under way get a few seconds."""
        try:
            await retry(
                self._start,
                on=Exception,  # whatever it is, the next try may succeed
                warning="the broker is away, or its queues are not declared",
                backoff=Backoff(longest_s=LONGEST_PAUSE_S),
            )
            await asyncio.Event().wait()
        finally:
            self._started = False
            await self._stop()

    async def check(self) -> None:
        """Whether each queue is consumed. Raises: ConnectionError, NotConsuming."""
        if not self._started or not await self._broker.ping(PING_TIMEOUT_S):
            raise ConnectionError("the broker is away")
        wanted, found = len(self._queues), await self._consumers()
        if found < wanted:
            raise NotConsuming(f"{found} of {wanted} queues are consumed")

    async def _consumers(self) -> int:
        """Those that the broker has not cancelled; all subscribers share the default channel."""
        try:
            async with asyncio.timeout(CHANNEL_TIMEOUT_S):
                queue = await self._broker.declare_queue(self._queues[0])
                channel = await queue.channel.get_underlay_channel()
        except (TimeoutError, ChannelInvalidStateError):
            return 0
        if channel.is_closed or not isinstance(channel, Channel):
            return 0
        return len(channel.consumers)

    async def _start(self) -> None:
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                await self._broker.start()
        except Exception:
            await self._stop()
            raise
        self._started = True

    async def _stop(self) -> None:
        with suppress(Exception):
            await self._broker.stop()
