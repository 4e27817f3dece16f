"""The statements that read synergies, composed of the pieces of `statements.py`.

A synergy is read when the current run suggests it or when people have taken it up; its numbers are the current run's.
A page behind a cursor goes on in the run that the first page was read of, whatever has been published since.
What narrows most comes first, and what only the page's own rows need is fetched behind the limit.
"""

from typing import Final, LiteralString

from symbiosis.store.statements import VISIBLE_SYNERGY, Source, all_of

_HEAD: Final[LiteralString] = """
MATCH (synergy:Synergy)"""

_OF_THE_CURRENT_RUN: Final[LiteralString] = """
OPTIONAL MATCH (synergy)<-[suggests:SUGGESTS]-(run:Run)<-[:IS]-(:Current {kind: 'EXCHANGE'})
WITH synergy, run, suggests
WHERE """

_OF_THE_RUN: Final[LiteralString] = """
OPTIONAL MATCH (synergy)<-[suggests:SUGGESTS]-(run:Run)
WHERE run.id = $run_id
WITH synergy, run, suggests
WHERE """

KEPT_RUN: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
WHERE run.kind = $kind AND run.status = 'PUBLISHED' AND run.retired_at IS NULL
RETURN run.id AS run_id
"""

_READ: Final[LiteralString] = "(suggests IS NOT NULL OR synergy.status <> 'SUGGESTED')"

_SIDES: Final[LiteralString] = """
MATCH (synergy)-[:TAKES_FROM]->(supply:Listing)-[:AT]->(supplier:Site)-[:IN]->(supplier_commune:Commune)
MATCH (synergy)-[:GIVES_TO]->(demand:Listing)-[:AT]->(receiver:Site)-[:IN]->(receiver_commune:Commune)
MATCH (supply)-[:OF]->(resource:Resource)
MATCH (demand)-[:OF]->(wanted_resource:Resource)"""

SYNERGY_COLUMNS: Final[LiteralString] = """
       synergy.id AS synergy_id, supply.id AS supply_id, demand.id AS demand_id, synergy.status AS status,
       synergy.version AS version, synergy.basis AS basis, synergy.created_at AS created_at,
       synergy.updated_at AS updated_at, synergy.reason AS reason, synergy.note AS note,
       synergy.held_from AS held_from, synergy.trial_result AS trial_result, synergy.started_on AS started_on,
       synergy.agreed_base_per_year AS agreed_base_per_year, synergy.jobs_tenth_fte AS jobs_tenth_fte,
       synergy.assignee_id AS assignee_id,
       synergy.due_on AS due_on, synergy.last_activity_at AS last_activity_at,
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
       suggests.avoided_high_gco2e_per_year AS avoided_high_gco2e_per_year"""


def synergies_where(early: list[LiteralString], late: list[LiteralString]) -> Source:
    """Return the synergies, `early` conditions holding of the synergy alone, `late` ones of what `$run_id` suggests."""
    narrowed = _HEAD + "\nWHERE " + all_of(early) if early else _HEAD
    return Source(
        pattern=narrowed + _OF_THE_RUN + all_of([_READ, *late]) + _SIDES,
        carried="synergy, run, suggests, supply, supplier, supplier_commune, demand, receiver, receiver_commune, "
        "resource",
        row_id="synergy.id",
        id_column="synergy_id",
        columns=SYNERGY_COLUMNS,
    )


_WANTED: Final[LiteralString] = """
UNWIND $synergy_ids AS wanted
MATCH (synergy:Synergy {id: wanted})"""

_IN_ORDER: Final[LiteralString] = "\nORDER BY synergy_id"

SYNERGIES_BY_ID: Final[LiteralString] = (
    _WANTED + _OF_THE_CURRENT_RUN + _READ + _SIDES + "\nWHERE " + VISIBLE_SYNERGY
) + ("\nRETURN " + SYNERGY_COLUMNS + _IN_ORDER)
