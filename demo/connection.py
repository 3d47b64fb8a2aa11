"""One HTTP/1.1 connection with one request at a time, read by the parser that uvicorn uses.

Thousands of phones share one core with the servers they talk to; httpx took 3.5 ms of it for each
request, more than registration needs to store it. This is all that the demo needs of HTTP.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self, cast
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpResponseParser


@dataclass
class Answer:
    """A whole response."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""


class Lost(Exception):
    """The connection ended before the answer did."""


class Connection(asyncio.Protocol):
    """Raises Lost where the server goes away; whoever asked may ask again on a new one."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._transport: asyncio.WriteTransport | None = None
        self._answered: asyncio.Future[Answer] | None = None
        self._answer = Answer()
        self._parser = HttpResponseParser(self)

    @classmethod
    async def to(cls, url: str) -> Self:
        """Raises: OSError."""
        parts = urlsplit(url)
        loop = asyncio.get_running_loop()
        host, tls = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if tls else 80)
        _, made = await loop.create_connection(
            lambda: cls(parts.netloc), host, port, ssl=tls or None
        )
        return made

    @property
    def usable(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """The answer to one request. Raises: Lost."""
        if self._transport is None or self._transport.is_closing():
            raise Lost
        self._answered = asyncio.get_running_loop().create_future()
        self._answer, self._parser = Answer(), HttpResponseParser(self)
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}", "", ""]
        self._transport.write("\r\n".join(lines).encode() + body)
        return await self._answered

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    # asyncio.Protocol
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except HttpParserError:
            self.close()

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None
        if self._answered and not self._answered.done():
            self._answered.set_exception(Lost())

    # httptools
    def on_header(self, name: bytes, value: bytes) -> None:
        self._answer.headers[name.lower()] = value

    def on_body(self, body: bytes) -> None:
        self._answer.body += body

    def on_message_complete(self) -> None:
        self._answer.status = self._parser.get_status_code()
        if not self._parser.should_keep_alive():
            self.close()
        if self._answered and not self._answered.done():
            self._answered.set_result(self._answer)
