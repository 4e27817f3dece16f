"""A backup holds the whole store, equal stores give equal files, and what is restored is what was there."""

import io
import json
from pathlib import Path
from typing import LiteralString

import pytest

from symbiosis.ingest.load import load_reference
from symbiosis.store.backup import UnknownContentError, write_backup
from symbiosis.store.backup_queries import NODES
from symbiosis.store.backup_relationships import RELATIONSHIPS
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.migrate import NewerStoreError
from symbiosis.store.restore import (
    MARK,
    BackupFileError,
    StoreNotEmptyError,
    UnfinishedRestoreError,
    read_backup,
    refuse_unfinished_restore,
    restore_backup,
)

WIPE: LiteralString = "MATCH (n) WHERE none(label IN labels(n) WHERE label STARTS WITH '_') DETACH DELETE n"
TWO_ROLES: LiteralString = """
CREATE (site:Site {id: 's1', name: 'Here'})
CREATE (person:Person {id: 'p1', subject: 'ada', name: 'Ada "é" \\n Lovelace'})
CREATE (person)-[:ACTS_FOR {role: 'SITE_MANAGER', from_date: '2026-01-01'}]->(site)
CREATE (person)-[:ACTS_FOR {role: 'OBSERVER', from_date: '2026-02-01'}]->(site)
CREATE (:Event {id: 'e1', at: '2026-01-01T00:00:00Z', share: 0.1, count: 9007199254740993, all: true, of: ['a', 'b']})
"""


async def _run(tx: Tx, query: LiteralString, **parameters: object) -> None:
    await tx.run(query, **parameters)


async def _text(graph: Graph) -> bytes:
    file = io.BytesIO()
    await write_backup(graph, file)
    return file.getvalue()


@pytest.fixture
async def filled(graph: Graph) -> Graph:
    """Give a store with a person of two roles, and a node with every kind of value."""
    await graph.write(_run, TWO_ROLES)
    return graph


async def test_what_is_restored_is_what_was_there(filled: Graph, tmp_path: Path) -> None:
    await load_reference(filled)
    before = await _text(filled)
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(before)
    await filled.write(_run, WIPE)
    held = await restore_backup(filled, copy)
    assert held.nodes["Person"] == 1
    assert held.relationships["ACTS_FOR"] == 2
    assert held.nodes["Resource"] > 100
    assert await _text(filled) == before
    await refuse_unfinished_restore(filled)


async def test_an_empty_store_has_a_backup_too(graph: Graph, tmp_path: Path) -> None:
    copy = tmp_path / "empty.jsonl"
    copy.write_bytes(await _text(graph))
    held = await restore_backup(graph, copy)
    assert (held.nodes, held.relationships) == ({}, {})


async def test_a_restore_needs_an_empty_store(filled: Graph, tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(await _text(filled))
    with pytest.raises(StoreNotEmptyError, match="Restore into an empty one"):
        await restore_backup(filled, copy)


async def test_an_interrupted_restore_shuts_the_store_and_begins_anew(filled: Graph, tmp_path: Path) -> None:
    before = await _text(filled)
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(before)
    await filled.write(_run, "MATCH (n:Site) DETACH DELETE n")
    await filled.write(_run, MARK, sha256="of the first try")
    with pytest.raises(UnfinishedRestoreError, match="Repeat"):
        await refuse_unfinished_restore(filled)
    await restore_backup(filled, copy)
    assert await _text(filled) == before


async def test_a_store_with_foreign_nodes_is_not_backed_up_in_part(graph: Graph) -> None:
    await graph.write(_run, "CREATE (:Stranger {id: 's'})")
    with pytest.raises(UnknownContentError, match="1 nodes of Stranger"):
        await _text(graph)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda lines: lines[:-1], "its last lines are missing"),
        (lambda lines: [*lines[:3], *lines[4:]], "not those that its end counted"),
        (lambda lines: [*lines, lines[1]], "stands after its end"),
        (lambda lines: [b"{}\n", *lines[1:]], "its first line"),
        (lambda lines: [*lines[:2], b"nonsense\n", *lines[2:]], "line 3 is not JSON"),
        (lambda lines: [*lines[:2], b'{"node":"Stranger","facts":{}}\n', *lines[2:]], "line 3 is neither"),
        (lambda lines: [line.replace(b"2026-01-01", b"2026-01-02") for line in lines], "not those that its end"),
    ],
)
async def test_a_spoilt_file_is_refused_before_anything_is_written(
    filled: Graph, tmp_path: Path, spoil: object, said: str
) -> None:
    lines = (await _text(filled)).splitlines(keepends=True)
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(b"".join(spoil(lines)))  # type: ignore[operator]
    await filled.write(_run, WIPE)
    with pytest.raises(BackupFileError, match=said):
        await restore_backup(filled, copy)
    assert json.loads((await _text(filled)).splitlines()[-1])["nodes"] == {}


async def test_a_backup_of_a_newer_program_is_refused(graph: Graph, tmp_path: Path) -> None:
    head, *rest = (await _text(graph)).splitlines(keepends=True)
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(b"".join([head.replace(b'"0001_keys"', b'"9999_future"'), *rest]))
    with pytest.raises(NewerStoreError, match="9999_future"):
        read_backup(copy)


def test_each_kind_has_statements_of_its_own_label() -> None:
    assert all(f":{kind.label})" in kind.page and f":{kind.label})" in kind.put for kind in NODES)
    assert all(f"[r:{kind.type_}]" in kind.page and f"[r:{kind.type_}]" in kind.put for kind in RELATIONSHIPS)
    assert len({(kind.type_, kind.from_label, kind.to_label) for kind in RELATIONSHIPS}) == len(RELATIONSHIPS)
