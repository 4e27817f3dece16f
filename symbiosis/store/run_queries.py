"""The statements by which a run is made: started, written out of sight, published or given up."""

from typing import Final, LiteralString

LOCK_KIND: Final[LiteralString] = "MERGE (current:Current {kind: $kind}) SET current.asked_by = $run_id"

NEXT_EPOCH: Final[LiteralString] = """
MATCH (current:Current {kind: $kind})
SET current.epoch = coalesce(current.epoch, 0) + 1
RETURN current.epoch AS epoch
"""

RUNNING: Final[LiteralString] = """
MATCH (run:Run {status: 'RUNNING'})
WHERE run.kind = $kind
RETURN run.id AS run_id, run.period AS period, run.holder AS holder, run.lease_until AS lease_until
ORDER BY run_id LIMIT $at_most
"""

ABANDON: Final[LiteralString] = """
MATCH (run:Run {status: 'RUNNING'})
WHERE run.kind = $kind AND run.id <> $run_id AND (run.lease_until < $at OR run.id IN $gone)
SET run.status = 'FAILED', run.slot = null, run.finished_at = $at, run.failure = $failure
RETURN count(run) AS runs
"""

TAKEN: Final[LiteralString] = """
MATCH (run:Run {slot: $slot})
WHERE run.id <> $run_id
RETURN run.id AS run_id
LIMIT 1
"""

START: Final[LiteralString] = """
MERGE (run:Run {id: $run_id})
SET run.kind = $kind, run.period = $period, run.slot = $slot, run.status = 'RUNNING', run.started_at = $at,
    run.holder = $holder, run.lease_until = $lease_until, run.epoch = $epoch
"""

RENEW: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
SET run.lease_until = $lease_until
"""

HOLD: Final[LiteralString] = """
MATCH (run:Run {id: $run_id, status: 'RUNNING'})
SET run.written_at = $at
WITH run
MATCH (current:Current {kind: run.kind})
WHERE current.epoch = run.epoch
RETURN run.id AS run_id
"""

SUGGEST: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
UNWIND $rows AS row
MATCH (supply:Listing {id: row.supply_id})
MATCH (demand:Listing {id: row.demand_id})
MERGE (synergy:Synergy {id: row.synergy_id})
ON CREATE SET synergy.status = 'SUGGESTED', synergy.version = 1, synergy.basis = row.basis, synergy.created_at = $at,
              synergy.updated_at = $at
MERGE (synergy)-[:TAKES_FROM]->(supply)
MERGE (synergy)-[:GIVES_TO]->(demand)
CREATE (run)-[suggests:SUGGESTS]->(synergy)
SET suggests += row.facts, suggests.basis = row.basis
RETURN count(suggests) AS suggestions
"""

PUBLISH: Final[LiteralString] = """
MATCH (run:Run {id: $run_id, status: 'RUNNING'})
MATCH (current:Current {kind: run.kind})
WHERE current.epoch = run.epoch
SET run += $facts, run.status = 'PUBLISHED', run.lease_until = null, run.holder = null
RETURN run.id AS run_id
"""

LET_GO: Final[LiteralString] = "MATCH (:Current {kind: $kind})-[is:IS]->(:Run) DELETE is"

TAKE_OVER: Final[LiteralString] = """
MATCH (current:Current {kind: $kind})
MATCH (run:Run {id: $run_id})
MERGE (current)-[:IS]->(run)
"""

TAKE_UP_AGAIN: Final[LiteralString] = """
MATCH (:Run {id: $run_id})-[suggests:SUGGESTS]->(synergy:Synergy)
WHERE synergy.basis <> suggests.basis AND synergy.status IN $closed
WITH synergy, synergy.status AS was
SET synergy.status = 'SUGGESTED', synergy.reason = null, synergy.note = null, synergy.held_from = null,
    synergy.trial_result = null, synergy.started_on = null, synergy.agreed_base_per_year = null,
    synergy.jobs_tenth_fte = null,
    synergy.version = synergy.version + 1, synergy.updated_at = $at, synergy.last_activity_at = $at
CREATE (event:Event {id: 'evt-' + $run_id + '-' + synergy.id})
SET event.at = $at, event.actor = $run_id, event.action = 'SUGGEST_AGAIN', event.object = synergy.id,
    event.version = synergy.version, event.audience = 'OPEN', event.from_status = was, event.to_status = 'SUGGESTED'
"""

NOTE_BASIS: Final[LiteralString] = """
MATCH (:Run {id: $run_id})-[suggests:SUGGESTS]->(synergy:Synergy)
WHERE synergy.basis <> suggests.basis
SET synergy.basis = suggests.basis
"""

FAIL: Final[LiteralString] = """
MATCH (run:Run {id: $run_id, status: 'RUNNING'})
SET run.status = 'FAILED', run.slot = null, run.finished_at = $at, run.failure = $failure, run.lease_until = null,
    run.holder = null
RETURN run.id AS run_id
"""

CURRENT: Final[LiteralString] = "MATCH (:Current {kind: $kind})-[:IS]->(run:Run) RETURN run.id AS run_id"
