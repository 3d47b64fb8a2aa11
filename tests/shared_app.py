"""One app for many tests: it is built once, and stands on the parts of whoever asks now."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")
P = TypeVar("P")


class Asking(Generic[T]):
    """Whoever asks now, set before each request: building an app takes longer than most tests."""

    now: T

    def part(self, of: Callable[[T], P]) -> P:
        """Stands for this part of whoever asks, whenever it is used."""
        return cast(P, _Part(lambda: of(self.now)))


class _Part:
    def __init__(self, of: Callable[[], Any]) -> None:
        self._of = of

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of(), name)
