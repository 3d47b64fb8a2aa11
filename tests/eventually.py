"""Waiting in a test: ask again until it holds or the time is up, never a blind sleep."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

T = TypeVar("T")


@overload
async def eventually(holds: Callable[[], Awaitable[T | None]], timeout_s: float = 10) -> T: ...
@overload
async def eventually(holds: Callable[[], T | None], timeout_s: float = 10) -> T: ...
async def eventually(holds: Callable[[], object], timeout_s: float = 10) -> object:
    """What `holds` gives (or what it awaits) once that is true.

    An AssertionError inside it counts as not yet.
    Raises: AssertionError with the last failure when the time is up.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            answer = holds()
            last = await answer if inspect.isawaitable(answer) else answer
            if last:
                return last
        except AssertionError as failure:
            last = failure
        if time.monotonic() > deadline:
            raise AssertionError(f"still not so after {timeout_s} s: {last!r}")
        await asyncio.sleep(0.02)
