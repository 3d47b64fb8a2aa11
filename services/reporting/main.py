"""Wires reporting together: workers on the queues, reports over HTTP."""

from functools import partial

from fastapi import FastAPI

from services.platform.access.auth import ReaderDoor
from services.platform.clock import utc_now
from services.platform.http.app import create_app
from services.platform.mongo import PyMongoError, connect
from services.platform.process.supervisor import Part, Supervisor, database
from services.reporting.api import routers
from services.reporting.asking.answering import Sources
from services.reporting.asking.drill_down import DrillDown
from services.reporting.http.deps import Deps
from services.reporting.http.page import page_config
from services.reporting.log_check.result_store import Records
from services.reporting.log_check.shown import Shown
from services.reporting.projecting.bookkeeping import Bookkeeping
from services.reporting.projecting.consumers import Consumers
from services.reporting.settings import ReportingSettings


def create(settings: ReportingSettings) -> FastAPI:
    """The app; nothing is connected until its lifespan begins."""
    client = connect(settings.mongo_url.get_secret_value())
    books = Bookkeeping(client, settings.mongo_database, settings.partitions)
    shown = Shown(Records(books.database))
    consumers = Consumers(settings, books)
    log_check = Part("log check", run=shown.keep_showing)
    supervisor = Supervisor([database(client), log_check, *consumers.parts])
    return create_app(
        title="Từng Ngõ: reporting",
        lifespan=supervisor.lifespan,
        routers=routers(_deps(settings, books)),
        checks=supervisor.checks,
        unavailable=(PyMongoError,),
        limits=settings.limits,
    )


def _deps(settings: ReportingSettings, books: Bookkeeping) -> Deps:
    sources = Sources(books.cells, books.facts, DrillDown(books.facts), settings.demo)
    return Deps(
        sources,
        books.facts,
        books.completeness,
        books.progress.revisions,
        partial(ReaderDoor, settings, "reporting"),
        utc_now,
        page_config(
            settings.registration_public_url, settings.notify_public_url, demo=settings.demo
        ),
    )
