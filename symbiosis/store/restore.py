"""A backup put back: read wholly and checked first, then written into an empty store.

Writing takes many transactions. While it lasts a marker stands in the store, and nothing else opens the store then;
a restore that was interrupted is begun anew by the same command, which first removes what it had written.
"""

import hashlib
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final, LiteralString

import orjson

from symbiosis.errors import StoreError
from symbiosis.store.backup import FORMAT, Counts, Written
from symbiosis.store.backup_queries import NODES, NodeKind
from symbiosis.store.backup_relationships import RELATIONSHIPS, RelationshipKind
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.loading import batches
from symbiosis.store.migrate import NewerStoreError, migrate, shipped_migrations
from symbiosis.store.status import AT_MOST, NODE_COUNTS

MARK: Final[LiteralString] = "MERGE (r:_Restore {id: 'restore'}) SET r.sha256 = $sha256"
UNMARK: Final[LiteralString] = "MATCH (r:_Restore {id: 'restore'}) DETACH DELETE r"
MARKED: Final[LiteralString] = "MATCH (r:_Restore {id: 'restore'}) RETURN r.sha256 AS sha256"
REMOVE_SOME: Final[LiteralString] = """
MATCH (n) WHERE none(label IN labels(n) WHERE label STARTS WITH '_')
WITH n LIMIT $at_most
DETACH DELETE n
RETURN count(*) AS removed
"""
FORGET_MIGRATIONS: Final[LiteralString] = "MATCH (m:_Migration) WHERE NOT m.id IN $ids DETACH DELETE m"
REMOVED_AT_ONCE: Final = 2000

_NODE: Final = {kind.label: kind for kind in NODES}
_RELATIONSHIP: Final = {(kind.type_, kind.from_label, kind.to_label): kind for kind in RELATIONSHIPS}


class BackupFileError(StoreError):
    """The file is not a whole backup."""

    code = "BACKUP_FILE"

    def __init__(self, path: Path, wrong: str) -> None:
        super().__init__(f"{path} is not a whole backup: {wrong} Use another copy; nothing was changed.")


class StoreNotEmptyError(StoreError):
    """There is something in the store already."""

    code = "RESTORE_STORE_NOT_EMPTY"

    def __init__(self, nodes: int) -> None:
        super().__init__(
            f"The store holds {nodes} nodes already. Restore into an empty one: another data directory, or another "
            "database; nothing was changed."
        )


class UnfinishedRestoreError(StoreError):
    """A restore was interrupted and has to be repeated."""

    code = "STORE_RESTORE_UNFINISHED"

    def __init__(self) -> None:
        super().__init__(
            "A restore into this store was interrupted, or is still at work. Repeat `symbiosis store restore FILE`: it "
            "begins anew and needs no other hand."
        )


def read_backup(path: Path) -> Written:
    """Return what a backup holds after reading it whole; raises BackupFileError, or NewerStoreError if it is newer."""
    nodes: Counts = {}
    relationships: Counts = {}
    sha256, ended = hashlib.sha256(), None
    for number, (line, row) in enumerate(_rows(path), start=1):
        if ended is not None:
            raise BackupFileError(path, f"line {number} stands after its end.")
        if number == 1:
            _check_head(path, row)
        elif "sha256" in row:
            ended = row
            continue
        else:
            of, name = _counted(path, number, row)
            counts = nodes if of == "node" else relationships
            counts[name] = counts.get(name, 0) + 1
        sha256.update(line)
    found = Written(nodes, relationships, sha256.hexdigest())
    if ended != {"nodes": nodes, "relationships": relationships, "sha256": found.sha256}:
        wrong = "its last lines are missing." if ended is None else "its lines are not those that its end counted."
        raise BackupFileError(path, wrong)
    return found


async def restore_backup(graph: Graph, path: Path, on_line: Callable[[int, int], None] | None = None) -> Written:
    """Write a backup into an empty store and bring it up to this program; return what was written."""
    held = read_backup(path)
    await migrate(graph)
    if await graph.read(_marked):
        while await graph.write(_remove_some):
            pass
    elif there := await graph.read(_nodes_there):
        raise StoreNotEmptyError(there)
    await graph.write(_mark, held.sha256)
    written, all_lines = 0, sum(held.nodes.values()) + sum(held.relationships.values())
    for kind, group in groupby(_contents(path), key=lambda content: content[0]):
        for rows in batches(row for _, row in group):
            await graph.write(_put, kind, rows)
            written += len(rows)
            if on_line is not None:
                on_line(written, all_lines)
    _, head = next(_rows(path))
    await graph.write(_forget_migrations, list(head["migrations"]))
    await migrate(graph)
    await graph.write(_unmark)
    return held


async def refuse_unfinished_restore(graph: Graph) -> None:
    """Raise UnfinishedRestoreError where a restore has not come to its end."""
    if await graph.read(_marked):
        raise UnfinishedRestoreError


def _rows(path: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                row = orjson.loads(line)
            except orjson.JSONDecodeError as wrong:
                raise BackupFileError(path, f"line {number} is not JSON.") from wrong
            if not isinstance(row, dict):
                raise BackupFileError(path, f"line {number} is not an object.")
            yield line, row


def _check_head(path: Path, head: dict[str, Any]) -> None:
    if head.get("format") != FORMAT or not isinstance(head.get("migrations"), dict):
        raise BackupFileError(path, f"its first line does not say {FORMAT}.")
    unknown = sorted(head["migrations"].keys() - {migration.migration_id for migration in shipped_migrations()})
    if unknown:
        raise NewerStoreError(unknown)


def _counted(path: Path, number: int, row: dict[str, Any]) -> tuple[str, str]:
    if row.get("node") in _NODE and isinstance(row.get("facts"), dict):
        label: str = row["node"]
        if isinstance(row["facts"].get(_NODE[label].key), str):
            return "node", label
    if "relationship" in row and _ends(row) in _RELATIONSHIP and isinstance(row.get("facts"), dict):
        return "relationship", row["relationship"]
    raise BackupFileError(path, f"line {number} is neither a node nor a relationship that this version knows.")


def _ends(row: dict[str, Any]) -> tuple[object, ...]:
    """Return type and labels of a relationship, or as much of them as there is."""
    try:
        (one, _), (other, _) = row["from"], row["to"]
    except (KeyError, TypeError, ValueError):
        return ()
    return row["relationship"], one, other


def _contents(path: Path) -> Iterator[tuple[NodeKind | RelationshipKind, dict[str, Any]]]:
    """Yield every line as its kind and the row that its statement writes."""
    for _, row in _rows(path):
        if "node" in row:
            yield _NODE[row["node"]], row["facts"]
        elif "relationship" in row:
            (one, from_key), (other, to_key) = row["from"], row["to"]
            kind = _RELATIONSHIP[row["relationship"], one, other]
            yield kind, {"from_key": from_key, "to_key": to_key, "facts": row["facts"]}


async def _put(tx: Tx, kind: NodeKind | RelationshipKind, rows: list[dict[str, Any]]) -> None:
    query = kind.put
    await tx.run(query, rows=rows)


async def _marked(tx: Tx) -> bool:
    return bool(await tx.run(MARKED))


async def _mark(tx: Tx, sha256: str) -> None:
    await tx.run(MARK, sha256=sha256)


async def _unmark(tx: Tx) -> None:
    await tx.run(UNMARK)


async def _remove_some(tx: Tx) -> bool:
    rows = await tx.run(REMOVE_SOME, at_most=REMOVED_AT_ONCE)
    return bool(rows and rows[0]["removed"])


async def _nodes_there(tx: Tx) -> int:
    return sum(row["nodes"] for row in await tx.run(NODE_COUNTS, at_most=AT_MOST))


async def _forget_migrations(tx: Tx, ids: list[str]) -> None:
    await tx.run(FORGET_MIGRATIONS, ids=ids)
