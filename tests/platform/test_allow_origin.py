"""A page of another origin: one that a setting names may ask, with a token and without a cookie."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from services.platform.http.app import allow_origin, create_app
from services.platform.problems import UNAUTHENTICATED, Problem

PAGE = "http://127.0.0.1:8102"


@asynccontextmanager
async def no_lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def service(named: str) -> AsyncIterator[httpx.AsyncClient]:
    routes = APIRouter()

    @routes.post("/sessions")
    async def sign_in() -> None:
        raise Problem(UNAUTHENTICATED)

    app = create_app(title="t", lifespan=no_lifespan, routers=[routes], checks={})
    allow_origin(app, named, "POST")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        yield client


def before(method: str, origin: str = PAGE) -> dict[str, str]:
    """What a browser asks before it sends JSON and a token."""
    return {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type",
    }


async def test_page_that_is_named_may_send_json_and_a_token() -> None:
    async with service(PAGE) as client:
        asked = await client.options("/sessions", headers=before("POST"))

    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == PAGE
    assert "access-control-allow-credentials" not in asked.headers


async def test_page_that_is_named_reads_why_it_was_refused() -> None:
    async with service(PAGE) as client:
        refused = await client.post("/sessions", headers={"Origin": PAGE})

    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == PAGE


@pytest.mark.parametrize("named", [PAGE, ""])
async def test_any_other_page_may_not_ask(named: str) -> None:
    async with service(named) as client:
        asked = await client.options("/sessions", headers=before("POST", "http://elsewhere"))
        answered = await client.post("/sessions", headers={"Origin": "http://elsewhere"})

    assert asked.status_code >= 400
    assert "access-control-allow-origin" not in asked.headers
    assert "access-control-allow-origin" not in answered.headers


async def test_methods_that_are_not_named_are_not_allowed() -> None:
    async with service(PAGE) as client:
        asked = await client.options("/sessions", headers=before("DELETE"))

    assert asked.status_code == 400
