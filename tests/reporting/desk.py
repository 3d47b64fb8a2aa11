"""The report API on twins: post facts in, read figures out."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from services.events.envelope import Event
from services.platform.access.auth import ANONYMOUS, Reader
from services.platform.access.readers import Matter, must_read
from services.platform.clock import Clock
from services.platform.http.app import create_app
from services.reporting.api import routers
from services.reporting.asking.answering import Sources
from services.reporting.asking.drill_down import DrillDown
from services.reporting.catalogue import CATALOGUE, Catalogue
from services.reporting.http.answer_cache import AnswerCache
from services.reporting.http.deps import Deps
from services.reporting.http.page import page_config
from services.reporting.projecting.completeness import Completeness, completeness
from tests.reporting.books import Books, books_in_memory
from tests.shared_app import Asking

NOON = datetime(2025, 11, 30, 5, 0, tzinfo=UTC)
BASE = "/api/reporting/v1"
Json = dict[str, Any]

Doors = Callable[[Matter], Callable[..., Awaitable[Reader]]]


@dataclass
class Desk:
    """Somebody who asks; `reader` says who."""

    books: Books
    app: FastAPI
    reader: Reader = ANONYMOUS
    now: datetime = NOON
    remaking: int = 0
    """How many wards are being counted anew."""
    answers: AnswerCache[Any] = field(default_factory=AnswerCache)

    def __post_init__(self) -> None:
        transport = httpx.ASGITransport(self.serve, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://reporting")

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The app, for this desk."""
        ASKING.now = self
        await self.app(scope, receive, send)

    async def tell(self, *events: Event) -> None:
        """These events have been projected."""
        await self.books.project(events)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        """Ask anything; `from_` stands for `from`."""
        named = {name.rstrip("_"): value for name, value in params.items()}
        return await self.http.get(f"{BASE}/{path}", params=named)

    async def report(self, name: str, **params: Any) -> Json:
        """A report that is there."""
        response = await self.get(f"reports/{name}", **params)
        assert response.status_code == 200, response.text
        answered: Json = response.json()
        return answered

    async def total(self, name: str, **params: Any) -> Json:
        """The figures of a report's last line."""
        figures: Json = (await self.report(name, **params))["total"]["figures"]
        return figures

    async def problem(self, path: str, **params: Any) -> tuple[int, str]:
        """The status and code of a refusal."""
        response = await self.get(path, **params)
        assert response.headers["content-type"] == "application/problem+json", response.text
        return response.status_code, response.json()["code"]

    async def rows(self, path: str, **params: Any) -> list[Json]:
        """All pages of a list."""
        answered = await self.get(path, **params)
        rows: list[Json] = []
        while True:
            assert answered.status_code == 200, answered.text
            rows += answered.json()["rows"]
            if (onward := answered.json()["next"]) is None:
                return rows
            answered = await self.http.get(onward)

    async def opened(self, link: str, limit: int) -> int:
        """What all pages behind a link add up to."""
        amount = 0
        next_: str | None = f"{link}&limit={limit}"
        while next_:
            response = await self.http.get(next_)
            assert response.status_code == 200, response.text
            page = response.json()
            amount += sum(row["amount"] for row in page["rows"])
            next_ = page["next"]
        return amount


ASKING = Asking[Desk]()


@cache
def _app(catalogue: Catalogue) -> FastAPI:
    """Over the books of whichever desk asks."""
    return app_of(ASKING.part(lambda desk: desk.books), catalogue)


def app_of(books: Books, catalogue: Catalogue = CATALOGUE) -> FastAPI:
    """The service without its workers, for the desk that asks."""

    def reader(matter: Matter) -> Callable[[], Awaitable[Reader]]:
        async def admitted() -> Reader:
            asking = ASKING.now.reader
            must_read(asking.role, asking.source, matter)
            return asking

        return admitted

    deps = deps_of(books, reader, lambda: ASKING.now.now, lambda: ASKING.now.remaking)
    deps = replace(deps, catalogue=catalogue, answers=ASKING.part(lambda desk: desk.answers))
    return create_app(
        title="reporting", lifespan=nothing, routers=routers(deps), checks={}, unavailable=()
    )


def deps_of(
    books: Books, reader: Doors, clock: Clock, remaking: Callable[[], int] = lambda: 0
) -> Deps:
    """What the routes stand on, in memory."""

    async def complete() -> Completeness:
        buried, left_out = await books.aside.buried(), await books.aside.left_out()
        found = completeness(await books.progress.all(), 1, buried, left_out, clock())
        return found.model_copy(update={"remaking": remaking()})

    return Deps(
        sources=Sources(books.cells, books.facts, DrillDown(books.facts), demo=True),
        disputes=books.facts,
        completeness=complete,
        revisions=books.progress.revisions,
        reader=reader,
        clock=clock,
        page=page_config("http://127.0.0.1:8101/", "http://127.0.0.1:8103", demo=True),
    )


@asynccontextmanager
async def open_desk(
    books: Books | None = None, catalogue: Catalogue = CATALOGUE
) -> AsyncIterator[Desk]:
    """A desk on twins, or on the books that are handed in."""
    kept = books or books_in_memory(counted=catalogue.measures)
    desk = Desk(kept, _app(catalogue))
    async with desk.http:
        yield desk


@asynccontextmanager
async def nothing(_: FastAPI) -> AsyncIterator[None]:
    """The lifespan of an app that stands on twins."""
    yield
