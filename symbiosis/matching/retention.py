"""Clearing away: plans beyond what is kept are retired, what they and failed runs have left is removed, and then the
records of failed runs beyond what is kept.
"""

from datetime import UTC, datetime
from typing import Final

from symbiosis.domain.ids import RunId
from symbiosis.store.graph import Graph
from symbiosis.store.sweeping import Keep, Swept, forget_failed, left_behind, retire_runs, sweep_run, sweep_synergies

SWEEP_ROWS: Final = 1000
"""Synergies of which one transaction removes what a run says, at most."""


async def swept(graph: Graph, held_by: RunId | None = None) -> Swept:
    """Remove what failed and retired runs have left, and return how much that was; raise RunLostError for a run that
    was taken over.
    """
    in_all = Swept()
    while left := await graph.read(left_behind):
        run_id, synergy_ids = left
        for begin in range(0, len(synergy_ids), SWEEP_ROWS):
            in_all += await graph.write(sweep_run, run_id, synergy_ids[begin : begin + SWEEP_ROWS], held_by)
    while lone := await graph.write(sweep_synergies, SWEEP_ROWS, held_by):
        in_all += lone
    return in_all


async def cleared(graph: Graph, keep: Keep) -> tuple[list[RunId], Swept]:
    """Retire the plans that are kept no longer; return their runs, and how much was removed of them and of others."""
    now = datetime.now(UTC)
    retired = await graph.write(retire_runs, keep, now)
    return retired, await swept(graph) + await graph.write(forget_failed, keep, now)
