"""Backup, wipe and restore of 100,000 nodes on each store: `make bench-backup`.

Fills a fresh store with listings (each at a site, of a resource), backs it up, restores the file into another fresh
store of the same kind, backs that up again and compares the two files; at the end the restored files of both kinds of
store are compared as well. Exit 1 where two differ.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Final, LiteralString

from pydantic import SecretStr

from symbiosis.settings import Settings
from symbiosis.store.backup import write_backup
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.opening import open_graph
from symbiosis.store.restore import restore_backup
from tools.neo4j.server import running_neo4j

LISTINGS: Final = 99_000
SITES: Final = 900
RESOURCES: Final = 100
BATCH: Final = 1000

PUT_SITES: Final[LiteralString] = "UNWIND $numbers AS i CREATE (:Site {id: 's' + i, name: 'Site ' + i, lat: 45.0 + i})"
PUT_RESOURCES: Final[LiteralString] = "UNWIND $numbers AS i CREATE (:Resource {code: 'r' + i, base_unit: 'kg'})"
PUT_LISTINGS: Final[LiteralString] = """
UNWIND $numbers AS i
MATCH (s:Site {id: 's' + (i % 900)}) MATCH (r:Resource {code: 'r' + (i % 100)})
CREATE (l:Listing {id: 'l' + i, direction: 'SUPPLY', status: 'OPEN', version: 1, title: 'Boues de chaux ' + i,
                   quantity_base_per_year: i * 1000003, qualities: ['TEMPERATURE_C|60.0|90.0'], share: i / 7.0})
CREATE (l)-[:AT]->(s) CREATE (l)-[:OF]->(r)
"""


async def _run(tx: Tx, query: LiteralString, numbers: list[int]) -> None:
    await tx.run(query, numbers=numbers)


async def _fill(graph: Graph) -> None:
    for query, count in ((PUT_SITES, SITES), (PUT_RESOURCES, RESOURCES), (PUT_LISTINGS, LISTINGS)):
        for begin in range(0, count, BATCH):
            await graph.write(_run, query, list(range(begin, min(begin + BATCH, count))))


@asynccontextmanager
async def _fresh(kind: str, *, migrate: bool) -> AsyncIterator[Graph]:
    if kind == "embedded":
        with tempfile.TemporaryDirectory() as folder:
            async with open_graph(Settings(data_dir=Path(folder)), migrate=migrate) as graph:
                yield graph
    else:
        with running_neo4j() as neo4j:
            there = Settings(neo4j_uri=neo4j.uri, neo4j_password=SecretStr(neo4j.password))
            async with open_graph(there, migrate=migrate) as graph:
                yield graph


async def _round(kind: str, folder: Path) -> bytes:
    first, second = folder / f"{kind}-1.jsonl", folder / f"{kind}-2.jsonl"
    async with _fresh(kind, migrate=True) as graph:
        await _fill(graph)
        began = time.perf_counter()
        with first.open("wb") as file:
            written = await write_backup(graph, file)
        backed_up = time.perf_counter() - began
    async with _fresh(kind, migrate=False) as graph:
        began = time.perf_counter()
        await restore_backup(graph, first)
        restored = time.perf_counter() - began
        with second.open("wb") as file:
            await write_backup(graph, file)
    equal = _equal(first, second)
    nodes, links = sum(written.nodes.values()), sum(written.relationships.values())
    size = first.stat().st_size / 1e6
    print(
        f"{kind:10} {nodes:>8,} nodes {links:>8,} relationships {size:6.1f} MB   backup {backed_up:6.1f} s   "
        f"restore {restored:6.1f} s   {'equal' if equal else 'DIFFERENT'}   {written.sha256[:16]}…",
        flush=True,
    )
    return second.read_bytes() if equal else b""


def _equal(one: Path, other: Path) -> bool:
    """Say whether two files are equal, and on standard error where they begin to differ."""
    with one.open("rb") as first, other.open("rb") as second:
        for number, lines in enumerate(zip_longest(first, second), start=1):
            if lines[0] != lines[1]:
                print(f"line {number}: {lines[0]!r}\nand then: {lines[1]!r}", file=sys.stderr)
                return False
    return True


def main() -> int:
    """Print a line for each store, and return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        files = [asyncio.run(_round(kind, Path(folder))) for kind in ("embedded", "neo4j")]
    same = all(files) and files[0] == files[1]
    print(f"both stores give {'the same file' if same else 'DIFFERENT files'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
