"""Wires registration together: intake, its slices, the relay of its log, HTTP."""

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
from services.platform.process.supervisor import Part, Supervisor, database
from services.platform.unavailable import Unavailable
from services.registration.access.ended import Ended
from services.registration.access.store import MongoAccessStore
from services.registration.access.wiring import Access
from services.registration.citizens import api as citizens
from services.registration.citizens.contact import Confidential
from services.registration.citizens.persons import Persons
from services.registration.citizens.reading import CitizenReader
from services.registration.citizens.refused_bodies import RefusedBodies
from services.registration.citizens.refused_body_store import MongoRefusedBodyStore
from services.registration.citizens.store import MongoRowStore
from services.registration.citizens.sweep import Sweep
from services.registration.citizens.vault import keys_of
from services.registration.directory import about
from services.registration.directory import api as directory
from services.registration.directory.rules import ward_problem
from services.registration.intake import api as intake
from services.registration.intake.context import Context
from services.registration.intake.corrections import Corrections
from services.registration.intake.judge import Rules
from services.registration.intake.outcome import Outcomes
from services.registration.intake.record import Intake
from services.registration.intake.refusals import Refusals
from services.registration.intake.releases import Releases
from services.registration.openapi import describe_events, request_body
from services.registration.requests import api as requests
from services.registration.requests.waiting import Waiting
from services.registration.settings import RegistrationSettings
from services.registration.slices import KINDS, SUBJECTS
from services.registration.subjects.reading import routers
from services.registration.subjects.row_store import MongoRows
from services.registration.subjects.store import MongoStore


class Registration:
    """All parts of one process; nothing is connected until its parts run."""

    def __init__(self, settings: RegistrationSettings) -> None:
        self._settings = settings
        self._connect(settings)
        self._access = Access(self._access_store, self._rows, settings, utc_now, demo=settings.demo)
        self._know_citizens(settings)
        self._take_in(settings)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Each waits by itself for what it stands on."""
        return (
            database(self._client),
            database(self._citizens_client, "database of persons", is_asked=False),
            Part("log", prepare=self._log.ensure_indexes, close=self._log.close),
            Part("outbox", prepare=self._outbox.ensure_indexes),
            Part("subjects", prepare=self._rows.ensure_indexes, close=self._store.close),
            Part("index", prepare=self._index.ensure_indexes, close=self._persons.close),
            Part("refused bodies", prepare=self._kept_store.ensure_indexes),
            Part("access", prepare=self._access_store.ensure_indexes),
            Part("relay", prepare=self._lease.ensure, run=self._relay.run),
            Part("releases", run=self._releases.run),
            Part("sweep", run=self._sweep.run),
            Part("requests", run=self._waiting.keep_showing),
            Part("ended access", run=self._ended.run),
        )

    async def republish(self, to: Reader, since: datetime | None) -> int:
        """The log once more, to one service alone; how many events."""
        queues = to.queues(self._settings.partitions)
        return await republish(self._log, self._relaying, queues, since=since)

    @property
    def routers(self) -> list[APIRouter]:
        """One for each slice that is read."""
        access = self._access
        signed_in = [Depends(access.authenticate)]
        return [
            about.router(utc_now, demo=self._settings.demo),
            intake.router(self._intake),
            directory.router(self._rows, KINDS.values(), utc_now, signed_in),
            *routers(self._rows, KINDS.values(), signed_in),
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
        self._kept_store = MongoRefusedBodyStore(database)
        self._kept = RefusedBodies(self._kept_store, keys)
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
            rules=Rules(SUBJECTS, ward_problem, settings.earliest),
            persons=self._persons,
            log=self._log,
            store=store,
            context=Context(
                SUBJECTS, self._rows, self._persons, self._log, self._access.person_behind
            ),
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


def create(settings: RegistrationSettings) -> FastAPI:
    """The app; nothing is connected until its lifespan begins."""
    registration = Registration(settings)
    supervisor = Supervisor(registration.parts)
    app = create_app(
        title="Từng Ngõ: registration",
        lifespan=supervisor.lifespan,
        routers=registration.routers,
        checks=supervisor.checks,
        unavailable=(Unavailable, PyMongoError),
        limits=settings.limits,
    )
    document_with(app, describe_events)
    allow_origin(app, settings.allowed_origin, "POST", "DELETE")
    return app
