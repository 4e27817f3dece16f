"""The industrial symbiosis of Kalundborg (Denmark) around 1995, as a market.

Who gives what to whom: J. Ehrenfeld, N. Gertler (1997), J. Ind. Ecol. 1, 67-79. Stated quantities: gypsum 80,000 t and
fly ash 170,000 t (IISD, Business and Sustainable Development, case 77), cooling water 700,000 m3 (wikisum.wiki, with
N. B. Jacobsen 2006). Steam, heat, gas, warm water and sludge are orders of magnitude, assumed here; prices are
round figures that make every exchange pay. Sulphur went to
Fredericia, beyond what this reach allows, and is left out. What is tested is who depends on whom, which rests on none
of these figures.
"""

from dataclasses import replace
from typing import Final

from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction
from symbiosis.domain.places import GeoPrecision
from symbiosis.domain.resources import PhysicalState, Resource, ResourceKind
from symbiosis.store.snapshot import OpenListing, StoredMarket
from symbiosis.units import BaseUnit
from tests.matching.markets import market

MATERIAL, HEAT, WATER, GAS = ResourceKind.MATERIAL, ResourceKind.HEAT, ResourceKind.WATER, ResourceKind.GAS

_RESOURCES: Final = (
    ("gypsum", MATERIAL, BaseUnit.KG),
    ("fly-ash", MATERIAL, BaseUnit.KG),
    ("biomass-sludge", MATERIAL, BaseUnit.KG),
    ("steam", HEAT, BaseUnit.KWH),
    ("district-heat", HEAT, BaseUnit.KWH),
    ("warm-seawater", WATER, BaseUnit.L),
    ("cooling-water", WATER, BaseUnit.L),
    ("refinery-gas", GAS, BaseUnit.KG),
)
RESOURCES: Final = tuple(
    Resource(
        ResourceCode(code),
        code,
        code,
        kind,
        unit,
        physical_states=(PhysicalState.SOLID,) if kind is MATERIAL else (),
    )
    for code, kind, unit in _RESOURCES
)

_EXCHANGES: Final = (
    ("asnaes", "gyproc", "gypsum", 80_000),
    ("asnaes", "road-builders", "fly-ash", 170_000),
    ("asnaes", "statoil", "steam", 140_000),
    ("asnaes", "novo-nordisk", "steam", 215_000),
    ("asnaes", "homes", "district-heat", 225_000),
    ("asnaes", "fish-farm", "warm-seawater", 1_000_000),
    ("statoil", "asnaes", "cooling-water", 700_000),
    ("statoil", "gyproc", "refinery-gas", 8_000),
    ("novo-nordisk", "farms", "biomass-sludge", 90_000),
)
"""Giver, taker, what, and how many t, m3 or MWh a year."""

_PRICE_CENT: Final = {MATERIAL: 5000, HEAT: 6000, WATER: 500, GAS: 30_000}
PLACES: Final = {
    "asnaes": (55.661, 11.084),
    "statoil": (55.663, 11.100),
    "gyproc": (55.668, 11.092),
    "novo-nordisk": (55.674, 11.089),
    "homes": (55.680, 11.088),
    "fish-farm": (55.662, 11.080),
    "road-builders": (55.720, 11.300),
    "farms": (55.700, 11.150),
}


def kalundborg() -> StoredMarket:
    """Return the market: each exchange as a supply and a demand of the same quantity."""
    kinds = {code: kind for code, kind, _ in _RESOURCES}
    listings = []
    for giver, taker, code, quantity in _EXCHANGES:
        for site, direction in ((giver, Direction.SUPPLY), (taker, Direction.DEMAND)):
            listings.append(_listing(site, direction, code, quantity * 1000, _PRICE_CENT[kinds[code]]))
    merged: dict[ListingId, OpenListing] = {}
    for listing in listings:
        earlier = merged.get(listing.listing_id)
        merged[listing.listing_id] = listing if earlier is None else _more(earlier, listing.quantity_base_per_year)
    return market(*merged.values(), resources=RESOURCES)


def _listing(site: str, direction: Direction, code: str, quantity: int, price_cent: int) -> OpenListing:
    lat, lon = PLACES[site]
    return OpenListing(
        listing_id=ListingId(f"{site} {direction.lower()} {code}"),
        site_id=SiteId(site),
        lat=lat,
        lon=lon,
        geo_precision=GeoPrecision.BUILDING,
        resource_code=ResourceCode(code),
        direction=direction,
        version=1,
        quantity_base_per_year=quantity,
        price_cent_per_trade_unit=price_cent if direction is Direction.DEMAND else None,
    )


def _more(listing: OpenListing, quantity: int) -> OpenListing:
    return replace(listing, quantity_base_per_year=listing.quantity_base_per_year + quantity)
