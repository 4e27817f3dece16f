"""Tables out of files: CSV in UTF-8 with `;` or `,`, and the first sheet of an XLSX workbook.

A sheet is its columns and its rows of text cells, each with the line a person finds it in. Whatever cannot be read is
an ImportFileError that says how to save the file again.
"""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from symbiosis.ingest.problems import ImportFileError

MAX_BYTES: Final = 20_000_000
MAX_UNPACKED_BYTES: Final = 300_000_000
MAX_ROWS: Final = 20_000
MAX_SCANNED_ROWS: Final = 200_000
MAX_COLUMNS: Final = 100
MAX_CELL: Final = 5_000

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_OLE: Final = b"\xd0\xcf\x11\xe0"
_ZIP: Final = b"PK"
_DAMAGED: Final = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    AttributeError,
    KeyError,
    OSError,
    SyntaxError,  # What the parser of the XML inside raises.
    TypeError,
    ValueError,
)
_SAVE_CSV: Final = "save it as “CSV UTF-8” (in LibreOffice: text CSV, character set UTF-8)"
_SAVE_XLSX: Final = "open it in a spreadsheet and save it again as .xlsx or as “CSV UTF-8”"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its line, and its cells by column; an empty cell is not there."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it stands in a file. Column names are folded: lower case, `_` for spaces."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read_sheet(path: Path) -> Sheet:
    """Return the table in a file, or raise ImportFileError with the remedy."""
    content = _content(path)
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return _sheet(path.name, _workbook_rows(path.name, content))
    if suffix == ".csv":
        return _sheet(path.name, _text_rows(path.name, content))
    kind = f"a {suffix} file" if suffix else "a file without a suffix"
    raise ImportFileError(f"{path.name} is {kind}; {_SAVE_XLSX}.")


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise ImportFileError(f"{path} is a folder; name the file in it.")
        if size > MAX_BYTES:
            raise ImportFileError(f"{path.name} has {size / 1e6:.0f} MB; split it into files of at most 20 MB.")
        content = path.read_bytes()
    except FileNotFoundError as wrong:
        raise ImportFileError(f"There is no file {path}; check the name and the folder.") from wrong
    except OSError as wrong:
        raise ImportFileError(f"{path} cannot be read ({wrong.strerror}); check its permissions.") from wrong
    if not content.strip():
        raise ImportFileError(f"{path.name} is empty; its first line must name the columns, see docs/data.md.")
    return content


def _sheet(name: str, rows: Iterable[tuple[int, Sequence[str]]]) -> Sheet:
    """Return the sheet whose first row that is not blank names the columns."""
    found = ((line, cells) for line, cells in rows if any(cells))
    first = next(found, None)
    if first is None:
        raise ImportFileError(f"{name} has no rows; its first line must name the columns, see docs/data.md.")
    columns = tuple("_".join(cell.lower().split()) for cell in _without_blank_end(first[1]))
    _check_columns(name, columns)
    kept: list[SheetRow] = []
    for line, cells in found:
        given = _without_blank_end(cells)
        if len(given) > len(columns):
            raise ImportFileError(
                f"Line {line} of {name} has {len(given)} cells, but the first line names {len(columns)} columns; "
                "put a cell that holds the separator between double quotes."
            )
        if len(kept) == MAX_ROWS:
            raise ImportFileError(f"{name} has more than {MAX_ROWS} rows; split it into several files.")
        kept.append(SheetRow(line, {column: cell for column, cell in zip(columns, given, strict=False) if cell}))
    if not kept:
        raise ImportFileError(f"{name} names columns, but has no row below them; there is nothing to import.")
    return Sheet(name, columns, tuple(kept))


def _check_columns(name: str, columns: tuple[str, ...]) -> None:
    if len(columns) > MAX_COLUMNS:
        raise ImportFileError(f"{name} has {len(columns)} columns; only those of docs/data.md are read.")
    if "" in columns:
        raise ImportFileError(f"Column {columns.index('') + 1} of {name} has no name; name it or remove it.")
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise ImportFileError(f"{name} has the column {twice[0]} twice; remove one of them.")


def _without_blank_end(cells: Sequence[str]) -> list[str]:
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _text_rows(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _text(name, content)
    header = text.lstrip("\r\n").split("\n", 1)[0]
    separator = ";" if header.count(";") >= header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 0
    try:
        for cells in reader:
            yield line + 1, [cell.strip() for cell in cells]
            line = reader.line_num
    except csv.Error as wrong:
        raise ImportFileError(
            f"Line {reader.line_num} of {name} is not well-formed CSV ({wrong}); check its double quotes."
        ) from wrong


def _text(name: str, content: bytes) -> str:
    if content.startswith(_UTF16):
        raise ImportFileError(f"{name} is in UTF-16; {_SAVE_CSV}.")
    if content.startswith((_ZIP, _OLE)):
        raise ImportFileError(f"{name} is a spreadsheet and not text, in spite of its name; {_SAVE_XLSX}.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        byte = content[wrong.start]
        raise ImportFileError(
            f"{name} is not in UTF-8: byte 0x{byte:02X} in line {line}; it is perhaps in Windows-1252: {_SAVE_CSV}."
        ) from wrong
    if "\0" in text:
        raise ImportFileError(f"{name} holds zero bytes and is not text; {_SAVE_CSV}.")
    return text


def _workbook_rows(name: str, content: bytes) -> list[tuple[int, list[str]]]:
    _check_workbook(name, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about styles and extensions that are of no use here.
            return list(_cells(name, content))
    except _DAMAGED as wrong:
        raise ImportFileError(f"{name} is a damaged workbook; {_SAVE_XLSX}.") from wrong


def _check_workbook(name: str, content: bytes) -> None:
    if content.startswith(_OLE):
        raise ImportFileError(f"{name} is an old .xls or is locked by a password; save it as .xlsx without a password.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile as wrong:
        raise ImportFileError(f"{name} is not an .xlsx workbook, in spite of its name; {_SAVE_XLSX}.") from wrong
    if unpacked > MAX_UNPACKED_BYTES:
        raise ImportFileError(f"{name} unpacks to {unpacked / 1e6:.0f} MB; split it, or save it as “CSV UTF-8”.")


def _cells(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        if not book.worksheets:
            raise ImportFileError(f"{name} has no sheet with cells; {_SAVE_XLSX}.")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
        for line, cells in enumerate(rows, start=1):
            if line > MAX_SCANNED_ROWS:
                raise ImportFileError(f"{name} goes on beyond row {MAX_SCANNED_ROWS}; delete the rows below the table.")
            yield line, [_cell_text(cell) for cell in cells]
    finally:
        book.close()


def _cell_text(cell: object) -> str:
    """Return a cell as a person would have typed it."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell).strip()
