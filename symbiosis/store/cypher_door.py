"""The read-only door for Cypher that an analyst writes: on a Neo4j only, in a reading transaction, within limits.

The embedded server takes writes in a transaction that was begun for reading, so its door stays shut. On a Neo4j the
statement is explained first: only what the server itself calls reading is run, without procedures and without files or
addresses to load from. Time and rows are limited by the server's own timeout and by reading no further.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, LiteralString, cast

from neo4j import READ_ACCESS, AsyncTransaction
from neo4j.exceptions import ClientError, DriverError, Neo4jError
from neo4j.graph import Node, Path, Relationship

from symbiosis.errors import InputError, RuleError
from symbiosis.store.failures import DRIVER_FAILURES, translated
from symbiosis.store.graph import Graph
from symbiosis.store.status import server_and_version

READING: Final = "r"
BARRED: Final = ("ProcedureCall", "LoadCSV")
"""Operators of a plan that reach beyond the graph, or could."""
MOST_ROWS: Final = 100_000
MOST_SECONDS: Final = 300.0
LONGEST: Final = 20_000

UNREACHED_COMMUNES: Final[LiteralString] = """
MATCH (commune:Commune)
WHERE NOT commune.insee IN $communes
RETURN count(commune) AS many
"""


class DoorShutError(RuleError):
    """The store is not a Neo4j, so nobody may ask it in Cypher."""

    code = "DOOR_SHUT"

    def __init__(self, agent: str) -> None:
        super().__init__(
            f"Cypher of your own is answered by a Neo4j only: this store ({agent}) takes writes even in a reading "
            "transaction. Set SYMBIOSIS_NEO4J_URI to a Neo4j, or take `symbiosis analyse` and GraphQL."
        )


class StatementRefusedError(InputError):
    """The statement is not one that the door lets in; nothing was run."""

    code = "STATEMENT_REFUSED"


@dataclass(frozen=True, slots=True)
class DoorLimits:
    """How long a statement may take (seconds), and how many of its rows are read."""

    seconds: float = 30.0
    rows: int = 1000

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= MOST_SECONDS:
            raise InputError(f"A statement may take up to {MOST_SECONDS:g} s, not {self.seconds:g}.")
        if not 1 <= self.rows <= MOST_ROWS:
            raise InputError(f"1 to {MOST_ROWS} rows are read, not {self.rows}.")


@dataclass(frozen=True, slots=True)
class DoorAnswer:
    """The columns and rows of a statement, nodes as mappings; `cut` where there were more rows than are read."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    cut: bool


async def ask_at_door(graph: Graph, statement: str, limits: DoorLimits) -> DoorAnswer:
    """Return what a statement reads; raise DoorShut-, StatementRefused- or a StoreError."""
    if len(statement) > LONGEST:
        raise StatementRefusedError(f"The statement has {len(statement)} characters; {LONGEST} is the most.")
    server, version = server_and_version(await graph.agent())
    if server != "Neo4j":
        raise DoorShutError(f"{server} {version}")
    driver, address = await graph.opened()
    try:
        async with (
            asyncio.timeout(limits.seconds + 5),
            driver.session(  # pyright: ignore[reportUnknownMemberType]
                database=address.database, default_access_mode=READ_ACCESS
            ) as session,
            await session.begin_transaction(timeout=limits.seconds) as transaction,
        ):
            await _looked_through(transaction, statement)
            return await _read(transaction, statement, limits.rows)
    except TimeoutError as late:
        raise StatementRefusedError(_too_long(limits)) from late
    except ClientError as refused:
        if "TransactionTimedOut" in (refused.code or ""):
            raise StatementRefusedError(_too_long(limits)) from refused
        raise StatementRefusedError(f"The server refuses the statement: {refused.message}") from refused
    except (DriverError, Neo4jError, *DRIVER_FAILURES) as failure:
        if "TransactionTimedOut" in str(getattr(failure, "code", "")):
            raise StatementRefusedError(_too_long(limits)) from failure
        raise translated(failure, uri=address.uri, database=address.database) from failure


async def communes_beyond(graph: Graph, communes: Iterable[str]) -> int:
    """Return how many communes of the graph are not among these."""
    rows = await graph.read(lambda tx: tx.run(UNREACHED_COMMUNES, communes=sorted(communes)))
    return int(rows[0]["many"])


async def _looked_through(transaction: AsyncTransaction, statement: str) -> None:
    """Raise StatementRefusedError unless the server calls the statement reading, and it stays within the graph."""
    explained = await transaction.run(_trusted(f"EXPLAIN {statement}"))
    summary = await explained.consume()
    if summary.query_type != READING:
        raise StatementRefusedError("The statement does not only read; take MATCH … RETURN.")
    plan: object = summary.plan  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    operators = _operators(plan)  # pyright: ignore[reportUnknownArgumentType]
    if any(name.startswith(BARRED) for name in operators):
        raise StatementRefusedError("The statement calls a procedure or loads a file; ask the graph itself.")


def _trusted(statement: Any) -> LiteralString:  # noqa: ANN401 - see below.
    """Return a text of a person's as a statement: the one place where it is, for that is what the door is for."""
    text: LiteralString = statement
    return text


def _operators(plan: object) -> Iterable[str]:
    if isinstance(plan, dict):
        part = cast("dict[str, object]", plan)
        yield str(part.get("operatorType", ""))
        yield from _operators(part.get("children"))
    elif isinstance(plan, list):
        for child in cast("list[object]", plan):
            yield from _operators(child)


async def _read(transaction: AsyncTransaction, statement: str, at_most: int) -> DoorAnswer:
    result = await transaction.run(_trusted(statement))
    records = await result.fetch(at_most + 1)
    rows = tuple(tuple(_plain(value) for value in record.values()) for record in records[:at_most])
    return DoorAnswer(tuple(result.keys()), rows, cut=len(records) > at_most)


def _plain(value: object) -> object:
    """Return a value of the driver's as JSON takes it: nodes as mappings, times and places as text."""
    if isinstance(value, Node):
        return {"labels": sorted(value.labels)} | {name: _plain(value[name]) for name in sorted(value)}
    if isinstance(value, Relationship):
        return {"type": value.type} | {name: _plain(value[name]) for name in sorted(value)}
    if isinstance(value, Path):
        return [_plain(step) for step in (*value.nodes, *value.relationships)]
    if isinstance(value, list):
        return [_plain(each) for each in cast("list[object]", value)]
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in cast("dict[object, object]", value).items()}
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _too_long(limits: DoorLimits) -> str:
    return f"The statement takes longer than {limits.seconds:g} s; make it narrower, or give it more time."
