"""Wires notify together: ears on the queues, the dispatch, its own relay, HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import TypedDict

import structlog
from fastapi import APIRouter, FastAPI

from services.messaging.amqp import AmqpBroker
from services.messaging.completeness import NOTIFY as APP_ID
from services.messaging.dead_letters import burial
from services.messaging.depth import Depths
from services.messaging.entry import Unavailable
from services.messaging.event_log import MongoEventLog
from services.messaging.lease import MongoLease
from services.messaging.outbox import MongoOutbox
from services.messaging.relay import Relay
from services.messaging.relay_parts import RelayParts
from services.messaging.republish import Reader, republish
from services.messaging.topology import PRIVATE_DEAD_LETTERS
from services.notify.api import reading_router
from services.notify.campaigns.api import campaigns_router, offers_of
from services.notify.campaigns.desk import Desk
from services.notify.campaigns.feeder import Feeder
from services.notify.campaigns.store import MongoCampaigns
from services.notify.contact_store import MongoContacts
from services.notify.demo_clock import DemoClock, follow
from services.notify.dispatch import Dispatch
from services.notify.ears import LedgerEars
from services.notify.inbox import Inbox
from services.notify.ledger import MongoLedger
from services.notify.listening import Listening
from services.notify.operations.api import operations_router
from services.notify.operations.store import MongoOperations
from services.notify.providers.console import Console
from services.notify.providers.esms.sending import Esms
from services.notify.providers.esms.webhooks import esms_router
from services.notify.providers.http.sending import HttpProvider
from services.notify.providers.http.webhooks import http_router
from services.notify.providers.provider import Ears, Provider
from services.notify.providers.smpp.sending import Smpp
from services.notify.providers.speedsms.sending import Speedsms
from services.notify.providers.speedsms.webhooks import speedsms_router
from services.notify.providers.zns.sending import Zns
from services.notify.providers.zns.token_store import MongoZnsTokens
from services.notify.providers.zns.webhooks import zns_router
from services.notify.routing.routes import Route, Routes
from services.notify.settings import NotifySettings, ProviderName
from services.notify.subscribers import broker_for, hear_contacts, hear_events
from services.platform.clock import Clock, utc_now
from services.platform.http import allow_origin, create_app
from services.platform.mongo import Database, PyMongoError, connect

PREPARE_AGAIN_S = 2.0

log = structlog.get_logger(__name__)


class State(TypedDict):
    """What the lifespan gives to requests."""

    ledger: MongoLedger
    clock: Clock
    ears: LedgerEars
    operations: MongoOperations
    routes: Routes
    campaigns: Desk


class Notify:
    """All parts of one process; nothing is connected until `run`."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self.clock: Clock = DemoClock(None) if settings.demo else utc_now
        broker_url = settings.broker_url.get_secret_value()
        self._client = connect(settings.mongo_url.get_secret_value())
        database = self._client[settings.mongo_database]
        self._log = MongoEventLog(database, partitions=settings.partitions)
        self.ledger = MongoLedger(self._client, database, self._log)
        self._contacts = contacts = MongoContacts(database)
        self._lease = MongoLease(database, f"relay {APP_ID}")
        amqp = AmqpBroker(broker_url)
        self._outbox = MongoOutbox(self._client, database, partitions=settings.partitions)
        self._relaying = RelayParts(
            self._outbox, amqp, app_id=APP_ID, partitions=settings.partitions
        )
        self._relay = Relay(self._relaying, self._lease, self._log.appended)
        self._depths = Depths(amqp, [PRIVATE_DEAD_LETTERS])
        self.operations = MongoOperations(database)
        self.ears = LedgerEars(self.ledger, settings.house.keys, self.clock, settings.reply_prefix)
        self.routes = routes_of(settings, database, self.clock, self.ears)
        self._dispatch = Dispatch(
            self.ledger,
            contacts,
            self.routes,
            settings.house,
            settings.pace,
            clock=self.clock,
            machine_clock=utc_now,
        )
        self._campaigns = MongoCampaigns(database)
        invited = (self.ledger, contacts, self._campaigns, settings.house)
        self._feeder = Feeder(*invited, self.clock)
        self.desk = Desk(*invited, offers_of(settings), self.clock)
        self._inbox = Inbox(
            self.ledger,
            contacts,
            delay=settings.pace.delay,
            clock=self.clock,
            see=follow(self.clock),
            keys=settings.house.keys,
        )
        self.broker = broker_for(broker_url, settings.prefetch)
        hear_events(self.broker, self._inbox, burial(amqp))
        private_burial = burial(amqp, PRIVATE_DEAD_LETTERS)
        hear_contacts(self.broker, self._inbox, private_burial, settings.house.keys)
        self._listening = Listening(self.broker)
        self._sending: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Until cancelled; each part waits by itself for what it stands on."""
        await self._prepare()
        for route in self.routes.all.values():
            if isinstance(route.provider, Smpp):
                route.provider.begin()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listening.run())
            group.create_task(self._relay.run())
            group.create_task(self._depths.keep_measuring())
            group.create_task(self._feeder.run())
            self._sending = group.create_task(self._dispatch.run())

    async def end(self, running: asyncio.Task[None]) -> None:
        """Lets the round under way hear its provider out, then ends everything."""
        self._dispatch.stop()
        self.routes.stop()
        if self._sending:
            await asyncio.wait([self._sending], timeout=self._settings.longest_answer_s + 2)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await self._inbox.close()
        await self.routes.close()
        await self.ears.close()
        await self._log.close()
        self._client.close()

    async def republish(self, to: Reader, since: datetime | None) -> int:
        """The log once more, to one service alone; how many events."""
        queues = to.queues(self._settings.partitions)
        return await republish(self._log, self._relaying, queues, since=since)

    async def check_database(self) -> None:
        """Raises when it does not answer."""
        await self._client.admin.command("ping")

    async def check_broker(self) -> None:
        """Raises when the ears are closed."""
        await self._listening.check()

    async def _prepare(self) -> None:
        while True:
            try:
                await self._log.ensure_indexes()
                await self._outbox.ensure_indexes()
                await self.ledger.ensure_indexes()
                await self._contacts.ensure_indexes()
                await self.operations.ensure_indexes()
                await self._campaigns.ensure_indexes()
                await self._lease.ensure()
                await self._set_clock()
                return
            except (PyMongoError, Unavailable) as error:
                log.warning("the database is not there yet", exc_info=error)
                await asyncio.sleep(PREPARE_AGAIN_S)

    async def _set_clock(self) -> None:
        """A demo that was interrupted goes on where it would be now."""
        newest = await self.ledger.newest() if self._settings.demo else None
        if newest and newest.occasion and newest.heard_at:
            follow(self.clock)(newest.occasion.recorded_at + (utc_now() - newest.heard_at))


def routes_of(settings: NotifySettings, database: Database, clock: Clock, ears: Ears) -> Routes:
    """Those that the settings name."""
    return Routes(
        [
            Route(
                provider_of(ProviderName(one.name), settings, database, clock, ears),
                settings.route_terms(one),
            )
            for one in settings.plan
        ]
    )


def provider_of(
    name: ProviderName, settings: NotifySettings, database: Database, clock: Clock, ears: Ears
) -> Provider:
    """One of them; nothing is connected yet."""
    match name:
        case ProviderName.SMPP:
            return Smpp(settings.smpp_access, ears, clock)
        case ProviderName.HTTP:
            access = settings.http_access
            return HttpProvider(access.url, access.token, access.timeout_s)
        case ProviderName.ESMS:
            return Esms(settings.esms_access)
        case ProviderName.SPEEDSMS:
            return Speedsms(settings.speedsms_access)
        case ProviderName.ZNS:
            tokens = MongoZnsTokens(database, settings.house.keys)
            return Zns(settings.zns_access, tokens, utc_now)
    return Console(settings.console_file, clock)


def webhooks_of(settings: NotifySettings) -> list[APIRouter]:
    """What providers call; the address of one that is not in use does not exist."""
    return [
        http_router(settings),
        esms_router(settings),
        speedsms_router(settings),
        zns_router(settings),
    ]


def create(settings: NotifySettings) -> FastAPI:
    """The app; nothing is connected until its lifespan begins."""
    notify = Notify(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[State]:
        running = asyncio.create_task(notify.run())
        try:
            yield State(
                ledger=notify.ledger,
                clock=notify.clock,
                ears=notify.ears,
                operations=notify.operations,
                routes=notify.routes,
                campaigns=notify.desk,
            )
        finally:
            await notify.end(running)

    app = create_app(
        title="Từng Ngõ: notify",
        lifespan=lifespan,
        routers=(
            reading_router(settings),
            operations_router(settings),
            campaigns_router(settings),
            *webhooks_of(settings),
        ),
        checks={"database": notify.check_database, "broker": notify.check_broker},
        unavailable=(Unavailable, PyMongoError),
    )
    allow_origin(app, settings.allowed_origin, "GET", "POST")
    return app
