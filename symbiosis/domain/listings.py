"""Listings: what a site has (a supply) or needs (a demand)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from symbiosis.domain.evidence import Evidence
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.resources import PhysicalState, QualityRange

ESTIMATED_NOTE: Final = "estimated from the sector, not declared by the site"
"""What is said wherever an ESTIMATED quantity is shown, exported or counted."""

LISTED: Final = "site"
"""The source of a listing that its site lists, or has taken over by changing it."""
NOTED: Final = "facilitator"
"""The source of a listing that a facilitator noted for a site, at a workshop say."""


class Direction(StrEnum):
    """A supply is there to be taken; a demand is there to be served."""

    SUPPLY = "SUPPLY"
    DEMAND = "DEMAND"


class Visibility(StrEnum):
    """Who besides the site itself and the facilitators of its territories sees a listing.

    PRIVATE nobody; ANONYMISED everybody with a mandate, but only an outline in which three firms or more could be
    meant; TERRITORY everybody with a mandate in one of its territories; PUBLIC every visitor.
    """

    PRIVATE = "PRIVATE"
    ANONYMISED = "ANONYMISED"
    TERRITORY = "TERRITORY"
    PUBLIC = "PUBLIC"


class Provenance(StrEnum):
    """Where a listing's quantity comes from.

    ESTIMATED is estimated from the sector, not declared by the site, and is shown as such wherever it appears.
    """

    DECLARED = "DECLARED"
    METERED = "METERED"
    OPEN_DATA = "OPEN_DATA"
    ESTIMATED = "ESTIMATED"


class ListingStatus(StrEnum):
    """Only open listings enter a run."""

    OPEN = "OPEN"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Listing:
    """A supply or a demand of one site, per year.

    Quantities are in the base unit of the resource (kg, L, kWh, m2 or h) per year; a quick listing states none yet, and
    low and high are given where the quantity is an estimate or varies. `price_cent_per_trade_unit` is, for a supply,
    what disposing of one trade unit costs the site today and, for a demand, what buying one costs it today; None takes
    the resource's factor. It
    is never shown to a partner. `minimum_base_per_year` is the least that the site lets go to, or takes from, one
    partner; None is no least. `physical_states` are those in which a supply arrives (empty: the usual ones of its
    resource), or those that a demand can handle (empty: any). `evidence` is what the site of a supply states about its
    legal status. Dates are ISO (YYYY-MM-DD), both inclusive; None is no limit. Times are UTC
    ISO-8601 strings of fixed width.
    """

    listing_id: ListingId
    site_id: SiteId
    direction: Direction
    resource_code: ResourceCode
    title: str
    quantity_base_per_year: int | None
    visibility: Visibility
    provenance: Provenance
    created_at: str
    updated_at: str
    status: ListingStatus = ListingStatus.OPEN
    version: int = 1
    waste_code: str | None = None
    description: str | None = None
    quantity_low_base_per_year: int | None = None
    quantity_high_base_per_year: int | None = None
    price_cent_per_trade_unit: int | None = None
    available_from: str | None = None
    available_until: str | None = None
    qualities: tuple[QualityRange, ...] = ()
    source: str = ""
    minimum_base_per_year: int | None = None
    physical_states: tuple[PhysicalState, ...] = ()
    evidence: tuple[Evidence, ...] = ()
