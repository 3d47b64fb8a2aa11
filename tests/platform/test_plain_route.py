"""A plain route answers like all others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest_asyncio
from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import REGISTRY

from services.platform.http.app import create_app
from services.platform.http.plain_route import PlainRoute
from services.platform.problems import NOT_FOUND, Problem


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield


async def post_it(request: Request) -> Response:
    if await request.body() == b"unknown":
        raise Problem(NOT_FOUND)
    return Response("posted")


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    routes = APIRouter(prefix="/plain")
    routes.add_api_route("/it", post_it, methods=["POST"], route_class_override=PlainRoute)
    app = create_app(title="plain", lifespan=lifespan, routers=[routes], checks={})
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://plain.test") as client:
        yield client


async def test_a_plain_route_answers(client: httpx.AsyncClient) -> None:
    assert (await client.post("/plain/it", content=b"known")).text == "posted"


async def test_what_a_plain_route_raises_is_answered_as_a_problem(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/plain/it", content=b"unknown")

    assert answer.status_code == 404
    assert answer.json()["code"] == NOT_FOUND.code


async def test_another_method_on_a_plain_route_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get("/plain/it")).status_code == 405


async def test_another_path_below_a_plain_route_is_unknown(client: httpx.AsyncClient) -> None:
    assert (await client.post("/plain/it/below")).status_code == 404


async def test_requests_to_a_plain_route_are_counted_under_its_path(
    client: httpx.AsyncClient,
) -> None:
    asked = {"method": "POST", "route": "/plain/it", "status": "200"}
    before = REGISTRY.get_sample_value("http_requests_total", asked) or 0

    await client.post("/plain/it", content=b"known")

    assert REGISTRY.get_sample_value("http_requests_total", asked) == before + 1
