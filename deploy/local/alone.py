"""One `make up` at a time over the same data. Imports the standard library only."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.places import LOCAL
from deploy.local.sentence import CannotRun


@contextmanager
def alone() -> Iterator[None]:
    """Until the block ends; the kernel lets go of it when we die.

    Raises: CannotRun when somebody else is there.
    """
    LOCAL.mkdir(parents=True, exist_ok=True)
    with (LOCAL / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(
                "Một 'make up' đang chạy trong thư mục này; hãy dừng nó trước.",
                "A 'make up' is running in this folder; end it first.",
            ) from None
        yield
