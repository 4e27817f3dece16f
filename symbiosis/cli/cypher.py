"""`symbiosis analyse cypher`: a statement of one's own, read-only, on a Neo4j."""

import asyncio
from typing import Annotated

import orjson
import typer

from symbiosis.cli.screen import ERR, Shell
from symbiosis.cli.written import SHOWN, As, First, write_table
from symbiosis.exports.tables import Cell, Format, Table
from symbiosis.market.door import ask_in_cypher
from symbiosis.store.cypher_door import DoorAnswer, DoorLimits
from symbiosis.store.opening import open_graph


def cypher(
    ctx: typer.Context,
    statement: Annotated[str, typer.Argument(help="A statement that only reads: MATCH … RETURN …")],
    *,
    subject: Annotated[str, typer.Option("--as", help="Subject of the analyst who asks; it goes into the journal.")],
    seconds: Annotated[float, typer.Option(help="How long it may take.")] = 30.0,
    rows: Annotated[int, typer.Option(help="How many rows are read.")] = 1000,
    as_: As = Format.TABLE,
    first: First = SHOWN,
) -> None:
    """Ask the graph in Cypher: on a Neo4j, reading only, within limits, and in the journal."""
    shell: Shell = ctx.obj
    limits = DoorLimits(seconds, rows)

    async def asked() -> DoorAnswer:
        async with open_graph(shell.settings()) as graph:
            return await ask_in_cypher(graph, subject, statement, limits)

    answer = asyncio.run(asked())
    write_table(Table(answer.columns, tuple(tuple(map(_cell, row)) for row in answer.rows)), as_, first)
    if answer.cut:
        ERR.print(f"There are more rows than the {rows} that were read; --rows reads more.")


def _cell(value: object) -> Cell:
    return value if value is None or isinstance(value, str | int | float | bool) else orjson.dumps(value).decode()
