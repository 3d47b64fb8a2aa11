"""The one way to go on after a failure: retries with exponential backoff and jitter, and work that
comes again at an interval. Both end when their task is cancelled."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

import structlog

T = TypeVar("T")
Failures = type[Exception] | tuple[type[Exception], ...] | Callable[[Exception], bool]
"""Which exceptions pass: their classes, or a predicate."""

FIRST_S = 0.5
LONGEST_S = 5.0

log = structlog.get_logger(__name__)


class Backoff:
    """Waits twice as long after each failure, up to `longest_s`, and never in step with others.

    For a worker that knows by itself what a success is; any other calls `retry`.
    """

    def __init__(
        self, first_s: float = FIRST_S, longest_s: float = LONGEST_S, spread: float = 0.5
    ) -> None:
        """`spread`: the share of each wait that is left to chance."""
        self._first_s = first_s
        self._longest_s = longest_s
        self._spread = spread
        self._failures = 0

    def reset(self) -> None:
        """Something went well."""
        self._failures = 0

    async def wait(self) -> None:
        """Raises: CancelledError, also for a cancellation that something else has swallowed."""
        obey_cancellation()
        longest = min(self._longest_s, self._first_s * 2.0 ** min(self._failures, 10))
        self._failures += 1
        least = longest * (1 - self._spread)
        await asyncio.sleep(random.uniform(least, longest))  # noqa: S311  # only spreads tries


async def retry(
    work: Callable[[], Awaitable[T]],
    *,
    on: Failures,
    warning: str | None = None,
    backoff: Backoff | None = None,
    **fields: object,
) -> T:
    """What `work` gives once it succeeds; what `on` does not name is raised.

    `warning` and `fields` are logged after each failure.
    """
    backoff = backoff or Backoff()
    while True:
        try:
            return await work()
        except Exception as error:
            if not _passes(error, on):
                raise
            _warn(warning, error, fields)
        await backoff.wait()


async def every(
    interval_s: float,
    work: Callable[[], Awaitable[object]],
    *,
    on: Failures,
    warning: str,
    **fields: object,
) -> NoReturn:
    """`work` again and again; what fails is left to the next time. Begins at once."""
    while True:
        try:
            await work()
        except Exception as error:
            if not _passes(error, on):
                raise
            _warn(warning, error, fields)
        obey_cancellation()
        await asyncio.sleep(interval_s)


def obey_cancellation() -> None:
    """aio-pika turns a cancellation that meets a breaking connection into another error; a worker
    that goes on after it could never be stopped."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _passes(error: Exception, on: Failures) -> bool:
    return isinstance(error, on) if isinstance(on, (type, tuple)) else on(error)


def _warn(warning: str | None, error: Exception, fields: dict[str, object]) -> None:
    if warning is not None:
        log.warning(warning, exc_info=error, **fields)
