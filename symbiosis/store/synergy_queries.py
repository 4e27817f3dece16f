"""The statements that read synergies: one a sort order, for no statement is ever put together.

A synergy is read when the current run suggests it or when people have taken it up; its numbers are the current run's.
What narrows most comes first, and what only the page's own rows need is fetched behind the limit.
"""

from typing import Final, LiteralString

SYNERGIES_BY_RANK_PAGE: Final[LiteralString] = """
MATCH (synergy:Synergy)
WHERE ($status IS NULL OR synergy.status = $status)
OPTIONAL MATCH (synergy)<-[suggests:SUGGESTS]-(run:Run)<-[:IS]-(:Current {kind: 'EXCHANGE'})
WITH synergy, run, suggests, coalesce(suggests.rank, 2147483647) AS sort_key
WHERE (suggests IS NOT NULL OR synergy.status <> 'SUGGESTED')
  AND ($after_id IS NULL OR sort_key > $after_key OR (sort_key = $after_key AND synergy.id > $after_id))
MATCH (synergy)-[:TAKES_FROM]->(supply:Listing)-[:AT]->(supplier:Site)-[:IN]->(supplier_commune:Commune)
MATCH (synergy)-[:GIVES_TO]->(demand:Listing)-[:AT]->(receiver:Site)-[:IN]->(receiver_commune:Commune)
MATCH (supply)-[:OF]->(resource:Resource)
MATCH (demand)-[:OF]->(wanted_resource:Resource)
WHERE (supplier.id IN $manager_site_ids OR receiver.id IN $manager_site_ids
       OR supplier_commune.insee IN $facilitator_communes OR receiver_commune.insee IN $facilitator_communes
       OR (supply.visibility <> 'PRIVATE' AND demand.visibility <> 'PRIVATE'
           AND (supplier_commune.insee IN $analyst_communes OR receiver_commune.insee IN $analyst_communes)))
  AND ($site_id IS NULL OR supplier.id = $site_id OR receiver.id = $site_id)
  AND ($listing_id IS NULL OR supply.id = $listing_id OR demand.id = $listing_id)
  AND ($estimated IS NULL
       OR $estimated = (supply.provenance = 'ESTIMATED' OR demand.provenance = 'ESTIMATED'))
  AND ($resource_code IS NULL OR resource.code = $resource_code OR wanted_resource.code = $resource_code)
  AND ($territory_id IS NULL
       OR EXISTS { MATCH (supplier_commune)-[:IN]->(:Territory {id: $territory_id}) }
       OR EXISTS { MATCH (receiver_commune)-[:IN]->(:Territory {id: $territory_id}) })
WITH synergy, run, suggests, sort_key, supply, supplier, supplier_commune, demand, receiver, receiver_commune, resource
ORDER BY sort_key ASC, synergy.id LIMIT $at_most
RETURN synergy.id AS synergy_id, supply.id AS supply_id, demand.id AS demand_id, synergy.status AS status,
       synergy.version AS version, synergy.basis AS basis, synergy.created_at AS created_at,
       synergy.updated_at AS updated_at, synergy.reason AS reason, synergy.note AS note,
       supplier.id AS supplier_site_id, supplier_commune.insee AS supplier_insee,
       supply.visibility AS supply_visibility, supply.provenance AS supply_provenance, supply.version AS supply_version,
       supply.price_cent_per_trade_unit IS NOT NULL AS supply_priced,
       receiver.id AS receiver_site_id, receiver_commune.insee AS receiver_insee,
       demand.visibility AS demand_visibility, demand.provenance AS demand_provenance, demand.version AS demand_version,
       demand.price_cent_per_trade_unit IS NOT NULL AS demand_priced,
       resource.base_unit AS base_unit, run.id AS run_id, suggests.rank AS rank,
       suggests.quantity_base_per_year AS quantity_base_per_year, suggests.distance_m AS distance_m,
       suggests.value_cent_per_year AS value_cent_per_year,
       suggests.avoided_disposal_cent_per_year AS avoided_disposal_cent_per_year,
       suggests.avoided_purchase_cent_per_year AS avoided_purchase_cent_per_year,
       suggests.transport_cent_per_year AS transport_cent_per_year,
       suggests.treatment_cent_per_year AS treatment_cent_per_year,
       suggests.supplier_share_cent_per_year AS supplier_share_cent_per_year,
       suggests.receiver_share_cent_per_year AS receiver_share_cent_per_year,
       suggests.avoided_gco2e_per_year AS avoided_gco2e_per_year, suggests.match AS matched_by,
       suggests.technique AS technique, suggests.estimated AS estimated, suggests.factor_ids AS factor_ids,
       suggests.unpriced AS unpriced, suggests.lines AS lines, suggests.vehicle AS vehicle,
       suggests.value_low_cent_per_year AS value_low_cent_per_year,
       suggests.value_high_cent_per_year AS value_high_cent_per_year,
       suggests.avoided_low_gco2e_per_year AS avoided_low_gco2e_per_year,
       suggests.avoided_high_gco2e_per_year AS avoided_high_gco2e_per_year,
       sort_key
ORDER BY sort_key ASC, synergy_id
"""

SYNERGIES_BY_UPDATED_PAGE: Final[LiteralString] = """
MATCH (synergy:Synergy)
WHERE ($status IS NULL OR synergy.status = $status)
OPTIONAL MATCH (synergy)<-[suggests:SUGGESTS]-(run:Run)<-[:IS]-(:Current {kind: 'EXCHANGE'})
WITH synergy, run, suggests, synergy.updated_at AS sort_key
WHERE (suggests IS NOT NULL OR synergy.status <> 'SUGGESTED')
  AND ($after_id IS NULL OR sort_key < $after_key OR (sort_key = $after_key AND synergy.id > $after_id))
MATCH (synergy)-[:TAKES_FROM]->(supply:Listing)-[:AT]->(supplier:Site)-[:IN]->(supplier_commune:Commune)
MATCH (synergy)-[:GIVES_TO]->(demand:Listing)-[:AT]->(receiver:Site)-[:IN]->(receiver_commune:Commune)
MATCH (supply)-[:OF]->(resource:Resource)
MATCH (demand)-[:OF]->(wanted_resource:Resource)
WHERE (supplier.id IN $manager_site_ids OR receiver.id IN $manager_site_ids
       OR supplier_commune.insee IN $facilitator_communes OR receiver_commune.insee IN $facilitator_communes
       OR (supply.visibility <> 'PRIVATE' AND demand.visibility <> 'PRIVATE'
           AND (supplier_commune.insee IN $analyst_communes OR receiver_commune.insee IN $analyst_communes)))
  AND ($site_id IS NULL OR supplier.id = $site_id OR receiver.id = $site_id)
  AND ($listing_id IS NULL OR supply.id = $listing_id OR demand.id = $listing_id)
  AND ($estimated IS NULL
       OR $estimated = (supply.provenance = 'ESTIMATED' OR demand.provenance = 'ESTIMATED'))
  AND ($resource_code IS NULL OR resource.code = $resource_code OR wanted_resource.code = $resource_code)
  AND ($territory_id IS NULL
       OR EXISTS { MATCH (supplier_commune)-[:IN]->(:Territory {id: $territory_id}) }
       OR EXISTS { MATCH (receiver_commune)-[:IN]->(:Territory {id: $territory_id}) })
WITH synergy, run, suggests, sort_key, supply, supplier, supplier_commune, demand, receiver, receiver_commune, resource
ORDER BY sort_key DESC, synergy.id LIMIT $at_most
RETURN synergy.id AS synergy_id, supply.id AS supply_id, demand.id AS demand_id, synergy.status AS status,
       synergy.version AS version, synergy.basis AS basis, synergy.created_at AS created_at,
       synergy.updated_at AS updated_at, synergy.reason AS reason, synergy.note AS note,
       supplier.id AS supplier_site_id, supplier_commune.insee AS supplier_insee,
       supply.visibility AS supply_visibility, supply.provenance AS supply_provenance, supply.version AS supply_version,
       supply.price_cent_per_trade_unit IS NOT NULL AS supply_priced,
       receiver.id AS receiver_site_id, receiver_commune.insee AS receiver_insee,
       demand.visibility AS demand_visibility, demand.provenance AS demand_provenance, demand.version AS demand_version,
       demand.price_cent_per_trade_unit IS NOT NULL AS demand_priced,
       resource.base_unit AS base_unit, run.id AS run_id, suggests.rank AS rank,
       suggests.quantity_base_per_year AS quantity_base_per_year, suggests.distance_m AS distance_m,
       suggests.value_cent_per_year AS value_cent_per_year,
       suggests.avoided_disposal_cent_per_year AS avoided_disposal_cent_per_year,
       suggests.avoided_purchase_cent_per_year AS avoided_purchase_cent_per_year,
       suggests.transport_cent_per_year AS transport_cent_per_year,
       suggests.treatment_cent_per_year AS treatment_cent_per_year,
       suggests.supplier_share_cent_per_year AS supplier_share_cent_per_year,
       suggests.receiver_share_cent_per_year AS receiver_share_cent_per_year,
       suggests.avoided_gco2e_per_year AS avoided_gco2e_per_year, suggests.match AS matched_by,
       suggests.technique AS technique, suggests.estimated AS estimated, suggests.factor_ids AS factor_ids,
       suggests.unpriced AS unpriced, suggests.lines AS lines, suggests.vehicle AS vehicle,
       suggests.value_low_cent_per_year AS value_low_cent_per_year,
       suggests.value_high_cent_per_year AS value_high_cent_per_year,
       suggests.avoided_low_gco2e_per_year AS avoided_low_gco2e_per_year,
       suggests.avoided_high_gco2e_per_year AS avoided_high_gco2e_per_year,
       sort_key
ORDER BY sort_key DESC, synergy_id
"""

SYNERGIES_BY_ID: Final[LiteralString] = """
UNWIND $synergy_ids AS wanted
MATCH (synergy:Synergy {id: wanted})
OPTIONAL MATCH (synergy)<-[suggests:SUGGESTS]-(run:Run)<-[:IS]-(:Current {kind: 'EXCHANGE'})
WITH synergy, run, suggests
WHERE (suggests IS NOT NULL OR synergy.status <> 'SUGGESTED')
MATCH (synergy)-[:TAKES_FROM]->(supply:Listing)-[:AT]->(supplier:Site)-[:IN]->(supplier_commune:Commune)
MATCH (synergy)-[:GIVES_TO]->(demand:Listing)-[:AT]->(receiver:Site)-[:IN]->(receiver_commune:Commune)
WHERE (supplier.id IN $manager_site_ids OR receiver.id IN $manager_site_ids
       OR supplier_commune.insee IN $facilitator_communes OR receiver_commune.insee IN $facilitator_communes
       OR (supply.visibility <> 'PRIVATE' AND demand.visibility <> 'PRIVATE'
           AND (supplier_commune.insee IN $analyst_communes OR receiver_commune.insee IN $analyst_communes)))
MATCH (supply)-[:OF]->(resource:Resource)
RETURN synergy.id AS synergy_id, supply.id AS supply_id, demand.id AS demand_id, synergy.status AS status,
       synergy.version AS version, synergy.basis AS basis, synergy.created_at AS created_at,
       synergy.updated_at AS updated_at, synergy.reason AS reason, synergy.note AS note,
       supplier.id AS supplier_site_id, supplier_commune.insee AS supplier_insee,
       supply.visibility AS supply_visibility, supply.provenance AS supply_provenance, supply.version AS supply_version,
       supply.price_cent_per_trade_unit IS NOT NULL AS supply_priced,
       receiver.id AS receiver_site_id, receiver_commune.insee AS receiver_insee,
       demand.visibility AS demand_visibility, demand.provenance AS demand_provenance, demand.version AS demand_version,
       demand.price_cent_per_trade_unit IS NOT NULL AS demand_priced,
       resource.base_unit AS base_unit, run.id AS run_id, suggests.rank AS rank,
       suggests.quantity_base_per_year AS quantity_base_per_year, suggests.distance_m AS distance_m,
       suggests.value_cent_per_year AS value_cent_per_year,
       suggests.avoided_disposal_cent_per_year AS avoided_disposal_cent_per_year,
       suggests.avoided_purchase_cent_per_year AS avoided_purchase_cent_per_year,
       suggests.transport_cent_per_year AS transport_cent_per_year,
       suggests.treatment_cent_per_year AS treatment_cent_per_year,
       suggests.supplier_share_cent_per_year AS supplier_share_cent_per_year,
       suggests.receiver_share_cent_per_year AS receiver_share_cent_per_year,
       suggests.avoided_gco2e_per_year AS avoided_gco2e_per_year, suggests.match AS matched_by,
       suggests.technique AS technique, suggests.estimated AS estimated, suggests.factor_ids AS factor_ids,
       suggests.unpriced AS unpriced, suggests.lines AS lines, suggests.vehicle AS vehicle,
       suggests.value_low_cent_per_year AS value_low_cent_per_year,
       suggests.value_high_cent_per_year AS value_high_cent_per_year,
       suggests.avoided_low_gco2e_per_year AS avoided_low_gco2e_per_year,
       suggests.avoided_high_gco2e_per_year AS avoided_high_gco2e_per_year
ORDER BY synergy_id
"""
