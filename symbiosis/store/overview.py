"""What a territory holds and what its current run proposes, counted: for the shell and the doctor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from symbiosis.domain.listings import Direction
from symbiosis.domain.places import TerritoryKind
from symbiosis.domain.resources import ResourceKind
from symbiosis.store.graph import Tx
from symbiosis.store.sites import territory_list
from symbiosis.units import BaseUnit

TERRITORY_SITES: Final[LiteralString] = """
MATCH (site:Site)-[:IN]->(:Commune)-[:IN]->(territory:Territory)
RETURN territory.id AS territory_id, count(site) AS counted
ORDER BY territory_id LIMIT $at_most
"""

TERRITORY_LISTINGS: Final[LiteralString] = """
MATCH (:Listing {status: 'OPEN'})-[:AT]->(:Site)-[:IN]->(:Commune)-[:IN]->(territory:Territory)
RETURN territory.id AS territory_id, count(*) AS counted
ORDER BY territory_id LIMIT $at_most
"""

TERRITORY_SUGGESTIONS: Final[LiteralString] = """
MATCH (:Current {kind: 'EXCHANGE'})-[:IS]->(:Run)-[:SUGGESTS]->(synergy:Synergy)
MATCH (synergy)-[:TAKES_FROM|GIVES_TO]->(:Listing)-[:AT]->(:Site)-[:IN]->(:Commune)-[:IN]->(territory:Territory)
RETURN territory.id AS territory_id, count(DISTINCT synergy) AS counted
ORDER BY territory_id LIMIT $at_most
"""

LISTING_COUNTS: Final[LiteralString] = """
MATCH (listing:Listing {status: 'OPEN'})-[:OF]->(resource:Resource)
RETURN resource.kind AS kind, listing.direction AS direction, listing.provenance AS provenance,
       count(listing) AS listings
ORDER BY kind, direction, provenance LIMIT $at_most
"""

SITE_COUNT: Final[LiteralString] = "MATCH (site:Site) RETURN count(site) AS sites"
ORGANISATION_COUNT: Final[LiteralString] = "MATCH (o:Organisation) RETURN count(o) AS organisations"

BEST_SUGGESTIONS: Final[LiteralString] = """
MATCH (:Current {kind: 'EXCHANGE'})-[:IS]->(:Run)-[suggests:SUGGESTS]->(synergy:Synergy)
WHERE suggests.rank <= $at_most
MATCH (from:Site)<-[:AT]-(supply:Listing)<-[:TAKES_FROM]-(synergy)-[:GIVES_TO]->(demand:Listing)-[:AT]->(to:Site)
MATCH (supply)-[:OF]->(given:Resource), (demand)-[:OF]->(wanted:Resource)
RETURN synergy.id AS synergy_id, suggests.rank AS rank, from.name AS supplier, to.name AS receiver,
       given.name_en AS resource, wanted.name_en AS replaces, given.base_unit AS base_unit,
       suggests.quantity_base_per_year AS quantity_base_per_year, suggests.distance_m AS distance_m,
       suggests.value_cent_per_year AS value_cent_per_year,
       suggests.avoided_gco2e_per_year AS avoided_gco2e_per_year, suggests.estimated AS estimated
ORDER BY rank, synergy_id LIMIT $at_most
"""

AT_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class TerritoryCount:
    """One territory: its sites, their open listings, and the suggestions that touch it (shared ones count in each)."""

    territory_id: str
    name: str
    kind: TerritoryKind
    sites: int
    listings: int
    suggestions: int


@dataclass(frozen=True, slots=True)
class ListingCount:
    """Open listings of one kind and direction, and how many of them are estimated from the sector."""

    kind: ResourceKind
    direction: Direction
    listings: int
    estimated: int


@dataclass(frozen=True, slots=True)
class BestSuggestion:
    """One suggestion of the current run with the names people know. Quantities and money per year."""

    synergy_id: str
    rank: int
    supplier: str
    receiver: str
    resource: str
    replaces: str
    base_unit: BaseUnit
    quantity_base_per_year: int
    distance_m: int
    value_cent_per_year: int
    avoided_gco2e_per_year: int
    estimated: bool


async def territory_counts(tx: Tx) -> list[TerritoryCount]:
    """Return every territory, métropoles first, by name."""
    sites, listings, suggestions = [
        {row["territory_id"]: row["counted"] for row in await tx.run(query, at_most=AT_MOST)}
        for query in (TERRITORY_SITES, TERRITORY_LISTINGS, TERRITORY_SUGGESTIONS)
    ]
    return [
        TerritoryCount(
            territory_id=territory.territory_id,
            name=territory.name,
            kind=territory.kind,
            sites=sites.get(territory.territory_id, 0),
            listings=listings.get(territory.territory_id, 0),
            suggestions=suggestions.get(territory.territory_id, 0),
        )
        for territory in await territory_list(tx)
    ]


async def listing_counts(tx: Tx) -> list[ListingCount]:
    """Return the open listings by resource kind and direction."""
    totals: dict[tuple[str, str], tuple[int, int]] = {}
    for row in await tx.run(LISTING_COUNTS, at_most=AT_MOST):
        listings, estimated = totals.get((row["kind"], row["direction"]), (0, 0))
        more = row["listings"] if row["provenance"] == "ESTIMATED" else 0
        totals[row["kind"], row["direction"]] = (listings + row["listings"], estimated + more)
    return [
        ListingCount(ResourceKind(kind), Direction(direction), listings, estimated)
        for (kind, direction), (listings, estimated) in sorted(totals.items())
    ]


async def site_and_organisation_count(tx: Tx) -> tuple[int, int]:
    """Return how many sites and organisations the graph holds."""
    sites = await tx.run(SITE_COUNT)
    organisations = await tx.run(ORGANISATION_COUNT)
    return sites[0]["sites"], organisations[0]["organisations"]


async def best_suggestions(tx: Tx, at_most: int) -> list[BestSuggestion]:
    """Return the most valuable suggestions of the current run, by rank."""
    return [_suggestion(row) for row in await tx.run(BEST_SUGGESTIONS, at_most=at_most)]


def _suggestion(row: Mapping[str, Any]) -> BestSuggestion:
    typed: dict[str, Any] = {**row, "base_unit": BaseUnit(row["base_unit"])}
    return BestSuggestion(**typed)
