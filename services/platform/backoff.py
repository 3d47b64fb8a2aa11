"""How a worker begins again after a failure."""

import asyncio
import random

LONGEST_S = 5.0


class Backoff:
    """Waits twice as long after each failure, up to 5 s, and never in step with others."""

    def __init__(self, first_s: float) -> None:
        self._first_s = first_s
        self._failures = 0

    def reset(self) -> None:
        """Something went well."""
        self._failures = 0

    async def wait(self) -> None:
        """Raises: CancelledError, also for a cancellation that something else has swallowed."""
        obey_cancellation()
        longest = min(LONGEST_S, self._first_s * 2.0 ** min(self._failures, 10))
        self._failures += 1
        await asyncio.sleep(random.uniform(longest / 2, longest))  # noqa: S311  # no secret


def obey_cancellation() -> None:
    """aio-pika turns a cancellation that meets a breaking connection into another error; a worker
    that goes on after it could never be stopped."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
