"""Migrations: numbered files of Cypher, each applied once, in order, and never changed afterwards.

A file is `NNNN_name.cypher`; a statement ends in `;` at the end of a line and is a transaction of its own, because
Neo4j keeps schema and data apart. A statement may run twice (a crash in the middle of a file starts it again), so
it says IF NOT EXISTS or is idempotent. What was applied stands in the store with its checksum.
"""

import asyncio
import hashlib
import re
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Final, LiteralString

from symbiosis.errors import StoreError
from symbiosis.store.graph import Graph, Tx

LEASE_S: Final = 60
LEASE_WAIT_S: Final = 120.0
LEASE_POLL_S: Final = 0.1
_FILE_NAME: Final = re.compile(r"\d{4}_[a-z0-9_]+\.cypher")
_STATEMENT_END: Final = re.compile(r";[ \t]*$", re.MULTILINE)
_COMMENT: Final = re.compile(r"^\s*//.*$", re.MULTILINE)

KEEP_MIGRATIONS_APART: Final[LiteralString] = (
    "CREATE CONSTRAINT migration_id IF NOT EXISTS FOR (n:_Migration) REQUIRE n.id IS UNIQUE"
)
KEEP_LEASES_APART: Final[LiteralString] = (
    "CREATE CONSTRAINT lease_id IF NOT EXISTS FOR (n:_Lease) REQUIRE n.id IS UNIQUE"
)
APPLIED_MIGRATIONS: Final[LiteralString] = """
MATCH (m:_Migration)
RETURN m.id AS id, m.checksum AS checksum
ORDER BY id LIMIT 10000
"""
RECORD_MIGRATION: Final[LiteralString] = """
MERGE (m:_Migration {id: $id})
SET m.checksum = $checksum, m.applied_at = $applied_at
"""
TAKE_LEASE: Final[LiteralString] = """
MERGE (l:_Lease {id: 'migration'})
SET l.asked_by = $holder
WITH l WHERE l.holder IS NULL OR l.holder = $holder OR l.until_ms < $now_ms
SET l.holder = $holder, l.until_ms = $until_ms
RETURN l.holder AS holder
"""
GIVE_LEASE_BACK: Final[LiteralString] = """
MATCH (l:_Lease {id: 'migration'})
WHERE l.holder = $holder
SET l.holder = null
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its name without ending, its statements, and the SHA-256 of its text."""

    migration_id: str
    statements: tuple[str, ...]
    checksum: str


class NewerStoreError(StoreError):
    """A newer program has changed this store already."""

    code = "STORE_NEWER"

    def __init__(self, unknown: Iterable[str]) -> None:
        self.unknown = tuple(unknown)
        super().__init__(
            f"This store was last used by a newer Symbiosis (it has {', '.join(self.unknown)}). "
            "Install that version or a later one; nothing was changed."
        )


class ChangedMigrationError(StoreError):
    """A migration that was applied has another text now."""

    code = "STORE_MIGRATION_CHANGED"

    def __init__(self, migration_id: str) -> None:
        super().__init__(
            f"The migration {migration_id} was changed after this store had applied it. Put its text back and add "
            "a new migration instead; nothing was changed."
        )
        self.migration_id = migration_id


class MigrationBusyError(StoreError):
    """Another process has been migrating this store for longer than we wait."""

    code = "STORE_MIGRATION_BUSY"
    retryable = True

    def __init__(self) -> None:
        super().__init__("Another process is still migrating this store. Wait until it has ended and start again.")


def migration_of(name: str, text: str) -> Migration:
    """Return the migration that a file of this name and text is."""
    unix_text = text.replace("\r\n", "\n")
    statements = (part.strip() for part in _STATEMENT_END.split(_COMMENT.sub("", unix_text)))
    return Migration(
        name.removesuffix(".cypher"),
        tuple(part for part in statements if part),
        hashlib.sha256(unix_text.encode()).hexdigest(),
    )


def shipped_migrations() -> tuple[Migration, ...]:
    """Return the migrations that this program knows, in the order of their numbers."""
    folder = files("symbiosis.store") / "migrations"
    return tuple(
        migration_of(file.name, file.read_text("utf-8"))
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if _FILE_NAME.fullmatch(file.name)
    )


async def migrate(graph: Graph, migrations: tuple[Migration, ...] | None = None) -> tuple[str, ...]:
    """Bring the store up to this program and return the ids applied now; refuse a store that is ahead of it."""
    known = shipped_migrations() if migrations is None else migrations
    if not _pending(known, await graph.read(applied_migrations)):
        return ()
    await graph.write(_run, KEEP_MIGRATIONS_APART)
    await graph.write(_run, KEEP_LEASES_APART)
    holder = str(uuid.uuid4())
    try:
        await _wait_for_lease(graph, holder)
        applied: list[str] = []
        for migration in _pending(known, await graph.read(applied_migrations)):
            for statement in migration.statements:
                await _wait_for_lease(graph, holder)
                await graph.write(_run, statement)  # pyright: ignore[reportArgumentType]  Ours, from the wheel.
            await graph.write(_record, migration)
            applied.append(migration.migration_id)
        return tuple(applied)
    finally:
        await graph.write(_give_lease_back, holder)


async def applied_migrations(tx: Tx) -> Mapping[str, str]:
    """Return the checksums of the applied migrations by id."""
    return {row["id"]: row["checksum"] for row in await tx.run(APPLIED_MIGRATIONS)}


def _pending(known: tuple[Migration, ...], applied: Mapping[str, str]) -> list[Migration]:
    unknown = sorted(applied.keys() - {migration.migration_id for migration in known})
    if unknown:
        raise NewerStoreError(unknown)
    for migration in known:
        if applied.get(migration.migration_id, migration.checksum) != migration.checksum:
            raise ChangedMigrationError(migration.migration_id)
    return [migration for migration in known if migration.migration_id not in applied]


async def _wait_for_lease(graph: Graph, holder: str) -> None:
    """Take or renew the right to migrate, after whoever has it now."""
    give_up_at = time.monotonic() + LEASE_WAIT_S
    while not await graph.write(_take_lease, holder):
        if time.monotonic() > give_up_at:
            raise MigrationBusyError
        await asyncio.sleep(LEASE_POLL_S)


async def _take_lease(tx: Tx, holder: str) -> bool:
    now_ms = int(time.time() * 1000)
    return bool(await tx.run(TAKE_LEASE, holder=holder, now_ms=now_ms, until_ms=now_ms + LEASE_S * 1000))


async def _give_lease_back(tx: Tx, holder: str) -> None:
    await tx.run(GIVE_LEASE_BACK, holder=holder)


async def _record(tx: Tx, migration: Migration) -> None:
    await tx.run(
        RECORD_MIGRATION,
        id=migration.migration_id,
        checksum=migration.checksum,
        applied_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


async def _run(tx: Tx, statement: LiteralString) -> None:
    await tx.run(statement)
