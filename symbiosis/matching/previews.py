"""Previews: what a run would decide now, kept for whoever asked and published to nobody.

Of a territory, the pairs whose two sites lie in it are decided anew. What the published plan exchanges across its
border, or people have agreed on there, is taken off the listings first and stays as it is; nothing else is looked at.
"""

import asyncio
import json
import time
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from symbiosis.domain.fronts import FrontPoint
from symbiosis.domain.ids import ListingId, RunId, new_run_id
from symbiosis.domain.previews import Preview
from symbiosis.domain.runs import Run, RunKind, RunPhase, RunStatus
from symbiosis.domain.synergies import LOCKED
from symbiosis.domain.times import utc_now
from symbiosis.errors import SymbiosisError
from symbiosis.matching.compute import Computed
from symbiosis.matching.front import front_beside
from symbiosis.matching.lease import fail, lease_kept, start
from symbiosis.matching.limits import RunOptions
from symbiosis.matching.progress import OnProgress, Reporter, progress_written
from symbiosis.matching.run import distances_told, finished_run
from symbiosis.matching.snapshot import Snapshot, snapshot_of
from symbiosis.matching.worker import ComputeIn, compute_beside
from symbiosis.store.front import keep_front
from symbiosis.store.graph import Graph
from symbiosis.store.previews import (
    PART,
    PreviewedChange,
    keep_preview,
    listings_within,
    note_preview,
    record_previewed,
)
from symbiosis.store.published import PublishedPlan, published_plan
from symbiosis.store.run_notes import CHANGES_KEPT
from symbiosis.store.scenarios import sweep_parts
from symbiosis.store.snapshot import StoredMarket, read_market

_AS_USUAL: Final = RunOptions()
_QUANTITY: Final = 6
"""Where `snapshot.listing_row` has the quantity."""


@dataclass(frozen=True, slots=True)
class _Decided:
    snapshot: Snapshot
    made: Computed
    front: tuple[FrontPoint, ...]


async def run_preview(
    graph: Graph,
    *,
    preview: Preview,
    run_id: RunId | None = None,
    on_progress: OnProgress | None = None,
    compute_in: ComputeIn = ComputeIn.PROCESS,
    options: RunOptions = _AS_USUAL,
) -> Run:
    """Return a preview, kept for whoever asked. What people see as the plan does not change.

    Raises RunInProgressError before anything is recorded; whatever is raised later is recorded as its failure.
    """
    at = utc_now()
    run = Run(run_id or new_run_id(), RunKind.PREVIEW, at, RunStatus.RUNNING, started_at=at)
    report = Reporter(on_progress)
    await start(graph, run, options.lease_s)
    try:
        async with (
            lease_kept(graph, run.run_id, options.lease_s),
            progress_written(graph, run.run_id, report, options.progress_s),
        ):
            began = time.perf_counter()
            await graph.write(note_preview, run.run_id, preview, utc_now())
            report(RunPhase.SNAPSHOT, 0.0, "reading open listings, factors and decisions")
            snapshot = await _input(graph, preview)
            made = await compute_beside(snapshot, run.run_id, report, compute_in, options.limits)
            report(RunPhase.CHECK, 1.0, "the plan is decided and checked")
            front = await front_beside(snapshot, preview.front_points, compute_in, options.limits)
            return await _kept(graph, run, preview, _Decided(snapshot, made, front), began)
    except asyncio.CancelledError:
        await asyncio.shield(fail(graph, run.run_id, "The preview was cancelled; nothing of it is kept."))
        raise
    except SymbiosisError as failure:
        await fail(graph, run.run_id, str(failure))
        raise
    except Exception as bug:
        await fail(graph, run.run_id, f"A bug ended the preview ({type(bug).__name__}); its traceback is in the log.")
        raise


def within(
    market: StoredMarket, published: PublishedPlan | None, ids: AbstractSet[ListingId]
) -> tuple[StoredMarket, PublishedPlan | None]:
    """Return the market of these listings alone, and the published plan as far as it is between them.

    What a listing exchanges with listings beyond is taken off its quantity, in the market and in the input of the plan.
    """
    held = _held(market, published, ids)
    listings = tuple(
        replace(x, quantity_base_per_year=max(0, x.quantity_base_per_year - held.get(x.listing_id, 0)))
        for x in market.listings
        if x.listing_id in ids
    )
    if published is None:
        return replace(market, listings=listings), None
    pairs = tuple(pair for pair in published.pairs if pair.supply_id in ids and pair.demand_id in ids)
    canonical = None if published.canonical is None else _without(published.canonical, held)
    return replace(market, listings=listings), replace(published, pairs=pairs, canonical=canonical)


def _held(market: StoredMarket, published: PublishedPlan | None, ids: AbstractSet[ListingId]) -> dict[ListingId, int]:
    """Return what each of these listings exchanges with listings beyond, base units per year."""
    quantities = {
        (pair.supply_id, pair.demand_id): pair.quantity_base_per_year
        for pair in (() if published is None else published.pairs)
    }
    quantities |= {
        (pair.supply_id, pair.demand_id): pair.quantity_base_per_year
        for pair in market.pairs
        if pair.status in LOCKED and pair.quantity_base_per_year is not None
    }
    held: dict[ListingId, int] = {}
    for (supply_id, demand_id), quantity in quantities.items():
        if (supply_id in ids) != (demand_id in ids):
            own = supply_id if supply_id in ids else demand_id
            held[own] = held.get(own, 0) + quantity
    return held


def _without(canonical: bytes, held: dict[ListingId, int]) -> bytes:
    """Return the input of a plan with what is held taken off its listings."""
    content = json.loads(canonical)
    for side in ("supplies", "demands"):
        for row in content[side]:
            row[_QUANTITY] = max(0, row[_QUANTITY] - held.get(row[0], 0))
    return json.dumps(content).encode()


async def _input(graph: Graph, preview: Preview) -> Snapshot:
    market = await graph.read(read_market, RunKind.EXCHANGE)
    published = await graph.read(published_plan, RunKind.EXCHANGE)
    if preview.territory_id is not None:
        ids = await graph.read(listings_within, preview.territory_id)
        market, published = await asyncio.to_thread(within, market, published, ids)
    return replace(snapshot_of(market), published=published)


async def _kept(graph: Graph, run: Run, preview: Preview, decided: _Decided, began: float) -> Run:
    """Write the changes of a preview out of sight, then the preview itself."""
    await graph.write(sweep_parts)
    snapshot, made = decided.snapshot, decided.made
    sites = {x.listing_id: x.site_id for side in (snapshot.supplies, snapshot.demands) for x in side.listings}
    changes = [
        PreviewedChange(change, sites[change.supply_id], sites[change.demand_id])
        for change in made.changes
        if change.supply_id in sites and change.demand_id in sites
    ][:CHANGES_KEPT]
    for number, first in enumerate(range(0, len(changes), PART)):
        await graph.write(record_previewed, run.run_id, number, changes[first : first + PART], utc_now())
    finished = replace(
        finished_run(run, snapshot, made, distances_told(made)),
        status=RunStatus.PREVIEW,
        finished_at=utc_now(),
        duration_s=round(time.perf_counter() - began, 3),
    )
    await graph.write(keep_preview, finished, preview, decided.front)
    if decided.front and preview.territory_id is None:
        await graph.write(keep_front, snapshot.sha256(), decided.front)
    return finished
