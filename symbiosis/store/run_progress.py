"""Where a run stands, as its own process writes it and every other one reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import PersonId, RunId, TerritoryId
from symbiosis.domain.previews import Preview
from symbiosis.domain.runs import Run, RunKind, RunPhase, RunProgress, RunStatus
from symbiosis.store.graph import Tx
from symbiosis.store.run_pages import run_of
from symbiosis.store.runs import hold_run

NOTE_PROGRESS: Final[LiteralString] = "MATCH (run:Run {id: $run_id}) SET run += $facts"

RUN_WITH_PROGRESS: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
RETURN run.id AS run_id, properties(run) AS facts
"""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run, where it stood when its process last wrote that, and for whom it is a preview, if it is one."""

    run: Run
    progress: RunProgress | None
    preview: Preview | None


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


async def run_with_progress(tx: Tx, run_id: RunId) -> RunRow | None:
    """Return a run of any kind, or None."""
    rows = await tx.run(RUN_WITH_PROGRESS, run_id=run_id)
    return run_row(rows[0]) if rows else None


def run_row(row: Mapping[str, Any]) -> RunRow:
    """Return what a row of `run_id` and `facts` is."""
    run, facts = run_of(row), row["facts"]
    started_by, territory_id = facts.get("started_by"), facts.get("territory_id")
    preview = None
    if run.kind is RunKind.PREVIEW and started_by is not None:
        preview = Preview(PersonId(started_by), None if territory_id is None else TerritoryId(territory_id))
    return RunRow(run, _progress(facts) if run.status is RunStatus.RUNNING else None, preview)


def _progress(facts: Mapping[str, Any]) -> RunProgress | None:
    if facts.get("progress_phase") is None:
        return None
    return RunProgress(
        phase=RunPhase(facts["progress_phase"]),
        done_share=float(facts["progress_share"]),
        message=facts["progress_message"],
        best_cent_per_year=facts.get("progress_best_cent_per_year"),
        bound_cent_per_year=facts.get("progress_bound_cent_per_year"),
    )
