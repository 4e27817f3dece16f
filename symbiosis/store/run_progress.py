"""Where a run stands, as its own process writes it and every other one reads it."""

from typing import Any, Final, LiteralString

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunPhase, RunProgress
from symbiosis.store.graph import Tx
from symbiosis.store.runs import hold_run

NOTE_PROGRESS: Final[LiteralString] = "MATCH (run:Run {id: $run_id}) SET run += $facts"

PROGRESS: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
WHERE run.status = 'RUNNING' AND run.progress_phase IS NOT NULL
RETURN run.progress_phase AS phase, run.progress_share AS done_share, run.progress_message AS message,
       run.progress_best_cent_per_year AS best_cent_per_year, run.progress_bound_cent_per_year AS bound_cent_per_year
"""


async def note_progress(tx: Tx, run_id: RunId, progress: RunProgress, at: str) -> None:
    """Write where a run stands; raise RunLostError if another one has taken it over."""
    await hold_run(tx, run_id, at)
    facts: dict[str, Any] = {
        "progress_phase": progress.phase.value,
        "progress_share": progress.done_share,
        "progress_message": progress.message,
        "progress_best_cent_per_year": progress.best_cent_per_year,
        "progress_bound_cent_per_year": progress.bound_cent_per_year,
    }
    await tx.run(NOTE_PROGRESS, run_id=run_id, facts=facts)


async def progress_of(tx: Tx, run_id: RunId) -> RunProgress | None:
    """Return where a run stood when its process last wrote it; None before, and once it has ended."""
    rows = await tx.run(PROGRESS, run_id=run_id)
    if not rows:
        return None
    row = rows[0]
    return RunProgress(
        phase=RunPhase(row["phase"]),
        done_share=float(row["done_share"]),
        message=row["message"],
        best_cent_per_year=row["best_cent_per_year"],
        bound_cent_per_year=row["bound_cent_per_year"],
    )
