"""The time that notify goes by: the system's, or in a demo that of the events, of another year."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from services.notify.notification.occasions import EventRow
from services.platform.clock import utc_now


class EventClock(Protocol):
    """A clock that is shown what time events were recorded at."""

    def __call__(self) -> datetime:
        """Now, with an offset."""

    def see(self, recorded_at: datetime) -> None:
        """An event's `recordedtime`, before anything is written of it."""

    async def resume(self, newest: Callable[[], Awaitable[EventRow | None]]) -> None:
        """After a restart; `newest` finds the event recorded last."""


class SystemClock:
    """Events have no say in it."""

    def __call__(self) -> datetime:
        return utc_now()

    def see(self, recorded_at: datetime) -> None:
        """Changes nothing."""

    async def resume(self, newest: Callable[[], Awaitable[EventRow | None]]) -> None:
        """Changes nothing."""


class DemoClock:
    """The newest `recordedtime` seen, and on from there as fast as time goes.

    It never goes back. Before the first event it is the system's time.
    """

    def __init__(
        self, newest: datetime | None, elapsed_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._elapsed_s = elapsed_s
        self._newest = newest
        self._seen_at = elapsed_s()

    def __call__(self) -> datetime:
        if self._newest is None:
            return utc_now()
        passed_ms = int((self._elapsed_s() - self._seen_at) * 1_000)
        return self._newest + timedelta(milliseconds=passed_ms)

    def see(self, recorded_at: datetime) -> None:
        if self._newest is None or recorded_at > self():
            self._newest, self._seen_at = recorded_at, self._elapsed_s()

    async def resume(self, newest: Callable[[], Awaitable[EventRow | None]]) -> None:
        """Goes on where it would be now, had it not been interrupted."""
        last = await newest()
        if last and last.occasion and last.heard_at:
            self.see(last.occasion.recorded_at + (utc_now() - last.heard_at))


def clock_of(*, demo: bool) -> EventClock:
    """The one place that tells a demo from the days of a city."""
    return DemoClock(None) if demo else SystemClock()
