"""Keeps a session bound: dials again when it ends, ever more slowly while that is in vain."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import structlog

from services.notify.smpp.session import BindRefused, Session

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Backoff:
    """The pause before dialling again, doubled each time, shortened at random by up to half.

    The chance keeps many clients from coming back at once.
    """

    first_s: float = 1.0
    longest_s: float = 60.0

    def pauses(self, chance: Callable[[], float] = random.random) -> Iterator[float]:
        """Without end; `chance` is from 0 to 1."""
        pause = self.first_s
        while True:
            yield pause * (1 - chance() / 2)
            pause = min(2 * pause, self.longest_s)


class Keeper:
    """One session at a time; `dial` makes the next."""

    def __init__(self, dial: Callable[[], Awaitable[Session]], backoff: Backoff) -> None:
        self._dial = dial
        self._backoff = backoff
        self._session: Session | None = None
        self._bound = asyncio.Event()
        self._running = asyncio.create_task(self._run())

    @property
    def is_bound(self) -> bool:
        """Whether there is one that takes submits."""
        return self._bound.is_set()

    async def session(self, patience_s: float) -> Session | None:
        """One that takes submits; None when there is none in time."""
        if not self.is_bound:  # a timer for each submit would cost more than the rest
            with suppress(TimeoutError):
                async with asyncio.timeout(patience_s):
                    await self._bound.wait()
        return self._session if self.is_bound else None

    async def close(self) -> None:
        """Ends the session in order, and dials no more."""
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        if self._session:
            await self._session.close()

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        pauses = self._backoff.pauses()
        while True:
            began = clock()
            await self._live()
            if clock() - began > self._backoff.longest_s:  # it was a good one
                pauses = self._backoff.pauses()
            await asyncio.sleep(next(pauses))

    async def _live(self) -> None:
        try:
            session = await self._dial()
        except BindRefused as refusal:
            log.warning("an SMPP bind was refused", status=hex(refusal.status))
        except OSError as error:
            log.warning("no SMPP session", error=type(error).__name__)
        else:
            await self._outlive(session)

    async def _outlive(self, session: Session) -> None:
        self._session = session
        self._bound.set()
        try:
            await session.closing.wait()
        finally:
            self._bound.clear()
        log.info("an SMPP session ended", reason=await session.ended())
        self._session = None
