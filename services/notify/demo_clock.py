"""The time of a demo: it follows the events, which tell of another year."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from services.platform.clock import Clock, utc_now


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
        """An event's `recordedtime`."""
        if self._newest is None or recorded_at > self():
            self._newest, self._seen_at = recorded_at, self._elapsed_s()


def ignore(_: datetime) -> None:
    """What a service with a real clock does with an event's time."""


def follow(clock: Clock) -> Callable[[datetime], None]:
    """How this clock is told of times."""
    return clock.see if isinstance(clock, DemoClock) else ignore
