"""The cells of one row, read into values; what is wrong with a cell is noted, and reading goes on."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from symbiosis.errors import InputError
from symbiosis.ingest.problems import Problems
from symbiosis.ingest.sheets import MAX_CELL, Sheet, SheetRow

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AMBIGUOUS: Final = re.compile(r"-?\d{1,3}(,\d{3})+", re.ASCII)
_SPACES: Final = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?:\D|$))")


class Fields:
    """One row. Each method returns the value of a column, or None where it is missing or wrong."""

    def __init__(self, row: SheetRow, problems: Problems) -> None:
        self._row, self._problems = row, problems

    @property
    def line(self) -> int:
        """Return the line of the row."""
        return self._row.line

    def given(self, column: str) -> str:
        """Return the cell as it stands; empty if there is none."""
        return self._row.cells.get(column, "")

    def wrong(self, column: str, reason: str) -> None:
        """Note that the cell is wrong."""
        self._problems.add(self._row.line, column, self.given(column), reason)

    def required(self, column: str) -> str | None:
        """Return the cell, and note it where it is missing."""
        if not self.given(column):
            self.wrong(column, "The cell is empty; this column is required")
            return None
        return self.given(column)

    def read(self, column: str, reader: Callable[[str], T]) -> T | None:
        """Return what `reader` makes of the cell; what it raises for bad input is noted."""
        cell = self.given(column)
        if not cell:
            return None
        try:
            return reader(cell)
        except InputError as wrong:
            self.wrong(column, str(wrong))
            return None

    def text(self, column: str, at_most: int) -> str | None:
        """Return text without control characters."""
        cell = unicodedata.normalize("NFC", self.given(column)).strip()
        if len(cell) > min(at_most, MAX_CELL):
            self.wrong(column, f"The text has {len(cell)} characters; {at_most} is the most")
            return None
        if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t" for letter in cell):
            self.wrong(column, "The text has control characters; remove them")
            return None
        return cell or None

    def choice(self, column: str, among: type[E], otherwise: E | None = None) -> E | None:
        """Return a member of an enum, however its letters are cased."""
        cell = self.given(column)
        if not cell:
            return otherwise
        try:
            return among(cell.upper())
        except ValueError:
            self.wrong(column, f"Write one of {', '.join(member.value for member in among)}")
            return None

    def day(self, column: str) -> str | None:
        """Return an ISO date."""
        cell = self.given(column)
        if not cell:
            return None
        try:
            if _ISO_DATE.fullmatch(cell):
                return date.fromisoformat(cell).isoformat()
        except ValueError:
            self.wrong(column, "There is no such day; check month and day")
            return None
        self.wrong(column, "This is not a date; write it like 2027-01-31")
        return None

    def number(self, column: str) -> str | None:
        """Return a number as text with a decimal point; a decimal comma and spaces between thousands are taken."""
        cell = _SPACES.sub("", self.given(column))
        if not cell:
            return None
        if _AMBIGUOUS.fullmatch(cell):
            plain = cell.replace(",", "")
            self.wrong(column, f"This may be {plain} or {cell.replace(',', '.', 1)}; write it without the comma")
            return None
        return cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell


def check_columns(sheet: Sheet, *, required: tuple[str, ...], known: tuple[str, ...], problems: Problems) -> None:
    """Note the columns that are missing and those that nobody knows."""
    for column in required:
        if column not in sheet.columns:
            problems.add(1, column, "", f"The column {column} is missing; see docs/data.md")
    for column in sheet.columns:
        if column not in known:
            problems.add(1, column, column, f"There is no column {column}; see docs/data.md, or remove it")
