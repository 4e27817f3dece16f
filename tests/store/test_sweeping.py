"""What is not kept: plans are retired first and removed after, and nothing that people have taken up goes with them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, LiteralString

import pytest

from symbiosis.domain.changes import ChangeCause, ChangeKind, PairChange
from symbiosis.domain.ids import ListingId, RunId
from symbiosis.domain.runs import RunKind, RunStatus
from symbiosis.matching.retention import swept
from symbiosis.store.flow_columns import PlanNotKeptError, suggested_flows
from symbiosis.store.graph import Graph
from symbiosis.store.pages import RunGoneError
from symbiosis.store.run_notes import record_changes
from symbiosis.store.run_pages import run_by_id
from symbiosis.store.runs import RunLostError, fail_run, publish_run, record_suggestions, start_run
from symbiosis.store.sweeping import Keep, Swept, forget_failed, left_behind, retire_runs, sweep_run, sweep_synergies
from tests.store.test_runs import (
    AT,
    COUNT_SUGGESTS,
    LATER,
    PUT_LISTINGS,
    REJECT,
    STATUSES,
    a_lease,
    a_row,
    a_run,
    begin,
    rows,
)
from tests.store.test_synergies import PUT, page, publish, shown, walk

pytestmark = pytest.mark.store

NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)
ALL_OF_THEM: Final = Keep(runs=1000, days=100_000)
SUGGESTED_BY: Final[LiteralString] = """
MATCH (run:Run)-[:SUGGESTS]->(synergy:Synergy)
RETURN run.id AS run, synergy.id AS synergy
ORDER BY run, synergy LIMIT 100
"""
TOUCH: Final[dict[str, LiteralString]] = {
    "taken up": "MATCH (s:Synergy {id: 'syn1'}) SET s.status = 'SHORTLISTED', s.version = 2",
    "taken up and given back": "MATCH (s:Synergy {id: 'syn1'}) SET s.version = 3",
    "assigned": "MATCH (s:Synergy {id: 'syn1'}) SET s.assignee_id = 'p1'",
    "with an activity": "MATCH (s:Synergy {id: 'syn1'}) SET s.last_activity_at = '2026-11-22T11:00:00.000000Z'",
    "with evidence": "MATCH (s:Synergy {id: 'syn1'}) CREATE (:SynergyEvidence {id: 'e1'})-[:ABOUT]->(s)",
    "with a delivery": "MATCH (s:Synergy {id: 'syn1'}) CREATE (:Delivery {id: 'd1'})-[:OF]->(s)",
    "with a consent": "MATCH (s:Synergy {id: 'syn1'}) CREATE (:Consent {id: 'c1'})-[:CONSENTS_TO]->(s)",
}


async def published(graph: Graph, name: str, finished_at: str, numbers: tuple[int, ...] = (1, 2)) -> None:
    run = await begin(graph, name, name, numbers=numbers)
    await graph.write(publish_run, replace(run, finished_at=finished_at))


async def sweep_some(graph: Graph, at_most: int = 2) -> Swept:
    left = await graph.read(left_behind)
    if left is None:
        return await graph.write(sweep_synergies, at_most)
    return await graph.write(sweep_run, left[0], left[1][:at_most])


async def sweep_all(graph: Graph) -> Swept:
    in_all = Swept()
    while some := await sweep_some(graph):
        in_all += some
    return in_all


async def test_a_sweep_takes_what_failed_runs_left_and_nothing_else(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    await graph.write(publish_run, await begin(graph, "r1", "2026"))
    await rows(graph, REJECT, id="syn1")
    failed = await begin(graph, "r2", "2027", numbers=(1, 2, 3, 4, 5))
    await graph.write(fail_run, failed.run_id, "killed", AT)
    assert await sweep_all(graph) == Swept(suggestions=5, changes=0, synergies=3)
    assert [(row["id"], row["status"]) for row in await rows(graph, STATUSES)] == [
        ("syn1", "REJECTED"),
        ("syn2", "SUGGESTED"),
    ]
    assert (await rows(graph, COUNT_SUGGESTS))[0]["suggestions"] == 2


async def test_plans_beyond_the_number_that_is_kept_are_retired_newest_last(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    for name in ("r5", "r4", "r3", "r2", "r1"):  # The clocks of several servers may differ: epochs tell the order.
        await published(graph, name, AT)
    assert await graph.write(retire_runs, Keep(runs=3, days=400), NOW) == ["r4", "r5"]
    assert await graph.write(retire_runs, Keep(runs=3, days=400), NOW) == []
    retired = await graph.read(run_by_id, RunId("r4"))
    assert retired is not None
    assert (retired.status, retired.retired_at) == (RunStatus.PUBLISHED, "2026-11-23T00:00:00.000000Z")


async def test_old_plans_are_retired_but_never_the_current_one_and_the_one_before(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    for name, day in (("r1", "01"), ("r2", "02"), ("r3", "03"), ("r4", "04")):
        await published(graph, name, f"2026-11-{day}T10:00:00.000000Z")
    assert await graph.write(retire_runs, Keep(runs=60, days=21), NOW) == ["r1"]
    assert await graph.write(retire_runs, Keep(runs=60, days=1), NOW) == ["r2"]
    assert await graph.write(retire_runs, Keep(runs=2, days=1), NOW) == []


async def test_a_plan_that_does_not_say_when_it_was_published_is_as_old_as_its_start(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    for name in ("r1", "r2", "r3"):
        await published(graph, name, AT)
    await rows(graph, "MATCH (r:Run {id: 'r1'}) REMOVE r.finished_at SET r.started_at = '2020-01-01T00:00:00.000000Z'")
    assert await graph.write(retire_runs, Keep(runs=60, days=400), NOW) == ["r1"]


async def test_what_is_at_work_or_failed_or_of_another_kind_is_never_retired(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    for name in ("r1", "r2", "r3"):
        await published(graph, name, AT)
    failed = await begin(graph, "r4", "4")
    await graph.write(fail_run, failed.run_id, "killed", AT)
    scenario = replace(a_run("r0", "what if", finished_at=AT), kind=RunKind.SCENARIO)
    await graph.write(start_run, scenario, a_lease(), [])
    await rows(graph, "MATCH (r:Run {id: 'r0'}) SET r.status = 'PUBLISHED', r.finished_at = $at", at=AT)
    await begin(graph, "r5", "5")
    assert await graph.write(retire_runs, Keep(runs=2, days=1), NOW) == ["r1"]


async def failed_runs(graph: Graph) -> list[str]:
    return [
        row["id"]
        for row in await rows(graph, "MATCH (r:Run {status: 'FAILED'}) RETURN r.id AS id ORDER BY id LIMIT 100")
    ]


async def test_records_of_failed_runs_go_by_number_and_age_but_for_the_newest_of_each_kind(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("symbiosis.store.sweeping.LEAST_FAILED", 2)
    put: LiteralString = "CREATE (r:Run {id: $id, kind: $kind, status: $status, started_at: $at, finished_at: $at})"
    for day in range(1, 7):
        at = f"2026-11-0{day}T10:00:00.000000Z"
        await rows(graph, put, id=f"r{day}", kind="EXCHANGE", status="FAILED", at=at)
    await rows(graph, put, id="p1", kind="PREVIEW", status="FAILED", at="2020-01-01T10:00:00.000000Z")
    await rows(graph, put, id="s1", kind="EXCHANGE", status="PUBLISHED", at="2020-01-01T10:00:00.000000Z")
    assert await graph.write(forget_failed, Keep(runs=5, days=400), NOW) == Swept(failed_runs=1)
    assert await failed_runs(graph) == ["p1", "r2", "r3", "r4", "r5", "r6"]
    assert await graph.write(forget_failed, Keep(runs=5, days=20), NOW) == Swept(failed_runs=1)
    assert await failed_runs(graph) == ["p1", "r3", "r4", "r5", "r6"]
    assert await graph.write(forget_failed, Keep(runs=2, days=1), NOW) == Swept(failed_runs=2)
    assert await failed_runs(graph) == ["p1", "r5", "r6"]
    assert not await graph.write(forget_failed, Keep(runs=2, days=1), NOW)
    assert await rows(graph, "MATCH (r:Run {id: 's1'}) RETURN r.id AS id") == [{"id": "s1"}]


async def test_a_failed_run_is_not_forgotten_before_what_it_left_is_swept(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("symbiosis.store.sweeping.LEAST_FAILED", 0)
    await rows(graph, PUT_LISTINGS)
    await published(graph, "r1", AT)
    failed = await begin(graph, "r2", "2", numbers=(3, 4))
    await graph.write(fail_run, failed.run_id, "killed", "2020-01-01T00:00:00.000000Z")
    assert not await graph.write(forget_failed, Keep(), NOW)
    assert await sweep_all(graph) == Swept(suggestions=2, synergies=2)
    assert await graph.write(forget_failed, Keep(), NOW) == Swept(failed_runs=1)
    assert await graph.read(run_by_id, RunId("r2")) is None


async def test_a_reader_in_the_middle_of_a_plan_that_is_retired_is_refused_before_any_of_it_is_removed(
    graph: Graph,
) -> None:
    await rows(graph, PUT)
    await publish(graph, "r1", (1, 2, 3, 4, 5))
    old = await page(graph)
    await publish(graph, "r2", (2, 5, 6, 7))
    newer = await page(graph)
    await publish(graph, "r3", (1, 7))
    assert len(await walk(graph, old.cursors[-1])) == 3
    await graph.write(retire_runs, Keep(runs=2, days=400), NOW)
    with pytest.raises(RunGoneError, match="begin again at the first page"):
        await page(graph, old.cursors[-1])
    await sweep_some(graph)
    with pytest.raises(RunGoneError):
        await page(graph, old.cursors[-1])
    assert await sweep_all(graph)
    rest = await walk(graph, newer.cursors[-1])
    assert shown(newer) + rest == [(f"syn{number}", "r2") for number in (2, 5, 6, 7)]


async def test_what_a_retired_plan_suggested_goes_and_its_figures_stay(graph: Graph) -> None:
    """syn2 is in a plan that is kept, syn3 was taken up; syn1 and syn4 are needed by nobody."""
    await rows(graph, PUT_LISTINGS)
    first = await begin(graph, "r1", "1", numbers=(1, 2, 3, 4))
    await graph.write(publish_run, replace(first, objective_cent_per_year=28, suggestions=4))
    await published(graph, "r2", LATER, (2,))
    await published(graph, "r3", LATER, (2,))
    await rows(graph, "MATCH (s:Synergy {id: 'syn3'}) SET s.status = 'NEGOTIATION', s.version = 4")
    await graph.write(retire_runs, Keep(runs=2, days=400), NOW)
    assert await sweep_all(graph) == Swept(suggestions=4, changes=0, synergies=2)
    left = [(row["run"], row["synergy"]) for row in await rows(graph, SUGGESTED_BY)]
    assert left == [("r2", "syn2"), ("r3", "syn2")]
    assert [(row["id"], row["status"]) for row in await rows(graph, STATUSES)] == [
        ("syn2", "SUGGESTED"),
        ("syn3", "NEGOTIATION"),
    ]
    run = await graph.read(run_by_id, RunId("r1"))
    assert run is not None
    assert (run.status, run.objective_cent_per_year, run.suggestions) == (RunStatus.PUBLISHED, 28, 4)


@pytest.mark.parametrize("touch", TOUCH.values(), ids=TOUCH.keys())
async def test_a_synergy_at_which_people_left_anything_outlives_every_plan(graph: Graph, touch: LiteralString) -> None:
    await rows(graph, PUT_LISTINGS)
    failed = await begin(graph, "r1", "1", numbers=(1, 2))
    await rows(graph, touch)
    await graph.write(fail_run, failed.run_id, "killed", AT)
    assert await sweep_all(graph) == Swept(suggestions=2, changes=0, synergies=1)
    assert [row["id"] for row in await rows(graph, STATUSES)] == ["syn1"]


async def test_a_synergy_that_a_kept_plan_tells_as_gone_stays_until_that_plan_goes(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    gone = PairChange(ListingId("s1"), ListingId("d1"), ChangeKind.GONE, ChangeCause.DISPLACED, "", 1000, 0, 7, 0)
    await rows(graph, "CREATE (:Synergy {id: $id, status: 'SUGGESTED', version: 1})", id=gone.synergy_id)
    await published(graph, "r1", AT, (2,))
    second = await begin(graph, "r2", "2", numbers=(2,))
    await graph.write(record_changes, second.run_id, [gone])
    await graph.write(publish_run, second)
    await published(graph, "r3", LATER, (2,))
    await graph.write(retire_runs, Keep(runs=2, days=400), NOW)
    assert await sweep_all(graph) == Swept(suggestions=1)
    await published(graph, "r4", LATER, (2,))
    await graph.write(retire_runs, Keep(runs=2, days=400), NOW)
    assert await sweep_all(graph) == Swept(suggestions=1, changes=1, synergies=1)


async def test_a_run_that_was_taken_over_sweeps_nothing(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    failed = await begin(graph, "r1", "1")
    await graph.write(fail_run, failed.run_id, "killed", AT)
    stalled = await begin(graph, "r2", "2", numbers=())
    await graph.write(start_run, a_run("r3", "3"), a_lease(), [stalled.run_id])
    with pytest.raises(RunLostError):
        await swept(graph, held_by=stalled.run_id)
    with pytest.raises(RunLostError):
        await graph.write(sweep_synergies, 10, stalled.run_id)
    assert (await rows(graph, COUNT_SUGGESTS))[0]["suggestions"] == 2
    assert await swept(graph, held_by=RunId("r3")) == Swept(suggestions=2, changes=0, synergies=2)


async def test_an_analysis_of_a_period_whose_plan_is_no_longer_kept_says_so(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    for name, day in (("r1", "01"), ("r2", "02"), ("r3", "03")):
        await published(graph, name, f"2026-11-{day}T10:00:00.000000Z")
    await graph.write(retire_runs, Keep(runs=2, days=400), NOW)
    with pytest.raises(PlanNotKeptError, match=r"The plan of the run r1, current before 2026-11-02.* no longer kept"):
        await graph.read(suggested_flows, RunKind.EXCHANGE, "2026-11-02")
    assert await graph.read(suggested_flows, RunKind.EXCHANGE, "2026-11-03") == []


async def test_nothing_is_retired_within_what_is_kept(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    for name in ("r1", "r2", "r3"):
        await published(graph, name, AT)
    before = [tuple(row.values()) for row in await rows(graph, SUGGESTED_BY)]
    assert await graph.write(retire_runs, ALL_OF_THEM, NOW) == []
    assert await sweep_all(graph) == Swept()
    assert [tuple(row.values()) for row in await rows(graph, SUGGESTED_BY)] == before
    assert await graph.write(record_suggestions, (await begin(graph, "r4", "4")).run_id, [a_row("r4", 3)], AT) is None
