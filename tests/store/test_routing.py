"""`neo4j://`: the driver asks the server who leads and who follows, and reads and writes where it is told."""

import os
from collections.abc import AsyncIterator

import pytest

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run, RunKind, RunPhase, RunProgress, RunStatus
from symbiosis.store.graph import Address, Graph, RemoteServer
from symbiosis.store.run_progress import note_progress, run_with_progress
from symbiosis.store.runs import Lease, start_run

URI = "SYMBIOSIS_TEST_NEO4J_URI"
AT = "2026-11-22T10:00:00.000000Z"
LATER = "2098-11-22T10:01:30.000000Z"


@pytest.fixture
async def routed(graph: Graph, request: pytest.FixtureRequest) -> AsyncIterator[Graph]:
    """Give the Neo4j of the suite, spoken to by routing; there is none on the embedded server."""
    if request.node.callspec.params["store"] != "neo4j":
        pytest.skip("the embedded server has no routing tables")
    uri = os.environ[URI].replace("bolt://", "neo4j://")
    assert uri.startswith("neo4j://")
    password = os.environ["SYMBIOSIS_TEST_NEO4J_PASSWORD"]
    address = Address(uri, os.environ.get("SYMBIOSIS_TEST_NEO4J_USER", "neo4j"), password, "neo4j")
    async with Graph(RemoteServer(address)) as opened:
        yield opened


@pytest.mark.store
async def test_what_is_written_by_routing_is_read_by_routing_and_without(graph: Graph, routed: Graph) -> None:
    await routed.ping()
    run = Run(RunId("routed"), RunKind.EXCHANGE, "routed", RunStatus.RUNNING, started_at=AT)
    half = RunProgress(RunPhase.OPTIMISE, 0.5, "solving", 60, 80)
    await routed.write(start_run, run, Lease("host 1 0.00", AT, LATER), [])
    await routed.write(note_progress, run.run_id, half, AT)
    for reader in (routed, graph):
        row = await reader.read(run_with_progress, run.run_id)
        assert row is not None
        assert row.progress == half
