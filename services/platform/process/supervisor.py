"""The life of a process's parts: each is prepared, runs, is asked whether it can work, and ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

import structlog

from services.platform.http.health import Check
from services.platform.mongo import Client, PyMongoError
from services.platform.retry import retry
from services.platform.unavailable import Unavailable

Act = Callable[[], Awaitable[object]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """What a process is made of; it says only what it has."""

    name: str
    """Under which readiness shows it, where it has a `check`."""
    prepare: Act | None = None
    """Tried again while what it stands on is away; so it bears to be begun again."""
    run: Act | None = None
    """Once this part and all before it are prepared; until it is done, or cancelled."""
    check: Check | None = None
    """Raises while the part cannot do its work."""
    stop: Callable[[], object] | None = None
    """Asks `run` to end by itself; it has `grace_s` before it is cancelled."""
    grace_s: float = 0
    close: Act | None = None
    """After everything that ran has ended, the last part first."""


class PartFailed(Exception):
    """A part of the process has failed by a fault of our own; only a new process helps."""


def database(client: Client, name: str = "database", *, is_asked: bool = True) -> Part:
    """A client that lives as long as the process; `is_asked`: readiness depends on it."""

    async def ping() -> None:
        await client.admin.command("ping")

    async def close() -> None:
        client.close()

    return Part(name, check=ping if is_asked else None, close=close)


class Supervisor:
    """Owns the parts of one process, listed so that each stands on those before it.

    HTTP serves meanwhile. When a part fails, all are cancelled, and no check succeeds any more.
    """

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts = tuple(parts)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._failed = False

    @property
    def checks(self) -> Mapping[str, Check]:
        """For readiness, by the parts' names."""
        return {
            part.name: partial(self._check, part.check)
            for part in self._parts
            if part.check is not None
        }

    @asynccontextmanager
    async def lifespan(self, _: object = None) -> AsyncIterator[None]:
        """From preparing the first part to closing it."""
        supervising = asyncio.create_task(self._supervise())
        try:
            yield
        finally:
            await self._stop()
            supervising.cancel()
            with suppress(asyncio.CancelledError):
                await supervising
            for part in reversed(self._parts):
                if part.close is not None:
                    await part.close()

    async def _supervise(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for part in self._parts:
                    if part.prepare is not None:
                        await _prepared(part.name, part.prepare)
                    if part.run is not None:
                        self._running[part.name] = group.create_task(_awaited(part.run))
        except Exception as error:  # no restart mends a fault of our own: readiness shows it
            self._failed = True
            log.exception("a part has failed", exc_info=error)

    async def _check(self, check: Check) -> None:
        if self._failed:
            raise PartFailed
        await check()

    async def _stop(self) -> None:
        """Asks all at once, and waits for each as long as it may take."""
        for part in self._parts:
            if part.stop is not None:
                part.stop()
        waiting = [
            asyncio.wait([self._running[part.name]], timeout=part.grace_s)
            for part in self._parts
            if part.stop is not None and part.name in self._running
        ]
        await asyncio.gather(*waiting)


async def _prepared(name: str, prepare: Act) -> None:
    await retry(
        prepare,
        on=(Unavailable, PyMongoError, OSError),
        warning="a part cannot be prepared yet",
        part=name,
    )


async def _awaited(act: Act) -> None:
    await act()
