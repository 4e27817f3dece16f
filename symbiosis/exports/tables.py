"""Rows of any analysis as a table in the units of the outside: for the shell, as CSV, as JSON, as Parquet.

A row is a frozen dataclass whose field names end in their units. Outside, a column is named and converted so:

…_base_per_year, with a field base_unit beside it  ->  …_per_year in t, m3, MWh, m2 or h, and a column `unit`
…_cent_per_year -> …_eur_per_year, …_gco2e_per_year -> …_tco2e_per_year, …_m -> …_km; others stay as they are
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

import orjson

from symbiosis.errors import InputError
from symbiosis.units import (
    SYMBOL,
    TRADE_UNIT,
    BaseUnit,
    eur_from_cent,
    km_from_m,
    tco2e_from_g,
    trade_from_base,
)

Cell = str | int | float | bool | None

_CONVERTED: Final[tuple[tuple[str, str, Callable[[int], float]], ...]] = (
    ("_cent_per_year", "_eur_per_year", eur_from_cent),
    ("_gco2e_per_year", "_tco2e_per_year", tco2e_from_g),
    ("_cent", "_eur", eur_from_cent),
    ("_gco2e", "_tco2e", tco2e_from_g),
    ("_m", "_km", km_from_m),
)
_BASE: Final = ("_base_per_year", "_base")


class Format(StrEnum):
    """How a table is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


class ParquetError(InputError):
    """The library that writes Parquet is not installed."""

    code = "PARQUET"

    def __init__(self) -> None:
        super().__init__("Parquet needs polars: `pip install 'symbiosis[analysis]'`, or take --format csv.")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by name, and rows of cells in the same order."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def records(self) -> list[dict[str, Cell]]:
        """Return one mapping a row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def table_of(kind: type[Any], rows: Sequence[Any]) -> Table:
    """Return rows of a dataclass, with the columns of that class, in the units of the outside."""
    names = [field.name for field in fields(kind)]
    return Table(
        tuple(_outside_name(name) for name in names),
        tuple(tuple(_outside(row, name) for name in names) for row in rows),
    )


def csv_of(table: Table) -> str:
    """Return the table as CSV (RFC 4180, UTF-8, one line of names); missing is empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows([["" if cell is None else _defused(cell) for cell in row] for row in table.rows])
    return text.getvalue()


def json_of(table: Table) -> bytes:
    """Return the table as a JSON array of objects."""
    return orjson.dumps(table.records(), option=orjson.OPT_INDENT_2)


def parquet_of(table: Table) -> bytes:
    """Return the table as a Parquet file, or raise ParquetError without polars."""
    try:
        import polars as pl  # Of the extra `analysis`; slow to import, and asked for seldom.
    except ModuleNotFoundError as missing:
        raise ParquetError from missing
    content = io.BytesIO()
    columns = {name: [row[place] for row in table.rows] for place, name in enumerate(table.columns)}
    pl.DataFrame(columns, strict=False).write_parquet(content)
    return content.getvalue()


def _outside_name(name: str) -> str:
    if name == "base_unit":
        return "unit"
    for ending in _BASE:
        if name.endswith(ending):
            return name.removesuffix(ending) + ending.removeprefix("_base")
    for ending, outside, _ in _CONVERTED:
        if name.endswith(ending):
            return name.removesuffix(ending) + outside
    return name


def _outside(row: object, name: str) -> Cell:
    value = getattr(row, name)
    if value is None:
        return None
    if isinstance(value, BaseUnit):
        return SYMBOL[TRADE_UNIT[value]]
    if name.endswith(_BASE):
        unit: BaseUnit = row.base_unit  # type: ignore[attr-defined]
        return trade_from_base(value, unit)
    for ending, _, convert in _CONVERTED:
        if name.endswith(ending):
            return convert(value)
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return str(value) if isinstance(value, StrEnum) else value


def _defused(cell: Cell) -> Cell:
    """Return a cell that a spreadsheet reads as text even where it begins like a formula (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
