"""What is wrong with a file: told all at once, each with its line, column, value and reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from symbiosis.errors import InputError

SHOWN_VALUE: Final = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `line` is as a text editor or a spreadsheet counts; 1 is the header."""

    line: int
    column: str
    value: str
    reason: str


class ImportFileError(InputError):
    """The file cannot be read at all; nothing was written."""

    code = "IMPORT_FILE"


class ImportRefusedError(InputError):
    """Some rows are wrong, so none was written; `problems` lists all of them."""

    code = "IMPORT_REFUSED"

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(
            f"Nothing was imported: {name} has {len(problems)} problem(s), the first in line {first.line}, column "
            f"{first.column}: {first.reason} Mend the file and import it again."
        )
        self.problems = tuple(problems)


class Problems:
    """Collects the problems of one file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: list[Problem] = []

    def __len__(self) -> int:
        return len(self._found)

    def add(self, line: int, column: str, value: str, reason: str) -> None:
        """Note a problem; a long value is shown by its beginning, and a reason ends with a full stop."""
        shown = value if len(value) <= SHOWN_VALUE else value[: SHOWN_VALUE - 1] + "…"
        self._found.append(Problem(line, column, shown, reason if reason.endswith(".") else f"{reason}."))

    def refuse(self) -> None:
        """Raise ImportRefusedError if there is any problem, in the order of the lines."""
        if self._found:
            raise ImportRefusedError(self._name, sorted(self._found, key=lambda problem: problem.line))
