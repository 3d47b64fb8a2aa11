"""Waiting in a test: ask again until it holds, with one patience for all, never a blind sleep."""

import asyncio
import inspect
import os
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

T = TypeVar("T")

PATIENCE_S = float(os.environ.get("TUNGNGO_TEST_PATIENCE_S") or 300)
"""So long a test waits for what must come. It decides nothing: it ends what would hang.

Waiting costs nothing when it comes, so it is long; a setting makes it longer on a machine that is
slower still, or shorter while one looks for a fault.
"""

WHOLE_TEST_S = 3 * PATIENCE_S
"""And so long a whole test may take, with all that it waits for."""

SILENCE_S = PATIENCE_S / 100
"""The deadline that a test gives to a part in order to see it pass.

It is waited out, so it is short; whatever does answer that part has to be quicker.
"""


def patience() -> asyncio.Timeout:
    """A block that would hang ends with TimeoutError."""
    return asyncio.timeout(PATIENCE_S)


@overload
async def eventually(holds: Callable[[], Awaitable[T | None]]) -> T: ...
@overload
async def eventually(holds: Callable[[], T | None]) -> T: ...
async def eventually(holds: Callable[[], object]) -> object:
    """What `holds` gives (or what it awaits) once that is true.

    An AssertionError inside it counts as not yet.
    Raises: AssertionError with the last failure when patience is at its end.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            answer = holds()
            last = await answer if inspect.isawaitable(answer) else answer
            if last:
                return last
        except AssertionError as failure:
            last = failure
        if time.monotonic() > deadline:
            raise AssertionError(f"still not so after {PATIENCE_S} s: {last!r}")
        await asyncio.sleep(0.02)
