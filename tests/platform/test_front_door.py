"""Whoever is at the door: what comes without end ends, and what comes too big is told so."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import BaseModel, ConfigDict

from services.platform.http.app import create_app
from services.platform.http.guards import guard
from services.platform.problems import UNAUTHENTICATED, Problem
from services.platform.server.limits import Limits
from services.platform.server.serving import BoundedServer, config_of
from tests.eventually import eventually, patience

LIMITS = Limits(
    connections=4, headers=20, header_bytes=4_096, header_s=0.3, body_s=0.6, held_bytes=200_000
)


@dataclass(frozen=True)
class Settings:
    trusted_proxies: tuple[IPv4Network, ...] = ()
    limits: Limits = LIMITS
    host: str = "127.0.0.1"
    port: int = 0


class Posted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str


@dataclass
class World:
    """A service with a public and a guarded address."""

    asked: int = 0
    told: list[str] = field(default_factory=list)
    clients: list[str] = field(default_factory=list)
    port: int = 0

    def routes(self) -> APIRouter:
        routes = APIRouter()

        @guard
        async def known(request: Request) -> str:
            self.asked += 1
            if request.headers.get("authorization") != "Bearer right":
                raise Problem(UNAUTHENTICATED)
            return "somebody"

        async def in_a_role(who: Annotated[str, Depends(known)]) -> str:
            return who

        @routes.post("/public")
        async def public(posted: Posted, request: Request) -> int:
            self.clients.append(request.client.host if request.client else "")
            return len(posted.name)

        @routes.post("/guarded")
        async def guarded(posted: Posted, who: Annotated[str, Depends(in_a_role)]) -> int:
            self.told.append(who)
            return len(posted.name)

        @routes.get("/large")
        async def large() -> str:
            return "x" * 30_000_000

        return routes

    async def send(self, *parts: bytes) -> tuple[int, dict[str, Any]]:
        """Status and body of what comes back to these bytes; 0 where the other side hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for part in parts:
                writer.write(part)
                await writer.drain()
            async with patience():
                return await _answer(reader)
        except ConnectionError:
            return 0, {}
        finally:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, Any]]:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return 0, {}
    lines = head.decode().lower().splitlines()
    length = next(int(x.partition(":")[2]) for x in lines if x.startswith("content-length"))
    body = json.loads(await reader.readexactly(length))
    return int(lines[0].split()[1]), body if isinstance(body, dict) else {"answer": body}


@asynccontextmanager
async def no_lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[World]:
    world = World()
    app = create_app(
        title="door",
        lifespan=no_lifespan,
        routers=[world.routes()],
        checks={},
        limits=settings.limits,
    )
    server = BoundedServer(config_of(app, settings))
    running = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    world.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield world
    finally:
        server.should_exit = True
        await running


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with serving(Settings()) as world:
        yield world


def post(path: str, body: bytes = b'{"name": "An"}', *headers: str) -> bytes:
    length = () if any(h.lower().startswith("transfer") for h in headers) else (len(body),)
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: door.test",
        "Content-Type: application/json",
        *(f"Content-Length: {size}" for size in length),
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def test_an_ordinary_request_passes(world: World) -> None:
    assert await world.send(post("/public")) == (200, {"answer": 2})


HEADS = {
    "a header without end": [b"GET /public HTTP/1.1\r\nX-A: ", *[b"a" * 60_000] * 50],
    "a name without end": [b"GET /public HTTP/1.1\r\n", *[b"a" * 60_000] * 50],
    "an address without end": [b"GET /", *[b"a" * 60_000] * 50],
    "a thousand headers": [
        b"GET /public HTTP/1.1\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(1_000))
    ],
    "headers of 5 kB": [b"GET /public HTTP/1.1\r\nX-A: " + b"a" * 5_000 + b"\r\n\r\n"],
    "a trailer without end": [
        post("/public", b"0\r\nX-A: ", "Transfer-Encoding: chunked"),
        *[b"a" * 60_000] * 50,
    ],
    "the size of a chunk without end": [
        post("/public", b"1;", "Transfer-Encoding: chunked"),
        *[b"a" * 60_000] * 50,
    ],
}


@pytest.mark.parametrize("case", HEADS)
async def test_headers_have_an_end(world: World, case: str) -> None:
    status, told = await world.send(*HEADS[case])

    assert (status, told.get("code")) in {(431, "headers_too_large"), (0, None)}
    assert (await world.send(post("/public")))[0] == 200


LATE = {
    "nothing at all": (b"", {0}),
    "half a header": (b"POST /public HTTP/1.1\r\nHost: do", {408}),
    "half a body": (post("/public", b"{}", "Content-Length: 900"), {408}),
    "half a chunk": (post("/public", b"10\r\n{}", "Transfer-Encoding: chunked"), {408}),
}


@pytest.mark.parametrize("case", LATE)
async def test_what_does_not_arrive_in_its_time_is_hung_up(world: World, case: str) -> None:
    sent, expected = LATE[case]
    sent = sent.replace(b"Content-Length: 2\r\n", b"")

    status, _ = await world.send(sent)

    assert status in expected


async def test_a_trickle_is_no_arrival(world: World) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", world.port)

    async def trickle() -> None:
        writer.write(b"GET /public HTTP/1.1\r\nX-A: ")
        while not writer.is_closing():
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.02)

    trickling = asyncio.create_task(trickle())
    async with patience():
        status, _ = await _answer(reader)
    trickling.cancel()
    writer.close()

    assert status == 408


async def test_an_answer_that_nobody_reads_is_not_kept(world: World) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", world.port, limit=2)
    writer.write(b"GET /large HTTP/1.1\r\nHost: door.test\r\n\r\n")

    def is_gone() -> bool:
        writer.write(b" ")
        return writer.transport.is_closing()

    await eventually(is_gone)


async def test_noise_is_answered_as_a_problem(world: World) -> None:
    status, told = await world.send(b"\x16\x03\x01 hello \r\n\r\n")

    assert (status, told["code"]) == (400, "not_http")


async def test_an_idle_connection_makes_room_for_a_new_one(world: World) -> None:
    idle = [await asyncio.open_connection("127.0.0.1", world.port) for _ in range(4)]

    answered = await world.send(post("/public"))

    assert answered[0] == 200
    for _, writer in idle:
        writer.close()


async def test_more_connections_at_work_than_may_be_are_told_to_come_again(world: World) -> None:
    busy = [await asyncio.open_connection("127.0.0.1", world.port) for _ in range(4)]
    for _, writer in busy:
        writer.write(b"POST /public HTTP/1.1\r\nHost: do")
        await writer.drain()

    async def is_turned_away() -> bool:
        status, told = await world.send(b"")
        return (status, told.get("code")) == (503, "too_busy")

    await eventually(is_turned_away)
    for _, writer in busy:
        writer.close()


BIG = {
    "a length that says so": [post("/public", b"", "Content-Length: 420000000")],
    "a body of 70 kB": [post("/public", b'{"name": "' + b"x" * 70_000 + b'"}')],
    "chunks without end": [
        post("/public", b"", "Transfer-Encoding: chunked"),
        *[b"10000\r\n" + b"x" * 65_536 + b"\r\n"] * 30,
    ],
    "5,000 unknown keys": [
        post("/public", json.dumps({f"k{n}": 1 for n in range(5_000)}).encode())
    ],
    "a list of lists": [post("/public", b'{"name": [' + b"[]," * 5_000 + b"[]]}")],
}


@pytest.mark.parametrize("case", BIG)
async def test_a_body_has_a_size(world: World, case: str) -> None:
    sent = [part.replace(b"Content-Length: 0\r\n", b"") for part in BIG[case]]

    status, told = await world.send(*sent)

    assert (status, told["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("case", BIG)
async def test_whoever_may_not_send_hears_that_before_the_body_is_read(
    world: World, case: str
) -> None:
    sent = [part.replace(b"Content-Length: 0\r\n", b"") for part in BIG[case]]

    status, told = await world.send(*(part.replace(b"/public", b"/guarded") for part in sent))

    assert (status, told["code"]) == (401, "unauthenticated")


async def test_a_body_that_cannot_be_read_is_not_read_for_strangers(world: World) -> None:
    for body in (b"{", b"[1, 2]", b"\xff", b"{}"):
        assert (await world.send(post("/guarded", body)))[0] == 401


async def test_a_guard_lets_in_and_its_word_reaches_the_route(world: World) -> None:
    status, _ = await world.send(post("/guarded", b'{"name": "An"}', "Authorization: Bearer right"))

    assert status == 200
    assert world.told == ["somebody"]


async def test_bodies_under_way_share_one_room(world: World) -> None:
    half = post("/public", b" " * 60_000, "Content-Length: 60100")
    half = half.replace(b"Content-Length: 60000\r\n", b"")
    held = [await asyncio.open_connection("127.0.0.1", world.port) for _ in range(3)]
    for _, writer in held:
        writer.write(half)
        await writer.drain()

    async def is_answered(status: int) -> bool:
        answer = await world.send(post("/public", b'{"name": "' + b"x" * 50_000 + b'"}'))
        return answer[0] == status

    await eventually(lambda: is_answered(503))
    for _, writer in held:
        writer.close()
    await eventually(lambda: is_answered(200))


FORWARDED = "X-Forwarded-For: 203.0.113.7"


async def test_nobody_says_who_somebody_else_is(world: World) -> None:
    await world.send(post("/public", b'{"name": "An"}', FORWARDED))

    assert world.clients == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("header", "client"),
    [
        (FORWARDED, "203.0.113.7"),
        ("X-Forwarded-For: 198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("X-Forwarded-For: 203.0.113.7, 127.0.0.9", "203.0.113.7"),
        ("X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 203.0.113.7", "203.0.113.7"),
    ],
)
async def test_a_trusted_proxy_says_for_whom_it_asks(header: str, client: str) -> None:
    async with serving(Settings((IPv4Network("127.0.0.0/8"),))) as world:
        await world.send(post("/public", b'{"name": "An"}', header))

    assert world.clients == [client]
