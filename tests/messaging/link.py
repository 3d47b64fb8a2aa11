"""A network link that can fall silent: nothing is closed, nothing arrives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx


class Link:
    """Forwards to a server until `silent` is set."""

    def __init__(self, host: str, port: int) -> None:
        self.silent = False
        self._target = (host, port)
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """One connection through the link."""
        far, out = await asyncio.open_connection(*self._target)
        self._writers += [back, out]
        await asyncio.gather(self._forward(near, out), self._forward(far, back))

    def close(self) -> None:
        """Ends every connection."""
        for writer in self._writers:
            writer.close()

    async def _forward(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                if not self.silent:
                    sink.write(data)
                    await sink.drain()
            sink.close()


@asynccontextmanager
async def link_to(url: str) -> AsyncIterator[tuple[Link, str]]:
    """The link, and the same URL through it."""
    there = httpx.URL(url)
    link = Link(there.host, there.port or 5672)
    server = await asyncio.start_server(link.serve, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield link, str(there.copy_with(host="127.0.0.1", port=port))
    finally:
        link.close()
        server.close()
