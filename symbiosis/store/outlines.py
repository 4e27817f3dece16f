"""Anonymised listings, read only to be widened, and the listings among which each of them is to be one of several."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, LiteralString

from symbiosis.domain.disclosure import Anonymised, Clue
from symbiosis.domain.ids import ListingId, OrganisationId, ResourceCode
from symbiosis.domain.listings import Direction
from symbiosis.domain.resources import ResourceKind
from symbiosis.store.graph import Tx
from symbiosis.store.scopes import OutlineScope
from symbiosis.units import BaseUnit

ANONYMISED_OPEN: Final[LiteralString] = """
MATCH (listing:Listing {visibility: 'ANONYMISED', status: 'OPEN'})-[:AT]->(site:Site)-[:IN]->(commune:Commune)
WHERE $is_member AND NOT (site.id IN $manager_site_ids OR commune.insee IN $facilitator_communes
                          OR listing.id IN $consented_listing_ids)
  AND listing.quantity_base_per_year IS NOT NULL
MATCH (listing)-[:OF]->(resource:Resource)
MATCH (organisation:Organisation)-[:OPERATES]->(site)
RETURN listing.id AS listing_id, organisation.id AS organisation_id, listing.direction AS direction,
       resource.kind AS kind, resource.code AS resource_code, resource.waste_codes AS waste_codes,
       resource.base_unit AS base_unit, listing.waste_code AS waste_code, commune.insee AS insee,
       listing.quantity_base_per_year AS quantity_base_per_year
ORDER BY listing_id LIMIT $at_most
"""

ANONYMISED_BY_ID: Final[LiteralString] = """
UNWIND $listing_ids AS wanted
MATCH (listing:Listing {id: wanted})-[:AT]->(site:Site)-[:IN]->(commune:Commune)
WHERE $is_member AND listing.visibility = 'ANONYMISED'
  AND NOT (site.id IN $manager_site_ids OR commune.insee IN $facilitator_communes
           OR listing.id IN $consented_listing_ids)
  AND listing.quantity_base_per_year IS NOT NULL
MATCH (listing)-[:OF]->(resource:Resource)
MATCH (organisation:Organisation)-[:OPERATES]->(site)
RETURN listing.id AS listing_id, organisation.id AS organisation_id, listing.direction AS direction,
       resource.kind AS kind, resource.code AS resource_code, resource.waste_codes AS waste_codes,
       resource.base_unit AS base_unit, listing.waste_code AS waste_code, commune.insee AS insee,
       listing.quantity_base_per_year AS quantity_base_per_year
ORDER BY listing_id LIMIT $at_most
"""

CROWD: Final[LiteralString] = """
MATCH (listing:Listing {status: 'OPEN'})-[:OF]->(resource:Resource)
WHERE resource.kind IN $kinds
  AND (listing.provenance = 'ESTIMATED' OR listing.visibility = 'ANONYMISED' OR listing.visibility = 'PRIVATE')
MATCH (listing)-[:AT]->(site:Site)-[:IN]->(commune:Commune)
WHERE NOT site.id IN $manager_site_ids
MATCH (organisation:Organisation)-[:OPERATES]->(site)
RETURN DISTINCT organisation.id AS organisation_id, listing.direction AS direction, resource.kind AS kind,
       resource.code AS resource_code, resource.waste_codes AS waste_codes, listing.waste_code AS waste_code,
       commune.insee AS insee
ORDER BY organisation_id, direction, resource_code, waste_code, insee LIMIT $at_most
"""

METROPOLES: Final[LiteralString] = """
MATCH (commune:Commune)-[:IN]->(territory:Territory {kind: 'METROPOLE'})
RETURN commune.insee AS insee, territory.id AS territory_id
ORDER BY insee, territory_id LIMIT $at_most
"""

COMMUNE_NAMES: Final[LiteralString] = """
UNWIND $insee AS wanted
MATCH (commune:Commune {insee: wanted})
RETURN commune.insee AS insee, commune.name AS name
ORDER BY insee LIMIT $at_most
"""

MAX_ANONYMISED: Final = 5_000
MAX_CROWD: Final = 50_000
MAX_COMMUNES: Final = 40_000


async def anonymised_open(tx: Tx, scope: OutlineScope) -> list[Anonymised]:
    """Return the open anonymised listings in scope, by id; no more than MAX_ANONYMISED."""
    rows = await tx.run(ANONYMISED_OPEN, at_most=MAX_ANONYMISED, **scope.parameters())
    return await _listings(tx, rows)


async def anonymised_by_id(tx: Tx, scope: OutlineScope, ids: Sequence[ListingId]) -> list[Anonymised]:
    """Return those of these listings that are anonymised and in scope."""
    rows = await tx.run(ANONYMISED_BY_ID, listing_ids=list(ids), at_most=len(ids), **scope.parameters())
    return await _listings(tx, rows)


async def crowd_around(tx: Tx, scope: OutlineScope, listings: Sequence[Anonymised]) -> list[Clue]:
    """Return the open listings by which a reader cannot tell who is meant: those of the same kinds that are estimated
    from the sector, anonymised or private. What a site declares openly does not count, and neither do the reader's own
    sites: both are ruled out. No more than MAX_CROWD are read; with fewer, more is hidden.
    """
    kinds = sorted({listing.clue.kind.value for listing in listings})
    if not kinds:
        return []
    sites = list(scope.manager_site_ids)
    rows = await tx.run(CROWD, kinds=kinds, manager_site_ids=sites, at_most=MAX_CROWD)
    within = await _metropoles(tx)
    return [_clue(row, within) for row in rows]


async def commune_names(tx: Tx, insee: Sequence[str]) -> dict[str, str]:
    """Return the names of communes by their INSEE codes."""
    rows = await tx.run(COMMUNE_NAMES, insee=list(insee), at_most=len(insee))
    return {row["insee"]: row["name"] for row in rows}


async def _listings(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[Anonymised]:
    within = await _metropoles(tx) if rows else {}
    return [
        Anonymised(
            listing_id=ListingId(row["listing_id"]),
            clue=_clue(row, within),
            waste_code=row["waste_code"],
            quantity_base_per_year=row["quantity_base_per_year"],
            base_unit=BaseUnit(row["base_unit"]),
        )
        for row in rows
    ]


async def _metropoles(tx: Tx) -> dict[str, str]:
    return {row["insee"]: row["territory_id"] for row in await tx.run(METROPOLES, at_most=MAX_COMMUNES)}


def _clue(row: Mapping[str, Any], within: Mapping[str, str]) -> Clue:
    code = row["waste_code"]
    return Clue(
        organisation_id=OrganisationId(row["organisation_id"]),
        direction=Direction(row["direction"]),
        kind=ResourceKind(row["kind"]),
        resource_code=ResourceCode(row["resource_code"]),
        codes=(code,) if code else tuple(row["waste_codes"] or ()),
        insee=row["insee"],
        epci=within.get(row["insee"]),
    )
