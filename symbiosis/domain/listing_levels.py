"""How far a listing is stated: quick, matchable or ready for a contract, and what the next level still needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from symbiosis.domain.listings import Direction, Listing, Provenance
from symbiosis.units import BaseUnit


class ListingLevel(StrEnum):
    """How far a listing is stated.

    QUICK says what there is or what is needed, without a quantity; MATCHABLE enters runs; CONTRACT_READY states what
    two firms need to begin an agreement.
    """

    QUICK = "QUICK"
    MATCHABLE = "MATCHABLE"
    CONTRACT_READY = "CONTRACT_READY"


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that a listing needs for a level: its field, as the listing names it, and what to do about it."""

    field: str
    level: ListingLevel
    remedy: str


_STATED: Final = frozenset({Provenance.DECLARED, Provenance.METERED})


def missing_facts(listing: Listing, unit: BaseUnit) -> tuple[MissingFact, ...]:
    """Return what a listing lacks for its next level; of a CONTRACT_READY one, nothing.

    Only facts count that everybody sees who sees the listing: a price that a site keeps to itself is none of them.
    """
    if listing.quantity_base_per_year is None:
        remedy = "State how much per year; without a quantity no run can place it."
        return (MissingFact("quantity_per_year", ListingLevel.MATCHABLE, remedy),)
    return tuple(
        MissingFact(field, ListingLevel.CONTRACT_READY, remedy) for field, remedy in _for_contract(listing, unit)
    )


def level_of(listing: Listing, unit: BaseUnit) -> ListingLevel:
    """Return the level of a listing: the highest for which nothing is missing."""
    if listing.quantity_base_per_year is None:
        return ListingLevel.QUICK
    first_missing = next(_for_contract(listing, unit), None)
    return ListingLevel.CONTRACT_READY if first_missing is None else ListingLevel.MATCHABLE


def _for_contract(listing: Listing, unit: BaseUnit) -> Iterator[tuple[str, str]]:
    supply = listing.direction is Direction.SUPPLY
    if listing.provenance not in _STATED:
        yield "quantity_per_year", "State the quantity yourself; so far it is taken from elsewhere or estimated."
    if listing.description is None:
        yield "description", "Describe where it comes from or what it is for, and how it is stored and handed over."
    if listing.available_from is None:
        yield "available_from", "State the first day; an agreement has one."
    if not listing.qualities:
        said = "State what you measure" if supply else "State what you accept"
        yield "qualities", f"{said}: the other side has to know the range."
    if unit is not BaseUnit.KG:
        return
    if not listing.physical_states:
        said = "in which state it arrives" if supply else "which states you can handle"
        yield "physical_states", f"State {said}; it decides lorry and store."
    if supply and listing.waste_code is None and not listing.evidence:
        yield "waste_code", "State the waste code, or the evidence that it is a by-product or no waste any more."
