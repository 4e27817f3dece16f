"""What a store says of itself."""

from typing import Final, LiteralString

import pytest

from symbiosis.store.graph import Graph, Tx
from symbiosis.store.migrate import shipped_migrations
from symbiosis.store.status import server_and_version, store_status

TWO_AT_ONE: Final[LiteralString] = """
CREATE (a:Listing {id: 'a'})-[:AT]->(s:Site {id: 's'}), (b:Listing {id: 'b'})-[:AT]->(s),
       (a)-[:OF]->(:Resource {code: 'r'})
"""


async def _fill(tx: Tx) -> None:
    await tx.run(TWO_AT_ONE)


async def test_the_status_counts_nodes_and_relationships(graph: Graph, request: pytest.FixtureRequest) -> None:
    await graph.write(_fill)
    status = await store_status(graph)
    assert status.nodes == (("Listing", 2), ("Resource", 1), ("Site", 1))
    assert status.relationships == (("AT", 2), ("OF", 1))
    assert status.migration == shipped_migrations()[-1].migration_id
    assert status.server == {"embedded": "ArcadeDB", "neo4j": "Neo4j"}[request.node.callspec.params["store"]]


@pytest.mark.parametrize(
    ("agent", "server", "version"),
    [
        ("Neo4j/5.26.30", "Neo4j", "5.26.30"),
        ("Neo4j/5.26.0 compatible (ArcadeDB 26.10.2)", "ArcadeDB", "26.10.2"),
    ],
)
def test_a_server_is_known_by_its_introduction(agent: str, server: str, version: str) -> None:
    assert server_and_version(agent) == (server, version)
