"""A plant that is not there yet: its likely supplies and demands, what it would exchange, and what changes for others.

Its listings are estimated from its activity and number of employees, as those of every other site without declarations
(`ingest/estimator.py`); the market with it is decided as a whole and compared with the market without it. Nothing is
written anywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import numpy as np

from symbiosis.analytics.decided import Decided, decided
from symbiosis.domain.activity import naf_of
from symbiosis.domain.ids import ListingId, OrganisationId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction, Listing
from symbiosis.domain.places import GeoPrecision, Site
from symbiosis.domain.runs import RunKind
from symbiosis.errors import InputError
from symbiosis.ingest.estimator import Spread, listings_for
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.matching.value import MILLICENT_PER_CENT
from symbiosis.store.graph import Graph
from symbiosis.store.snapshot import OpenListing, StoredMarket, read_market
from symbiosis.units import BaseUnit

SITE: Final = SiteId("newcomer")
MOST_EMPLOYEES: Final = 100_000
AT: Final = "2000-01-01T00:00:00.000000Z"


class NewcomerError(InputError):
    """The plant cannot be imagined as it is described."""

    code = "NEWCOMER"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A plant: its activity (NAF), employees, and place (WGS84 degrees). Raises ActivityCodeError or NewcomerError."""

    naf: str
    employees: int
    lat: float
    lon: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "naf", naf_of(self.naf))
        if not 1 <= self.employees <= MOST_EMPLOYEES:
            raise NewcomerError(f"{self.employees} employees is not a plant; state 1 to {MOST_EMPLOYEES}.")
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise NewcomerError(f"{self.lat}, {self.lon} is not a place; state latitude and longitude in degrees.")


@dataclass(frozen=True, slots=True)
class LikelyListing:
    """A supply or demand it would have, and how much of it would be exchanged; base units a year."""

    listing_id: ListingId
    direction: Direction
    resource_code: ResourceCode
    base_unit: BaseUnit
    quantity_base_per_year: int
    exchanged_base_per_year: int


@dataclass(frozen=True, slots=True)
class LikelyExchange:
    """One exchange it would have; value in cents a year, distance in metres."""

    direction: Direction
    resource_code: ResourceCode
    partner_id: SiteId
    base_unit: BaseUnit
    quantity_base_per_year: int
    value_cent_per_year: int
    distance_m: int


@dataclass(frozen=True, slots=True)
class ChangeForSite:
    """How much more (or less) the exchanges of another site are worth, cents a year; each counts at both its ends."""

    site_id: SiteId
    change_cent_per_year: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a plant would bring: `gain` is the whole market's value with it less without it, cents a year."""

    listings: tuple[LikelyListing, ...]
    exchanges: tuple[LikelyExchange, ...]
    changes: tuple[ChangeForSite, ...]
    gain_cent_per_year: int
    whole_cent_per_year: int


async def read_arrival(graph: Graph, newcomer: Newcomer) -> Arrival:
    """Return what a plant would bring to the market of a store; nothing is written."""
    return arrival(await graph.read(read_market, RunKind.EXCHANGE), newcomer)


def arrival(market: StoredMarket, newcomer: Newcomer) -> Arrival:
    """Return what a plant would bring to a market."""
    before = decided(snapshot_of(market))
    codes = {resource.code for resource in market.resources}
    new = [open_listing(listing, newcomer) for listing in likely_listings(newcomer) if listing.resource_code in codes]
    after = decided(snapshot_of(replace(market, listings=(*market.listings, *new))))
    return Arrival(
        listings=tuple(_listings(after)),
        exchanges=tuple(_exchanges(after)),
        changes=tuple(_changes(before, after)),
        gain_cent_per_year=after.value_cent - before.value_cent,
        whole_cent_per_year=after.value_cent,
    )


def likely_listings(newcomer: Newcomer) -> list[Listing]:
    """Return the supplies and demands that the sector's rules estimate for a plant."""
    site = Site(
        site_id=SITE,
        organisation_id=OrganisationId("newcomer"),
        name="Newcomer",
        insee="",
        lat=newcomer.lat,
        lon=newcomer.lon,
        geo_precision=GeoPrecision.DECLARED,
        naf=newcomer.naf,
    )
    employees = Decimal(newcomer.employees)
    return list(listings_for(site, Spread(employees, employees, employees), at=AT))


def open_listing(listing: Listing, newcomer: Newcomer) -> OpenListing:
    """Return a likely listing as a run would read it."""
    return OpenListing(
        listing_id=listing.listing_id,
        site_id=SITE,
        lat=newcomer.lat,
        lon=newcomer.lon,
        geo_precision=GeoPrecision.DECLARED,
        resource_code=listing.resource_code,
        direction=listing.direction,
        version=1,
        quantity_base_per_year=listing.quantity_base_per_year or 0,
        waste_code=listing.waste_code,
        qualities=tuple(quality.as_text() for quality in listing.qualities),
        estimated=True,
        naf=newcomer.naf,
    )


def _arcs(market: Decided) -> Iterable[tuple[int, Direction, int, int]]:
    """Yield the arcs that carry something at the newcomer's: arc, its direction, its own row, its partner's row."""
    if SITE not in market.sites:
        return
    own = market.sites.index(SITE)
    problem = market.problem
    for arc in np.flatnonzero(market.plan.flow).tolist():
        i, j = int(problem.arc_supply[arc]), int(problem.arc_demand[arc])
        if market.supply_site[i] == own:
            yield arc, Direction.SUPPLY, i, j
        elif market.demand_site[j] == own:
            yield arc, Direction.DEMAND, j, i


def _exchanges(market: Decided) -> list[LikelyExchange]:
    found = []
    for arc, direction, own, other in _arcs(market):
        gives = direction is Direction.SUPPLY
        mine, theirs = (
            (market.snapshot.supplies, market.snapshot.demands)
            if gives
            else (market.snapshot.demands, market.snapshot.supplies)
        )
        code, quantity = mine.listings[own].resource_code, int(market.plan.flow[arc])
        found.append(
            LikelyExchange(
                direction=direction,
                resource_code=code,
                partner_id=theirs.listings[other].site_id,
                base_unit=market.snapshot.resources[code].base_unit,
                quantity_base_per_year=quantity,
                value_cent_per_year=int(market.problem.value_per_unit[arc]) * quantity // MILLICENT_PER_CENT,
                distance_m=int(market.values.way_m[arc]),
            )
        )
    return sorted(found, key=lambda one: (-one.value_cent_per_year, one.partner_id, one.resource_code))


def _listings(market: Decided) -> list[LikelyListing]:
    used: dict[tuple[Direction, int], int] = {}
    for arc, direction, own, _ in _arcs(market):
        used[direction, own] = used.get((direction, own), 0) + int(market.plan.flow[arc])
    sides = ((Direction.SUPPLY, market.snapshot.supplies), (Direction.DEMAND, market.snapshot.demands))
    return [
        LikelyListing(
            listing.listing_id,
            direction,
            listing.resource_code,
            market.snapshot.resources[listing.resource_code].base_unit,
            listing.quantity_base_per_year,
            used.get((direction, row), 0),
        )
        for direction, side in sides
        for row, listing in enumerate(side.listings)
        if listing.site_id == SITE
    ]


def _changes(before: Decided, after: Decided) -> list[ChangeForSite]:
    """Return the sites whose exchanges change in value, the greatest change first."""
    was = dict(zip(before.sites, before.value_by_site().tolist(), strict=True))
    now = dict(zip(after.sites, after.value_by_site().tolist(), strict=True))
    changes = [
        ChangeForSite(site_id, (now.get(site_id, 0) - was.get(site_id, 0)) // MILLICENT_PER_CENT)
        for site_id in {*was, *now}
        if site_id != SITE
    ]
    kept = [change for change in changes if change.change_cent_per_year]
    return sorted(kept, key=lambda change: (-abs(change.change_cent_per_year), change.site_id))
