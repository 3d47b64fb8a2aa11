"""Wires registration together: intake, its slices, the relay of its log, HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from fastapi import APIRouter, Depends, FastAPI

from services.messaging.amqp import AmqpBroker
from services.messaging.log.completeness import REGISTRATION as APP_ID
from services.messaging.log.store import MongoEventLog
from services.messaging.relay.lease_store import MongoLease
from services.messaging.relay.outbox_store import MongoOutbox
from services.messaging.relay.parts import RelayParts
from services.messaging.relay.relay import Relay
from services.messaging.relay.republish import Reader, republish
from services.platform.clock import utc_now
from services.platform.http.app import allow_origin, create_app
from services.platform.http.openapi import document_with
from services.platform.mongo import PyMongoError, connect
from services.platform.retry import retry
from services.platform.unavailable import Unavailable
from services.registration.access.ended import Ended
from services.registration.access.facade import Access
from services.registration.access.store import MongoAccessStore
from services.registration.appointments import api as appointments
from services.registration.citizens import api as citizens
from services.registration.citizens.contact import Confidential
from services.registration.citizens.kept import Kept
from services.registration.citizens.kept_store import MongoKeptStore
from services.registration.citizens.persons import Persons
from services.registration.citizens.reading import CitizenReader
from services.registration.citizens.store import MongoRowStore
from services.registration.citizens.sweep import Sweep
from services.registration.citizens.vault import keys_of
from services.registration.directory import about
from services.registration.directory import api as directory
from services.registration.directory.rules import ward_problem
from services.registration.intake import api as intake
from services.registration.intake.clock_correction import EARLIEST
from services.registration.intake.context import Context
from services.registration.intake.corrections import Corrections
from services.registration.intake.judge import Rules
from services.registration.intake.outcome import Outcomes
from services.registration.intake.record import Intake
from services.registration.intake.refusals import Refusals
from services.registration.intake.releases import Releases
from services.registration.intake.rows import MongoRows
from services.registration.intake.store import MongoStore
from services.registration.neighbourhoods import api as neighbourhoods
from services.registration.openapi import describe_events, request_body
from services.registration.organisations import api as organisations
from services.registration.requests import api as requests
from services.registration.requests.waiting import Waiting
from services.registration.service_points import api as service_points
from services.registration.settings import RegistrationSettings
from services.registration.subjects import SUBJECTS
from services.registration.teams import api as teams


class Registration:
    """All parts of one process; nothing is connected until `run`."""

    def __init__(self, settings: RegistrationSettings) -> None:
        self._settings = settings
        self._connect(settings)
        self._access = Access(self._access_store, self._rows, settings, utc_now, demo=settings.demo)
        self._know_citizens(settings)
        self._take_in(settings)

    async def run(self) -> None:
        """Until cancelled; each part waits by itself for what it stands on."""
        await retry(
            self._prepare, on=(PyMongoError, Unavailable), warning="the database is not there yet"
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(self._relay.run())
            group.create_task(self._releases.run())
            group.create_task(self._sweep.run())
            group.create_task(self._waiting.keep_showing())
            group.create_task(self._ended.run())

    async def end(self, running: asyncio.Task[None]) -> None:
        """What is being written is written; then all connections close."""
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await self._persons.close()
        await self._store.close()
        await self._log.close()
        self._client.close()
        self._citizens_client.close()

    async def republish(self, to: Reader, since: datetime | None) -> int:
        """The log once more, to one service alone; how many events."""
        queues = to.queues(self._settings.partitions)
        return await republish(self._log, self._relaying, queues, since=since)

    async def check_database(self) -> None:
        """Raises when it does not answer."""
        await self._client.admin.command("ping")

    @property
    def routers(self) -> list[APIRouter]:
        """One for each slice that is read."""
        access = self._access
        signed_in = [Depends(access.authenticate)]
        return [
            about.router(utc_now, demo=self._settings.demo),
            intake.router(self._intake),
            directory.router(self._rows, utc_now, signed_in),
            *(
                slice_.router(self._rows, signed_in)
                for slice_ in (
                    teams,
                    neighbourhoods,
                    organisations,
                    service_points,
                    appointments,
                )
            ),
            citizens.router(
                self._citizen_reader,
                self._kept,
                self._outcomes.recorded,
                self._access.persons,
                self._access.note,
            ),
            requests.router(self._waiting, self._access.persons),
            *self._access.routers,
        ]

    def _connect(self, settings: RegistrationSettings) -> None:
        self._client = connect(settings.mongo_url.get_secret_value())
        self._citizens_client = connect(settings.citizens_mongo_url.get_secret_value())
        database = self._client[settings.mongo_database]
        self._access_store = MongoAccessStore(database)
        self._log = MongoEventLog(database, partitions=settings.partitions)
        self._rows = MongoRows(database["subjects"])
        broker = AmqpBroker(settings.broker_url.get_secret_value())
        self._ended = Ended(database, broker)
        self._waiting = Waiting(self._rows, utc_now)
        self._store = MongoStore(self._client, database["subjects"], self._log)
        self._outbox = MongoOutbox(self._client, database, partitions=settings.partitions)
        self._lease = MongoLease(database, f"relay {APP_ID}")

    def _know_citizens(self, settings: RegistrationSettings) -> None:
        database = self._citizens_client[settings.citizens_mongo_database]
        keys = keys_of(settings)
        self._index = MongoRowStore(database)
        self._kept_store = MongoKeptStore(database)
        self._kept = Kept(self._kept_store, keys)
        self._persons = Persons(self._index, keys)
        self._sweep = Sweep(self._index, self._log.find, self._log.is_voided)
        self._citizen_reader = CitizenReader(self._index, self._rows, keys)
        confidential = Confidential(self._index, self._kept, keys)
        self._relaying = RelayParts(
            self._outbox,
            AmqpBroker(settings.broker_url.get_secret_value()),
            app_id=APP_ID,
            partitions=settings.partitions,
            confidential=confidential,
        )
        self._relay = Relay(self._relaying, self._lease, self._log.appended)

    def _take_in(self, settings: RegistrationSettings) -> None:
        store = self._access.watching(self._store)
        refusals = Refusals(self._log, self._kept)
        corrections = Corrections(self._log, store, SUBJECTS, refusals, utc_now)
        self._releases = Releases(self._log, corrections, refusals)
        recording = Intake(
            rules=Rules(SUBJECTS, ward_problem, EARLIEST),
            persons=self._persons,
            log=self._log,
            store=store,
            context=Context(SUBJECTS, self._rows, self._persons, self._log),
            corrections=corrections,
            releases=self._releases,
            refusals=refusals,
            payload_key=settings.payload_key,
        )
        self._outcomes = Outcomes(self._log, self._kept)
        self._intake = intake.IntakeApi(
            intake=recording,
            outcomes=self._outcomes,
            authenticate=self._access.authenticate,
            clock=utc_now,
            request_body=request_body(),
            demo=settings.demo,
        )

    async def _prepare(self) -> None:
        for part in (
            self._log,
            self._outbox,
            self._rows,
            self._index,
            self._kept_store,
            self._access_store,
        ):
            await part.ensure_indexes()
        await self._lease.ensure()


def create(settings: RegistrationSettings) -> FastAPI:
    """The app; nothing is connected until its lifespan begins."""
    registration = Registration(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        running = asyncio.create_task(registration.run())
        try:
            yield
        finally:
            await registration.end(running)

    app = create_app(
        title="Từng Ngõ: registration",
        lifespan=lifespan,
        routers=registration.routers,
        checks={"database": registration.check_database},
        unavailable=(Unavailable, PyMongoError),
        limits=settings.limits,
    )
    document_with(app, describe_events)
    allow_origin(app, settings.allowed_origin, "POST", "DELETE")
    return app
