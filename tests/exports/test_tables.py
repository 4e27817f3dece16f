"""Rows go out in trade units, euros, tonnes CO2e and kilometres, and come back as they were."""

import csv
import io
import json
from dataclasses import dataclass

import pytest

from symbiosis.exports.tables import Table, csv_of, json_of, parquet_of, table_of
from symbiosis.units import BaseUnit


@dataclass(frozen=True)
class Row:
    name: str
    base_unit: BaseUnit
    rest_base_per_year: int
    value_cent_per_year: int
    avoided_gco2e_per_year: int | None
    distance_m: int


ROWS = [
    Row("slag, wet", BaseUnit.KG, 1500, 12345, 2_500_000, 5200),
    Row("=cmd()", BaseUnit.KWH, 2000, -100, None, 0),
]
COLUMNS = ("name", "unit", "rest_per_year", "value_eur_per_year", "avoided_tco2e_per_year", "distance_km")


def test_every_column_says_its_unit_and_is_in_it() -> None:
    assert table_of(Row, ROWS) == Table(
        COLUMNS, (("slag, wet", "t", 1.5, 123.45, 2.5, 5.2), ("=cmd()", "MWh", 2.0, -1.0, None, 0.0))
    )


def test_a_table_without_rows_has_its_columns() -> None:
    assert csv_of(table_of(Row, [])) == ",".join(COLUMNS) + "\r\n"


def test_csv_quotes_and_defuses_what_a_spreadsheet_would_run() -> None:
    read = list(csv.reader(io.StringIO(csv_of(table_of(Row, ROWS)))))
    assert read[1] == ["slag, wet", "t", "1.5", "123.45", "2.5", "5.2"]
    assert read[2][0] == "'=cmd()"
    assert read[2][4] == ""


def test_json_is_one_object_a_row() -> None:
    assert json.loads(json_of(table_of(Row, ROWS)))[0] == dict(
        zip(COLUMNS, ["slag, wet", "t", 1.5, 123.45, 2.5, 5.2], strict=True)
    )


def test_parquet_holds_the_same_cells() -> None:
    polars = pytest.importorskip("polars")
    table = table_of(Row, ROWS)
    assert polars.read_parquet(io.BytesIO(parquet_of(table))).rows() == list(table.rows)
