"""Migrations are applied once, in order, and refused when store and program disagree."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final, LiteralString

import pytest

from symbiosis.store import migrate as runner
from symbiosis.store.failures import StoreFailedError
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.migrate import (
    ChangedMigrationError,
    MigrationBusyError,
    NewerStoreError,
    applied_migrations,
    migrate,
    migration_of,
    shipped_migrations,
)

RUNS: Final[LiteralString] = "MATCH (r:Ran) RETURN r.name AS name ORDER BY name LIMIT 100"
FORGET: Final[LiteralString] = "MATCH (m:_Migration) WHERE m.id STARTS WITH '9' DELETE m"
LEASE: Final[LiteralString] = "MERGE (l:_Lease {id: 'migration'}) SET l.holder = $holder, l.until_ms = $until_ms"

FIRST = migration_of("9001_first.cypher", "CREATE (:Ran {name: 'one'});\nCREATE (:Ran {name: 'two'});\n")
SECOND = migration_of("9002_second.cypher", "CREATE (:Ran {name: 'three'});\n")


async def _runs(tx: Tx) -> list[str]:
    return [row["name"] for row in await tx.run(RUNS)]


async def _forget(tx: Tx) -> None:
    await tx.run(FORGET)


async def _lease(tx: Tx, holder: str | None, until_ms: int) -> None:
    await tx.run(LEASE, holder=holder, until_ms=until_ms)


@pytest.fixture
async def migrated(graph: Graph) -> AsyncIterator[Graph]:
    """Give a store at the program's level, and take the migrations of these tests out of it again."""
    yield graph
    await graph.write(_forget)
    await graph.write(_lease, None, 0)


def test_the_shipped_migrations_are_numbered_once_and_in_order() -> None:
    numbers = [migration.migration_id[:4] for migration in shipped_migrations()]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == "0001"


def test_a_statement_ends_with_a_semicolon_at_the_end_of_a_line() -> None:
    text = "// a comment;\nCREATE (:A {t: 'x; y'});\n\n  // another\nMATCH (a:A)\nSET a.u = 1;\n"
    assert migration_of("0001_a.cypher", text).statements == ("CREATE (:A {t: 'x; y'})", "MATCH (a:A)\nSET a.u = 1")


def test_line_endings_do_not_change_a_checksum() -> None:
    assert migration_of("0001_a.cypher", "RETURN 1;\r\n") == migration_of("0001_a.cypher", "RETURN 1;\n")


async def test_a_store_at_the_programs_level_is_left_alone(migrated: Graph) -> None:
    assert await migrate(migrated) == ()
    assert list(await migrated.read(applied_migrations)) == [m.migration_id for m in shipped_migrations()]


async def test_new_migrations_are_applied_once(migrated: Graph) -> None:
    known = (*shipped_migrations(), FIRST, SECOND)
    assert await migrate(migrated, known) == ("9001_first", "9002_second")
    assert await migrate(migrated, known) == ()
    assert await migrated.read(_runs) == ["one", "three", "two"]


async def test_two_who_start_at_once_apply_a_migration_once(migrated: Graph) -> None:
    known = (*shipped_migrations(), FIRST, SECOND)
    applied = await asyncio.gather(*(migrate(migrated, known) for _ in range(4)))
    assert sorted(applied) == [(), (), (), ("9001_first", "9002_second")]
    assert await migrated.read(_runs) == ["one", "three", "two"]


async def test_a_store_that_is_newer_than_the_program_is_refused(migrated: Graph) -> None:
    await migrate(migrated, (*shipped_migrations(), FIRST))
    with pytest.raises(NewerStoreError, match=r"newer Symbiosis \(it has 9001_first\)\. Install that version"):
        await migrate(migrated)


async def test_a_migration_that_changed_after_it_was_applied_is_refused(migrated: Graph) -> None:
    await migrate(migrated, (*shipped_migrations(), FIRST))
    changed = migration_of("9001_first.cypher", "CREATE (:Ran {name: 'other'});\n")
    with pytest.raises(ChangedMigrationError, match="The migration 9001_first was changed"):
        await migrate(migrated, (*shipped_migrations(), changed, SECOND))
    assert await migrated.read(_runs) == ["one", "two"]


async def test_a_migration_that_fails_is_not_recorded(migrated: Graph) -> None:
    broken = migration_of("9002_broken.cypher", "CREATE (:Ran {name: 'three'});\nCREATE (:Ran;\n")
    with pytest.raises(StoreFailedError):
        await migrate(migrated, (*shipped_migrations(), FIRST, broken))
    applied = await migrated.read(applied_migrations)
    assert "9001_first" in applied
    assert "9002_broken" not in applied


async def test_another_process_that_is_migrating_is_waited_for(
    migrated: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "LEASE_WAIT_S", 0.2)
    await migrated.write(_lease, "somebody else", 2**62)
    with pytest.raises(MigrationBusyError):
        await migrate(migrated, (*shipped_migrations(), FIRST))
    assert await migrated.read(_runs) == []


async def test_the_lease_of_a_process_that_died_ends(migrated: Graph) -> None:
    await migrated.write(_lease, "somebody who died", 1)
    assert await migrate(migrated, (*shipped_migrations(), FIRST)) == ("9001_first",)
