"""Answers that many question for are made once, and not more often than they are worth."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
SIZE = 200
REST = 4
"""An answer is given again for so many times as long as it took to make."""


@dataclass
class _Made(Generic[T]):
    task: "asyncio.Task[T]"
    good_until: float = float("inf")


class AnswerCache(Generic[T]):
    """Single flight; so the load of a popular report is bounded whatever its readers do."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._made: OrderedDict[Hashable, _Made[T]] = OrderedDict()

    async def get(
        self,
        key: Hashable,
        make: Callable[[], Awaitable[T]],
        still: Callable[[T], bool] = lambda _: False,
    ) -> T:
        """The answer under way, just made or `still` good; else a new one.

        Raises: what `make` raises.
        """
        made = self._made.get(key)
        if made is None or (made.good_until < self._now() and not still(made.task.result())):
            made = self._start(key, make)
        self._made.move_to_end(key)
        return await asyncio.shield(made.task)

    def _start(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> _Made[T]:
        started = self._now()

        async def run() -> T:
            return await make()

        made = _Made(asyncio.create_task(run()))
        made.task.add_done_callback(lambda task: self._done(key, made, started, task))
        self._made[key] = made
        while len(self._made) > SIZE:
            self._made.popitem(last=False)
        return made

    def _done(self, key: Hashable, made: _Made[T], started: float, task: "asyncio.Task[T]") -> None:
        now = self._now()
        made.good_until = now + REST * (now - started)
        failed = task.cancelled() or task.exception() is not None
        if failed and self._made.get(key) is made:
            del self._made[key]
