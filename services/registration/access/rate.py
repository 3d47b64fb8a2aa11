"""How fast somebody may come: token buckets, in memory and bounded. Pure: the time is given."""

from dataclasses import dataclass

MAX_BUCKETS = 20_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Buckets:
    """One bucket a key, filled at `rate` a second up to `burst`; the longest unused is dropped."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key: str, now: float) -> float:
        """Takes one; nought when there was one, else the seconds until there is."""
        bucket = self._filled(key, now)
        if bucket.left < 1:
            return (1 - bucket.left) / self._rate
        bucket.left -= 1
        return 0.0

    def wait(self, key: str, now: float) -> float:
        """The seconds until there is one; takes nothing."""
        left = self._filled(key, now).left
        return 0.0 if left >= 1 else (1 - left) / self._rate

    def _filled(self, key: str, now: float) -> _Bucket:
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now)
        gained = max(now - bucket.at, 0.0) * self._rate
        bucket.left, bucket.at = min(self._burst, bucket.left + gained), now
        self._buckets[key] = bucket
        if len(self._buckets) > MAX_BUCKETS:
            del self._buckets[next(iter(self._buckets))]
        return bucket
