"""What is the database's failure, and what the data's own."""

import bson.errors
import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ProtocolError,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WriteError,
    WTimeoutError,
)

from services.platform.mongo import part_is_missing


def of_bulk(*codes: int, write_concern: bool = False, label: str = "") -> BulkWriteError:
    """As a bulk write tells which of its writes failed."""
    return BulkWriteError(
        {
            "writeErrors": [{"index": n, "code": code} for n, code in enumerate(codes)],
            "writeConcernErrors": [{"code": 64}] if write_concern else [],
            "errorLabels": [label] if label else [],
        }
    )


def labelled(label: str) -> PyMongoError:
    return OperationFailure("", 96, {"errorLabels": [label]})


@pytest.mark.parametrize(
    "error",
    [
        ServerSelectionTimeoutError("no primary answers"),
        AutoReconnect("connection reset"),
        NetworkTimeout("20 s"),
        NotPrimaryError("stepped down"),
        WaitQueueTimeoutError("the pool is empty"),
        ProtocolError("half an answer"),
        ConfigurationError("the name of the host is not known"),
        ExecutionTimeout("too long", 50),
        WTimeoutError("no majority", 64),
        OperationFailure("authentication failed", 18),
        OperationFailure("not authorized", 13),
        OperationFailure("write conflict", 112),
        OperationFailure("no such transaction", 251),
        OperationFailure("interrupted at shutdown", 11600),
        OperationFailure("out of disk space", 14031),
        labelled("TransientTransactionError"),
        labelled("UnknownTransactionCommitResult"),
        of_bulk(112, 11602),
        of_bulk(write_concern=True),
        of_bulk(11000, label="TransientTransactionError"),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
    ids=repr,
)
def test_failure_of_the_database_is_no_fault_of_the_data(error: Exception) -> None:
    assert part_is_missing(error)


@pytest.mark.parametrize(
    "error",
    [
        DuplicateKeyError("there already", 11000),
        WriteError("the validator refuses it", 121),
        DocumentTooLarge("over 16 MB"),
        OperationFailure("unknown operator", 2),
        OperationFailure("no code at all"),
        of_bulk(11000),
        of_bulk(112, 121),
        bson.errors.InvalidDocument("integers have 8 bytes"),
        KeyError("ward"),
        ValueError("a body that is no event"),
        ZeroDivisionError(),
    ],
    ids=repr,
)
def test_failure_of_the_data_is_its_own(error: Exception) -> None:
    assert not part_is_missing(error)
