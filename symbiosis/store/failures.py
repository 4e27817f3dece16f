"""What can go wrong with the store, in words; the driver's exceptions are translated here and nowhere else."""

from typing import ClassVar, Final

from neo4j.exceptions import (
    AuthConfigurationError,
    AuthError,
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
    ConstraintError,
    DatabaseUnavailable,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from symbiosis.errors import RuleError, StoreError, SymbiosisError


class StoreUnavailableError(StoreError):
    """Nobody answers at the store's address, or the connection was lost before anything was written."""

    code = "STORE_UNAVAILABLE"
    retryable: ClassVar[bool] = True

    def __init__(self, uri: str) -> None:
        super().__init__(
            f"The store at {uri} does not answer. Start it, or correct SYMBIOSIS_NEO4J_URI; "
            "`symbiosis doctor` says what it sees."
        )
        self.uri = uri


class StoreTimeoutError(StoreError):
    """The store took too long over one statement."""

    code = "STORE_TIMEOUT"
    retryable: ClassVar[bool] = True

    def __init__(self, uri: str) -> None:
        super().__init__(f"The store at {uri} took too long to answer; nothing was written. Try again in a moment.")
        self.uri = uri


class StoreConflictError(StoreError):
    """Other writers were in the way for as long as we were ready to wait."""

    code = "STORE_CONFLICT"
    retryable: ClassVar[bool] = True

    def __init__(self, uri: str) -> None:
        super().__init__(f"Too many writers at once in the store at {uri}; nothing was written. Try again in a moment.")
        self.uri = uri


class UncertainCommitError(StoreError):
    """The connection was lost while the store was confirming a write."""

    code = "STORE_UNCERTAIN"

    def __init__(self, uri: str) -> None:
        super().__init__(
            f"The store at {uri} went away while it was confirming a write. Look whether it was done before "
            "you repeat it."
        )
        self.uri = uri


class StoreSignInError(StoreError):
    """The store refused our user or password."""

    code = "STORE_SIGN_IN"

    def __init__(self, uri: str) -> None:
        super().__init__(
            f"The store at {uri} refused the user or the password. Correct SYMBIOSIS_NEO4J_USER and "
            "SYMBIOSIS_NEO4J_PASSWORD."
        )
        self.uri = uri


class StoreDatabaseError(StoreError):
    """The server has no such database."""

    code = "STORE_DATABASE"

    def __init__(self, uri: str, database: str) -> None:
        super().__init__(f"The store at {uri} has no database {database!r}. Correct SYMBIOSIS_NEO4J_DATABASE.")
        self.uri, self.database = uri, database


class StoreAddressError(StoreError):
    """The address is not one the driver can use."""

    code = "STORE_ADDRESS"

    def __init__(self, uri: str) -> None:
        super().__init__(
            f"{uri!r} is not the address of a Neo4j. SYMBIOSIS_NEO4J_URI looks like bolt://localhost:7687 or "
            "neo4j+s://example.org."
        )
        self.uri = uri


class StoreDiskFullError(StoreError):
    """The disk under the store is full."""

    code = "STORE_DISK_FULL"

    def __init__(self, place: str) -> None:
        super().__init__(f"The disk under {place} is full; nothing was written. Free some space and repeat.")
        self.place = place


class StoreStoppedError(StoreError):
    """The server could not finish a write and takes no more transactions."""

    code = "STORE_STOPPED"

    def __init__(self, uri: str, driver_code: str) -> None:
        super().__init__(
            f"The store at {uri} could not finish a write and takes no more ({driver_code}): most often its disk is "
            "full. Free some space there, start it again, and look whether the last write was done."
        )
        self.uri, self.driver_code = uri, driver_code


class StoreFailedError(StoreError):
    """The store refused a statement: a bug of ours or of the server's."""

    code = "STORE_FAILED"

    def __init__(self, uri: str, driver_code: str) -> None:
        super().__init__(
            f"The store at {uri} failed ({driver_code}); nothing was written. Its log says more; please report this."
        )
        self.uri, self.driver_code = uri, driver_code


class ReadOnlyError(StoreError):
    """A statement that wrote was run inside a read; it was rolled back."""

    code = "STORE_READ_ONLY"

    def __init__(self) -> None:
        super().__init__("A read tried to write to the store; nothing was written. Please report this.")


class ParameterError(StoreError):
    """A parameter that one of the two servers would store wrongly; nothing was sent."""

    code = "STORE_PARAMETER"

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"The parameter {name} {what}; nothing was sent to the store.")
        self.name = name


class AlreadyExistsError(RuleError):
    """A uniqueness constraint of the store says that there is one already; nothing was written."""

    code = "ALREADY_EXISTS"

    def __init__(self) -> None:
        super().__init__("There is one with that key already; nothing was written. Read it and change that one.")


_DATABASE_CODES: Final = {
    "Neo.ClientError.Database.DatabaseNotFound",
    "Neo.ClientError.Database.DatabaseNotFoundException",
}
_DATABASE_AWAY_CODE: Final = "Neo.TransientError.Database.DatabaseUnavailable"
_STOPPED_CODES: Final = {
    "Neo.DatabaseError.Transaction.TransactionCommitFailed",
    "Neo.DatabaseError.Transaction.TransactionLogError",
    "Neo.DatabaseError.Transaction.TransactionStartFailed",
}
_READ_ONLY_CODE: Final = "Neo.ClientError.Statement.AccessMode"
_TIMEOUT_WORD: Final = "TransactionTimedOut"


def translated(failure: Exception, *, uri: str, database: str) -> SymbiosisError:
    """Return what a driver's exception means, ready to be raised `from` it."""
    if isinstance(failure, TimeoutError | ConnectionAcquisitionTimeoutError):
        return StoreTimeoutError(uri)
    if isinstance(failure, Neo4jError):
        return _from_server(failure, uri=uri, database=database)
    if isinstance(failure, IncompleteCommit):
        return UncertainCommitError(uri)
    if isinstance(failure, ServiceUnavailable | SessionExpired | OSError):
        return StoreUnavailableError(uri)
    if isinstance(failure, AuthConfigurationError):
        return StoreSignInError(uri)
    if isinstance(failure, ConfigurationError | ValueError):
        return StoreAddressError(uri)
    return StoreFailedError(uri, type(failure).__name__)


def _from_server(failure: Neo4jError, *, uri: str, database: str) -> SymbiosisError:
    """Return what an error code of the server means; its text is never looked at, for one server hides it."""
    code = failure.code or type(failure).__name__
    if isinstance(failure, ConstraintError):
        return AlreadyExistsError()
    if isinstance(failure, AuthError):
        return StoreSignInError(uri)
    if code in _DATABASE_CODES:
        return StoreDatabaseError(uri, database)
    if code == _READ_ONLY_CODE:
        return ReadOnlyError()
    if _TIMEOUT_WORD in code:
        return StoreTimeoutError(uri)
    if code in _STOPPED_CODES:
        return StoreStoppedError(uri, code)
    if code == _DATABASE_AWAY_CODE or isinstance(failure, DatabaseUnavailable):
        return StoreUnavailableError(uri)
    if isinstance(failure, TransientError):
        return StoreConflictError(uri)
    return StoreFailedError(uri, code)


DRIVER_FAILURES: Final = (DriverError, Neo4jError, OSError, TimeoutError)
