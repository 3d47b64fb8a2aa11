"""A rate limiter: segments to one provider are spaced out, and it is left alone while busy."""

import asyncio
from collections.abc import Callable

from services.notify.routing.learned_rate import LearnedRate

FIRST_REST_S, LONGEST_REST_S = 0.25, 8.0
"""After it said that it is busy."""
LOOK_AGAIN_S = 0.25
"""While somebody waits for its turn."""


class RateLimiter:
    """Spaces segments out, holds everybody while the provider is busy, and is slower then."""

    def __init__(self, segments_per_s: float | None, elapsed_s: Callable[[], float]) -> None:
        self._segments_per_s = segments_per_s
        self._learned = LearnedRate()
        self._elapsed_s = elapsed_s
        self._next_at = 0.0
        self._rest_s = FIRST_REST_S
        self._rests_until = 0.0
        self._closed = False
        self._turn = asyncio.Lock()
        """One waits; the others stand in line behind it."""

    async def pass_(self, segments: int, until: float) -> bool:
        """When so many segments may leave; false where that is not by `until`, or never again."""
        if not self._interval_s(segments) and self._wait_s() <= 0:
            return not self._closed
        async with self._turn:
            while (wait_s := self._wait_s()) > 0:
                if self._is_over(until - wait_s):
                    return False
                await asyncio.sleep(min(wait_s, LOOK_AGAIN_S))  # a rest may begin meanwhile
            if self._is_over(until):
                return False
            self._next_at = max(self._next_at, self._elapsed_s()) + self._interval_s(segments)
            return True

    def close(self) -> None:
        """Nobody passes any more; who waits is sent away."""
        self._closed = True

    def busy(self, retry_after_s: float | None) -> None:
        """All rest, each time longer; a busy provider that is pressed throws things away."""
        now = self._elapsed_s()
        if now < self._rests_until:
            return
        self._learned.busy(now)
        self._rests_until = now + (retry_after_s or self._rest_s)
        self._rest_s = min(2 * self._rest_s, LONGEST_REST_S)

    def went_well(self) -> None:
        """The next rest is short again."""
        self._learned.took(self._elapsed_s())
        self._rest_s = FIRST_REST_S

    def _is_over(self, until: float) -> bool:
        return self._closed or self._elapsed_s() > until

    def _interval_s(self, segments: int) -> float:
        agreed = segments / self._segments_per_s if self._segments_per_s else 0.0
        return max(agreed, self._learned.interval_s(self._elapsed_s()))

    def _wait_s(self) -> float:
        return max(self._next_at, self._rests_until) - self._elapsed_s()
