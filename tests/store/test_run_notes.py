"""What a run writes beside its suggestions, and that one which was stalled and taken over writes nothing of it."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.changes import ChangeCause, ChangeKind, PairChange
from symbiosis.domain.ids import ListingId, RunId
from symbiosis.domain.roads import Roads
from symbiosis.domain.runs import Run, RunKind, RunPhase, RunProgress
from symbiosis.domain.scenarios import PlannedPair, ScenarioRun
from symbiosis.matching.roads import keep_roads
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.run_notes import forget_old_inputs, record_changes, record_input
from symbiosis.store.run_progress import note_progress
from symbiosis.store.runs import RunLostError, publish_run, record_suggestions, renew_lease, start_run
from symbiosis.store.scenarios import publish_scenario, record_pairs
from tests.store.test_runs import AT, MUCH_LATER, PUT_LISTINGS, a_lease, a_row, a_run, begin, rows

pytestmark = pytest.mark.store

WRITTEN: Final[LiteralString] = """
MATCH (n) WHERE n:RunInput OR n:Roads OR n:PlanPart OR n:Synergy
RETURN labels(n) AS labels, properties(n) AS facts
ORDER BY n.id LIMIT 100
"""
RUN: Final[LiteralString] = """
MATCH (run:Run {id: 'r1'})
RETURN run.status AS status, run.lease_until AS lease_until, count{(run)-->()} AS links
"""
PARTS: Final[LiteralString] = "MATCH (part:RunInput) RETURN part.id AS id ORDER BY id LIMIT 10"
CHANGE: Final = PairChange(
    ListingId("s1"), ListingId("d1"), ChangeKind.NEW, ChangeCause.LISTING_NEW, "s1", 0, 1000, 0, 7
)

Write = Callable[[Tx, Run], Awaitable[None]]


async def scenario(tx: Tx, run: Run) -> None:
    await publish_scenario(tx, ScenarioRun(run, "", "", 0, 0, 0))


WRITES: Final[dict[str, Write]] = {
    "suggestions": lambda tx, run: record_suggestions(tx, run.run_id, [a_row("r1", 3)], AT),
    "changes": lambda tx, run: record_changes(tx, run.run_id, [CHANGE]),
    "input": lambda tx, run: record_input(tx, run.run_id, 0, "text"),
    "roads": lambda tx, run: keep_roads(tx, run.run_id, [Roads("45.7,4.8", ("45.8,4.9",), (12_000,))], "http://osrm"),
    "pairs of a scenario": lambda tx, run: record_pairs(tx, run.run_id, 0, list[PlannedPair]()),
    "progress": lambda tx, run: note_progress(tx, run.run_id, RunProgress(RunPhase.CHECK, 0.7, "checking"), AT),
    "renewal": lambda tx, run: renew_lease(tx, run.run_id, MUCH_LATER),
    "publication": publish_run,
    "publication of a scenario": scenario,
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
@pytest.mark.parametrize("how", ["given up", "of an older epoch"])
async def test_a_run_that_was_taken_over_writes_nothing_at_all(graph: Graph, write: Write, how: str) -> None:
    await rows(graph, PUT_LISTINGS)
    stalled = await begin(graph, "r1", "2026")
    if how == "given up":
        await graph.write(start_run, a_run("r2", "2027"), a_lease(), [stalled.run_id])
    else:
        await rows(graph, "MATCH (c:Current {kind: 'EXCHANGE'}) SET c.epoch = c.epoch + 1")
    before = [await told(graph, query) for query in (WRITTEN, RUN)]
    with pytest.raises(RunLostError):
        await graph.write(write, stalled)
    assert [await told(graph, query) for query in (WRITTEN, RUN)] == before


async def told(graph: Graph, query: LiteralString) -> list[dict[str, Any]]:
    return [dict(row) for row in await rows(graph, query)]


async def test_inputs_are_let_go_unless_their_run_is_current_or_at_work_whoever_asks(graph: Graph) -> None:
    """r1 was stopped between its publication and this; r2 is current by now, and r3 writes what it is made from."""
    for name in ("r1", "r2", "r3"):
        await graph.write(start_run, a_run(name, name), a_lease(), [])
        await graph.write(record_input, RunId(name), 0, name)
        if name != "r3":
            await graph.write(publish_run, a_run(name, name, finished_at=AT))
    await graph.write(forget_old_inputs, RunKind.EXCHANGE, RunId("r1"))
    assert [row["id"] for row in await rows(graph, PARTS)] == ["r2/000000", "r3/000000"]
