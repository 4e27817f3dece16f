"""Waste codes: the six digits of the European List of Waste (LoW), and how a person writes them.

Source     Commission Decision 2000/532/EC as amended by 2014/955/EU; code de l'environnement, article R541-8, annex II.
           A star after the code marks a hazardous entry.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from symbiosis.errors import InputError

_WRITTEN: Final = re.compile(r"(\d{2})[ .]?(\d{2})[ .]?(\d{2}) ?(\*?)", re.ASCII)


class EntryType(StrEnum):
    """How an entry decides hazardousness: absolutely (A) or by the waste's properties (M, mirror); H is hazardous."""

    AH = "AH"
    AN = "AN"
    MH = "MH"
    MN = "MN"


class WasteCodeError(InputError):
    """A waste code is not one, or carries a star that it may not carry; `reason` says which."""

    code = "WASTE_CODE"

    def __init__(self, given: str, *, reason: str) -> None:
        super().__init__(f"{given!r} is not a waste code: {reason}.")
        self.given, self.reason = given, reason


@dataclass(frozen=True, slots=True)
class WasteCode:
    """One entry of the List of Waste; `code` is six digits without spaces or star."""

    code: str
    hazardous: bool
    entry_type: EntryType
    label_fr: str
    label_en: str

    @property
    def display(self) -> str:
        """Return the code as the law writes it, e.g. `01 03 04*`."""
        return f"{self.code[:2]} {self.code[2:4]} {self.code[4:]}{'*' if self.hazardous else ''}"

    @property
    def chapter(self) -> str:
        """Return the first two digits: the industry it comes from."""
        return self.code[:2]

    @property
    def subchapter(self) -> str:
        """Return the first four digits: the process it comes from."""
        return self.code[:4]


def read_waste_code(text: str) -> tuple[str, bool]:
    """Return the six digits and whether a star was written, or raise WasteCodeError if the shape is wrong."""
    written = _WRITTEN.fullmatch(" ".join(text.split()))
    if written is None:
        raise WasteCodeError(text, reason="write six digits, as in 03 01 05 or 030105, and a star if it is hazardous")
    return "".join(written.group(1, 2, 3)), bool(written.group(4))


def hierarchy_distance(one: str, other: str) -> int:
    """Return how far apart two codes stand: 0 same entry, 1 same subchapter, 2 same chapter, 3 nothing in common."""
    for distance, digits in enumerate((6, 4, 2)):
        if one[:digits] == other[:digits]:
            return distance
    return 3


class WasteCodes:
    """The List of Waste as a table; the caller supplies its entries."""

    def __init__(self, entries: Iterable[WasteCode]) -> None:
        self._by_code = {entry.code: entry for entry in entries}

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[WasteCode]:
        return iter(self._by_code.values())

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __getitem__(self, code: str) -> WasteCode:
        return self._by_code[code]

    def parse(self, text: str) -> WasteCode:
        """Return the entry a person wrote, or raise WasteCodeError.

        A hazardous code may be written without its star, but a star on a code that is not hazardous is refused:
        one of the two is a mistake, and the law treats the two wastes differently.
        """
        digits, starred = read_waste_code(text)
        entry = self._by_code.get(digits)
        if entry is None:
            raise WasteCodeError(text, reason="the List of Waste has no such entry; look it up on aida.ineris.fr")
        if starred and not entry.hazardous:
            raise WasteCodeError(
                text, reason=f"{entry.display} is not hazardous; drop the star or write the mirror entry's code"
            )
        return entry
