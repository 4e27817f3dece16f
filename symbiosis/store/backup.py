"""The whole store as one canonical text: a JSON object a line, in an order that depends on the content alone.

First a head with the migrations applied, then every node (by label and key), every relationship (by type, ends and
facts), and last the counts with the SHA-256 of all lines before. Equal stores give equal files, on either server.
Reading takes many transactions, so the store is counted before and after: what changed meanwhile starts it anew.
"""

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import IO, Any, Final, LiteralString

import orjson

from symbiosis.errors import StoreError
from symbiosis.store.backup_queries import NODES, NodeKind
from symbiosis.store.backup_relationships import RELATIONSHIPS, RelationshipKind
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.migrate import applied_migrations
from symbiosis.store.status import AT_MOST, NODE_COUNTS, RELATIONSHIP_COUNTS

FORMAT: Final = "symbiosis-backup-1"
PAGE: Final = 5000
TRIES: Final = 3

NEWEST_EVENT: Final[LiteralString] = "MATCH (e:Event) RETURN e.id AS id, e.at AS at ORDER BY at DESC, id DESC LIMIT 1"

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Written:
    """What a backup holds: nodes by label, relationships by type, and the SHA-256 of its lines but the last."""

    nodes: Counts
    relationships: Counts
    sha256: str


class StoreChangingError(StoreError):
    """Somebody wrote while the store was read."""

    code = "BACKUP_STORE_CHANGING"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            f"The store changed during each of {TRIES} attempts to read it. Stop the server or the import that writes, "
            "and repeat; no backup was written."
        )


class UnknownContentError(StoreError):
    """The store holds what this program cannot back up."""

    code = "BACKUP_UNKNOWN_CONTENT"

    def __init__(self, unknown: str) -> None:
        super().__init__(
            f"The store holds {unknown}, which this version of Symbiosis did not put there and cannot back up. Use the "
            "version that did, or the server's own dump; no backup was written."
        )


async def write_backup(graph: Graph, file: IO[bytes], on_line: Callable[[int, int], None] | None = None) -> Written:
    """Write the store to a seekable file and return what was written; `on_line(done, all)` is told now and then.

    Raises StoreChangingError and UnknownContentError.
    """
    for _ in range(TRIES):
        file.seek(0)
        file.truncate()
        before = await graph.read(_marks)
        told = _Lines(file, sum(before[0].values()) + sum(before[1].values()), on_line)
        async for line in _lines(graph, told):
            told.write(line)
        if await graph.read(_marks) != before:
            continue
        _refuse_unknown("nodes", before[0], told.nodes)
        _refuse_unknown("relationships", before[1], told.relationships)
        written = Written(told.nodes, told.relationships, told.sha256.hexdigest())
        file.write(_json({"nodes": written.nodes, "relationships": written.relationships, "sha256": written.sha256}))
        return written
    raise StoreChangingError


class _Lines:
    """The file, and what of it stands there already."""

    def __init__(self, file: IO[bytes], all_lines: int, on_line: Callable[[int, int], None] | None) -> None:
        self._file, self._all, self._on_line = file, all_lines, on_line
        self.sha256 = hashlib.sha256()
        self.nodes: Counts = {}
        self.relationships: Counts = {}

    def write(self, line: bytes) -> None:
        self._file.write(line)
        self.sha256.update(line)

    def count(self, of: Counts, name: str, rows: int) -> None:
        if rows:
            of[name] = of.get(name, 0) + rows
        if self._on_line is not None:
            self._on_line(sum(self.nodes.values()) + sum(self.relationships.values()), self._all)


async def _lines(graph: Graph, told: _Lines) -> AsyncIterator[bytes]:
    yield _json({"format": FORMAT, "migrations": dict(sorted((await graph.read(applied_migrations)).items()))})
    keys: dict[str, list[str]] = {}
    for kind in NODES:
        found: list[str] = []
        keys[kind.label] = found
        while rows := await graph.read(_node_page, kind, found[-1] if found else ""):
            for row in rows:
                yield _json({"node": kind.label, "facts": row["facts"]})
            found.extend(row["key"] for row in rows)
            told.count(told.nodes, kind.label, len(rows))
    for between in RELATIONSHIPS:
        starts = keys[between.from_label]
        for begin in range(0, len(starts), between.starts):
            rows = await graph.read(_relationship_page, between, starts[begin : begin + between.starts])
            for line in sorted(
                (row["from_key"], row["to_key"], _json(_relationship(between, row, row["facts"]))) for row in rows
            ):
                yield line[2]
            told.count(told.relationships, between.type_, len(rows))


def _relationship(kind: RelationshipKind, row: Any, facts: Any) -> dict[str, Any]:  # noqa: ANN401
    ends = {"from": [kind.from_label, row["from_key"]], "to": [kind.to_label, row["to_key"]]}
    return {"relationship": kind.type_, **ends, "facts": facts}


async def _node_page(tx: Tx, kind: NodeKind, after: str) -> list[Any]:
    query = kind.page
    return await tx.run(query, after=after, at_most=PAGE)


async def _relationship_page(tx: Tx, kind: RelationshipKind, keys: list[str]) -> list[Any]:
    query = kind.page
    return await tx.run(query, keys=keys)


async def _marks(tx: Tx) -> tuple[Counts, Counts, list[Any]]:
    """Return what tells whether the store is the same as before: its counts and its newest event."""
    nodes = {row["label"]: row["nodes"] for row in await tx.run(NODE_COUNTS, at_most=AT_MOST)}
    links = {row["kind"]: row["relationships"] for row in await tx.run(RELATIONSHIP_COUNTS, at_most=AT_MOST)}
    return nodes, links, await tx.run(NEWEST_EVENT)


def _refuse_unknown(noun: str, there: Counts, written: Counts) -> None:
    left = {name: count - written.get(name, 0) for name, count in there.items() if count != written.get(name, 0)}
    if left:
        raise UnknownContentError(", ".join(f"{count} {noun} of {name}" for name, count in sorted(left.items())))


def _json(line: dict[str, Any]) -> bytes:
    return orjson.dumps(line, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
