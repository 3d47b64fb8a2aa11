"""A worker begins again after every failure, and still ends when it is told to."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from services.events.envelope import Event
from services.messaging.broker import BrokerUnavailable, Inbox, Publisher
from services.messaging.consumer.consumer import PartitionConsumer
from services.messaging.consumer.decoding import decode_events
from services.messaging.dead_letters.letters import burial
from services.messaging.relay.parts import RelayParts
from services.messaging.relay.relay import Relay
from tests.eventually import patience
from tests.twins.broker import BrokerTwin
from tests.twins.event_log import EventLogTwin
from tests.twins.lease import LeaseTwin
from tests.twins.outbox import OutboxTwin


class BreakingBroker(BrokerTwin):
    """One whose connection breaks just as its user is cancelled, and that tells only of the break:
    so does aio-pika now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.connecting = asyncio.Event()

    @asynccontextmanager
    async def publisher(self, name: str) -> AsyncIterator[Publisher]:
        await self._break()
        async with super().publisher(name) as publisher:
            yield publisher

    @asynccontextmanager
    async def inbox(self, queue: str, *, prefetch: int) -> AsyncIterator[Inbox]:
        await self._break()
        async with super().inbox(queue, prefetch=prefetch) as inbox:
            yield inbox

    async def _break(self) -> None:
        self.connecting.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            raise BrokerUnavailable from error


async def ignore(_: Sequence[Event]) -> None:
    """Handles nothing."""


def relay(broker: BrokerTwin) -> Coroutine[Any, Any, None]:
    log = EventLogTwin()
    parts = RelayParts(OutboxTwin(log), broker, app_id="test", partitions=4)
    return Relay(parts, LeaseTwin(), log.appended).run()


def consumer(broker: BrokerTwin) -> Coroutine[Any, Any, None]:
    return PartitionConsumer(
        broker, "reporting.p0", ignore, read=decode_events, bury=burial(broker)
    ).run()


@pytest.mark.parametrize("worker", [relay, consumer])
async def test_worker_ends_though_its_cancellation_is_swallowed(
    worker: Callable[[BrokerTwin], Coroutine[Any, Any, None]],
) -> None:
    broker = BreakingBroker()
    task = asyncio.create_task(worker(broker))
    await broker.connecting.wait()

    task.cancel()

    async with patience():
        with pytest.raises(asyncio.CancelledError):
            await task
