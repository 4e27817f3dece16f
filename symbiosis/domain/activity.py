"""Activity codes: NACE Rev.2 classes and the French NAF rév.2 sub-classes below them, and their parents.

Source     Regulation (EC) 1893/2006 (NACE Rev.2); décret 2007-1888 (NAF rév.2). `25.61Z` is a NAF sub-class of the
           class `25.61`, the group `25.6` and the division `25`, which stands in section `C`.
"""

import re
from typing import Final

from symbiosis.errors import InputError

_NAF: Final = re.compile(r"(\d{2})\.?(\d{2}) ?([A-Z])", re.ASCII)
_NACE: Final = re.compile(r"(\d{2})(?:\.?(\d{1,2}))?", re.ASCII)

_SECTION_ENDS: Final = (
    ("A", 1, 3),
    ("B", 5, 9),
    ("C", 10, 33),
    ("D", 35, 35),
    ("E", 36, 39),
    ("F", 41, 43),
    ("G", 45, 47),
    ("H", 49, 53),
    ("I", 55, 56),
    ("J", 58, 63),
    ("K", 64, 66),
    ("L", 68, 68),
    ("M", 69, 75),
    ("N", 77, 82),
    ("O", 84, 84),
    ("P", 85, 85),
    ("Q", 86, 88),
    ("R", 90, 93),
    ("S", 94, 96),
    ("T", 97, 98),
    ("U", 99, 99),
)
_SECTION_OF: Final = {
    f"{division:02}": section for section, first, last in _SECTION_ENDS for division in range(first, last + 1)
}


class ActivityCodeError(InputError):
    """An activity code has the wrong shape, or no section holds its division."""

    code = "ACTIVITY_CODE"

    def __init__(self, given: str, *, reason: str) -> None:
        super().__init__(f"{given!r} is not an activity code: {reason}.")
        self.given, self.reason = given, reason


def naf_of(text: str) -> str:
    """Return a NAF rév.2 sub-class as `25.61Z`, written with or without the dot, or raise ActivityCodeError."""
    written = _NAF.fullmatch(text.strip().upper())
    if written is None:
        raise ActivityCodeError(text, reason="write a NAF rév.2 sub-class, as in 25.61Z or 2561Z")
    division, rest, letter = written.groups()
    _section(division, text)
    return f"{division}.{rest}{letter}"


def nace_of(text: str) -> str:
    """Return a NACE division, group or class as `25`, `25.6` or `25.61`, or raise ActivityCodeError."""
    written = _NACE.fullmatch(text.strip())
    if written is None:
        raise ActivityCodeError(text, reason="write a NACE Rev.2 division, group or class, as in 25, 25.6 or 25.61")
    division, rest = written.groups()
    _section(division, text)
    return division if rest is None else f"{division}.{rest}"


def section_of(code: str) -> str:
    """Return the section letter of an activity code in its normal form, or raise ActivityCodeError."""
    return _section(code[:2], code)


def lineage_of(code: str) -> tuple[str, ...]:
    """Return a code and its parents, longest first: `25.61Z`, `25.61`, `25.6`, `25`, `C`."""
    rungs = [code[:length] for length in range(len(code), 1, -1) if not code[:length].endswith(".")]
    return (*rungs, section_of(code))


def _section(division: str, given: str) -> str:
    section = _SECTION_OF.get(division)
    if section is None:
        raise ActivityCodeError(given, reason=f"no section of NACE Rev.2 holds a division {division}")
    return section
