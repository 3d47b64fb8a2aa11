"""A provider's rate, learned by additive increase and multiplicative decrease when it is busy."""

from collections import deque

LOOK_BACK_S = 1.0
CAUTION = 0.9
"""Of what it took in the last second: a little less goes on well."""
SLOWEST_PER_S = 5.0
"""Slower is what rests are for."""
GROWTH = 0.2
"""With each SMS that it takes, so a fifth each second, until it is busy again."""
FORGOTTEN_AFTER_S = 60.0


class LearnedRate:
    """None until it is busy for the first time, and again long after the last."""

    def __init__(self) -> None:
        self._taken = deque[float]()
        self._per_s: float | None = None
        self._busy_at = 0.0

    def interval_s(self, now: float) -> float:
        """Between two SMS; 0 where nothing is known."""
        if self._per_s is None:
            return 0.0
        if now - self._busy_at > FORGOTTEN_AFTER_S:
            self._per_s = None
            return 0.0
        return 1 / self._per_s

    def took(self, now: float) -> None:
        """One SMS."""
        self._taken.append(now)
        self._look_back(now)
        if self._per_s is not None:
            self._per_s += GROWTH

    def busy(self, now: float) -> None:
        """It refused one; at most half of what was learned is given up at a time."""
        self._look_back(now)
        took = CAUTION * len(self._taken) / LOOK_BACK_S
        self._per_s = max(took, (self._per_s or 0.0) / 2, SLOWEST_PER_S)
        self._busy_at = now

    def _look_back(self, now: float) -> None:
        while self._taken and self._taken[0] <= now - LOOK_BACK_S:
            self._taken.popleft()
