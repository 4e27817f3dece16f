"""What is not kept: what runs that failed have left behind, and the plans that have had their time.

A plan is retired first, and from then on no page is read of it; only after that is what it suggests removed, some at a
time. A reader in the middle of its pages is refused, never shown half of a plan. The figures of the run itself stay.
A synergy goes with the last plan that names it, unless people have taken it up or left anything at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, LiteralString

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunKind
from symbiosis.domain.times import utc_now, utc_text
from symbiosis.store.graph import Tx
from symbiosis.store.run_queries import LOCK_KIND
from symbiosis.store.runs import hold_run

KEEP_RUNS: Final = 60
KEEP_DAYS: Final = 400
MOST_RUNS: Final = 10_000

NOT_CURRENT: Final[LiteralString] = """
MATCH (run:Run {status: 'PUBLISHED'})
WHERE run.kind = $kind AND run.retired_at IS NULL AND NOT EXISTS { MATCH (:Current)-[:IS]->(run) }
RETURN run.id AS run_id, run.finished_at AS finished_at, coalesce(run.epoch, 0) AS epoch
ORDER BY epoch DESC, finished_at DESC, run_id LIMIT $at_most
"""

RETIRE: Final[LiteralString] = """
UNWIND $run_ids AS run_id
MATCH (run:Run {id: run_id})
SET run.retired_at = $at
"""

LEFT_BEHIND: Final[LiteralString] = """
MATCH (run:Run)
WHERE (run.status = 'FAILED' OR run.retired_at IS NOT NULL)
  AND EXISTS { MATCH (run)-[:SUGGESTS|CHANGES]->(:Synergy) }
RETURN run.id AS run_id
ORDER BY run_id LIMIT 1
"""

SWEEP_SUGGESTIONS: Final[LiteralString] = """
MATCH (:Run {id: $run_id})-[suggests:SUGGESTS]->(synergy:Synergy)
WITH suggests, synergy.id AS synergy_id
ORDER BY synergy_id LIMIT $at_most
DELETE suggests
RETURN synergy_id
ORDER BY synergy_id LIMIT $at_most
"""

SWEEP_CHANGES: Final[LiteralString] = """
MATCH (:Run {id: $run_id})-[changes:CHANGES]->(synergy:Synergy)
WITH changes, synergy.id AS synergy_id
ORDER BY synergy_id LIMIT $at_most
DELETE changes
RETURN synergy_id
ORDER BY synergy_id LIMIT $at_most
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

    The current plan and the one before it are kept whatever their number and age.
    """

    runs: int = KEEP_RUNS
    days: int = KEEP_DAYS


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was removed: suggestions, told changes, and synergies that no plan names any more."""

    suggestions: int = 0
    changes: int = 0
    synergies: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        """Return what was removed in both."""
        return Swept(
            self.suggestions + other.suggestions, self.changes + other.changes, self.synergies + other.synergies
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


async def sweep(tx: Tx, at_most: int, held_by: RunId | None = None) -> Swept:
    """Remove some of what failed and retired runs have left; return how much, nothing when all is clean.

    A run that sweeps is held first: raises RunLostError if it was taken over.
    """
    if held_by is not None:
        await hold_run(tx, held_by, utc_now())
    left = await tx.run(LEFT_BEHIND)
    if not left:
        return Swept(synergies=(await tx.run(SWEEP_SYNERGIES, at_most=at_most))[0]["swept"])
    run_id = left[0]["run_id"]
    suggested = await tx.run(SWEEP_SUGGESTIONS, run_id=run_id, at_most=at_most)
    changed = await tx.run(SWEEP_CHANGES, run_id=run_id, at_most=at_most)
    named = sorted({row["synergy_id"] for row in (*suggested, *changed)})
    return Swept(len(suggested), len(changed), await _swept(tx, named))


async def _swept(tx: Tx, synergy_ids: Sequence[str]) -> int:
    """Remove those of these synergies that nobody needs, and return how many they were."""
    rows = await tx.run(SWEEP_THESE, synergy_ids=list(synergy_ids), at_most=max(1, len(synergy_ids)))
    return int(rows[0]["swept"])
