"""One app for many tests: it is built once, and stands on the parts of whoever asks now."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")
P = TypeVar("P")


class Asking(Generic[T]):
    """Whoever asks now, set before each request: building an app takes longer than most tests."""

    now: T

    def part(self, of: Callable[[T], P]) -> P:
        """Stands for this part of whoever asks, and for all that is reached through it.

        It is looked up when it is called, so it can stand for what has methods, and for functions.
        """
        return cast(P, _Part(lambda: of(self.now)))


class _Part:
    def __init__(self, found: Callable[[], Any]) -> None:
        self._found = found

    def __getattr__(self, name: str) -> "_Part":
        return _Part(lambda: getattr(self._found(), name))

    def __call__(self, *args: Any, **named: Any) -> Any:
        return self._found()(*args, **named)
