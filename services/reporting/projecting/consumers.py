"""The workers of all partitions and the consumers that feed them."""

import asyncio
from functools import partial

import structlog

from services.messaging.amqp import AmqpBroker
from services.messaging.broker import Broker, BrokerUnavailable
from services.messaging.consumer.arrivals import Arrival, HomeQueue, read_arrivals
from services.messaging.consumer.consumer import PartitionConsumer
from services.messaging.consumer.holding import Handle
from services.messaging.dead_letters.depth import Depths
from services.messaging.dead_letters.letters import burial
from services.messaging.topology import EVENTS_DEAD_LETTERS, partition_queue
from services.platform.process.supervisor import Part
from services.platform.retry import retry
from services.reporting.projecting.bookkeeping import Bookkeeping
from services.reporting.projecting.burial import Burial
from services.reporting.projecting.shared_transactions import SharedTransactions
from services.reporting.projecting.worker import PartitionWorker
from services.reporting.settings import ReportingSettings

FORMER_EVERY_S = 5.0

log = structlog.get_logger(__name__)


class Consumers:
    """The parts of reporting that write."""

    def __init__(self, settings: ReportingSettings, books: Bookkeeping) -> None:
        self._partitions = settings.partitions
        self._books = books
        self._broker: Broker = AmqpBroker(settings.broker_url.get_secret_value())
        self._bury = Burial(burial(self._broker), books.aside, books.progress, books.transact)
        self._home = HomeQueue(settings.partitions)
        self._shared = SharedTransactions(books.projection)
        self._depths = Depths(self._broker, [EVENTS_DEAD_LETTERS])
        self._workers = [
            PartitionWorker(n, self._shared, books.rebuild, books.progress, books.counting)
            for n in range(settings.partitions)
        ]
        self._consumers = [self._consumer(n, w.handle) for n, w in enumerate(self._workers)]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The workers wait for their stores, or for an older process that still projects."""
        rebuilding = [
            partial(worker.keep_rebuilding, self._books.due, self._partitions)
            for worker in self._workers
        ]
        return (
            Part("depths", run=self._depths.keep_measuring),
            Part("stores", prepare=self._books.prepare, close=self._shared.close),
            *(Part(f"consumer p{n}", run=c.run) for n, c in enumerate(self._consumers)),
            *(Part(f"rebuild p{n}", run=run) for n, run in enumerate(rebuilding)),
            Part("former queues", run=self._drain_former),
            Part("queues", check=self._check),
        )

    async def _check(self) -> None:
        """Raises while a partition has no consumer."""
        if not all(consumer.connected for consumer in self._consumers):
            raise ConnectionError

    async def _drain_former(self) -> None:
        """What waits in queues that no partition has any more goes to where it belongs now."""
        partition = self._partitions
        async with asyncio.TaskGroup() as group:
            while await self._is_there(partition):
                group.create_task(self._drain(partition))
                partition += 1

    async def _drain(self, partition: int) -> None:
        """Until the queue is deleted."""
        draining = asyncio.create_task(self._consumer(partition, _nothing_is_ours).run())
        try:
            while await self._is_there(partition):  # noqa: ASYNC110  # another process deletes it
                await asyncio.sleep(FORMER_EVERY_S)
        finally:
            draining.cancel()
            await asyncio.wait([draining])

    async def _is_there(self, partition: int) -> bool:
        depth = await retry(
            partial(self._broker.depth, partition_queue(partition)),
            on=BrokerUnavailable,
            warning="former queues cannot be looked for yet",
        )
        return depth is not None

    def _consumer(self, partition: int, handle: Handle[Arrival]) -> PartitionConsumer[Arrival]:
        return PartitionConsumer(
            self._broker,
            partition_queue(partition),
            handle,
            read=read_arrivals,
            bury=self._bury,
            home=self._home,
        )


async def _nothing_is_ours(_: object) -> None:
    """Events were sent on already; what a log said of a division that is gone is not heard."""
