"""What is not kept: what runs that failed have left behind, and the plans that have had their time.

A plan is retired first, and from then on no page is read of it; only after that is what it suggests removed, some at a
time. A reader in the middle of its pages is refused, never shown half of a plan. The figures of the run itself stay.
A synergy goes with the last plan that names it, unless people have taken it up or left anything at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, LiteralString

from symbiosis.domain.ids import RunId, SynergyId
from symbiosis.domain.runs import RunKind
from symbiosis.domain.times import utc_now, utc_text
from symbiosis.store.graph import Tx
from symbiosis.store.paging import every_row
from symbiosis.store.run_queries import LOCK_KIND
from symbiosis.store.runs import hold_run

KEEP_RUNS: Final = 60
KEEP_DAYS: Final = 400
MOST_RUNS: Final = 10_000
LEAST_FAILED: Final = 10
"""Failed runs of a kind whose records are kept whatever their age: by them a schedule knows how often it tried."""

NOT_CURRENT: Final[LiteralString] = """
MATCH (run:Run {status: 'PUBLISHED'})
WHERE run.kind = $kind AND run.retired_at IS NULL AND NOT EXISTS { MATCH (:Current)-[:IS]->(run) }
RETURN run.id AS run_id, coalesce(run.finished_at, run.started_at) AS finished_at, coalesce(run.epoch, 0) AS epoch
ORDER BY epoch DESC, finished_at DESC, run_id LIMIT $at_most
"""

RETIRE: Final[LiteralString] = """
UNWIND $run_ids AS run_id
MATCH (run:Run {id: run_id})
SET run.retired_at = $at
"""

FAILED: Final[LiteralString] = """
MATCH (run:Run {status: 'FAILED'})
WHERE run.kind = $kind AND NOT EXISTS { MATCH (run)-[:SUGGESTS|CHANGES|PLANS]->() }
RETURN run.id AS run_id, coalesce(run.finished_at, run.started_at) AS finished_at
ORDER BY finished_at DESC, run_id LIMIT $at_most
"""

FORGET: Final[LiteralString] = """
UNWIND $run_ids AS run_id
MATCH (run:Run {id: run_id, status: 'FAILED'})
DETACH DELETE run
"""

LEFT_BEHIND: Final[LiteralString] = """
MATCH (run:Run)
WHERE (run.status = 'FAILED' OR run.retired_at IS NOT NULL)
  AND EXISTS { MATCH (run)-[:SUGGESTS|CHANGES]->(:Synergy) }
RETURN run.id AS run_id
ORDER BY run_id LIMIT 1
"""

NAMED_BY: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})-[:SUGGESTS|CHANGES]->(synergy:Synergy)
WHERE synergy.id > $after
RETURN DISTINCT synergy.id AS key
ORDER BY key LIMIT $at_most
"""

SWEEP_SUGGESTIONS: Final[LiteralString] = """
UNWIND $synergy_ids AS wanted
MATCH (synergy:Synergy {id: wanted})<-[suggests:SUGGESTS]-(run:Run)
WHERE run.id = $run_id
DELETE suggests
RETURN count(*) AS swept
"""

SWEEP_CHANGES: Final[LiteralString] = """
UNWIND $synergy_ids AS wanted
MATCH (synergy:Synergy {id: wanted})<-[changes:CHANGES]-(run:Run)
WHERE run.id = $run_id
DELETE changes
RETURN count(*) AS swept
"""

_UNTOUCHED: Final[LiteralString] = """
WHERE synergy.version = 1 AND synergy.last_activity_at IS NULL AND synergy.assignee_id IS NULL
  AND NOT EXISTS { MATCH (:Run)-[:SUGGESTS|CHANGES]->(synergy) }
  AND NOT EXISTS { MATCH (synergy)<-[:ABOUT|OF|CONSENTS_TO]-() }
WITH synergy, synergy.id AS synergy_id
ORDER BY synergy_id LIMIT $at_most
DETACH DELETE synergy
RETURN count(*) AS swept
"""

_THESE: Final[LiteralString] = """
UNWIND $synergy_ids AS wanted
MATCH (synergy:Synergy {id: wanted, status: 'SUGGESTED'})"""

_SUGGESTED: Final[LiteralString] = """
MATCH (synergy:Synergy {status: 'SUGGESTED'})"""

SWEEP_THESE: Final[LiteralString] = _THESE + _UNTOUCHED
SWEEP_SYNERGIES: Final[LiteralString] = _SUGGESTED + _UNTOUCHED


@dataclass(frozen=True, slots=True)
class Keep:
    """How many published plans are kept, and for how many days after they were published: whichever ends first.

    The current plan and the one before it are kept whatever their number and age. The records of failed runs are kept
    as long, by kind, and the newest LEAST_FAILED of each kind in any case.
    """

    runs: int = KEEP_RUNS
    days: int = KEEP_DAYS


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was removed: suggestions, told changes, synergies that no plan names any more, and failed runs."""

    suggestions: int = 0
    changes: int = 0
    synergies: int = 0
    failed_runs: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        """Return what was removed in both."""
        return Swept(
            self.suggestions + other.suggestions,
            self.changes + other.changes,
            self.synergies + other.synergies,
            self.failed_runs + other.failed_runs,
        )

    def __bool__(self) -> bool:
        """Say whether anything was removed."""
        return self != Swept()


async def retire_runs(tx: Tx, keep: Keep, now: datetime) -> list[RunId]:
    """Retire the plans of exchanges that are kept no longer, and return their runs, newest first."""
    kind = RunKind.EXCHANGE.value
    await tx.run(LOCK_KIND, kind=kind, run_id="retention")
    oldest = utc_text(now - timedelta(days=keep.days))
    before = await tx.run(NOT_CURRENT, kind=kind, at_most=MOST_RUNS)
    ended = [
        RunId(row["run_id"])
        for place, row in enumerate(before[1:], start=2)
        if place >= keep.runs or row["finished_at"] < oldest
    ]
    if ended:
        await tx.run(RETIRE, run_ids=list(ended), at=utc_text(now))
    return ended


async def forget_failed(tx: Tx, keep: Keep, now: datetime) -> Swept:
    """Remove the records of failed runs that are kept no longer and of which nothing is left to sweep."""
    await tx.run(LOCK_KIND, kind=RunKind.EXCHANGE.value, run_id="retention")
    oldest = utc_text(now - timedelta(days=keep.days))
    ended: list[str] = []
    for kind in RunKind:
        failed = await tx.run(FAILED, kind=kind.value, at_most=MOST_RUNS)
        ended += [
            row["run_id"]
            for place, row in enumerate(failed)
            if place >= LEAST_FAILED and (place >= keep.runs or row["finished_at"] < oldest)
        ]
    if ended:
        await tx.run(FORGET, run_ids=ended)
    return Swept(failed_runs=len(ended))


async def left_behind(tx: Tx) -> tuple[RunId, list[SynergyId]] | None:
    """Return a failed or retired run that still names synergies, and which; None when there is none."""
    rows = await tx.run(LEFT_BEHIND)
    if not rows:
        return None
    run_id = RunId(rows[0]["run_id"])
    return run_id, [SynergyId(row["key"]) for row in await every_row(tx, NAMED_BY, run_id=run_id)]


async def sweep_run(tx: Tx, run_id: RunId, synergy_ids: Sequence[SynergyId], held_by: RunId | None = None) -> Swept:
    """Remove what a failed or retired run says of these synergies, and those of them that nobody needs any more.

    A run that sweeps is held first: raises RunLostError if it was taken over.
    """
    await _hold(tx, held_by)
    these = list(synergy_ids)
    suggested = await tx.run(SWEEP_SUGGESTIONS, run_id=run_id, synergy_ids=these)
    changed = await tx.run(SWEEP_CHANGES, run_id=run_id, synergy_ids=these)
    lone = await tx.run(SWEEP_THESE, synergy_ids=these, at_most=max(1, len(these)))
    return Swept(suggested[0]["swept"], changed[0]["swept"], lone[0]["swept"])


async def sweep_synergies(tx: Tx, at_most: int, held_by: RunId | None = None) -> Swept:
    """Remove synergies that no plan names and nobody has touched, as `sweep_run` does; return how many they were."""
    await _hold(tx, held_by)
    return Swept(synergies=(await tx.run(SWEEP_SYNERGIES, at_most=at_most))[0]["swept"])


async def _hold(tx: Tx, held_by: RunId | None) -> None:
    if held_by is not None:
        await hold_run(tx, held_by, utc_now())
