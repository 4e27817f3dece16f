"""The statements that read listings, composed of the pieces of `statements.py`.

One pattern with all its conditions leaves the way to go to the server, which may start from the places; what only
the page's own rows need is fetched behind the limit.
"""

from typing import Final, LiteralString

from symbiosis.store.statements import PRICED_LISTING, VISIBLE_LISTING, Source

_PATTERN: Final[LiteralString] = """
MATCH (listing:Listing)-[:AT]->(site:Site)-[:IN]->(commune:Commune)
MATCH (listing)-[:OF]->(resource:Resource)"""

_FACTS: Final[LiteralString] = """
       listing.id AS listing_id, site.id AS site_id, commune.insee AS insee, listing.direction AS direction,
       resource.code AS resource_code, resource.base_unit AS base_unit, listing.title AS title,
       listing.quantity_base_per_year AS quantity_base_per_year, listing.visibility AS visibility,
       listing.provenance AS provenance, listing.created_at AS created_at, listing.updated_at AS updated_at,
       listing.status AS status, listing.version AS version, listing.waste_code AS waste_code,
       listing.description AS description, listing.quantity_low_base_per_year AS quantity_low_base_per_year,
       listing.quantity_high_base_per_year AS quantity_high_base_per_year,
       listing.available_from AS available_from, listing.available_until AS available_until,
       listing.qualities AS qualities,
       listing.minimum_base_per_year AS minimum_base_per_year, listing.physical_states AS physical_states,
       listing.evidence AS evidence, listing.source AS source"""

_STATED_PRICE: Final[LiteralString] = " THEN listing.price_cent_per_trade_unit END AS price_cent_per_trade_unit"

LISTING_COLUMNS: Final[LiteralString] = _FACTS + ", CASE WHEN " + PRICED_LISTING + _STATED_PRICE

LISTINGS: Final = Source(
    pattern=_PATTERN,
    carried="listing, site, commune, resource",
    row_id="listing.id",
    id_column="listing_id",
    columns=LISTING_COLUMNS,
)

_WANTED: Final[LiteralString] = """
UNWIND $listing_ids AS wanted
MATCH (listing:Listing {id: wanted})-[:AT]->(site:Site)-[:IN]->(commune:Commune)
MATCH (listing)-[:OF]->(resource:Resource)
WHERE """

LISTINGS_BY_ID: Final[LiteralString] = (
    _WANTED + VISIBLE_LISTING + "\nRETURN " + LISTING_COLUMNS + "\nORDER BY listing_id"
)

FILTERED: Final[LiteralString] = """($site_id IS NULL OR site.id = $site_id)
  AND ($resource_code IS NULL OR resource.code = $resource_code)
  AND ($resource_kind IS NULL OR resource.kind = $resource_kind)
  AND ($status IS NULL OR listing.status = $status)
  AND ($direction IS NULL OR listing.direction = $direction)
  AND ($provenance IS NULL OR listing.provenance = $provenance)
  AND ($territory_id IS NULL OR EXISTS { MATCH (commune)-[:IN]->(:Territory {id: $territory_id}) })"""
