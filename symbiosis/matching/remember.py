"""What a run keeps for the next one, beside its suggestions: its canonical input, and what it changed and why."""

import asyncio
from dataclasses import replace

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunKind
from symbiosis.matching.compute import Computed
from symbiosis.matching.snapshot import Snapshot
from symbiosis.store.graph import Graph
from symbiosis.store.published import input_parts, published_plan
from symbiosis.store.run_notes import forget_old_inputs, record_changes, record_input


async def near_published(graph: Graph, snapshot: Snapshot) -> Snapshot:
    """Return the input with the plan that readers see, which the next plan stays near to."""
    return replace(snapshot, published=await graph.read(published_plan, RunKind.EXCHANGE))


async def remember(graph: Graph, run_id: RunId, snapshot: Snapshot, made: Computed) -> None:
    """Write what the next run is compared with, and the changes, under a run that nobody reads yet."""
    await graph.write(record_changes, run_id, made.changes)
    for number, part in enumerate(await asyncio.to_thread(lambda: input_parts(snapshot.canonical()))):
        await graph.write(record_input, run_id, number, part)


async def forget_older(graph: Graph, run_id: RunId) -> None:
    """Let go of what the runs before the published one were made from."""
    await graph.write(forget_old_inputs, RunKind.EXCHANGE, run_id)
