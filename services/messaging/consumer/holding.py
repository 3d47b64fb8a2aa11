"""Has a batch handled whatever fails: what waits for a part is held, what fails by itself is set
aside alone, and nothing else ever is (decision 0017)."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import structlog

from services.messaging import metrics
from services.messaging.broker import BrokerUnavailable, Unconfirmed
from services.messaging.consumer.pieces import Piece
from services.messaging.dead_letters.letters import Bury, Unreadable
from services.platform.mongo import part_is_missing
from services.platform.retry import Backoff
from services.platform.unavailable import Unavailable

T = TypeVar("T")
Handle = Callable[[Sequence[T]], Awaitable[None]]
"""Gets what arrived, in order, and bears the same again, whole or in part: of what it raises for,
it kept nothing. An empty batch tries whether its parts work."""
Check = Callable[[], None]
"""Raises: BrokerUnavailable when the deliveries are not ours any more."""

NOT_HANDLED = "not_handled"
SLOW = 5
"""Failures for want of a part after which half as much is tried."""
TRIES = 3
"""Of one piece alone, each after its parts were seen to work."""

log = structlog.get_logger(__name__)


class Holding(Generic[T]):
    """How one queue's batches end."""

    def __init__(self, queue: str, handle: Handle[T], bury: Bury, backoff: Backoff) -> None:
        self._queue = queue
        self._handle = handle
        self._bury = bury
        self._backoff = backoff

    async def settle(self, pieces: Sequence[Piece[T]], check: Check) -> None:
        """Each is handled, or lies safe among the dead letters. Raises: what `check` raises."""
        if not pieces or await self._goes_well(pieces, check):
            return
        if len(pieces) == 1:
            await self._settle_alone(pieces[0], check)
        else:
            middle = len(pieces) // 2
            await self.settle(pieces[:middle], check)
            await self.settle(pieces[middle:], check)

    async def set_aside(self, unreadable: Sequence[Unreadable], check: Check) -> None:
        """However long the broker takes."""
        await self.until_done(lambda: self._bury(self._queue, unreadable), check)

    async def until_done(self, act: Callable[[], Awaitable[None]], check: Check) -> None:
        """Held in place until that is done."""
        while True:
            try:
                return await act()
            except Exception as error:  # noqa: BLE001  # the same would come again elsewhere
                await self._wait(error, check)

    async def _goes_well(self, pieces: Sequence[Piece[T]], check: Check) -> bool:
        """False: it fails though no part is missing, or is too much for a part that is slow."""
        failures = 0
        while True:
            try:
                await self._handle([piece.item for piece in pieces])
            except Exception as error:
                if not is_missing(error):
                    metrics.CONSUMER_FAILURES.labels(self._queue).inc()
                    log.warning("a batch fails by itself", queue=self._queue, exc_info=error)
                    return False
                await self._wait(error, check)
                failures += 1
                if len(pieces) > 1 and failures == SLOW:
                    await self._until_parts_work(check)
                    return False
            else:
                self._backoff.reset()
                return True

    async def _settle_alone(self, piece: Piece[T], check: Check) -> None:
        for _ in range(TRIES):
            await self._until_parts_work(check)
            await self._backoff.wait()
            if await self._goes_well([piece], check):
                return
        if piece.element is not None:
            alone = Unreadable(piece.delivery, [piece.element], NOT_HANDLED)
            await self.set_aside([alone], check)

    async def _until_parts_work(self, check: Check) -> None:
        """Where not even an empty batch can be handled, no event is to blame."""
        await self.until_done(lambda: self._handle([]), check)

    async def _wait(self, error: Exception, check: Check) -> None:
        metrics.CONSUMER_FAILURES.labels(self._queue).inc()
        log.warning("a batch is held", queue=self._queue, exc_info=error)
        await self._backoff.wait()
        check()


def is_missing(error: Exception) -> bool:
    """Whether a part failed, and not what was handled."""
    return isinstance(error, (BrokerUnavailable, Unconfirmed, Unavailable)) or part_is_missing(
        error
    )
