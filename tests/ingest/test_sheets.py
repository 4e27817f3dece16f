import io
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.ingest import sheets
from symbiosis.ingest.problems import ImportFileError
from symbiosis.ingest.sheets import read_sheet


def written(folder: Path, content: bytes | str, name: str = "given.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook(folder: Path, rows: list[list[object]], name: str = "given.xlsx") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return written(folder, buffer.getvalue(), name)


@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_with_either_separator_with_and_without_a_mark(
    tmp_path: Path, separator: str, mark: str, end: str
) -> None:
    lines = [separator.join(row) for row in (("Name", "Staff Band"), ("Acier", "10-19"), ("", ""), ("Été", ""))]
    sheet = read_sheet(written(tmp_path, mark + end.join(lines) + end))
    assert sheet.columns == ("name", "staff_band")
    assert [(row.line, row.cells) for row in sheet.rows] == [
        (2, {"name": "Acier", "staff_band": "10-19"}),
        (4, {"name": "Été"}),
    ]


def test_a_cell_between_quotes_may_hold_the_separator_and_line_breaks(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, 'a,b\n"one, ""two""\nthree",4\n5,6\n'))
    assert [(row.line, row.cells) for row in sheet.rows] == [
        (2, {"a": 'one, "two"\nthree', "b": "4"}),
        (4, {"a": "5", "b": "6"}),
    ]


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.lists(st.text("aé€;,\"'=+-019", min_size=1, max_size=8), min_size=2, max_size=2), min_size=1, max_size=5
    )
)
def test_a_workbook_and_a_csv_of_the_same_cells_are_the_same_sheet(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("sheets")
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in rows]
    text = "\n".join(";".join(row) for row in [["a", "b"], *quoted])
    from_text = read_sheet(written(folder, text))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate([["a", "b"], *rows], start=1):
        for place, cell in enumerate(row, start=1):
            sheet.cell(number, place, cell).data_type = "s"  # Text, even where it looks like a formula.
    book.save(folder / "given.xlsx")
    assert read_sheet(folder / "given.xlsx").rows == from_text.rows


def test_numbers_and_dates_of_a_workbook_are_read_as_one_would_type_them(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["siret", "lat", "day", "at", "yes"],
        [33131087000141, 45.5, date(2026, 1, 31), datetime(2026, 1, 31), True],  # noqa: DTZ001
    ]
    [row] = read_sheet(workbook(tmp_path, rows)).rows
    assert row.cells == {
        "siret": "33131087000141",
        "lat": "45.5",
        "day": "2026-01-31",
        "at": "2026-01-31",
        "yes": "true",
    }


def test_a_workbook_that_misstates_its_size_is_read_in_full(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a", "b"], ["1", "2"], ["3", "4"]])
    with zipfile.ZipFile(path) as packed:
        parts = {entry.filename: packed.read(entry) for entry in packed.infolist()}
    key = "xl/worksheets/sheet1.xml"
    parts[key] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', parts[key])
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    assert [row.cells for row in read_sheet(path).rows] == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("", "a.csv", "a.csv is empty"),
        ("  \n\n", "a.csv", "a.csv is empty"),
        (";;\n", "a.csv", "has no rows"),
        ("a;b\n", "a.csv", "has no row below"),
        ("a;b\n1;2;3\n", "a.csv", "Line 2 of a.csv has 3 cells"),
        ("a;a\n1;2\n", "a.csv", "has the column a twice"),
        ("a;;b\n1;2;3\n", "a.csv", "Column 2 of a.csv has no name"),
        ('a;b\n"1;2\n', "a.csv", "not well-formed CSV"),
        ("a;b\nM\xe9tal;1\n".encode("cp1252"), "a.csv", "not in UTF-8: byte 0xE9 in line 2"),
        ("a;b\n1;2\n".encode("utf-16"), "a.csv", "is in UTF-16"),
        (b"a;b\n1;\x00\n", "a.csv", "holds zero bytes"),
        (b"PK\x03\x04rest", "a.csv", "is a spreadsheet and not text"),
        ("a;b\n1;2\n", "a.xlsx", "is not an .xlsx workbook"),
        (b"\xd0\xcf\x11\xe0rest", "a.xlsx", "is an old .xls or is locked"),
        (b"PK\x03\x04rest", "a.xlsx", "is not an .xlsx workbook"),
        ("a;b\n1;2\n", "a.ods", "is a .ods file"),
        ("a;b\n1;2\n", "a", "is a file without a suffix"),
        (";".join(f"c{n}" for n in range(101)) + "\n1\n", "a.csv", "has 101 columns"),
        ("a;b\n" + "1;" + "x" * 140_000 + "\n", "a.csv", "not well-formed CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(
    tmp_path: Path, content: bytes | str, name: str, said: str
) -> None:
    with pytest.raises(ImportFileError) as refused:
        read_sheet(written(tmp_path, content, name))
    assert said in str(refused.value)
    assert refused.value.exit_code == 2


def test_a_file_that_is_not_there_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="There is no file"):
        read_sheet(tmp_path / "missing.csv")
    with pytest.raises(ImportFileError, match="is a folder"):
        read_sheet(tmp_path)


def test_a_workbook_with_a_broken_part_is_damaged(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a"], ["1"]])
    with zipfile.ZipFile(path) as packed:
        parts = {entry.filename: packed.read(entry) for entry in packed.infolist()}
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row"
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    with pytest.raises(ImportFileError, match="damaged workbook"):
        read_sheet(path)


def test_files_that_are_too_large_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "a\n1\n2\n3\n")
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    with pytest.raises(ImportFileError, match="more than 2 rows"):
        read_sheet(path)
    monkeypatch.setattr(sheets, "MAX_BYTES", 3)
    with pytest.raises(ImportFileError, match="split it into files"):
        read_sheet(path)
    book = workbook(tmp_path, [["a"], ["1"]])
    monkeypatch.setattr(sheets, "MAX_BYTES", 10**9)
    monkeypatch.setattr(sheets, "MAX_UNPACKED_BYTES", 100)
    with pytest.raises(ImportFileError, match="unpacks to"):
        read_sheet(book)


def test_the_time_of_a_date_is_kept_so_that_it_is_refused_as_a_date(tmp_path: Path) -> None:
    moment = datetime(2026, 1, 31, 8, 30, tzinfo=UTC).replace(tzinfo=None)
    [row] = read_sheet(workbook(tmp_path, [["day"], [moment]])).rows
    assert row.cells == {"day": "2026-01-31T08:30:00"}
