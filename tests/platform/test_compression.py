"""What is large leaves compressed, and only for those who accept it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from services.platform.http.app import create_app
from tests.reporting.desk import nothing, open_desk

LARGE = "từng ngõ " * 1_000


def app() -> FastAPI:
    routes = APIRouter()

    @routes.get("/large")
    async def large() -> str:
        return LARGE

    @routes.get("/small")
    async def small() -> str:
        return "ngõ"

    @routes.post("/large")
    async def posted() -> str:
        return LARGE

    return create_app(title="any", lifespan=nothing, routers=[routes], checks={})


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app())
    async with httpx.AsyncClient(transport=transport, base_url="http://any") as client:
        yield client


async def test_a_large_answer_is_compressed_and_says_that_it_depends_on_the_reader(
    http: httpx.AsyncClient,
) -> None:
    large = await http.get("/large", headers={"Accept-Encoding": "gzip"})

    assert large.json() == LARGE
    assert large.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in large.headers["vary"].lower()
    assert int(large.headers["content-length"]) < len(LARGE) / 10


@pytest.mark.parametrize("refusing", ["gzip;q=0", "identity", "br"])
async def test_who_does_not_accept_it_gets_the_plain_answer(
    http: httpx.AsyncClient, refusing: str
) -> None:
    plain = await http.get("/large", headers={"Accept-Encoding": refusing})

    assert plain.json() == LARGE
    assert "content-encoding" not in plain.headers


async def test_small_and_posted_answers_are_left_as_they_are(http: httpx.AsyncClient) -> None:
    asked = {"Accept-Encoding": "gzip"}

    answers = [await http.get("/small", headers=asked), await http.post("/large", headers=asked)]

    assert all("content-encoding" not in answer.headers for answer in answers)


@pytest.mark.parametrize(
    "path", ["/api/reporting/v1/reports/league", "/page/style.css", "/", "/openapi.json"]
)
async def test_what_the_page_reads_is_compressed(path: str) -> None:
    async with open_desk() as desk:
        answered = await desk.http.get(path, headers={"Accept-Encoding": "gzip"})

    assert answered.headers["content-encoding"] == "gzip"


async def test_an_unchanged_report_is_answered_304_whatever_its_encoding() -> None:
    async with open_desk() as desk:
        etag = (await desk.get("reports/league")).headers["etag"]

        again = await desk.http.get(
            "/api/reporting/v1/reports/league",
            headers={"If-None-Match": etag, "Accept-Encoding": "identity"},
        )

    assert again.status_code == 304
