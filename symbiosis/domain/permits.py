"""Permits: the headings (rubriques) of the French list of classified installations (ICPE) that let a site take waste.

Source     operations and headings: MTES-MCT/trackdechets-data, `stg_referentiel_codes_operation_rubriques.csv`
           @6073de449019; names and the headings 3510 to 3550: code de l'environnement, article R511-9 and its annex
           (list of 1 June 2015 and later, and of 2 May 2013 for 35xx). Read on 2026-11-23.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from symbiosis.errors import InputError

_WRITTEN: Final = re.compile(r"(\d{4})(?:-([0-9a-z]+))?", re.ASCII)
_ANY: Final = ("",)


class Operation(StrEnum):
    """A recovery operation, as annex II of Directive 2008/98/EC numbers it."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"
    R6 = "R6"
    R7 = "R7"
    R8 = "R8"
    R9 = "R9"
    R10 = "R10"
    R11 = "R11"
    R12 = "R12"
    R13 = "R13"


OPERATION_NAMES: Final = {
    Operation.R1: "use as a fuel",
    Operation.R2: "recovery of solvents",
    Operation.R3: "recycling of organic substances",
    Operation.R4: "recycling of metals",
    Operation.R5: "recycling of other inorganic materials",
    Operation.R6: "regeneration of acids or bases",
    Operation.R7: "recovery of components used to abate pollution",
    Operation.R8: "recovery of components of catalysts",
    Operation.R9: "re-refining of oils",
    Operation.R10: "spreading on land",
    Operation.R11: "use of residues of R1 to R10",
    Operation.R12: "exchange before R1 to R11",
    Operation.R13: "storage before R1 to R12",
}


class PermitError(InputError):
    """A heading has the wrong shape, or lets nobody take waste."""

    code = "PERMIT"

    def __init__(self, given: str) -> None:
        super().__init__(
            f"{given!r} is not a heading of the list of classified installations that lets a site take waste; "
            f"write one of {', '.join(PERMITS)}, with its subdivision if it has one, as in 2790-1."
        )
        self.given = given


@dataclass(frozen=True, slots=True)
class Permit:
    """A heading: which operations it allows, and of which hazardous waste.

    `hazardous` holds the beginnings of the waste codes whose starred entries it lets in: `("",)` is all, `()` none.
    """

    heading: str
    name: str
    operations: frozenset[Operation]
    hazardous: tuple[str, ...] = ()


def _permit(heading: str, name: str, operations: str, hazardous: tuple[str, ...] = ()) -> Permit:
    return Permit(heading, name, frozenset(Operation(code) for code in operations.split()), hazardous)


PERMITS: Final = {
    permit.heading: permit
    for permit in (
        _permit("2710", "household and similar waste brought by its producers", "R13"),
        _permit("2711", "waste electrical equipment", "R3 R12 R13", ("1602", "2001")),
        _permit("2712", "end-of-life vehicles", "R4 R12 R13", ("1601",)),
        _permit("2713", "sorting of non-hazardous metals", "R4 R12 R13"),
        _permit("2714", "sorting of non-hazardous paper, plastics, rubber, textiles, wood", "R3 R12 R13"),
        _permit("2715", "sorting of glass", "R12 R13"),
        _permit("2716", "sorting of other non-hazardous waste", "R3 R12 R13"),
        _permit("2718", "sorting and transit of hazardous waste", "R12 R13", _ANY),
        _permit("2719", "waste of accidents and natural disasters", "R12 R13"),
        _permit("2730", "treatment of animal by-products", "R3"),
        _permit("2740", "incineration of animal bodies", "R1"),
        _permit("2770", "thermal treatment of hazardous waste", "R1", _ANY),
        _permit("2771", "thermal treatment of non-hazardous waste", "R1 R2 R5 R7"),
        _permit("2780", "composting", "R3"),
        _permit("2781", "anaerobic digestion", "R1 R3"),
        _permit("2782", "other biological treatment", "R1 R3 R12"),
        _permit("2790", "treatment of hazardous waste", "R2 R3 R4 R5 R6 R7 R9", _ANY),
        _permit("2791", "treatment of non-hazardous waste", "R1 R2 R3 R4 R5 R7 R8 R12"),
        _permit("2795", "washing of vessels that held hazardous substances", "R12", ("1501", "1607")),
        _permit("2910", "combustion", "R1"),
        _permit("2971", "furnaces for solid recovered fuel", "R1"),
        _permit("3510", "recovery of hazardous waste above 10 t a day", "R2 R5 R6 R7 R8 R9 R12", _ANY),
        _permit("3520-a", "incineration of non-hazardous waste above 3 t an hour", "R1"),
        _permit("3520-b", "incineration of hazardous waste above 10 t a day", "R1", _ANY),
        _permit("3532", "recovery of non-hazardous waste above 75 t a day", "R1 R3 R4 R5 R12"),
        _permit("3550", "storage of hazardous waste above 50 t", "R13", _ANY),
    )
}
"""By heading. Disposal (D1 to D15) is left out: nobody lists a demand for it."""


def heading_of(text: str) -> str:
    """Return a heading as `2790` or `2790-1`, or raise PermitError."""
    written = _WRITTEN.fullmatch(text.strip().lower().replace(" ", ""))
    if written is None or permit_of(written.group(0)) is None:
        raise PermitError(text)
    return written.group(0)


def headings_of(text: str) -> tuple[str, ...]:
    """Return the headings of a list with `;` between them, sorted, each once; raise PermitError on a wrong one."""
    return tuple(sorted({heading_of(part) for part in text.split(";") if part.strip()}))


def permit_of(heading: str) -> Permit | None:
    """Return what a heading allows: its own row, or that of the heading it is a subdivision of; None if neither is."""
    return PERMITS.get(heading) or PERMITS.get(heading.partition("-")[0])


def allowing(codes: Iterable[str], operation: Operation | None, *, hazardous: bool) -> tuple[Permit, ...]:
    """Return the headings under which waste of all these codes may be taken for an operation; None is any of them."""
    wanted = tuple(codes)
    return tuple(
        permit
        for permit in PERMITS.values()
        if (operation is None or operation in permit.operations)
        and (not hazardous or (wanted and all(code.startswith(permit.hazardous) for code in wanted)))
    )
