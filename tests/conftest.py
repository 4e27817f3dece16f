"""The stores that the suite runs on; a test that takes `graph` runs once on each store that is given."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, LiteralString

import pytest
from hypothesis import HealthCheck, settings

from symbiosis.store.graph import Address, Graph, RemoteServer, Server, Tx
from symbiosis.store.local import LocalServer
from symbiosis.store.migrate import migrate

settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")

QUICK_START: Final = ("-XX:TieredStopAtLevel=1",)
WIPE: Final[LiteralString] = "MATCH (n) WHERE NOT n:_Migration AND NOT n:_Lease AND NOT n:_TestStore DETACH DELETE n"
MARK: Final[LiteralString] = "MERGE (:_TestStore {id: 'this database may be wiped'})"


def given_stores() -> list[str]:
    """Return the names of the stores to test on: the embedded one, a Neo4j where one is given, or that one alone."""
    if os.environ.get("SYMBIOSIS_TEST_STORE") == "neo4j":
        return ["neo4j"]
    return ["embedded", *(["neo4j"] if os.environ.get("SYMBIOSIS_TEST_NEO4J_URI") else [])]


def _server(name: str, data_dir: Path) -> Server:
    if name == "embedded":
        return LocalServer(data_dir, java_options=QUICK_START)
    return RemoteServer(
        Address(
            os.environ["SYMBIOSIS_TEST_NEO4J_URI"],
            os.environ.get("SYMBIOSIS_TEST_NEO4J_USER", "neo4j"),
            os.environ["SYMBIOSIS_TEST_NEO4J_PASSWORD"],
            "neo4j",
        )
    )


@pytest.fixture(scope="session", params=given_stores())
async def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Graph]:
    """Give one graph a session and store, migrated; what is in it is whatever the last test left."""
    async with Graph(_server(request.param, tmp_path_factory.mktemp("data"))) as graph:
        await graph.write(_run, MARK)
        await migrate(graph)
        yield graph


@pytest.fixture
async def graph(store: Graph) -> Graph:
    """Return the store, migrated and empty."""
    await store.write(_run, WIPE)
    return store


async def _run(tx: Tx, query: LiteralString) -> None:
    await tx.run(query)
