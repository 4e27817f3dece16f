"""One run of all exchanges, from snapshot to published plan.

Snapshot, compute (candidates, value, optimum, check) beside the event loop, suggestions written out of sight, one small
transaction that publishes. What fails is recorded as FAILED with a sentence and raised; nothing of it is ever visible,
and the next run sweeps away what a run that was killed has left.
"""

import asyncio
import contextlib
import time
from dataclasses import replace
from typing import Final

from symbiosis.domain.changes import counted
from symbiosis.domain.ids import RunId, new_run_id
from symbiosis.domain.runs import Run, RunKind, RunPhase, RunStatus
from symbiosis.domain.times import utc_now
from symbiosis.domain.worth import LeftOut
from symbiosis.errors import InputError, StoreError, SymbiosisError
from symbiosis.matching.cluster import Cluster
from symbiosis.matching.compute import Computed, Report
from symbiosis.matching.lease import fail, lease_kept, start
from symbiosis.matching.limits import RunOptions
from symbiosis.matching.progress import OnProgress, Reporter, progress_written
from symbiosis.matching.remember import forget_older, near_published, remember
from symbiosis.matching.retention import cleared, swept
from symbiosis.matching.roads import learn_roads
from symbiosis.matching.snapshot import Snapshot, snapshot_of
from symbiosis.matching.worker import ComputeIn, compute_beside
from symbiosis.store.graph import Graph
from symbiosis.store.runs import BATCH, current_run, publish_run, record_suggestions
from symbiosis.store.snapshot import read_market
from symbiosis.store.sweeping import Keep

PERIOD_LENGTH: Final = 60
_AS_USUAL: Final = RunOptions()


class PeriodError(InputError):
    """The name of a period is empty, too long or not one line."""

    code = "PERIOD"

    def __init__(self, period: str) -> None:
        super().__init__(
            f"The period {period!r} cannot name a run: write 1 to {PERIOD_LENGTH} characters, like 2026-W47."
        )
        self.period = period


async def run_exchange(
    graph: Graph,
    *,
    period: str,
    run_id: RunId | None = None,
    on_progress: OnProgress | None = None,
    compute_in: ComputeIn | Cluster = ComputeIn.PROCESS,
    options: RunOptions = _AS_USUAL,
) -> Run:
    """Return the published run of a period. Distances that are not known yet are asked of `options.osrm_url`.

    Raises PeriodError, PeriodTakenError or RunInProgressError before anything is recorded; whatever is raised later
    is recorded with the run as its failure.
    """
    if not 0 < len(period.strip()) <= PERIOD_LENGTH or not period.isprintable():
        raise PeriodError(period)
    run = Run(run_id or new_run_id(), RunKind.EXCHANGE, period.strip(), RunStatus.RUNNING, started_at=utc_now())
    began = time.perf_counter()
    report = Reporter(on_progress)
    await start(graph, run, options.lease_s)
    try:
        async with (
            lease_kept(graph, run.run_id, options.lease_s),
            progress_written(graph, run.run_id, report, options.progress_s),
        ):
            snapshot, failure = await _input(graph, run.run_id, report, options.osrm_url)
            made = await _made(snapshot, run.run_id, report, compute_in, options)
            finished = finished_run(run, snapshot, made, distances_told(made, failure))
            run = await _published(graph, finished, (snapshot, made), report, began)
    except asyncio.CancelledError:
        await asyncio.shield(fail(graph, run.run_id, "The run was cancelled; nothing of it was visible."))
        raise
    except SymbiosisError as failure:
        published = await fail(graph, run.run_id, str(failure))
        if published is not None:
            return published
        raise
    except Exception as bug:
        await fail(graph, run.run_id, f"A bug ended the run ({type(bug).__name__}); its traceback is in the log.")
        raise
    return await _let_go(graph, run, options.keep)


async def _made(
    snapshot: Snapshot, run_id: RunId, report: Reporter, compute_in: ComputeIn | Cluster, options: RunOptions
) -> Computed:
    carry = options.carry_of(len(snapshot.supplies) + len(snapshot.demands))
    return await compute_beside(snapshot, run_id, report, compute_in, options.limits, carry)


async def _let_go(graph: Graph, run: Run, keep: Keep) -> Run:
    """Return a published run after letting go of what was kept for the plans before it."""
    with contextlib.suppress(StoreError):  # The run is published; the next one lets go of what is left behind.
        await forget_older(graph, run.run_id)
        await cleared(graph, keep)
    return run


async def is_up_to_date(graph: Graph) -> bool:
    """Return whether the published plan is the one for what the store holds now."""
    run = await graph.read(current_run, RunKind.EXCHANGE)
    return run is not None and run.input_sha256 == (await read_snapshot(graph)).sha256()


async def read_snapshot(graph: Graph) -> Snapshot:
    """Return the input that a run would have now."""
    return snapshot_of(await graph.read(read_market, RunKind.EXCHANGE))


async def _input(graph: Graph, run_id: RunId, report: Report, osrm_url: str | None) -> tuple[Snapshot, str | None]:
    """Return the input of the run, and why asking for distances ended early, if it did."""
    report(RunPhase.SNAPSHOT, 0.0, "sweeping what interrupted runs have left")
    await swept(graph, run_id)
    report(RunPhase.SNAPSHOT, 0.3, "reading open listings, factors and decisions")
    snapshot = await read_snapshot(graph)
    if osrm_url is None:
        return await near_published(graph, snapshot), None
    report(RunPhase.SNAPSHOT, 0.5, "asking the routing server for distances")
    failure = await learn_roads(graph, run_id, snapshot, osrm_url)
    return await near_published(graph, await read_snapshot(graph)), failure


async def _published(
    graph: Graph,
    finished: Run,
    work: tuple[Snapshot, Computed],
    report: Report,
    began: float,
) -> Run:
    at, (snapshot, made) = utc_now(), work
    for done in range(0, len(made.rows), BATCH):
        report(RunPhase.PUBLISH, done / len(made.rows), f"writing {len(made.rows)} suggestions")
        await graph.write(record_suggestions, finished.run_id, made.rows[done : done + BATCH], at)
    await remember(graph, finished.run_id, snapshot, made)
    run = replace(finished, finished_at=utc_now(), duration_s=round(time.perf_counter() - began, 3))
    await graph.write(publish_run, run)
    report(RunPhase.PUBLISH, 1.0, f"{len(made.rows)} suggestions published")
    return run


def distances_told(made: Computed, failure: str | None = None) -> str:
    """Return in words where the ways of the candidates come from."""
    ended = f"; {failure}, so the run went on with what was known" if failure else ""
    if made.by_road == 0:
        return f"great circle x detour factor for all candidates{ended}"
    rest = "" if made.by_road == made.on_roads else ", the others great circle x detour factor"
    return f"by road for {made.by_road} of {made.on_roads} candidates that go on roads{rest}{ended}"


def finished_run(run: Run, snapshot: Snapshot, made: Computed, distances: str) -> Run:
    """Return a run with everything that it keeps of its plan but when it ended."""
    return replace(
        run,
        status=RunStatus.PUBLISHED,
        input_sha256=snapshot.sha256(),
        objective_cent_per_year=made.objective_cent,
        bound_cent_per_year=made.bound_cent,
        gap_share=(made.bound_cent - made.objective_cent) / made.bound_cent if made.bound_cent > 0 else 0.0,
        avoided_gco2e_per_year=made.avoided_gco2e,
        supplies=len(snapshot.supplies),
        demands=len(snapshot.demands),
        candidates=made.candidates,
        left_out_small=made.left_out[LeftOut.LEAST_VALUE],
        left_out_emitting=made.left_out[LeftOut.LEAST_AVOIDED],
        components=made.components,
        suggestions=len(made.rows),
        solver=made.solver,
        check_verdict=made.verdict,
        plan_sha256=made.plan_sha256,
        distances=distances,
        stability_cost_cent_per_year=made.stability_cost_cent,
        change_counts=" ".join(count.as_text() for count in counted(made.changes)) or None,
    )
