"""The port to the graph behaves alike on every store."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from typing import Final, LiteralString

import pytest

from symbiosis.store import graph as port
from symbiosis.store.failures import (
    AlreadyExistsError,
    ParameterError,
    ReadOnlyError,
    StoreAddressError,
    StoreDatabaseError,
    StoreFailedError,
    StoreSignInError,
    StoreTimeoutError,
    StoreUnavailableError,
)
from symbiosis.store.graph import Address, Graph, RemoteServer, Tx

ADD: Final[LiteralString] = "CREATE (:Listing {id: $id, count: 0})"
MERGE: Final[LiteralString] = "MERGE (l:Listing {id: $id}) SET l.title = 'oak'"
IDS: Final[LiteralString] = "MATCH (l:Listing) RETURN l.id AS id ORDER BY id LIMIT 100"
COUNT: Final[LiteralString] = "MATCH (l:Listing {id: $id}) RETURN l.count AS count"
SET_COUNT: Final[LiteralString] = "MATCH (l:Listing {id: $id}) SET l.count = $count"
LOCK: Final[LiteralString] = "MATCH (l:Listing {id: $id}) SET l._lock = timestamp()"
BROKEN: Final[LiteralString] = "MATCH (l:Listing RETURN l"


async def _add(tx: Tx, listing_id: str) -> None:
    await tx.run(ADD, id=listing_id)


async def _merge(tx: Tx, listing_id: str) -> None:
    await tx.run(MERGE, id=listing_id)


async def _ids(tx: Tx) -> list[str]:
    return [row["id"] for row in await tx.run(IDS)]


async def _count(tx: Tx, listing_id: str) -> int:
    return int((await tx.run(COUNT, id=listing_id))[0]["count"])


async def test_a_read_returns_rows_by_column(graph: Graph) -> None:
    await graph.write(_add, "b")
    await graph.write(_add, "a")
    assert await graph.read(_ids) == ["a", "b"]


async def test_a_read_that_writes_is_refused_and_leaves_nothing(graph: Graph) -> None:
    with pytest.raises(ReadOnlyError):
        await graph.read(_add, "a")
    assert await graph.read(_ids) == []


async def test_a_read_that_writes_after_reading_is_refused_and_leaves_nothing(graph: Graph) -> None:
    async def look_and_change(tx: Tx) -> None:
        await tx.run(IDS)
        await tx.run(MERGE, id="a")

    with pytest.raises(ReadOnlyError):
        await graph.read(look_and_change)
    assert await graph.read(_ids) == []


async def test_a_merge_that_finds_what_it_wants_is_still_a_write(graph: Graph) -> None:
    await graph.write(_merge, "a")
    with pytest.raises(ReadOnlyError):
        await graph.read(_merge, "a")


async def test_what_the_work_raises_rolls_its_writes_back(graph: Graph) -> None:
    async def half(tx: Tx) -> None:
        await tx.run(ADD, id="a")
        raise LookupError("the second half")

    with pytest.raises(LookupError, match="the second half"):
        await graph.write(half)
    assert await graph.read(_ids) == []


async def test_a_second_one_with_the_same_key_is_refused(graph: Graph) -> None:
    await graph.write(_add, "a")
    with pytest.raises(AlreadyExistsError):
        await graph.write(_add, "a")
    assert await graph.read(_ids) == ["a"]


async def test_many_who_merge_one_key_at_once_make_one_node_and_no_error(graph: Graph) -> None:
    await asyncio.gather(*(graph.write(_merge, "a") for _ in range(24)))
    assert await graph.read(_ids) == ["a"]


async def test_a_write_that_takes_its_lock_first_loses_no_update(graph: Graph) -> None:
    async def add_one(tx: Tx) -> None:
        await tx.run(LOCK, id="a")
        await tx.run(SET_COUNT, id="a", count=await _count(tx, "a") + 1)

    await graph.write(_add, "a")
    await asyncio.gather(*(graph.write(add_one) for _ in range(16)))
    assert await graph.read(_count, "a") == 16


async def test_reading_then_deciding_without_a_lock_loses_an_update(graph: Graph) -> None:
    """Both stores are read-committed: this is why the house takes the lock first. Should it ever fail, rejoice."""
    first_has_read, second_is_done = asyncio.Event(), asyncio.Event()

    async def slow(tx: Tx) -> None:
        count = await _count(tx, "a")
        first_has_read.set()
        await second_is_done.wait()
        await tx.run(SET_COUNT, id="a", count=count + 1)

    async def quick(tx: Tx) -> None:
        await tx.run(SET_COUNT, id="a", count=await _count(tx, "a") + 1)

    await graph.write(_add, "a")
    first = asyncio.create_task(graph.write(slow))
    await first_has_read.wait()
    await graph.write(quick)
    second_is_done.set()
    await first
    assert await graph.read(_count, "a") == 1


async def test_not_a_number_never_reaches_the_store(graph: Graph) -> None:
    await graph.write(_add, "a")

    async def spoil(tx: Tx) -> None:
        await tx.run(SET_COUNT, id="a", count=float("nan"))

    with pytest.raises(ParameterError):
        await graph.write(spoil)
    assert await graph.read(_count, "a") == 0


async def test_a_statement_the_store_cannot_read_is_our_failure_in_words(graph: Graph) -> None:
    async def broken(tx: Tx) -> None:
        await tx.run(BROKEN)

    with pytest.raises(StoreFailedError, match=r"failed \(Neo\.ClientError\.Statement\.SyntaxError\)"):
        await graph.read(broken)


async def test_a_wrong_password_is_said(graph: Graph) -> None:
    with pytest.raises(StoreSignInError, match="Correct SYMBIOSIS_NEO4J_USER and SYMBIOSIS_NEO4J_PASSWORD"):
        await _ping(dataclasses.replace(_address(graph), password="wrong-password"))


async def test_a_wrong_database_is_said(graph: Graph) -> None:
    with pytest.raises(StoreDatabaseError, match=r"has no database 'elsewhere'\. Correct SYMBIOSIS_NEO4J_DATABASE"):
        await _ping(dataclasses.replace(_address(graph), database="elsewhere"))


async def test_a_store_that_is_not_there_is_said(unused_port: int) -> None:
    address = Address(f"bolt://127.0.0.1:{unused_port}", "neo4j", "x", "neo4j")
    with pytest.raises(
        StoreUnavailableError, match=f"bolt://127.0.0.1:{unused_port} does not answer. Start it"
    ) as said:
        await _ping(address)
    assert said.value.retryable


async def test_a_store_that_is_silent_is_said(silent_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port, "CONNECTION_S", 0.2)
    monkeypatch.setattr(port, "ACQUISITION_S", 0.4)
    with pytest.raises((StoreUnavailableError, StoreTimeoutError)) as said:
        await _ping(Address(f"bolt://127.0.0.1:{silent_port}", "neo4j", "x", "neo4j"))
    assert said.value.retryable


async def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(StoreAddressError, match="'localhost:7687' is not the address of a Neo4j"):
        await _ping(Address("localhost:7687", "neo4j", "x", "neo4j"))


def _address(graph: Graph) -> Address:
    assert graph._address is not None
    return graph._address


async def _ping(address: Address) -> None:
    async with Graph(RemoteServer(address, retry_s=0.3)) as graph:
        await graph.ping()


@pytest.fixture
async def silent_port() -> AsyncIterator[int]:
    """Give a port where somebody takes connections and never says a word."""

    async def be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(be_silent, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
async def unused_port() -> int:
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    unused = int(server.sockets[0].getsockname()[1])
    server.close()
    await server.wait_closed()
    return unused
