"""Wires reporting together: workers on the queues, reports over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from fastapi import FastAPI

from services.events.envelope import Event
from services.events.registry import parse
from services.messaging.amqp import AmqpBroker
from services.messaging.consumer import PartitionConsumer
from services.messaging.dead_letters import burial
from services.messaging.topology import partition_queue
from services.platform.auth import reader_of
from services.platform.clock import utc_now
from services.platform.http import create_app
from services.platform.mongo import PyMongoError, connect
from services.reporting.answering import Sources
from services.reporting.api import routers
from services.reporting.bookkeeping import Bookkeeping
from services.reporting.deps import Deps
from services.reporting.drill_down import DrillDown
from services.reporting.page_api import page_config
from services.reporting.settings import ReportingSettings
from services.reporting.together import Together
from services.reporting.worker import PartitionWorker

PREPARE_AGAIN_S = 2.0

log = structlog.get_logger(__name__)


class Projecting:
    """The workers of all partitions, started with back-off while HTTP serves already."""

    def __init__(self, settings: ReportingSettings, books: Bookkeeping) -> None:
        self._partitions = settings.partitions
        self._books = books
        broker = AmqpBroker(settings.broker_url.get_secret_value())
        bury = burial(broker)
        self._together = Together(books.projection)
        self._workers = [
            PartitionWorker(n, self._together, books.rebuild, books.progress)
            for n in range(settings.partitions)
        ]
        self._consumers: list[PartitionConsumer[Event]] = [
            PartitionConsumer(broker, partition_queue(n), worker.handle, read=parse, bury=bury)
            for n, worker in enumerate(self._workers)
        ]

    async def run(self) -> None:
        """Until cancelled."""
        await self._prepare()
        try:
            async with asyncio.TaskGroup() as group:
                for consumer in self._consumers:
                    group.create_task(consumer.run())
                for worker in self._workers:
                    group.create_task(worker.keep_rebuilding(self._books.due, self._partitions))
        finally:
            await self._together.close()

    async def check(self) -> None:
        """Raises while a partition has no consumer."""
        if not all(consumer.connected for consumer in self._consumers):
            raise ConnectionError

    async def _prepare(self) -> None:
        while True:
            try:
                return await self._books.prepare()
            except PyMongoError as error:
                log.warning("the database is not there yet", exc_info=error)
                await asyncio.sleep(PREPARE_AGAIN_S)


def create(settings: ReportingSettings) -> FastAPI:
    """The app; nothing is connected until its lifespan begins."""
    client = connect(settings.mongo_url.get_secret_value())
    books = Bookkeeping(client, settings.mongo_database, settings.partitions)
    projecting = Projecting(settings, books)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        running = asyncio.create_task(projecting.run())
        try:
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            client.close()

    return create_app(
        title="Từng Ngõ: reporting",
        lifespan=lifespan,
        routers=routers(_deps(settings, books)),
        checks={"database": books.ping, "queues": projecting.check},
        unavailable=(PyMongoError,),
    )


def _deps(settings: ReportingSettings, books: Bookkeeping) -> Deps:
    sources = Sources(books.cells, books.facts, DrillDown(books.facts), settings.demo)
    return Deps(
        sources,
        books.facts,
        books.true_as_of,
        books.requests.left,
        books.progress.revisions,
        reader_of(settings, "reporting"),
        utc_now,
        page_config(
            settings.registration_public_url, settings.notify_public_url, demo=settings.demo
        ),
    )
