"""Webhooks served to a client of the test, with ears that remember."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from services.messaging.entry import Unavailable
from services.platform.http import create_app
from tests.builders import SATURDAY
from tests.twins.ears import EarsTwin


@contextmanager
def hearing(router: APIRouter, ears: EarsTwin) -> Iterator[TestClient]:
    """A service with these webhooks alone."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, object]]:
        yield {"ears": ears, "clock": lambda: SATURDAY}

    app = create_app(
        title="t", lifespan=lifespan, routers=(router,), checks={}, unavailable=(Unavailable,)
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
