"""What a run writes for the next one beside its suggestions: its canonical input, and what it changes and why.

A run that was taken over writes nothing of it, and lets go of nothing: every transaction holds the run first.
"""

from collections.abc import Sequence
from typing import Final, LiteralString

from symbiosis.domain.changes import PairChange
from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunKind
from symbiosis.domain.times import utc_now
from symbiosis.store.graph import Tx
from symbiosis.store.run_queries import LOCK_KIND
from symbiosis.store.runs import hold_run

CHANGES_KEPT: Final = 1000
"""So many changes are kept with a run, those of the most value first; their counts are of all."""
MOST_AT_WORK: Final = 1000

PUT_PART: Final[LiteralString] = """
MERGE (part:RunInput {id: $id})
SET part.run_id = $run_id, part.text = $text
"""

IN_USE: Final[LiteralString] = """
MATCH (run:Run)
WHERE run.status = 'RUNNING' OR EXISTS { MATCH (:Current)-[:IS]->(run) }
RETURN run.id AS run_id
ORDER BY run_id LIMIT $at_most
"""

FORGET_PARTS: Final[LiteralString] = """
MATCH (part:RunInput)
WHERE NOT part.run_id IN $in_use
DELETE part
"""

PUT_CHANGES: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
UNWIND $rows AS row
MATCH (synergy:Synergy {id: row.synergy_id})
CREATE (run)-[changes:CHANGES]->(synergy)
SET changes += row.facts
"""


async def record_input(tx: Tx, run_id: RunId, number: int, part: str) -> None:
    """Keep one part of what a run is made from, or raise RunLostError; writing it twice changes nothing."""
    await hold_run(tx, run_id, utc_now())
    await tx.run(PUT_PART, id=f"{run_id}/{number:06}", run_id=run_id, text=part)


async def forget_old_inputs(tx: Tx, kind: RunKind, run_id: RunId) -> None:
    """Let go of what runs were made from that are neither current nor at work.

    Whoever asks, `run_id`, may have been stopped since it was published; the runs of others lose nothing by that.
    """
    await tx.run(LOCK_KIND, kind=kind.value, run_id=run_id)
    in_use = [row["run_id"] for row in await tx.run(IN_USE, at_most=MOST_AT_WORK)]
    await tx.run(FORGET_PARTS, in_use=in_use)


async def record_changes(tx: Tx, run_id: RunId, changes: Sequence[PairChange]) -> None:
    """Write what a run changes of the plan before it, under a run that nobody reads yet, or raise RunLostError; their
    order is kept.
    """
    await hold_run(tx, run_id, utc_now())
    rows = [
        {
            "synergy_id": change.synergy_id,
            "facts": {
                "place": place,
                "kind": change.kind.value,
                "cause": change.cause.value,
                "detail": change.detail,
                "before_base_per_year": change.before_base_per_year,
                "after_base_per_year": change.after_base_per_year,
                "before_cent_per_year": change.before_cent_per_year,
                "after_cent_per_year": change.after_cent_per_year,
            },
        }
        for place, change in enumerate(changes[:CHANGES_KEPT])
    ]
    await tx.run(PUT_CHANGES, run_id=run_id, rows=rows)
