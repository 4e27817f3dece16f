"""The statements that read listings: one a sort order, for no statement is ever put together.

One pattern with all its conditions leaves the way to go to the server, which may start from the places; what only
the page's own rows need is fetched behind the limit.
"""

from typing import Final, LiteralString

LISTINGS_BY_NEWEST_PAGE: Final[LiteralString] = """
MATCH (listing:Listing)-[:AT]->(site:Site)-[:IN]->(commune:Commune)
MATCH (listing)-[:OF]->(resource:Resource)
WHERE (listing.visibility = 'PUBLIC'
       OR site.id IN $manager_site_ids
       OR commune.insee IN $facilitator_communes
       OR (listing.visibility = 'TERRITORY' AND commune.insee IN $member_communes))
  AND ($site_id IS NULL OR site.id = $site_id)
  AND ($resource_code IS NULL OR resource.code = $resource_code)
  AND ($resource_kind IS NULL OR resource.kind = $resource_kind)
  AND ($status IS NULL OR listing.status = $status)
  AND ($direction IS NULL OR listing.direction = $direction)
  AND ($provenance IS NULL OR listing.provenance = $provenance)
  AND ($territory_id IS NULL OR EXISTS { MATCH (commune)-[:IN]->(:Territory {id: $territory_id}) })
  AND ($after_id IS NULL OR listing.created_at < $after_key
       OR (listing.created_at = $after_key AND listing.id > $after_id))
WITH listing, site, commune, resource, listing.created_at AS sort_key
ORDER BY sort_key DESC, listing.id LIMIT $at_most
RETURN listing.id AS listing_id, site.id AS site_id, commune.insee AS insee, listing.direction AS direction,
       resource.code AS resource_code, resource.base_unit AS base_unit, listing.title AS title,
       listing.quantity_base_per_year AS quantity_base_per_year, listing.visibility AS visibility,
       listing.provenance AS provenance, listing.created_at AS created_at, listing.updated_at AS updated_at,
       listing.status AS status, listing.version AS version, listing.waste_code AS waste_code,
       listing.description AS description, listing.quantity_low_base_per_year AS quantity_low_base_per_year,
       listing.quantity_high_base_per_year AS quantity_high_base_per_year,
       CASE WHEN site.id IN $manager_site_ids OR commune.insee IN $facilitator_communes
            THEN listing.price_cent_per_trade_unit END AS price_cent_per_trade_unit,
       listing.available_from AS available_from, listing.available_until AS available_until,
       listing.qualities AS qualities,
       listing.minimum_base_per_year AS minimum_base_per_year, listing.physical_states AS physical_states,
       listing.evidence AS evidence, listing.source AS source,
       sort_key
ORDER BY sort_key DESC, listing_id
"""

LISTINGS_BY_TITLE_PAGE: Final[LiteralString] = """
MATCH (listing:Listing)-[:AT]->(site:Site)-[:IN]->(commune:Commune)
MATCH (listing)-[:OF]->(resource:Resource)
WHERE (listing.visibility = 'PUBLIC'
       OR site.id IN $manager_site_ids
       OR commune.insee IN $facilitator_communes
       OR (listing.visibility = 'TERRITORY' AND commune.insee IN $member_communes))
  AND ($site_id IS NULL OR site.id = $site_id)
  AND ($resource_code IS NULL OR resource.code = $resource_code)
  AND ($resource_kind IS NULL OR resource.kind = $resource_kind)
  AND ($status IS NULL OR listing.status = $status)
  AND ($direction IS NULL OR listing.direction = $direction)
  AND ($provenance IS NULL OR listing.provenance = $provenance)
  AND ($territory_id IS NULL OR EXISTS { MATCH (commune)-[:IN]->(:Territory {id: $territory_id}) })
  AND ($after_id IS NULL OR toLower(listing.title) > $after_key
       OR (toLower(listing.title) = $after_key AND listing.id > $after_id))
WITH listing, site, commune, resource, toLower(listing.title) AS sort_key
ORDER BY sort_key ASC, listing.id LIMIT $at_most
RETURN listing.id AS listing_id, site.id AS site_id, commune.insee AS insee, listing.direction AS direction,
       resource.code AS resource_code, resource.base_unit AS base_unit, listing.title AS title,
       listing.quantity_base_per_year AS quantity_base_per_year, listing.visibility AS visibility,
       listing.provenance AS provenance, listing.created_at AS created_at, listing.updated_at AS updated_at,
       listing.status AS status, listing.version AS version, listing.waste_code AS waste_code,
       listing.description AS description, listing.quantity_low_base_per_year AS quantity_low_base_per_year,
       listing.quantity_high_base_per_year AS quantity_high_base_per_year,
       CASE WHEN site.id IN $manager_site_ids OR commune.insee IN $facilitator_communes
            THEN listing.price_cent_per_trade_unit END AS price_cent_per_trade_unit,
       listing.available_from AS available_from, listing.available_until AS available_until,
       listing.qualities AS qualities,
       listing.minimum_base_per_year AS minimum_base_per_year, listing.physical_states AS physical_states,
       listing.evidence AS evidence, listing.source AS source,
       sort_key
ORDER BY sort_key ASC, listing_id
"""

LISTINGS_BY_QUANTITY_PAGE: Final[LiteralString] = """
MATCH (listing:Listing)-[:AT]->(site:Site)-[:IN]->(commune:Commune)
MATCH (listing)-[:OF]->(resource:Resource)
WHERE (listing.visibility = 'PUBLIC'
       OR site.id IN $manager_site_ids
       OR commune.insee IN $facilitator_communes
       OR (listing.visibility = 'TERRITORY' AND commune.insee IN $member_communes))
  AND ($site_id IS NULL OR site.id = $site_id)
  AND ($resource_code IS NULL OR resource.code = $resource_code)
  AND ($resource_kind IS NULL OR resource.kind = $resource_kind)
  AND ($status IS NULL OR listing.status = $status)
  AND ($direction IS NULL OR listing.direction = $direction)
  AND ($provenance IS NULL OR listing.provenance = $provenance)
  AND ($territory_id IS NULL OR EXISTS { MATCH (commune)-[:IN]->(:Territory {id: $territory_id}) })
  AND ($after_id IS NULL OR listing.quantity_base_per_year < $after_key
       OR (listing.quantity_base_per_year = $after_key AND listing.id > $after_id))
WITH listing, site, commune, resource, listing.quantity_base_per_year AS sort_key
ORDER BY sort_key DESC, listing.id LIMIT $at_most
RETURN listing.id AS listing_id, site.id AS site_id, commune.insee AS insee, listing.direction AS direction,
       resource.code AS resource_code, resource.base_unit AS base_unit, listing.title AS title,
       listing.quantity_base_per_year AS quantity_base_per_year, listing.visibility AS visibility,
       listing.provenance AS provenance, listing.created_at AS created_at, listing.updated_at AS updated_at,
       listing.status AS status, listing.version AS version, listing.waste_code AS waste_code,
       listing.description AS description, listing.quantity_low_base_per_year AS quantity_low_base_per_year,
       listing.quantity_high_base_per_year AS quantity_high_base_per_year,
       CASE WHEN site.id IN $manager_site_ids OR commune.insee IN $facilitator_communes
            THEN listing.price_cent_per_trade_unit END AS price_cent_per_trade_unit,
       listing.available_from AS available_from, listing.available_until AS available_until,
       listing.qualities AS qualities,
       listing.minimum_base_per_year AS minimum_base_per_year, listing.physical_states AS physical_states,
       listing.evidence AS evidence, listing.source AS source,
       sort_key
ORDER BY sort_key DESC, listing_id
"""

LISTINGS_BY_ID: Final[LiteralString] = """
UNWIND $listing_ids AS wanted
MATCH (listing:Listing {id: wanted})-[:AT]->(site:Site)-[:IN]->(commune:Commune)
WHERE (listing.visibility = 'PUBLIC'
       OR site.id IN $manager_site_ids
       OR commune.insee IN $facilitator_communes
       OR (listing.visibility = 'TERRITORY' AND commune.insee IN $member_communes))
MATCH (listing)-[:OF]->(resource:Resource)
RETURN listing.id AS listing_id, site.id AS site_id, commune.insee AS insee, listing.direction AS direction,
       resource.code AS resource_code, resource.base_unit AS base_unit, listing.title AS title,
       listing.quantity_base_per_year AS quantity_base_per_year, listing.visibility AS visibility,
       listing.provenance AS provenance, listing.created_at AS created_at, listing.updated_at AS updated_at,
       listing.status AS status, listing.version AS version, listing.waste_code AS waste_code,
       listing.description AS description, listing.quantity_low_base_per_year AS quantity_low_base_per_year,
       listing.quantity_high_base_per_year AS quantity_high_base_per_year,
       CASE WHEN site.id IN $manager_site_ids OR commune.insee IN $facilitator_communes
            THEN listing.price_cent_per_trade_unit END AS price_cent_per_trade_unit,
       listing.available_from AS available_from, listing.available_until AS available_until,
       listing.qualities AS qualities,
       listing.minimum_base_per_year AS minimum_base_per_year, listing.physical_states AS physical_states,
       listing.evidence AS evidence, listing.source AS source
ORDER BY listing_id
"""
