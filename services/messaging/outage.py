"""A database that is away, told from data that it will never take."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.platform.mongo import PyMongoError, part_is_missing
from services.platform.unavailable import Unavailable


@contextmanager
def or_unavailable() -> Iterator[None]:
    """What is the data's own failure passes as it is: to be tried again would never help it.

    Raises: Unavailable while a part is missing.
    """
    try:
        yield
    except PyMongoError as error:
        if part_is_missing(error):
            raise Unavailable(type(error).__name__) from error
        raise
