"""What a measurement returns: a table as people read it, and for each goal what was measured, and if it was reached.

A module of this package measures one row of goals and has `def tables() -> Iterator[Table]`; __main__.py names them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | None
"""A word, a count, a measured number (printed with four digits), or nothing (printed as a dash)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what was measured, and one cell for each column."""

    name: str
    cells: tuple[Cell, ...]

    @classmethod
    def of(cls, name: str, *cells: Cell) -> "Row":
        """Return a row of these cells."""
        return cls(name, cells)


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal and what was measured for it."""

    wanted: str
    measured: str
    reached: bool

    def line(self) -> str:
        """Return the goal as one line."""
        return f"{'reached' if self.reached else 'MISSED '}  {self.wanted}: {self.measured}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `columns` are the headings of the cells, with their units; `notes` say how it was measured."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    goals: Sequence[Goal] = ()
    notes: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"{self.title}: row {row.name} has {len(row.cells)} cells for {len(self.columns)}.")

    def text(self) -> str:
        """Return the table in Markdown, aligned, its goals below it."""
        lines = [("", *self.columns), *((row.name, *(shown(cell) for cell in row.cells)) for row in self.rows)]
        widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
        body = ["| " + " | ".join(_aligned(line, widths)) + " |" for line in lines]
        body.insert(1, "|" + "|".join("-" * (width + 1) + (":" if n else "-") for n, width in enumerate(widths)) + "|")
        notes = [self.notes] if self.notes else []
        return "\n".join([f"### {self.title}", "", *notes, *body, "", *(goal.line() for goal in self.goals)])


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.rjust(width) if n else cell.ljust(width) for n, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]


def shown(cell: Cell) -> str:
    """Return a cell as it is printed."""
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:.4g}" if abs(cell) < 10_000 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def at_most(wanted: str, measured: float, limit: float) -> Goal:
    """Return whether a measured number stays within its limit."""
    return Goal(f"{wanted} at most {shown(limit)}", shown(measured), measured <= limit)


def at_least(wanted: str, measured: float, limit: float) -> Goal:
    """Return whether a measured number reaches its limit."""
    return Goal(f"{wanted} at least {shown(limit)}", shown(measured), measured >= limit)
