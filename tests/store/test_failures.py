"""The driver's exceptions, in the words of the house."""

import pytest
from neo4j.exceptions import (
    ClientError,
    ConnectionAcquisitionTimeoutError,
    DatabaseError,
    DatabaseUnavailable,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from symbiosis.store.failures import (
    ReadOnlyError,
    StoreConflictError,
    StoreFailedError,
    StoreStoppedError,
    StoreTimeoutError,
    StoreUnavailableError,
    UncertainCommitError,
    translated,
)

URI = "bolt://127.0.0.1:7687"


def _coded(kind: type[Neo4jError], code: str) -> Neo4jError:
    failure = kind("hidden")
    failure._neo4j_code = code
    return failure


@pytest.mark.parametrize(
    ("failure", "meaning"),
    [
        (_coded(TransientError, "Neo.TransientError.Transaction.DeadlockDetected"), StoreConflictError),
        (_coded(TransientError, "Neo.TransientError.Database.DatabaseUnavailable"), StoreUnavailableError),
        (_coded(DatabaseUnavailable, "Neo.TransientError.General.DatabaseUnavailable"), StoreUnavailableError),
        (_coded(ClientError, "Neo.ClientError.Transaction.TransactionTimedOut"), StoreTimeoutError),
        (_coded(ClientError, "Neo.ClientError.Statement.AccessMode"), ReadOnlyError),
        (_coded(ClientError, "Neo.ClientError.Statement.SyntaxError"), StoreFailedError),
        (_coded(DatabaseError, "Neo.DatabaseError.Transaction.TransactionCommitFailed"), StoreStoppedError),
        (_coded(DatabaseError, "Neo.DatabaseError.Transaction.TransactionStartFailed"), StoreStoppedError),
        (IncompleteCommit("gone"), UncertainCommitError),
        (ServiceUnavailable("gone"), StoreUnavailableError),
        (SessionExpired("gone"), StoreUnavailableError),
        (ConnectionAcquisitionTimeoutError("none free"), StoreTimeoutError),
        (ConnectionResetError("gone"), StoreUnavailableError),
        (TimeoutError(), StoreTimeoutError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_an_exception_of_the_driver_has_one_meaning(failure: Exception, meaning: type[Exception]) -> None:
    said = translated(failure, uri=URI, database="neo4j")
    assert type(said) is meaning
    assert "hidden" not in str(said)


@pytest.mark.parametrize(
    ("kind", "again"),
    [
        (StoreConflictError, True),
        (StoreUnavailableError, True),
        (StoreTimeoutError, True),
        (UncertainCommitError, False),
    ],
)
def test_a_failure_says_whether_again_may_help(kind: type[StoreUnavailableError], again: bool) -> None:
    assert kind.retryable is again
    assert kind(URI).retryable is again
