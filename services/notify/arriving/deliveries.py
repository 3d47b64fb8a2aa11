"""How a delivery ends: acknowledged, held while a part is missing, or among the dead letters."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import orjson
import structlog
from faststream.rabbit import RabbitMessage

from services.events.envelope import Event
from services.events.registry import encode
from services.messaging import metrics as counters
from services.messaging.amqp import LOST, from_amqp
from services.messaging.broker import BrokerUnavailable, Unconfirmed
from services.messaging.dead_letters.letters import Bury, Unreadable
from services.notify import metrics
from services.platform.retry import Backoff, retry
from services.platform.unavailable import Unavailable

E = TypeVar("E", bound=Event)
Work = Callable[[], Awaitable[None]]

FIRST_PAUSE_S = 0.1
MISSING = (Unavailable, BrokerUnavailable, Unconfirmed)
"""A part is not there; the message itself is well. The stores tell the two apart."""

log = structlog.get_logger(__name__)


class DeliveryHandler:
    """Of one queue's deliveries; an acknowledgement that gets lost only brings one back."""

    def __init__(self, queue: str, bury: Bury) -> None:
        self._queue = queue
        self._bury = bury
        counters.begin_at_zero(queue)

    async def events(
        self,
        message: RabbitMessage,
        events: Sequence[E],
        take: Callable[[Sequence[E]], Awaitable[None]],
    ) -> None:
        """All at once; where that fails for another reason than a missing part, one by one."""
        try:
            await held(lambda: take(events))
        except Exception as error:  # whatever it is, the other events go on
            log.warning("a message is taken apart", queue=self._queue, exc_info=error)
            for event in events:
                await self._alone(message, event, take)
        for event in events:
            metrics.ARRIVED.labels(event.type).inc()
        await done(message)

    async def body(
        self, message: RabbitMessage, body: bytes, take: Callable[[bytes], Awaitable[None]]
    ) -> None:
        """A message that is one thing."""
        try:
            await held(lambda: take(body))
        except Exception as error:  # noqa: BLE001  # its own failure
            await self.bury(message, None, error)
        await done(message)

    async def unexpected(self, message: RabbitMessage) -> None:
        """A message that nobody here asked for."""
        await self.bury(message, None, LookupError("no subscriber"))
        await done(message)

    async def bury(
        self, message: RabbitMessage, elements: list[object] | None, error: Exception
    ) -> None:
        """Until it lies safe among the dead letters."""
        reason = type(error).__name__
        log.error("set aside", queue=self._queue, reason=reason, exc_info=error)
        letter = Unreadable(from_amqp(message.raw_message), elements, reason)
        await held(lambda: self._bury(self._queue, [letter]))

    async def _alone(
        self, message: RabbitMessage, event: E, take: Callable[[Sequence[E]], Awaitable[None]]
    ) -> None:
        try:
            await held(lambda: take([event]))
        except Exception as error:  # noqa: BLE001  # its own failure
            await self.bury(message, [orjson.loads(encode(event))], error)


async def held(work: Work) -> None:
    """Tries again in place for as long as a part is missing."""
    await retry(
        work,
        on=MISSING,
        warning="held until a missing part is back",
        backoff=Backoff(FIRST_PAUSE_S),
    )


async def done(message: RabbitMessage) -> None:
    """Where the connection is gone the broker delivers it again, which does no harm."""
    with suppress(*LOST):
        await message.ack()
