"""The port to the graph: one driver, managed transactions, the same on the embedded server and on Neo4j.

A unit of work is an async function whose first argument is a `Tx`; `Graph.read` and `Graph.write` run it in one
transaction and may run it again after a conflict or a lost connection, so it has no other side effects. A read is
refused and rolled back if one of its statements wrote: only Neo4j would refuse it by itself.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Concatenate, Final, LiteralString, ParamSpec, Protocol, Self, TypeVar

from neo4j import READ_ACCESS, WRITE_ACCESS, AsyncDriver, AsyncGraphDatabase, AsyncSession, AsyncTransaction
from neo4j.exceptions import DriverError, Neo4jError

from symbiosis.errors import StoreError
from symbiosis.store.deadline import seconds_left
from symbiosis.store.failures import (
    DRIVER_FAILURES,
    AlreadyExistsError,
    ReadOnlyError,
    StoreTimeoutError,
    StoreUnavailableError,
    UncertainCommitError,
    translated,
)
from symbiosis.store.meter import use_now
from symbiosis.store.parameters import check_parameters

P = ParamSpec("P")
T = TypeVar("T")

CONNECTION_S: Final = 5.0
ACQUISITION_S: Final = 10.0
ANSWER_S: Final = 60.0
KEY_RACES: Final = 2
READING_TYPES: Final = {"r", "s"}  # Neo4j says "s" of a procedure that tells about the server.

PING: Final[LiteralString] = "RETURN 1 AS one"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store answers, and as whom to speak to it."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str


class Server(Protocol):
    """Who stands behind the port: a Neo4j of the operator's, or the embedded server."""

    @property
    def where(self) -> str:
        """Its folder or its address, for people."""
        ...

    @property
    def retry_s(self) -> float:
        """How long a unit of work is tried again, in seconds."""
        ...

    @property
    def first_wait_s(self) -> float:
        """How long to wait before the second try, in seconds; doubled each time."""
        ...

    async def address(self) -> Address:
        """Return where the store answers now, after starting it if that is ours to do."""
        ...

    async def explained(self, failure: StoreError, address: Address) -> StoreError:
        """Return this failure, or the one behind it if what is known of the server gives it away."""
        ...

    async def close(self) -> None:
        """Let go of the server; stop it if it is ours."""
        ...


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """A Neo4j that the operator runs; nothing to start and nothing to stop."""

    at: Address
    retry_s: float = 8.0
    first_wait_s: float = 0.05

    @property
    def where(self) -> str:
        """Its Bolt address."""
        return self.at.uri

    async def address(self) -> Address:
        """Return the address that the settings name."""
        return self.at

    async def explained(self, failure: StoreError, address: Address) -> StoreError:
        """Return the failure: nothing more is known of a server elsewhere."""
        return failure

    async def close(self) -> None:
        """Do nothing: the server is not ours."""


class Tx:
    """One transaction; made by `Graph` only."""

    def __init__(self, transaction: AsyncTransaction, address: Address, *, may_write: bool) -> None:
        self._transaction, self._address, self._may_write = transaction, address, may_write

    async def run(self, query: LiteralString, **parameters: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401
        """Return all rows of one statement, each as a mapping from column to value."""
        check_parameters(parameters)
        began = time.perf_counter()
        try:
            async with asyncio.timeout(ANSWER_S):
                result = await self._transaction.run(query, parameters)
                rows: list[Mapping[str, Any]] = [dict(record) async for record in result]
                summary = await result.consume()
        except DRIVER_FAILURES as failure:
            raise translated(failure, uri=self._address.uri, database=self._address.database) from failure
        finally:
            use = use_now()
            if use is not None:
                use.add(time.perf_counter() - began)
        if not self._may_write and (summary.query_type not in READING_TYPES or summary.counters.contains_updates):
            raise ReadOnlyError
        return rows


class Graph:
    """The graph store; an async context manager around one driver."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._address: Address | None = None
        self._driver: AsyncDriver | None = None
        self._retired: list[AsyncDriver] = []
        self._connecting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self._connected(instead_of=None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def where(self) -> str:
        """The folder of the embedded store, or the address of a Neo4j."""
        return self._server.where

    async def read(self, work: Callable[Concatenate[Tx, P], Awaitable[T]], *args: P.args, **kw: P.kwargs) -> T:
        """Return what `work` returns, run in a transaction that may not write."""
        return await self._managed(lambda tx: work(tx, *args, **kw), may_write=False)

    async def write(self, work: Callable[Concatenate[Tx, P], Awaitable[T]], *args: P.args, **kw: P.kwargs) -> T:
        """Return what `work` returns once its transaction is on the disk; what `work` raises rolls everything back."""
        return await self._managed(lambda tx: work(tx, *args, **kw), may_write=True)

    async def ping(self) -> None:
        """Return when the store answers, or raise a StoreError."""
        await self.read(_ping)

    async def agent(self) -> str:
        """Return how the server introduces itself, such as `Neo4j/5.26.30`."""
        await self.ping()
        driver, address = await self._connected(instead_of=None)
        try:
            info = await driver.get_server_info()  # pyright: ignore[reportUnknownMemberType]
            return info.agent
        except DRIVER_FAILURES as failure:
            raise translated(failure, uri=address.uri, database=address.database) from failure

    async def opened(self) -> tuple[AsyncDriver, Address]:
        """Return the driver and where it points, for what needs a session of its own; the graph keeps and closes it."""
        return await self._connected(instead_of=None)

    async def close(self) -> None:
        """Close the connections, and stop the server if it is ours."""
        for driver in (*self._retired, *([self._driver] if self._driver else [])):
            await driver.close()
        self._retired, self._driver = [], None
        await self._server.close()

    async def _managed(self, work: Callable[[Tx], Awaitable[T]], *, may_write: bool) -> T:
        """Run `work` until it is done, or its failure is not one that time heals, or the time for that is up."""
        give_up_at = time.monotonic() + self._server.retry_s
        wait_s, key_races = self._server.first_wait_s, 0
        while True:
            driver, address = await self._connected(instead_of=None)
            try:
                return await self._once(driver, address, work, may_write=may_write)
            except AlreadyExistsError:
                key_races += 1
                if key_races > KEY_RACES:
                    raise
            except StoreError as raised:
                failure = await self._server.explained(raised, address)
                failed_at = time.monotonic()
                if not failure.retryable or isinstance(failure, StoreTimeoutError) or failed_at > give_up_at:
                    raise failure from raised.__cause__
                if isinstance(failure, StoreUnavailableError):
                    await self._connected(instead_of=driver)
                    give_up_at += time.monotonic() - failed_at
            await asyncio.sleep(wait_s * random.uniform(0.5, 1.5))  # noqa: S311  Jitter, not a secret.
            wait_s = min(wait_s * 2, 1.0)

    async def _once(
        self, driver: AsyncDriver, address: Address, work: Callable[[Tx], Awaitable[T]], *, may_write: bool
    ) -> T:
        try:
            async with (
                _session(driver, address, may_write=may_write) as session,
                await _begun(session, address) as transaction,
            ):
                done = await work(Tx(transaction, address, may_write=may_write))
                await _commit(transaction, address)
                return done
        except (DriverError, Neo4jError) as failure:
            raise translated(failure, uri=address.uri, database=address.database) from failure

    async def _connected(self, *, instead_of: AsyncDriver | None) -> tuple[AsyncDriver, Address]:
        """Return the driver, made anew if the one that failed still points to where the store no longer is."""
        if self._driver is not None and self._address is not None and self._driver is not instead_of:
            return self._driver, self._address
        async with self._connecting:
            if self._driver is not None and self._address is not None and self._driver is not instead_of:
                return self._driver, self._address
            address = await self._server.address()
            if self._driver is None or address != self._address:
                driver = _driver(address)
                if self._driver is not None:
                    self._retired.append(self._driver)
                self._driver, self._address = driver, address
            return self._driver, address


def _session(driver: AsyncDriver, address: Address, *, may_write: bool) -> AsyncSession:
    mode = WRITE_ACCESS if may_write else READ_ACCESS
    return driver.session(  # pyright: ignore[reportUnknownMemberType]  The driver leaves its options untyped.
        database=address.database, default_access_mode=mode
    )


async def _begun(session: AsyncSession, address: Address) -> AsyncTransaction:
    try:
        async with asyncio.timeout(ANSWER_S):
            return await session.begin_transaction(timeout=seconds_left())
    except DRIVER_FAILURES as failure:
        raise translated(failure, uri=address.uri, database=address.database) from failure


async def _commit(transaction: AsyncTransaction, address: Address) -> None:
    try:
        async with asyncio.timeout(ANSWER_S):
            await transaction.commit()
    except (TimeoutError, OSError) as failure:
        raise UncertainCommitError(address.uri) from failure


async def _ping(tx: Tx) -> None:
    await tx.run(PING)


def _driver(address: Address) -> AsyncDriver:
    try:
        return AsyncGraphDatabase.driver(  # pyright: ignore[reportUnknownMemberType]
            address.uri,
            auth=(address.user, address.password),
            connection_timeout=CONNECTION_S,
            connection_acquisition_timeout=ACQUISITION_S,
            max_connection_pool_size=50,
            notifications_min_severity="OFF",
            telemetry_disabled=True,
            user_agent="symbiosis",
        )
    except (*DRIVER_FAILURES, ValueError) as failure:
        raise translated(failure, uri=address.uri, database=address.database) from failure
