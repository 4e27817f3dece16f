"""What a run reads, once: open listings where they stand, the catalogue, the factors, and what people decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, LiteralString

from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction
from symbiosis.domain.permits import Operation
from symbiosis.domain.places import GeoPrecision
from symbiosis.domain.resources import PhysicalState, Resource, ResourceKind, Substitution
from symbiosis.domain.roads import Roads
from symbiosis.domain.runs import RunKind
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.domain.worth import Spread
from symbiosis.store.paging import every_row
from symbiosis.units import BaseUnit

if TYPE_CHECKING:  # The process that computes a run reads these facts, but never speaks to a store.
    from symbiosis.store.graph import Tx

_TREATMENT_ENDS: Final = (
    "treatment_low_cent_per_trade_unit",
    "treatment_high_cent_per_trade_unit",
    "treatment_low_gco2e_per_trade_unit",
    "treatment_high_gco2e_per_trade_unit",
)
_LISTING_COLUMNS: Final[LiteralString] = """
RETURN listing.id AS key, site.id AS site_id, site.lat AS lat, site.lon AS lon,
       site.geo_precision AS geo_precision, resource.code AS resource_code,
       listing.direction AS direction, listing.version AS version,
       listing.quantity_base_per_year AS quantity_base_per_year, listing.waste_code AS waste_code,
       listing.price_cent_per_trade_unit AS price_cent_per_trade_unit, listing.available_from AS available_from,
       listing.available_until AS available_until, listing.qualities AS qualities,
       listing.provenance = 'ESTIMATED' AS estimated, listing.minimum_base_per_year AS minimum_base_per_year,
       listing.physical_states AS physical_states, listing.evidence AS evidence, site.naf AS naf,
       site.headings AS headings
ORDER BY key LIMIT $at_most
"""
_OPEN: Final[LiteralString] = """
MATCH (listing:Listing {status: 'OPEN'})
WHERE listing.id > $after AND listing.quantity_base_per_year IS NOT NULL
WITH listing ORDER BY listing.id LIMIT $at_most
OPTIONAL MATCH (listing)-[:AT]->(site:Site)
OPTIONAL MATCH (listing)-[:OF]->(resource:Resource)"""
OPEN_LISTINGS: Final[LiteralString] = _OPEN + _LISTING_COLUMNS

_OTHER_SIDE: Final[LiteralString] = """
MATCH (listing:Listing {status: 'OPEN'})-[:AT]->(site:Site)
WHERE listing.id > $after AND listing.direction <> $direction AND listing.quantity_base_per_year IS NOT NULL
MATCH (listing)-[:OF]->(resource:Resource)
WHERE resource.kind = $resource_kind"""
OPEN_OTHER_SIDE: Final[LiteralString] = _OTHER_SIDE + _LISTING_COLUMNS

RESOURCES: Final[LiteralString] = """
MATCH (resource:Resource)
WHERE resource.code > $after
RETURN resource.code AS key, properties(resource) AS facts
ORDER BY key LIMIT $at_most
"""

SUBSTITUTIONS: Final[LiteralString] = """
MATCH (by_product:Resource)-[substitutes:SUBSTITUTES_FOR]->(input:Resource)
WITH by_product, substitutes, input, by_product.code + '|' + input.code + '|' + substitutes.technique AS key
WHERE key > $after
RETURN key, by_product.code AS by_product_code, input.code AS input_code, properties(substitutes) AS facts
ORDER BY key LIMIT $at_most
"""

FACTORS: Final[LiteralString] = """
MATCH (factor:Factor)
WHERE factor.id > $after
RETURN factor.id AS key, factor.value AS value, factor.low AS low, factor.high AS high
ORDER BY key LIMIT $at_most
"""

PAIRS: Final[LiteralString] = """
MATCH (synergy:Synergy)
WHERE synergy.id > $after AND synergy.status <> 'SUGGESTED'
MATCH (supply:Listing)<-[:TAKES_FROM]-(synergy)-[:GIVES_TO]->(demand:Listing)
OPTIONAL MATCH (:Current {kind: $kind})-[:IS]->(:Run)-[suggests:SUGGESTS]->(synergy)
RETURN synergy.id AS key, supply.id AS supply_id, demand.id AS demand_id, synergy.status AS status,
       synergy.basis AS basis,
       coalesce(synergy.agreed_base_per_year, suggests.quantity_base_per_year) AS quantity_base_per_year
ORDER BY key LIMIT $at_most
"""


ROADS: Final[LiteralString] = """
MATCH (roads:Roads)
WHERE roads.id > $after
RETURN roads.id AS key, roads.destinations AS destinations, roads.metres AS metres
ORDER BY key LIMIT $at_most
"""


@dataclass(frozen=True, slots=True)
class OpenListing:
    """A listing as a run needs it; see `Listing` for its own fields, `Site` for those of its site."""

    listing_id: ListingId
    site_id: SiteId
    lat: float
    lon: float
    geo_precision: GeoPrecision
    resource_code: ResourceCode
    direction: Direction
    version: int
    quantity_base_per_year: int
    waste_code: str | None = None
    price_cent_per_trade_unit: int | None = None
    available_from: str | None = None
    available_until: str | None = None
    qualities: tuple[str, ...] = ()
    estimated: bool = False
    minimum_base_per_year: int | None = None
    physical_states: tuple[PhysicalState, ...] = ()
    evidence: tuple[str, ...] = ()
    naf: str | None = None
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenUpPair:
    """A synergy that people have looked at. `quantity_base_per_year` is what they agreed on, else what the current run
    suggests for it.
    """

    supply_id: ListingId
    demand_id: ListingId
    status: SynergyStatus
    basis: str
    quantity_base_per_year: int | None


@dataclass(frozen=True, slots=True)
class StoredMarket:
    """Everything a run reads, each part sorted by its key. `factors` maps `key@version` to its figure and range."""

    listings: tuple[OpenListing, ...]
    resources: tuple[Resource, ...]
    substitutions: tuple[Substitution, ...]
    factors: dict[str, Spread]
    pairs: tuple[TakenUpPair, ...]
    roads: tuple[Roads, ...] = ()


async def read_market(tx: "Tx", kind: RunKind) -> StoredMarket:
    """Return what a run of this kind decides over, read in one transaction."""
    return StoredMarket(
        listings=tuple(
            listing_of(row)
            for row in await every_row(tx, OPEN_LISTINGS)
            if row["site_id"] is not None and row["resource_code"] is not None
        ),
        resources=tuple(map(resource_of, await every_row(tx, RESOURCES))),
        substitutions=tuple(map(substitution_of, await every_row(tx, SUBSTITUTIONS))),
        factors={row["key"]: spread_of(row) for row in await every_row(tx, FACTORS)},
        pairs=tuple(map(_pair, await every_row(tx, PAIRS, kind=kind.value))),
        roads=tuple(road for road in map(roads_of, await every_row(tx, ROADS)) if road.destinations),
    )


async def read_other_side(tx: "Tx", listing: OpenListing) -> StoredMarket:
    """Return the market of a listing and of all open ones of the other direction and the same kind of resource."""
    resources = tuple(map(resource_of, await every_row(tx, RESOURCES)))
    kind = next(resource.kind for resource in resources if resource.code == listing.resource_code)
    others = await every_row(tx, OPEN_OTHER_SIDE, direction=listing.direction.value, resource_kind=kind.value)
    return StoredMarket(
        listings=tuple(sorted((listing, *map(listing_of, others)), key=lambda other: other.listing_id)),
        resources=resources,
        substitutions=tuple(map(substitution_of, await every_row(tx, SUBSTITUTIONS))),
        factors={row["key"]: spread_of(row) for row in await every_row(tx, FACTORS)},
        pairs=(),
        roads=tuple(road for road in map(roads_of, await every_row(tx, ROADS)) if road.destinations),
    )


def spread_of(row: Mapping[str, Any]) -> Spread:
    """Return the figure and the range that a row of `value`, `low` and `high` is."""
    return Spread(float(row["value"]), float(row["low"]), float(row["high"]))


def roads_of(row: Mapping[str, Any]) -> Roads:
    """Return the distances that a row of `key`, `destinations` and `metres` is."""
    return Roads(row["key"], tuple(row["destinations"] or ()), tuple(row["metres"] or ()))


def listing_of(row: Mapping[str, Any]) -> OpenListing:
    """Return the listing that a row of this page's columns is."""
    return OpenListing(
        listing_id=ListingId(row["key"]),
        site_id=SiteId(row["site_id"]),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        geo_precision=GeoPrecision(row["geo_precision"]),
        resource_code=ResourceCode(row["resource_code"]),
        direction=Direction(row["direction"]),
        version=row["version"],
        quantity_base_per_year=row["quantity_base_per_year"],
        waste_code=row["waste_code"],
        price_cent_per_trade_unit=row["price_cent_per_trade_unit"],
        available_from=row["available_from"],
        available_until=row["available_until"],
        qualities=tuple(row["qualities"] or ()),
        estimated=row["estimated"],
        minimum_base_per_year=row["minimum_base_per_year"],
        physical_states=tuple(map(PhysicalState, row["physical_states"] or ())),
        evidence=tuple(row["evidence"] or ()),
        naf=row["naf"],
        headings=tuple(row["headings"] or ()),
    )


def resource_of(row: Mapping[str, Any]) -> Resource:
    """Return the resource that a row of `key` and `facts` is."""
    facts = row["facts"]
    return Resource(
        code=ResourceCode(row["key"]),
        name_en=facts["name_en"],
        name_fr=facts["name_fr"],
        kind=ResourceKind(facts["kind"]),
        base_unit=BaseUnit(facts["base_unit"]),
        waste_codes=tuple(facts.get("waste_codes") or ()),
        disposal_factor=facts.get("disposal_factor"),
        purchase_factor=facts.get("purchase_factor"),
        disposal_emission_factor=facts.get("disposal_emission_factor"),
        virgin_emission_factor=facts.get("virgin_emission_factor"),
        physical_states=tuple(map(PhysicalState, facts.get("physical_states") or ())),
        adr_class=facts.get("adr_class"),
    )


def substitution_of(row: Mapping[str, Any]) -> Substitution:
    """Return the substitution that a row is; its source is not read."""
    facts = row["facts"]
    low, high = facts.get("yield_low_share"), facts.get("yield_high_share")
    return Substitution(
        by_product=ResourceCode(row["by_product_code"]),
        input_=ResourceCode(row["input_code"]),
        yield_share=float(facts["yield_share"]),
        treatment_cent_per_trade_unit=facts["treatment_cent_per_trade_unit"],
        treatment_gco2e_per_trade_unit=facts["treatment_gco2e_per_trade_unit"],
        technique=facts["technique"],
        source="",
        yield_low_share=None if low is None else float(low),
        yield_high_share=None if high is None else float(high),
        operation=None if facts.get("operation") is None else Operation(facts["operation"]),
        restores=tuple(facts.get("restores") or ()),
        **{name: facts.get(name) for name in _TREATMENT_ENDS},
    )


def _pair(row: Mapping[str, Any]) -> TakenUpPair:
    return TakenUpPair(
        supply_id=ListingId(row["supply_id"]),
        demand_id=ListingId(row["demand_id"]),
        status=SynergyStatus(row["status"]),
        basis=row["basis"],
        quantity_base_per_year=row["quantity_base_per_year"],
    )
