"""Webhooks served to a test, with callbacks that remember or that are notify's own."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from services.notify.providers.provider import ProviderCallbacks
from services.platform.clock import Clock
from services.platform.http.app import create_app
from services.platform.unavailable import Unavailable
from tests.builders import SATURDAY
from tests.twins.callbacks import CallbacksTwin


@contextmanager
def webhooks_served(router: APIRouter, callbacks: CallbacksTwin) -> Iterator[TestClient]:
    """A service with these webhooks alone."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, object]]:
        yield {"callbacks": callbacks, "clock": lambda: SATURDAY}

    app = create_app(
        title="t", lifespan=lifespan, routers=(router,), checks={}, unavailable=(Unavailable,)
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@asynccontextmanager
async def webhooks_here(
    routers: list[APIRouter], callbacks: ProviderCallbacks, clock: Clock
) -> AsyncIterator[httpx.AsyncClient]:
    """The same in the test's own loop, where its callbacks are."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield

    app = create_app(
        title="t", lifespan=lifespan, routers=routers, checks={}, unavailable=(Unavailable,)
    )

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"callbacks": callbacks, "clock": clock}
        await app(scope, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(told)) as client:
        yield client
