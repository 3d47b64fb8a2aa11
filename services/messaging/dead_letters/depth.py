"""How many letters lie among the dead: measured at the broker, where nobody can hide them."""

import asyncio
import math
from collections.abc import Sequence

import structlog

from services.messaging import metrics
from services.messaging.broker import Broker, BrokerUnavailable

EVERY_S = 15.0

log = structlog.get_logger(__name__)


class Depths:
    """The gauge `dead_letters_depth` of some queues; counts also what the broker put there."""

    def __init__(self, broker: Broker, queues: Sequence[str], every_s: float = EVERY_S) -> None:
        self._broker = broker
        self._queues = queues
        self._every_s = every_s

    async def measure(self) -> None:
        """Once; what cannot be known shows as NaN."""
        for queue in self._queues:
            metrics.DEAD_LETTERS_DEPTH.labels(queue).set(await self._depth(queue))

    async def keep_measuring(self) -> None:
        """Until cancelled."""
        while True:
            await self.measure()
            await asyncio.sleep(self._every_s)

    async def _depth(self, queue: str) -> float:
        try:
            depth = await self._broker.depth(queue)
        except BrokerUnavailable as error:
            log.warning("dead letters cannot be counted", queue=queue, exc_info=error)
            return math.nan
        return math.nan if depth is None else depth
