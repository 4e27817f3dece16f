"""Work that is no longer wanted ends in the database too: at the deadline on Neo4j, some time later when embedded."""

import asyncio
import time
from pathlib import Path
from typing import Final, LiteralString

import pytest

from symbiosis.store import engine
from symbiosis.store.deadline import deadline_in
from symbiosis.store.failures import StoreTimeoutError
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.local import LocalServer
from tests.conftest import QUICK_START

LONG: Final[LiteralString] = """
UNWIND range(1, 200000) AS a UNWIND range(1, 200000) AS b WITH a, b WHERE (a * b) % 7 = 8 RETURN count(*) AS many
"""
UNDER_WAY: Final[LiteralString] = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS '200000) AS b WITH'"
PATIENCE_S: Final = 20.0


async def _long(tx: Tx) -> None:
    await tx.run(LONG)


async def _under_way(tx: Tx) -> int:
    return len(await tx.run(UNDER_WAY)) - 1  # It finds itself.


async def test_a_statement_ends_with_the_deadline_on_neo4j(graph: Graph) -> None:
    if "ArcadeDB" in await graph.agent():
        pytest.skip("the embedded server takes no time with a transaction; see the next test")
    began = time.monotonic()
    with pytest.raises(StoreTimeoutError), deadline_in(1.0):
        await graph.read(_long)
    assert time.monotonic() - began < PATIENCE_S  # It would take hours.
    assert await graph.read(_under_way) == 0


async def test_the_embedded_server_ends_a_statement_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine.COMMAND_TIMEOUT_MS == 30_000  # docs/operations.md says so.
    monkeypatch.setattr(engine, "COMMAND_TIMEOUT_MS", 1_000)
    async with Graph(LocalServer(tmp_path, java_options=QUICK_START)) as graph:
        with pytest.raises(StoreTimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await graph.read(_long)
