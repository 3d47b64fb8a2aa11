"""A circuit breaker: a provider that failed several times in a row is down for a while."""

from collections.abc import Callable

FAILURES_TO_OPEN = 5
"""In a row; then a provider counts as down."""
DOWN_S = 10.0
"""Until one SMS tries whether it is back."""


class CircuitBreaker:
    """Opens after failures in a row, and then lets one SMS try now and then."""

    def __init__(self, elapsed_s: Callable[[], float]) -> None:
        self._elapsed_s = elapsed_s
        self._failures = 0
        self._closed_until = 0.0

    @property
    def is_open(self) -> bool:
        """Nothing should go this way."""
        return self._failures >= FAILURES_TO_OPEN and self._elapsed_s() < self._closed_until

    def succeeded(self) -> None:
        """It is well."""
        self._failures = 0

    def failed(self) -> None:
        """It could not be reached, or did not answer."""
        self._failures += 1
        self._closed_until = self._elapsed_s() + DOWN_S

    def try_one(self) -> None:
        """The one that goes keeps the others waiting until it is answered."""
        if self._failures >= FAILURES_TO_OPEN:
            self._closed_until = self._elapsed_s() + DOWN_S
