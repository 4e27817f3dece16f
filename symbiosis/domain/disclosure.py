"""What is shown of an anonymised listing: widened, step by step, until at least three firms could be meant.

The steps are a ladder, coarser in the code or in the place with every rung. A listing shows on the first rung on which
at least `MIN_FIRMS` firms have an open listing of the same direction that fits what is shown; where there is none, it
is not shown at all. Who counts is the caller's to say (`crowd`); the definition and its limits are in docs/trust.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from symbiosis.domain.ids import ListingId, OrganisationId, ResourceCode
from symbiosis.domain.listings import Direction
from symbiosis.domain.resources import ResourceKind
from symbiosis.units import BaseUnit

MIN_FIRMS: Final = 3


class AreaKind(StrEnum):
    """How wide a place is shown: a commune, the métropole (EPCI) that it lies in, or its département."""

    COMMUNE = "COMMUNE"
    EPCI = "EPCI"
    DEPARTEMENT = "DEPARTEMENT"


@dataclass(frozen=True, slots=True)
class Clue:
    """What could tell whose listing it is. `codes` are the waste codes that it can be of; `epci` is None outside any
    métropole.
    """

    organisation_id: OrganisationId
    direction: Direction
    kind: ResourceKind
    resource_code: ResourceCode
    codes: tuple[str, ...]
    insee: str
    epci: str | None


@dataclass(frozen=True, slots=True)
class Anonymised:
    """An anonymised listing as it is stored: its own waste code, and how much per year in base units."""

    listing_id: ListingId
    clue: Clue
    waste_code: str | None
    quantity_base_per_year: int
    base_unit: BaseUnit


@dataclass(frozen=True, slots=True)
class Rung:
    """How much of the code and of the place shows: so many digits of the waste code (0: only the kind), the resource
    itself or not, and the area.
    """

    digits: int
    resource: bool
    area: AreaKind


@dataclass(frozen=True, slots=True)
class Outline:
    """What is shown of an anonymised listing. `area` is an INSEE code, the id of a métropole, or the number of a
    département; the quantity lies in `low_base <= quantity < high_base` per year.
    """

    listing_id: ListingId
    direction: Direction
    kind: ResourceKind
    resource_code: ResourceCode | None
    waste_code: str | None
    area_kind: AreaKind
    area: str
    low_base: int
    high_base: int
    base_unit: BaseUnit


WITH_CODE: Final = (
    Rung(6, resource=False, area=AreaKind.COMMUNE),
    Rung(6, resource=False, area=AreaKind.EPCI),
    Rung(4, resource=False, area=AreaKind.EPCI),
    Rung(4, resource=False, area=AreaKind.DEPARTEMENT),
    Rung(2, resource=False, area=AreaKind.DEPARTEMENT),
)
"""The ladder of a listing with a waste code: the place gives way first, for the code decides whether it is of use."""

WITHOUT_CODE: Final = (
    Rung(0, resource=True, area=AreaKind.COMMUNE),
    Rung(0, resource=True, area=AreaKind.EPCI),
    Rung(0, resource=True, area=AreaKind.DEPARTEMENT),
    Rung(0, resource=False, area=AreaKind.DEPARTEMENT),
)
"""The ladder of a listing without one: the resource, then only its kind."""


def outline_of(listing: Anonymised, crowd: Iterable[Clue]) -> Outline | None:
    """Return what is shown of a listing among those who could be meant, or None if on no rung three firms could be."""
    known = tuple(clue for clue in crowd if clue.direction is listing.clue.direction)
    for rung in WITHOUT_CODE if listing.waste_code is None else WITH_CODE:
        area = area_of(listing.clue, rung.area)
        if area is None:
            continue
        firms = {clue.organisation_id for clue in known if _fits(clue, listing, rung, area)}
        if len(firms | {listing.clue.organisation_id}) >= MIN_FIRMS:
            return _shown(listing, rung, area)
    return None


def area_of(clue: Clue, kind: AreaKind) -> str | None:
    """Return the area of this kind in which a listing lies; None where it lies in none."""
    if kind is AreaKind.COMMUNE:
        return clue.insee
    if kind is AreaKind.EPCI:
        return clue.epci
    return departement_of(clue.insee)


def departement_of(insee: str) -> str:
    """Return the number of the département of a commune: three characters overseas, else two."""
    return insee[:3] if insee.startswith(("97", "98")) else insee[:2]


def band_of(quantity: int) -> tuple[int, int]:
    """Return the band of the series 1, 2, 5, 10, ... that a quantity lies in: low <= quantity < high."""
    if quantity < 1:
        return 0, 1
    low = 10 ** (len(str(quantity)) - 1)
    ends = (low, 2 * low, 5 * low, 10 * low)
    return next((start, end) for start, end in pairwise(ends) if quantity < end)


def _fits(clue: Clue, listing: Anonymised, rung: Rung, area: str) -> bool:
    if area_of(clue, rung.area) != area or clue.kind is not listing.clue.kind:
        return False
    if rung.resource:
        return clue.resource_code == listing.clue.resource_code
    start = (listing.waste_code or "")[: rung.digits]
    return not start or any(code.startswith(start) for code in clue.codes)


def _shown(listing: Anonymised, rung: Rung, area: str) -> Outline:
    low, high = band_of(listing.quantity_base_per_year)
    return Outline(
        listing_id=listing.listing_id,
        direction=listing.clue.direction,
        kind=listing.clue.kind,
        resource_code=listing.clue.resource_code if rung.resource else None,
        waste_code=None if listing.waste_code is None else listing.waste_code[: rung.digits],
        area_kind=rung.area,
        area=area,
        low_base=low,
        high_base=high,
        base_unit=listing.base_unit,
    )
