"""Which store is in use, what it holds, and how far it is migrated."""

import re
from dataclasses import dataclass
from typing import Final, LiteralString

from symbiosis.store.graph import Graph, Tx
from symbiosis.store.migrate import applied_migrations

NODE_COUNTS: Final[LiteralString] = """
MATCH (n)
UNWIND labels(n) AS label
WITH label, count(*) AS nodes
WHERE NOT label STARTS WITH '_'
RETURN label, nodes
ORDER BY label LIMIT $at_most
"""
RELATIONSHIP_COUNTS: Final[LiteralString] = """
MATCH ()-[r]->()
RETURN type(r) AS kind, count(*) AS relationships
ORDER BY kind LIMIT $at_most
"""
AT_MOST: Final = 100
_OTHER_SERVER: Final = re.compile(r"\((?P<name>\w+) (?P<version>[\w.]+)\)")


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """`nodes` and `relationships` are counts by label and by type; `migration` is the last one applied, or `none`."""

    server: str
    version: str
    where: str
    migration: str
    nodes: tuple[tuple[str, int], ...]
    relationships: tuple[tuple[str, int], ...]


async def store_status(graph: Graph) -> StoreStatus:
    """Return what the store says of itself; every node is looked at, so this is for people, not for polling."""
    server, version = server_and_version(await graph.agent())
    nodes, relationships, migrations = await graph.read(_counted)
    return StoreStatus(
        server=server,
        version=version,
        where=graph.where,
        migration=max(migrations, default="none"),
        nodes=nodes,
        relationships=relationships,
    )


def server_and_version(agent: str) -> tuple[str, str]:
    """Return name and version out of a server's introduction; a compatible one names itself in brackets."""
    other = _OTHER_SERVER.search(agent)
    if other is not None:
        return other["name"], other["version"]
    name, _, version = agent.partition("/")
    return name, version


async def _counted(tx: Tx) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...], tuple[str, ...]]:
    nodes = await tx.run(NODE_COUNTS, at_most=AT_MOST)
    relationships = await tx.run(RELATIONSHIP_COUNTS, at_most=AT_MOST)
    return (
        tuple((row["label"], row["nodes"]) for row in nodes),
        tuple((row["kind"], row["relationships"]) for row in relationships),
        tuple(await applied_migrations(tx)),
    )
