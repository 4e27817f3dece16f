"""Where a run stands: what is known of the plan while it is made, and what other processes read of it."""

import asyncio
import logging
from typing import Final

import pytest

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run, RunKind, RunPhase, RunProgress, RunStatus
from symbiosis.matching.compute import Known, compute
from symbiosis.matching.progress import Reporter, progress_written
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.graph import Graph
from symbiosis.store.run_progress import note_progress, run_with_progress
from symbiosis.store.runs import Lease, RunLostError, fail_run, start_run
from tests.matching.markets import listing, market

AT: Final = "2026-11-22T10:00:00.000000Z"
LATER: Final = "2098-11-22T10:01:30.000000Z"
HALF: Final = RunProgress(RunPhase.OPTIMISE, 0.5, "solving", 60, 80)
MARKET: Final = market(
    listing("s1", "slag", 10_000, km=0),
    listing("d1", "aggregates", 4_000, km=1),
    listing("d2", "aggregates", 9_000, km=20),
)


def test_what_is_known_of_a_plan_closes_in_on_its_value() -> None:
    """Every supply at its best demand bounds the plan before it is solved; then the plan is proven."""
    told: list[Known] = []

    def report(phase: RunPhase, share: float, message: str, known: Known | None = None, /) -> None:
        if known is not None:
            told.append(known)

    made = compute(snapshot_of(MARKET), RunId("r"), report)
    first, *between, last = told
    assert first.best_cent == 0
    assert first.bound_cent is not None
    assert first.bound_cent > made.bound_cent
    assert last == (made.objective_cent, made.bound_cent)
    assert between == [last]  # One component, and so one step.


def test_what_is_known_stays_known_in_later_reports() -> None:
    heard: list[RunProgress] = []
    reporter = Reporter(heard.append)
    reporter(RunPhase.OPTIMISE, 0.0, "solving", Known(60, 80))
    reporter(RunPhase.CHECK, 0.5, "checking")
    assert heard == [
        RunProgress(RunPhase.OPTIMISE, 0.3, "solving", 60, 80),
        RunProgress(RunPhase.CHECK, 0.75, "checking", 60, 80),
    ]
    assert reporter.latest == heard[-1]


@pytest.mark.parametrize(
    ("best", "bound", "gap"), [(60, 80, 0.25), (80, 80, 0.0), (0, 0, 0.0), (None, 80, None), (-5, -5, 0.0)]
)
def test_the_gap_is_the_share_of_the_bound_that_is_not_reached(
    best: int | None, bound: int | None, gap: float | None
) -> None:
    assert RunProgress(RunPhase.OPTIMISE, 0.5, "solving", best, bound).gap_share == gap


async def progress_of(graph: Graph, run: Run) -> RunProgress | None:
    row = await graph.read(run_with_progress, run.run_id)
    assert row is not None
    return row.progress


async def begun(graph: Graph, name: str, until: str = LATER) -> Run:
    run = Run(RunId(name), RunKind.EXCHANGE, name, RunStatus.RUNNING, started_at=AT)
    await graph.write(start_run, run, Lease("host 1 0.00", AT, until), [])
    return run


@pytest.mark.store
async def test_progress_is_read_while_the_run_is_at_work(graph: Graph) -> None:
    run = await begun(graph, "one")
    assert await progress_of(graph, run) is None
    await graph.write(note_progress, run.run_id, HALF, AT)
    assert await progress_of(graph, run) == HALF
    unknown = RunProgress(RunPhase.CHECK, 0.7, "checking")
    await graph.write(note_progress, run.run_id, unknown, AT)
    assert await progress_of(graph, run) == unknown
    await graph.write(fail_run, run.run_id, "ended", AT)
    assert await progress_of(graph, run) is None


@pytest.mark.store
async def test_a_run_that_was_taken_over_writes_no_progress(graph: Graph) -> None:
    late = await begun(graph, "late", until="2026-11-22T09:00:00.000000Z")
    await begun(graph, "next")
    with pytest.raises(RunLostError):
        await graph.write(note_progress, late.run_id, HALF, AT)


@pytest.mark.store
async def test_progress_is_written_beside_the_work_and_told_in_the_log(
    graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    run, reporter = await begun(graph, "one"), Reporter(None)
    with caplog.at_level(logging.INFO, "symbiosis.matching.progress"):
        async with progress_written(graph, run.run_id, reporter, 0.01):
            reporter(RunPhase.OPTIMISE, 0.5, "solving", Known(60, 80))
            async with asyncio.timeout(20):
                while await progress_of(graph, run) != HALF:  # noqa: ASYNC110 - the store tells of nothing.
                    await asyncio.sleep(0.01)
    assert "Run one, optimise: 50 %, solving" in [record.getMessage() for record in caplog.records]
