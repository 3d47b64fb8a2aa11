"""One process of notify: its parts, its subscribers, its relay and HTTP, begun and ended."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import TypedDict

from fastapi import FastAPI

from services.messaging.amqp import AmqpBroker
from services.messaging.dead_letters.depth import Depths
from services.messaging.dead_letters.letters import burial
from services.messaging.log.completeness import NOTIFY as APP_ID
from services.messaging.log.store import MongoEventLog
from services.messaging.relay.lease_store import MongoLease
from services.messaging.relay.outbox_store import MongoOutbox
from services.messaging.relay.parts import RelayParts
from services.messaging.relay.relay import Relay
from services.messaging.relay.republish import Reader, republish
from services.messaging.topology import PRIVATE_DEAD_LETTERS
from services.notify import metrics
from services.notify.access.store import MongoEndedAccesses
from services.notify.arriving.connection import BrokerConnection
from services.notify.arriving.subscribers import (
    broker_for,
    on_events,
    on_secrets,
    subscribe_to_events,
    subscribe_to_secrets,
)
from services.notify.callbacks.sink import LedgerCallbacks
from services.notify.campaigns.api import campaigns_router
from services.notify.campaigns.service import CampaignService
from services.notify.campaigns.store import MongoCampaigns
from services.notify.clock import clock_of
from services.notify.contacts.store import MongoContacts
from services.notify.http.notifications import reading_router
from services.notify.ledger.store import MongoLedger
from services.notify.operations.api import operations_router
from services.notify.operations.store import MongoOperations
from services.notify.routing.routes import Routes
from services.notify.settings import NotifySettings
from services.notify.wiring import Parts, Stores, planned_routes, webhooks_of, wire
from services.platform.clock import Clock, utc_now
from services.platform.http.app import allow_origin, create_app
from services.platform.http.repeat_store import MongoRepeats
from services.platform.http.repeating import Repeats
from services.platform.mongo import PyMongoError, connect
from services.platform.process.supervisor import Part, Supervisor, database
from services.platform.unavailable import Unavailable


class RequestState(TypedDict):
    """What the lifespan gives to requests."""

    ledger: MongoLedger
    clock: Clock
    callbacks: LedgerCallbacks
    operations: MongoOperations
    routes: Routes
    campaigns: CampaignService
    repeats: Repeats
    ended: MongoEndedAccesses


class Notify:
    """All parts of one process; nothing is connected until its lifespan begins."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._client = connect(settings.mongo_url.get_secret_value())
        self._database = self._client[settings.mongo_database]
        self._log = MongoEventLog(self._database, partitions=settings.partitions)
        self.ledger = MongoLedger(self._client, self._database, self._log)
        self._contacts = MongoContacts(self._database)
        self._campaigns = MongoCampaigns(self._database)
        self.operations = MongoOperations(self._database)
        self.repeat_store = MongoRepeats(self._database)
        self.ended = MongoEndedAccesses(self._database)
        self.parts = self._wire(settings)
        metrics.begin_at_zero(self.parts.routes.all)
        self._publish(settings)
        self._subscribe(settings)
        self.supervisor = self._supervised()

    def _wire(self, settings: NotifySettings) -> Parts:
        clock = clock_of(demo=settings.demo)
        return wire(
            settings,
            Stores(self.ledger, self._contacts, self._campaigns),
            partial(planned_routes, settings, self._database, clock),
            clock=clock,
        )

    def _publish(self, settings: NotifySettings) -> None:
        database, partitions = self._database, settings.partitions
        self._amqp = AmqpBroker(settings.broker_url.get_secret_value())
        self._lease = MongoLease(database, f"relay {APP_ID}")
        self._outbox = MongoOutbox(self._client, database, partitions=partitions)
        self._relaying = RelayParts(self._outbox, self._amqp, app_id=APP_ID, partitions=partitions)
        self._relay = Relay(self._relaying, self._lease, self._log.appended)
        self._depths = Depths(self._amqp, [PRIVATE_DEAD_LETTERS])

    def _subscribe(self, settings: NotifySettings) -> None:
        inbox, keys = self.parts.inbox, settings.installation.keys
        self.broker = broker_for(settings.broker_url.get_secret_value(), settings.prefetch)
        subscribe_to_events(self.broker, on_events(inbox), burial(self._amqp))
        private_burial = burial(self._amqp, PRIVATE_DEAD_LETTERS)
        subscribe_to_secrets(self.broker, on_secrets(inbox, self.ended, keys), private_burial)
        self._connection = BrokerConnection(self.broker)

    def _supervised(self) -> Supervisor:
        """Each waits by itself for what it stands on; at the end the dispatch hears its provider
        out."""
        parts = self.parts
        return Supervisor(
            (
                database(self._client),
                Part("log", prepare=self._log.ensure_indexes, close=self._log.close),
                Part("stores", prepare=self._prepare_stores),
                Part("clock", prepare=partial(parts.clock.resume, self.ledger.newest)),
                Part("callbacks", close=parts.callbacks.close),
                Part(
                    "routes",
                    prepare=parts.routes.begin,
                    stop=parts.routes.stop,
                    close=parts.routes.close,
                ),
                Part("inbox", close=parts.inbox.close),
                Part("broker", run=self._connection.run, check=self._connection.check),
                Part("relay", prepare=self._lease.ensure, run=self._relay.run),
                Part("depths", run=self._depths.keep_measuring),
                Part("feeder", run=parts.feeder.run),
                Part(
                    "dispatch",
                    run=parts.dispatch.run,
                    stop=parts.dispatch.stop,
                    grace_s=self._settings.longest_answer_s + 2,
                ),
            )
        )

    async def _prepare_stores(self) -> None:
        await self._outbox.ensure_indexes()
        await self.ledger.ensure_indexes()
        await self._contacts.ensure_indexes()
        await self.operations.ensure_indexes()
        await self._campaigns.ensure_indexes()
        await self.repeat_store.ensure_indexes()
        await self.ended.ensure_indexes()

    async def republish(self, to: Reader, since: datetime | None) -> int:
        """The log once more, to one service alone; how many events."""
        queues = to.queues(self._settings.partitions)
        return await republish(self._log, self._relaying, queues, since=since)


def create(settings: NotifySettings) -> FastAPI:
    """The app; nothing is connected until its lifespan begins."""
    notify = Notify(settings)
    repeats = Repeats(notify.repeat_store, settings.notify_wrap_key, utc_now)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[RequestState]:
        async with notify.supervisor.lifespan():
            yield RequestState(
                ledger=notify.ledger,
                clock=notify.parts.clock,
                callbacks=notify.parts.callbacks,
                operations=notify.operations,
                routes=notify.parts.routes,
                campaigns=notify.parts.campaigns,
                repeats=repeats,
                ended=notify.ended,
            )

    app = create_app(
        title="Từng Ngõ: notify",
        lifespan=lifespan,
        routers=(
            reading_router(settings),
            operations_router(settings),
            campaigns_router(settings),
            *webhooks_of(settings),
        ),
        checks=notify.supervisor.checks,
        unavailable=(Unavailable, PyMongoError),
        limits=settings.limits,
    )
    allow_origin(app, settings.allowed_origin, "GET", "POST")
    return app
