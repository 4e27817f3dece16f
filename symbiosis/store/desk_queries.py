"""The statements of the desk: what is written to a synergy and beside it, and what is read there."""

from typing import Final, LiteralString

LOCK_SYNERGY: Final[LiteralString] = """
MATCH (synergy:Synergy {id: $synergy_id})
SET synergy._lock = timestamp()
RETURN coalesce(synergy.last_activity_at, synergy.updated_at) AS last_activity_at
"""

SAVE_STEP: Final[LiteralString] = """
MATCH (synergy:Synergy {id: $synergy_id})
SET synergy += $facts
RETURN synergy.version AS version
"""

NOTE_ACTIVITY: Final[LiteralString] = """
MATCH (synergy:Synergy {id: $synergy_id})
SET synergy.last_activity_at = $at
RETURN synergy.id AS synergy_id
"""

LATEST_EVENT: Final[LiteralString] = """
MATCH (event:Event {object: $synergy_id})
RETURN event.id AS event_id, event.at AS at, event.action AS action, event.actor AS actor_id,
       event.version AS version, event.before AS before
ORDER BY at DESC, event_id LIMIT 1
"""

_ENTRY: Final[LiteralString] = """
OPTIONAL MATCH (person:Person {id: event.actor})
OPTIONAL MATCH (assignee:Person {id: event.assignee_id})
RETURN event_id, sort_key, event.object AS synergy_id, event.at AS at, event.action AS action,
       event.version AS version, event.actor AS actor_id, person.name AS actor_name, event.seat AS seat,
       event.audience AS audience, event.note_audience AS note_audience, event.from_status AS from_status,
       event.to_status AS to_status, event.reason AS reason, event.note AS note,
       event.trial_result AS trial_result, event.started_on AS started_on, event.evidence_ids AS evidence_ids,
       event.delivery_id AS delivery_id, event.assignee_id AS assignee_id, assignee.name AS assignee_name,
       event.due_on AS due_on
ORDER BY sort_key DESC, event_id LIMIT $at_most
"""

_EVENTS_OF: Final[LiteralString] = """
MATCH (event:Event {object: $synergy_id})
WHERE event.audience IN $audiences
  AND ($after_id IS NULL OR event.at < $after_key OR (event.at = $after_key AND event.id > $after_id))
WITH event, event.at AS sort_key, event.id AS event_id
ORDER BY sort_key DESC, event_id LIMIT $at_most
"""

_EVENT: Final[LiteralString] = """
MATCH (event:Event {id: $event_id})
WITH event, event.at AS sort_key, event.id AS event_id
"""

HISTORY_PAGE: Final[LiteralString] = _EVENTS_OF + _ENTRY
HISTORY_ENTRY: Final[LiteralString] = _EVENT + _ENTRY

SAVE_EVIDENCE: Final[LiteralString] = """
MATCH (synergy:Synergy {id: $synergy_id})
CREATE (evidence:SynergyEvidence)-[:ABOUT]->(synergy)
SET evidence += $facts
RETURN evidence.id AS evidence_id
"""

EVIDENCE_PAGE: Final[LiteralString] = """
MATCH (:Synergy {id: $synergy_id})<-[:ABOUT]-(evidence:SynergyEvidence)
WHERE evidence.audience IN $audiences
  AND ($after_id IS NULL OR evidence.attached_at < $after_key
       OR (evidence.attached_at = $after_key AND evidence.id > $after_id))
RETURN evidence.id AS evidence_id, $synergy_id AS synergy_id, evidence.kind AS kind, evidence.title AS title,
       evidence.audience AS audience, evidence.seat AS seat, evidence.attached_at AS attached_at,
       evidence.url AS url, evidence.sha256 AS sha256, evidence.dated_on AS dated_on,
       evidence.attached_at AS sort_key
ORDER BY sort_key DESC, evidence_id LIMIT $at_most
"""

EVIDENCE_BY_ID: Final[LiteralString] = """
UNWIND $evidence_ids AS wanted
MATCH (evidence:SynergyEvidence {id: wanted})-[:ABOUT]->(synergy:Synergy)
RETURN evidence.id AS evidence_id, synergy.id AS synergy_id, evidence.kind AS kind, evidence.title AS title,
       evidence.audience AS audience, evidence.seat AS seat, evidence.attached_at AS attached_at,
       evidence.url AS url, evidence.sha256 AS sha256, evidence.dated_on AS dated_on
ORDER BY evidence_id
"""

SAVE_DELIVERY: Final[LiteralString] = """
MATCH (synergy:Synergy {id: $synergy_id})
CREATE (delivery:Delivery)-[:OF]->(synergy)
SET delivery += $facts
RETURN delivery.id AS delivery_id
"""

REPLACE_DELIVERY: Final[LiteralString] = """
MATCH (delivery:Delivery {id: $replaces_id})-[:OF]->(:Synergy {id: $synergy_id})
WHERE delivery.replaced_by_id IS NULL
SET delivery.replaced_by_id = $delivery_id
RETURN delivery.id AS delivery_id
"""

DELIVERIES_PAGE: Final[LiteralString] = """
MATCH (:Synergy {id: $synergy_id})<-[:OF]-(delivery:Delivery)
WHERE $after_id IS NULL OR delivery.delivered_on < $after_key
   OR (delivery.delivered_on = $after_key AND delivery.id > $after_id)
RETURN delivery.id AS delivery_id, $synergy_id AS synergy_id, delivery.delivered_on AS delivered_on,
       delivery.quantity_base AS quantity_base, delivery.seat AS seat, delivery.recorded_at AS recorded_at,
       delivery.evidence_ids AS evidence_ids, delivery.replaces_id AS replaces_id,
       delivery.replaced_by_id AS replaced_by_id, delivery.delivered_on AS sort_key
ORDER BY sort_key DESC, delivery_id LIMIT $at_most
"""

DELIVERY_BY_ID: Final[LiteralString] = """
MATCH (delivery:Delivery {id: $delivery_id})-[:OF]->(synergy:Synergy)
RETURN delivery.id AS delivery_id, synergy.id AS synergy_id, delivery.delivered_on AS delivered_on,
       delivery.quantity_base AS quantity_base, delivery.seat AS seat, delivery.recorded_at AS recorded_at,
       delivery.evidence_ids AS evidence_ids, delivery.replaces_id AS replaces_id,
       delivery.replaced_by_id AS replaced_by_id
"""

DELIVERED: Final[LiteralString] = """
UNWIND $synergy_ids AS synergy_id
MATCH (:Synergy {id: synergy_id})<-[:OF]-(delivery:Delivery)
WHERE delivery.replaced_by_id IS NULL AND delivery.quantity_base > 0
RETURN synergy_id, sum(delivery.quantity_base) AS quantity_base, count(delivery) AS deliveries,
       min(delivery.delivered_on) AS first_on, max(delivery.delivered_on) AS last_on
ORDER BY synergy_id
"""

FACILITATORS_IN: Final[LiteralString] = """
MATCH (person:Person)-[acts:ACTS_FOR {role: 'FACILITATOR'}]->(:Territory)<-[:IN]-(commune:Commune)
WHERE commune.insee IN $communes AND (acts.from_date IS NULL OR acts.from_date <= $today)
  AND (acts.until_date IS NULL OR acts.until_date >= $today)
RETURN DISTINCT person.id AS person_id, person.name AS name
ORDER BY name, person_id LIMIT $at_most
"""

PEOPLE_NAMES: Final[LiteralString] = """
UNWIND $person_ids AS wanted
MATCH (person:Person {id: wanted})
RETURN person.id AS person_id, person.name AS name
ORDER BY person_id
"""

TERRITORY_COMMUNES: Final[LiteralString] = """
MATCH (:Territory {id: $territory_id})<-[:IN]-(commune:Commune)
RETURN commune.insee AS insee
ORDER BY insee LIMIT $at_most
"""

DESK_COUNTS: Final[LiteralString] = """
MATCH (commune:Commune)<-[:IN]-(:Site)<-[:AT]-(:Listing)<-[:TAKES_FROM|GIVES_TO]-(synergy:Synergy)
WHERE commune.insee IN $communes
WITH DISTINCT synergy
WHERE synergy.status <> 'SUGGESTED'
   OR EXISTS { MATCH (synergy)<-[:SUGGESTS]-(:Run)<-[:IS]-(:Current {kind: 'EXCHANGE'}) }
RETURN synergy.status AS status, count(synergy) AS synergies,
       sum(CASE WHEN synergy.assignee_id IS NULL THEN 1 ELSE 0 END) AS unassigned,
       sum(CASE WHEN synergy.assignee_id = $person_id THEN 1 ELSE 0 END) AS mine,
       sum(CASE WHEN synergy.due_on < $today THEN 1 ELSE 0 END) AS overdue
ORDER BY status LIMIT 100
"""

DESK_WAITING: Final[LiteralString] = """
MATCH (synergy:Synergy)
WHERE synergy.status IN $statuses
MATCH (synergy)-[:TAKES_FROM|GIVES_TO]->(:Listing)-[:AT]->(:Site)-[:IN]->(commune:Commune)
WHERE commune.insee IN $communes
WITH DISTINCT synergy.id AS synergy_id, coalesce(synergy.last_activity_at, synergy.updated_at) AS waiting_since
RETURN synergy_id, waiting_since
ORDER BY waiting_since, synergy_id LIMIT $at_most
"""
