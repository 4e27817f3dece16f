"""Runs as they are made: started under a lease, written out of sight, published by one small transaction.

A run holds its kind by a lease that it renews. A run whose lease has run out, or whose process is known to be gone,
is failed by the next one, and what it left is cleared away (`sweeping.py`). Each run that starts makes the epoch of
its kind grow and keeps it; whatever a run writes or publishes holds its own epoch against that, in the same
transaction, so that a process that was stopped and goes on after another run took over can write nothing any more.
Readers see a run's suggestions only through (:Current)-[:IS]->(:Run), and only the publishing transaction moves that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run, RunKind
from symbiosis.domain.synergies import LOCKED, Proposal, Suggestion, SynergyStatus
from symbiosis.domain.times import utc_now
from symbiosis.errors import RuleError
from symbiosis.store.graph import Tx
from symbiosis.store.run_pages import run_by_id
from symbiosis.store.run_queries import (
    ABANDON,
    CURRENT,
    FAIL,
    HOLD,
    LET_GO,
    LOCK_KIND,
    NEXT_EPOCH,
    NOTE_BASIS,
    PUBLISH,
    RENEW,
    RUNNING,
    START,
    SUGGEST,
    TAKE_OVER,
    TAKE_UP_AGAIN,
    TAKEN,
)

BATCH: Final = 500
"""Suggestions of one transaction: some 300 kB, far below what a message may hold."""

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
        epoch=(await tx.run(NEXT_EPOCH, kind=kind))[0]["epoch"],
    )


async def renew_lease(tx: Tx, run_id: RunId, until: str) -> None:
    """Let a run be silent until then, or raise RunLostError if another one has taken it over."""
    await hold_run(tx, run_id, utc_now())
    await tx.run(RENEW, run_id=run_id, lease_until=until)


async def hold_run(tx: Tx, run_id: RunId, at: str) -> None:
    """Keep others from taking a run over until this transaction ends, or raise RunLostError if one did."""
    if not await tx.run(HOLD, run_id=run_id, at=at):
        raise RunLostError(run_id)


async def record_suggestions(tx: Tx, run_id: RunId, rows: Sequence[Proposal], at: str) -> None:
    """Write at most BATCH suggestions under a run that nobody reads yet."""
    await hold_run(tx, run_id, at)
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


async def current_run(tx: Tx, kind: RunKind) -> Run | None:
    """Return the published run that readers see, or None before the first."""
    rows = await tx.run(CURRENT, kind=kind.value)
    return await run_by_id(tx, RunId(rows[0]["run_id"])) if rows else None


def _row(row: Proposal) -> Mapping[str, Any]:
    names = [field.name for field in fields(Suggestion) if field.name not in _LABELS]
    facts = {name: getattr(row.suggestion, name) for name in names}
    lists = {"factor_ids": list(row.suggestion.factor_ids) or None, "unpriced": list(row.suggestion.unpriced) or None}
    if row.suggestion.vehicle is not None:
        facts["vehicle"] = row.suggestion.vehicle.value
    lists["lines"] = [line.as_text() for line in row.suggestion.lines] or None
    return {
        "supply_id": row.supply_id,
        "demand_id": row.demand_id,
        "synergy_id": row.suggestion.synergy_id,
        "basis": row.basis,
        "facts": {**facts, **lists},
    }
