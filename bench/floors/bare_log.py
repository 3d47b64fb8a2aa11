"""A grouped insert with nothing around it: documents in flight share one `insert_many`."""

import asyncio
from typing import Any

from services.platform.mongo import Collection


class BareLog:
    """The same write concern as the event log; a failure fails everything."""

    def __init__(self, events: Collection) -> None:
        self._events = events
        self._waiting: list[tuple[list[dict[str, Any]], asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def append(self, documents: list[dict[str, Any]]) -> None:
        """Durable once it returns."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((documents, written))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await written

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            every = [document for documents, _ in group for document in documents]
            await self._events.insert_many(every, ordered=False)
            for _, written in group:
                written.set_result(None)
        self._writer = None
