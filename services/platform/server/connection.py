"""One connection to the outside: its headers, its chunks and its time, bounded."""

import asyncio
from http import HTTPStatus

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from services.platform.problems import (
    HEADERS_TOO_LARGE,
    NOT_HTTP,
    PROBLEM_MEDIA_TYPE,
    RETRY_AFTER_S,
    TOO_BUSY,
    TOO_SLOW,
    Problem,
    ProblemKind,
)
from services.platform.server.limits import Limits

CHUNK_SIZES = 128 * 1024
"""So much may stand between the parts of a body that comes in chunks."""
NEVER = float("inf")


class _TooMuch(Exception):
    """Of headers; raised inside of the parser, which then gives up."""


class BoundedConnection(HttpToolsProtocol):
    """One connection. What llhttp and uvicorn let grow, or wait for, ends here.

    Two things may be due of the other side: that its request arrives, and that it reads its
    answer. While the service itself is at work neither is.
    """

    limits: Limits

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """One too many makes whoever has been idle longest go, or goes itself."""
        super().connection_made(transport)
        self._read_due = NEVER
        self._wait_for_request()
        if len(self.connections) > self.limits.connections and not self._make_room():
            self._refuse(TOO_BUSY)

    def data_received(self, data: bytes) -> None:
        """What is no body is a header, a trailer, the size of a chunk: bounded, all together."""
        self._beside_body += len(data)
        super().data_received(data)
        if self._beside_body > self.limits.header_bytes + min(2 * self._body, CHUNK_SIZES):
            self._refuse(HEADERS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.idle = False
        self._head = self._body = self._beside_body = 0
        self.send_due = self.loop.time() + self.limits.header_s

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count_head(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count_head(name, value)
        if len(self.headers) > self.limits.headers:
            self._give_up(HEADERS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        self.send_due = self.loop.time() + self.limits.body_s
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        self._beside_body -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.send_due = NEVER
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and self.send_due == NEVER:
            self._wait_for_request()

    def pause_writing(self) -> None:
        self._read_due = self.loop.time() + self.limits.body_s
        super().pause_writing()

    def resume_writing(self) -> None:
        self._read_due = NEVER
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # says nothing to a citizen
        """A problem like all others."""
        self._refuse(self._problem)

    def end_if_due(self, now: float) -> None:
        """Nobody waits longer than the limits say."""
        if self.transport.is_closing():
            self._read_due = min(self._read_due, now + self.limits.body_s)
        if now >= self._read_due:
            self.transport.abort()
        elif now >= self.send_due and self.idle:
            self.transport.close()
        elif now >= self.send_due:
            self._refuse(TOO_SLOW)

    def _wait_for_request(self) -> None:
        self.idle = True
        self._problem: ProblemKind = NOT_HTTP
        self._head = self._body = self._beside_body = 0
        self.send_due = self.loop.time() + self.limits.header_s

    def _count_head(self, *parts: bytes) -> None:
        self._head += sum(map(len, parts))
        if self._head > self.limits.header_bytes:
            self._give_up(HEADERS_TOO_LARGE)

    def _give_up(self, problem: ProblemKind) -> None:
        self._problem = problem
        raise _TooMuch

    def _make_room(self) -> bool:
        others = (c for c in self.connections if isinstance(c, BoundedConnection) and c is not self)
        idle = [c for c in others if c.idle and not c.transport.is_closing()]
        if not idle:
            return False
        min(idle, key=lambda connection: connection.send_due).transport.close()
        return True

    def _newest(self) -> RequestResponseCycle | None:
        """Of its requests; there is none at first, whatever uvicorn's types say."""
        return self.cycle

    def _refuse(self, kind: ProblemKind) -> None:
        """Answers, unless an answer has begun, and hangs up."""
        if self.transport.is_closing():
            return
        has_begun = False
        if (cycle := self._newest()) and not cycle.response_complete:
            has_begun = cycle.response_started
            cycle.disconnected = True
            cycle.message_event.set()
        if not has_begun:
            self.transport.write(_as_http(kind))
        self.transport.close()


def bounded(limits: Limits) -> type[BoundedConnection]:
    """Connections with these limits."""
    return type("BoundedConnection", (BoundedConnection,), {"limits": limits})


def _as_http(kind: ProblemKind) -> bytes:
    body = orjson.dumps(Problem(kind).document())
    lines = (
        f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}",
        f"content-type: {PROBLEM_MEDIA_TYPE}",
        f"content-length: {len(body)}",
        *([f"retry-after: {RETRY_AFTER_S}"] if kind.status == 503 else []),
        "connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode() + body
