"""Keeps notify's ears open while the broker comes and goes."""

import asyncio
from contextlib import suppress

import structlog
from faststream.rabbit import RabbitBroker

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
START_TIMEOUT_S = 15.0
PING_TIMEOUT_S = 1.5

log = structlog.get_logger(__name__)


class Listening:
    """FastStream's `start()` fails where the broker is away: it is tried until it succeeds.

    Once started, aio-pika reconnects by itself.
    """

    def __init__(self, broker: RabbitBroker) -> None:
        self._broker = broker
        self._started = False

    async def run(self) -> None:
        """Until it is cancelled; then handlers under way get a few seconds."""
        pause_s = FIRST_PAUSE_S
        try:
            while not await self._start():
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            await asyncio.Event().wait()
        finally:
            self._started = False
            await self._stop()

    async def check(self) -> None:
        """Raises: ConnectionError."""
        if not self._started or not await self._broker.ping(PING_TIMEOUT_S):
            raise ConnectionError("the broker is away")

    async def _start(self) -> bool:
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                await self._broker.start()
        except Exception as error:  # whatever it is, the next try may succeed
            log.warning("the broker is away, or its queues are not declared", exc_info=error)
            await self._stop()
            return False
        self._started = True
        return True

    async def _stop(self) -> None:
        with suppress(Exception):
            await self._broker.stop()
