"""An address that takes several methods names them all to whoever comes with another."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import APIRouter, FastAPI

from services.platform.http.app import create_app


@asynccontextmanager
async def no_lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield


async def test_allow_names_every_method_of_an_address() -> None:
    routes = APIRouter()

    @routes.post("/things/{id}")
    async def make(id: str) -> str:  # noqa: A002
        return id

    @routes.get("/things/{id}")
    async def read(id: str) -> str:  # noqa: A002
        return id

    app = create_app(title="t", lifespan=no_lifespan, routers=[routes], checks={})
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://things") as client:
        answer = await client.delete("/things/1")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}
