"""How a command writes a table: for people, or as a file for programs."""

import sys
from typing import Annotated, Final

import typer
from rich.markup import escape
from rich.table import Table as Grid

from symbiosis.cli.screen import OUT
from symbiosis.exports.tables import Cell, Format, Table, csv_of, json_of, parquet_of

SHOWN: Final = 30

As = Annotated[Format, typer.Option("--format", help="How it is written; parquet goes to a pipe or a file.")]
First = Annotated[int, typer.Option(help="How many rows a table shows; files have all.", min=1)]


def write_table(table: Table, as_: Format, first: int, nothing: str = "Nothing flows here.") -> None:
    """Print a table to stdout, for people at most `first` rows, without columns that say nothing; `nothing` is said of
    a table without rows.
    """
    if as_ is Format.TABLE:
        _show(table, first, nothing)
    elif as_ is Format.CSV:
        OUT.file.write(csv_of(table))
    elif as_ is Format.JSON:
        OUT.out(json_of(table).decode())
    else:
        sys.stdout.buffer.write(parquet_of(table))


def _show(table: Table, first: int, nothing: str) -> None:
    said = [place for place in range(len(table.columns)) if not table.rows or any(row[place] for row in table.rows)]
    table = Table(
        tuple(table.columns[place] for place in said),
        tuple(tuple(row[place] for place in said) for row in table.rows),
    )
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    numeric = [
        any(isinstance(row[place], int | float) for row in table.rows[:first]) for place in range(len(table.columns))
    ]
    for name, is_number in zip(table.columns, numeric, strict=True):
        grid.add_column(name.replace("_", " "), justify="right" if is_number else "left", overflow="fold")
    for row in table.rows[:first]:
        grid.add_row(*(escape(cell_text(cell)) for cell in row))
    OUT.print(grid)
    if len(table.rows) > first:
        OUT.print(f"[dim]{first} of {len(table.rows)} rows; --first {len(table.rows)} or --format csv shows all.[/]")
    if not table.rows:
        OUT.print(f"[dim]{nothing}[/]")


def cell_text(cell: Cell) -> str:
    """Return a cell as people read it: numbers in thousands, three digits below one."""
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell)
    if isinstance(cell, float):
        return f"{cell:,.3g}" if abs(cell) < 1 else f"{cell:,.1f}" if abs(cell) < 1000 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else cell
