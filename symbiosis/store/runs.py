"""Runs as they are made: started under a lease, written out of sight, published by one small transaction.

A run holds its kind by a lease that it renews. A run whose lease has run out, or whose process is known to be gone,
is failed and swept by the next one; having lost its lease it cannot publish any more. Readers see a run's suggestions
only through (:Current)-[:IS]->(:Run), and only the publishing transaction moves that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import ListingId, RunId
from symbiosis.domain.runs import Run, RunKind
from symbiosis.domain.synergies import LOCKED, Suggestion, SynergyStatus
from symbiosis.errors import RuleError
from symbiosis.store.graph import Tx
from symbiosis.store.run_pages import run_by_id

BATCH: Final = 500
"""Suggestions of one transaction: some 300 kB, far below what a message may hold."""

LOCK_KIND: Final[LiteralString] = "MERGE (current:Current {kind: $kind}) SET current.asked_by = $run_id"

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
    run.holder = $holder, run.lease_until = $lease_until
"""

RENEW: Final[LiteralString] = """
MATCH (run:Run {id: $run_id, status: 'RUNNING'})
SET run.lease_until = $lease_until
RETURN run.id AS run_id
"""

STILL_RUNNING: Final[LiteralString] = "MATCH (run:Run {id: $run_id, status: 'RUNNING'}) RETURN run.id AS run_id"

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
SET synergy.status = 'SUGGESTED', synergy.rejection_reason = null, synergy.note = null,
    synergy.version = synergy.version + 1, synergy.updated_at = $at
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

SWEEP_SUGGESTIONS: Final[LiteralString] = """
MATCH (run:Run {status: 'FAILED'})-[suggests:SUGGESTS]->(synergy:Synergy)
WITH suggests, run.id AS run_id, synergy.id AS synergy_id
ORDER BY run_id, synergy_id LIMIT $at_most
DELETE suggests
RETURN count(*) AS swept
"""

SWEEP_SYNERGIES: Final[LiteralString] = """
MATCH (synergy:Synergy {status: 'SUGGESTED'})
WHERE NOT EXISTS { MATCH (:Run)-[:SUGGESTS]->(synergy) }
WITH synergy, synergy.id AS synergy_id
ORDER BY synergy_id LIMIT $at_most
DETACH DELETE synergy
RETURN count(*) AS swept
"""

CURRENT: Final[LiteralString] = "MATCH (:Current {kind: $kind})-[:IS]->(run:Run) RETURN run.id AS run_id"

_CLOSED: Final = sorted(
    status.value for status in SynergyStatus if status not in LOCKED and status is not SynergyStatus.SUGGESTED
)
_FACTS: Final = tuple(field.name for field in fields(Run) if field.name not in {"run_id", "kind", "status", "period"})
_LABELS: Final = frozenset({"run_id", "synergy_id"})


class PeriodTakenError(RuleError):
    """There is a run of this kind for this period already; nothing was started."""

    code = "PERIOD_TAKEN"

    def __init__(self, period: str, run_id: RunId) -> None:
        super().__init__(f"The period {period} has its run already ({run_id}); name another period.")
        self.period, self.run_id = period, run_id


class RunInProgressError(RuleError):
    """Another run of this kind is at work; nothing was started."""

    code = "RUN_IN_PROGRESS"

    def __init__(self, period: str, run_id: RunId, lease_until: str) -> None:
        super().__init__(
            f"The run {run_id} for the period {period} is at work; wait until it has ended. If its process is gone, "
            f"another run may start after {lease_until}."
        )
        self.period, self.run_id, self.lease_until = period, run_id, lease_until


class RunLostError(RuleError):
    """The run was given up by another one before it could publish; nothing of it is visible."""

    code = "RUN_LOST"

    def __init__(self, run_id: RunId) -> None:
        super().__init__(
            f"The run {run_id} lost its lease before it was published; nothing of it is visible. Repeat it."
        )
        self.run_id = run_id


class ListingGoneError(RuleError):
    """A listing of the plan is no longer in the store."""

    code = "LISTING_GONE"

    def __init__(self, run_id: RunId) -> None:
        super().__init__(f"The run {run_id} suggests listings that have since been deleted; nothing of it is visible.")
        self.run_id = run_id


@dataclass(frozen=True, slots=True)
class Lease:
    """Who makes a run (`holder` names host and process), from when, and until when it may be silent."""

    holder: str
    at: str
    until: str


@dataclass(frozen=True, slots=True)
class RunningRun:
    """A run that is at work, or was when its process ended."""

    run_id: RunId
    period: str
    holder: str
    lease_until: str


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion with the pair it is for, and what the pair's listings were."""

    supply_id: ListingId
    demand_id: ListingId
    basis: str
    suggestion: Suggestion


async def running_runs(tx: Tx, kind: RunKind) -> list[RunningRun]:
    """Return the runs of a kind that have neither ended nor been given up."""
    rows = await tx.run(RUNNING, kind=kind.value, at_most=100)
    return [RunningRun(RunId(r["run_id"]), r["period"], r["holder"], r["lease_until"]) for r in rows]


async def start_run(tx: Tx, run: Run, lease: Lease, gone: Sequence[RunId]) -> None:
    """Record a run as RUNNING after failing those that are `gone` or silent for too long.

    Raises RunInProgressError or PeriodTakenError, and then nothing has changed.
    """
    kind, slot = run.kind.value, f"{run.kind} {run.period}"
    await tx.run(LOCK_KIND, kind=kind, run_id=run.run_id)
    failure = "The process that made this run ended before the run did; nothing of it was visible."
    await tx.run(ABANDON, kind=kind, run_id=run.run_id, at=lease.at, gone=list(gone), failure=failure)
    for other in await running_runs(tx, run.kind):
        if other.run_id != run.run_id:
            raise RunInProgressError(other.period, other.run_id, other.lease_until)
    taken = await tx.run(TAKEN, slot=slot, run_id=run.run_id)
    if taken:
        raise PeriodTakenError(run.period, RunId(taken[0]["run_id"]))
    await tx.run(
        START,
        run_id=run.run_id,
        kind=kind,
        period=run.period,
        slot=slot,
        at=run.started_at,
        holder=lease.holder,
        lease_until=lease.until,
    )


async def renew_lease(tx: Tx, run_id: RunId, until: str) -> bool:
    """Let a run be silent until then; return whether it is still RUNNING."""
    return bool(await tx.run(RENEW, run_id=run_id, lease_until=until))


async def record_suggestions(tx: Tx, run_id: RunId, rows: Sequence[SuggestionRow], at: str) -> None:
    """Write at most BATCH suggestions under a run that nobody reads yet."""
    if not await tx.run(STILL_RUNNING, run_id=run_id):
        raise RunLostError(run_id)
    written = await tx.run(SUGGEST, run_id=run_id, at=at, rows=[_row(row) for row in rows])
    if written[0]["suggestions"] != len(rows):
        raise ListingGoneError(run_id)


async def publish_run(tx: Tx, run: Run) -> None:
    """Make a run the current one of its kind: from here on readers see its suggestions, and only its.

    A synergy that people had closed is SUGGESTED again if its listings have changed since; it is not if it was closed
    while the run was at work. Raises RunLostError when the run is no longer RUNNING.
    """
    kind = run.kind.value
    await tx.run(LOCK_KIND, kind=kind, run_id=run.run_id)
    facts = {name: getattr(run, name) for name in _FACTS}
    if not await tx.run(PUBLISH, run_id=run.run_id, facts=facts):
        raise RunLostError(run.run_id)
    await tx.run(LET_GO, kind=kind)
    await tx.run(TAKE_OVER, kind=kind, run_id=run.run_id)
    await tx.run(TAKE_UP_AGAIN, run_id=run.run_id, closed=_CLOSED, at=run.finished_at)
    await tx.run(NOTE_BASIS, run_id=run.run_id)


async def fail_run(tx: Tx, run_id: RunId, failure: str, at: str) -> bool:
    """Mark a RUNNING run as FAILED and free its period; return whether it was RUNNING."""
    return bool(await tx.run(FAIL, run_id=run_id, failure=failure, at=at))


async def sweep(tx: Tx, at_most: int) -> int:
    """Remove some of what failed runs have written; return how much, less than `at_most` when all is clean."""
    suggestions = await tx.run(SWEEP_SUGGESTIONS, at_most=at_most)
    synergies = await tx.run(SWEEP_SYNERGIES, at_most=at_most)
    return max(int(suggestions[0]["swept"]), int(synergies[0]["swept"]))


async def current_run(tx: Tx, kind: RunKind) -> Run | None:
    """Return the published run that readers see, or None before the first."""
    rows = await tx.run(CURRENT, kind=kind.value)
    return await run_by_id(tx, RunId(rows[0]["run_id"])) if rows else None


def _row(row: SuggestionRow) -> Mapping[str, Any]:
    names = [field.name for field in fields(Suggestion) if field.name not in _LABELS]
    facts = {name: getattr(row.suggestion, name) for name in names}
    lists = {"factor_ids": list(row.suggestion.factor_ids) or None, "unpriced": list(row.suggestion.unpriced) or None}
    return {
        "supply_id": row.supply_id,
        "demand_id": row.demand_id,
        "synergy_id": row.suggestion.synergy_id,
        "basis": row.basis,
        "facts": {**facts, **lists},
    }
