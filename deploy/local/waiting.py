"""Waiting for a child to be ready, with a deadline."""

import time
from collections.abc import Callable

from deploy.local.process import Child
from deploy.local.sentence import CannotRun

POLL_S = 0.05
HANGS_AFTER_S = 300
"""No machine is so slow: what cannot start ends by itself, and that is seen at once."""


def wait_until(ready: Callable[[], bool], child: Child, timeout_s: float = HANGS_AFTER_S) -> None:
    """Returns once `ready`. Raises: CannotRun when the child ends first or the time is up."""
    deadline = time.monotonic() + timeout_s
    while not ready():
        if not child.running():
            raise _ended(child)
        if time.monotonic() > deadline:
            raise CannotRun(
                f"{child.name} không sẵn sàng sau {timeout_s:.0f} giây; xem {child.log}.",
                f"{child.name} was not ready after {timeout_s:.0f} s; see {child.log}:\n"
                f"{child.last_lines()}",
            )
        time.sleep(POLL_S)


def _ended(child: Child) -> CannotRun:
    return CannotRun(
        f"{child.name} dừng khi khởi động (mã {child.returncode}); xem {child.log}.",
        f"{child.name} ended while starting (code {child.returncode}); see {child.log}:\n"
        f"{child.last_lines()}",
    )
