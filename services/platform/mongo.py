"""The only module that knows Motor, so that one file changes on the day it must go."""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo.errors import (
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    OperationFailure,
    ProtocolError,
    PyMongoError,
)
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from services.platform.retry import Backoff, retry
from services.platform.unavailable import Unavailable

Document: TypeAlias = dict[str, Any]
if TYPE_CHECKING:
    Client: TypeAlias = AsyncIOMotorClient[Document]
    Database: TypeAlias = AsyncIOMotorDatabase[Document]
    Collection: TypeAlias = AsyncIOMotorCollection[Document]
else:
    Client, Database, Collection = (
        AsyncIOMotorClient,
        AsyncIOMotorDatabase,
        AsyncIOMotorCollection,
    )
Session: TypeAlias = AsyncIOMotorClientSession
T = TypeVar("T")

TRANSACTION_RETRY_S = 30.0
_PASSING = frozenset({"TransientTransactionError", "UnknownTransactionCommitResult"})
_UNREACHABLE = frozenset({6, 7, 89, 202, 9001})
_NO_PRIMARY = frozenset({91, 100, 133, 134, 189, 10058, 10107, 11600, 11601, 11602, 13435, 13436})
_NOT_LET_IN = frozenset({11, 13, 18, 391})
_OUT_OF_TIME = frozenset({24, 46, 50, 64, 262, 290})
_IN_CONFLICT = frozenset({43, 112, 225, 237, 239, 246, 251})
_OUT_OF_ROOM = frozenset({365, 14031})
_MISSING = _UNREACHABLE | _NO_PRIMARY | _NOT_LET_IN | _OUT_OF_TIME | _IN_CONFLICT | _OUT_OF_ROOM
"""MongoDB's codes (error_codes.yml of its source) of what is nobody's data's fault."""

DURABLE = WriteConcern(w="majority", j=True, wtimeout=5_000)
"""What a 2xx stands on: on a majority's disks."""


def connect(url: str) -> Client:
    """A client whose writes are durable, whose reads see them, and whose datetimes are UTC.

    Nothing is connected yet; a call fails after 5 s when no primary answers.
    """
    return AsyncIOMotorClient(
        url,
        tz_aware=True,
        tzinfo=UTC,
        w="majority",
        journal=True,
        wtimeoutms=5_000,
        readConcernLevel="majority",
        serverSelectionTimeoutMS=5_000,
        connectTimeoutMS=5_000,
        socketTimeoutMS=20_000,
        retryWrites=True,
        retryReads=True,
    )


async def transact(client: Client, work: Callable[[Session], Awaitable[T]]) -> T:
    """`work` in one transaction: a snapshot is read, a majority writes; both are tried again.

    `work` runs again after a write conflict, so it changes nothing but the database. Motor's own
    `with_transaction` is not used: its commit lies outside of its retries.
    """
    deadline = time.monotonic() + TRANSACTION_RETRY_S
    async with await client.start_session() as session:
        return await retry(
            lambda: _once(session, work, deadline),
            on=lambda error: _again(error, "TransientTransactionError", deadline),
            backoff=Backoff(0.002, longest_s=0.2, spread=1),
        )


def part_is_missing(error: Exception) -> bool:
    """Whether the database or the way to it failed, so that the same will go well later.

    False: the failure is the data's own, and comes again however often it is tried.
    """
    if isinstance(error, BulkWriteError):
        codes = [e.get("code") for e in error.details.get("writeErrors", ())]
        return _passes(error) or all(code in _MISSING for code in codes)
    if isinstance(error, OperationFailure):
        return _passes(error) or error.code in _MISSING
    return isinstance(error, (ConnectionFailure, ProtocolError, ConfigurationError, OSError))


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


def _passes(error: PyMongoError) -> bool:
    return any(error.has_error_label(label) for label in _PASSING)


async def _once(session: Session, work: Callable[[Session], Awaitable[T]], deadline: float) -> T:
    session.start_transaction(
        read_concern=ReadConcern("snapshot"),
        write_concern=DURABLE,
        read_preference=ReadPreference.PRIMARY,
    )
    try:
        result = await work(session)
    except BaseException:
        await session.abort_transaction()
        raise
    while True:
        try:
            await session.commit_transaction()
            return result
        except PyMongoError as error:
            if not _again(error, "UnknownTransactionCommitResult", deadline):
                raise


def _again(error: Exception, label: str, deadline: float) -> bool:
    labelled = isinstance(error, PyMongoError) and error.has_error_label(label)
    return labelled and time.monotonic() < deadline


__all__ = [
    "DURABLE",
    "Client",
    "Collection",
    "Database",
    "Document",
    "PyMongoError",
    "Session",
    "connect",
    "or_unavailable",
    "part_is_missing",
    "transact",
]
