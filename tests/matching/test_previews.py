"""Previews: what a run would decide now, kept for whoever asked, while everybody else goes on seeing the plan."""

import asyncio
from dataclasses import replace
from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.changes import ChangeCause, ChangeKind
from symbiosis.domain.fronts import FrontPointsError
from symbiosis.domain.ids import PersonId, RunId, TerritoryId
from symbiosis.domain.previews import KEPT_PREVIEWS, Preview
from symbiosis.domain.runs import Run, RunKind, RunStatus
from symbiosis.errors import RuleError
from symbiosis.matching.limits import Limits, RunOptions, RunTimeError
from symbiosis.matching.previews import run_preview
from symbiosis.matching.run import run_exchange
from symbiosis.matching.worker import ComputeIn
from symbiosis.store.front import front_of_run
from symbiosis.store.graph import Graph
from symbiosis.store.previews import keep_preview, note_preview, previewed_changes, previews_of
from symbiosis.store.run_changes import run_changes
from symbiosis.store.run_pages import run_by_id
from symbiosis.store.run_progress import run_with_progress
from symbiosis.store.runs import Lease, RunLostError, current_run, start_run
from tests.matching.conftest import Put
from tests.matching.markets import listing, market

ANNE: Final = Preview(PersonId("per-anne"))
AT: Final = "2026-11-22T10:00:00.000000Z"
LATER: Final = "2098-11-22T10:01:30.000000Z"

MARKET: Final = market(
    listing("s1", "slag", 10_000, km=0),
    listing("s2", "slag", 5_000, km=3),
    listing("d1", "aggregates", 4_000, km=1),
    listing("d2", "aggregates", 6_000, km=20),
)
MORE: Final[LiteralString] = """
MATCH (l:Listing {id: 'd1'}) SET l.quantity_base_per_year = 9000, l.version = l.version + 1
"""
SYNERGIES: Final[LiteralString] = "MATCH (s:Synergy) RETURN count(s) AS synergies"
PARTS: Final[LiteralString] = "MATCH (p:PlanPart) RETURN count(p) AS parts"
PLACED: Final[LiteralString] = """
MERGE (territory:Territory {id: 'north'})
MERGE (commune:Commune {insee: '69001'})
MERGE (commune)-[:IN]->(territory)
WITH commune
UNWIND $site_ids AS site_id
MATCH (site:Site {id: site_id})
CREATE (site)-[:IN]->(commune)
"""


async def rows(graph: Graph, query: LiteralString, **parameters: Any) -> list[Any]:
    return list(await graph.write(lambda tx: tx.run(query, **parameters)))


async def publish(graph: Graph, period: str) -> Run:
    return await run_exchange(graph, period=period, compute_in=ComputeIn.THREAD)


async def previewed(graph: Graph, preview: Preview = ANNE) -> Run:
    return await run_preview(graph, preview=preview, compute_in=ComputeIn.THREAD)


@pytest.mark.store
async def test_a_preview_says_what_the_next_run_will_do_and_changes_nothing(graph: Graph, put: Put) -> None:
    await put(MARKET)
    before = await publish(graph, "first")
    await rows(graph, MORE)
    synergies = await rows(graph, SYNERGIES)
    seen = await previewed(graph)
    assert (seen.kind, seen.status) == (RunKind.PREVIEW, RunStatus.PREVIEW)
    assert await graph.read(run_by_id, seen.run_id) == seen
    assert await graph.read(current_run, RunKind.EXCHANGE) == before
    assert await rows(graph, SYNERGIES) == synergies
    changes = await graph.read(previewed_changes, seen.run_id)
    after = await publish(graph, "second")
    same = ("objective_cent_per_year", "bound_cent_per_year", "plan_sha256", "input_sha256", "change_counts")
    assert [getattr(seen, name) for name in same] == [getattr(after, name) for name in same]
    assert seen.objective_cent_per_year != before.objective_cent_per_year
    assert [row.change for row in changes] == await graph.read(run_changes, after.run_id, 100)
    assert {(row.supply_site_id, row.demand_site_id) for row in changes} <= {
        (f"site-of-{supply}", f"site-of-{demand}") for supply in ("s1", "s2") for demand in ("d1", "d2")
    }


@pytest.mark.store
async def test_a_preview_of_a_territory_leaves_alone_what_crosses_its_border(graph: Graph, put: Put) -> None:
    """s1 gives d1 4 t and d2, which is beyond, 6 t. Once d1 wants 9 t, s1 has no more within the territory."""
    await put(replace(MARKET, listings=tuple(x for x in MARKET.listings if x.listing_id != "s2")))
    await publish(graph, "first")
    await rows(graph, PLACED, site_ids=["site-of-s1", "site-of-d1"])
    await rows(graph, MORE)
    within = Preview(ANNE.started_by, TerritoryId("north"))
    seen = await previewed(graph, within)
    assert (seen.supplies, seen.demands, seen.suggestions) == (1, 1, 1)
    assert await graph.read(previewed_changes, seen.run_id) == []
    row = await graph.read(run_with_progress, seen.run_id)
    assert row is not None
    assert row.preview == within
    whole = await previewed(graph)
    kinds = {
        (row.change.demand_id, row.change.kind, row.change.cause)
        for row in await graph.read(previewed_changes, whole.run_id)
    }
    assert kinds == {
        ("d1", ChangeKind.LARGER, ChangeCause.LISTING_CHANGED),
        ("d2", ChangeKind.SMALLER, ChangeCause.DISPLACED),
    }


@pytest.mark.store
async def test_a_listing_that_gives_all_it_has_beyond_the_border_gives_nothing_within(graph: Graph, put: Put) -> None:
    await put(market(listing("s1", "slag", 6_000), listing("d2", "aggregates", 6_000, km=20)))
    await publish(graph, "first")
    await rows(graph, PLACED, site_ids=["site-of-s1"])
    seen = await previewed(graph, Preview(ANNE.started_by, TerritoryId("north")))
    assert (seen.supplies, seen.demands, seen.suggestions, seen.objective_cent_per_year) == (1, 0, 0, 0)


@pytest.mark.store
async def test_a_preview_with_a_front_keeps_it_and_gives_it_to_the_run_of_the_same_market(
    graph: Graph, put: Put
) -> None:
    await put(MARKET)
    current = await publish(graph, "first")
    seen = await previewed(graph, Preview(ANNE.started_by, front_points=3))
    front = await graph.read(front_of_run, seen.run_id)
    assert front is not None
    assert len(front) == 3
    assert front[0].value_cent_per_year == seen.objective_cent_per_year
    assert await graph.read(front_of_run, current.run_id) == front
    await rows(graph, MORE)
    other = await previewed(graph, Preview(ANNE.started_by, front_points=2))
    assert await graph.read(front_of_run, current.run_id) == front
    assert await graph.read(front_of_run, other.run_id) != front


def test_a_front_of_one_point_is_refused() -> None:
    with pytest.raises(FrontPointsError, match="not 1"):
        Preview(ANNE.started_by, front_points=1)


@pytest.mark.store
async def test_the_newest_of_each_person_s_previews_are_kept(graph: Graph) -> None:
    for number in range(KEPT_PREVIEWS + 2):
        await _keep(graph, f"anne-{number:02}", ANNE, f"2026-11-22T10:00:{number:02}.000000Z")
    await _keep(graph, "bert", Preview(PersonId("per-bert")), AT)
    names = [row.run.run_id for row in await graph.read(previews_of, ANNE.started_by)]
    assert names == [f"anne-{number:02}" for number in range(KEPT_PREVIEWS + 1, 1, -1)]
    assert [row.run.run_id for row in await graph.read(previews_of, PersonId("per-bert"))] == ["bert"]


async def _keep(graph: Graph, name: str, preview: Preview, at: str) -> None:
    run = Run(RunId(name), RunKind.PREVIEW, name, RunStatus.RUNNING, started_at=at)
    await graph.write(start_run, run, Lease("host 1 0.00", at, LATER), [])
    await graph.write(note_preview, run.run_id, preview, at)
    await graph.write(keep_preview, run, preview, ())


@pytest.mark.store
async def test_a_preview_that_another_took_over_is_not_kept(graph: Graph) -> None:
    run = Run(RunId("late"), RunKind.PREVIEW, "late", RunStatus.RUNNING, started_at=AT)
    await graph.write(start_run, run, Lease("host 1 0.00", AT, AT), [])
    await graph.write(note_preview, run.run_id, ANNE, AT)
    await _keep(graph, "next", ANNE, LATER)
    with pytest.raises(RunLostError):
        await graph.write(keep_preview, run, ANNE, ())
    with pytest.raises(RunLostError):
        await graph.write(note_preview, run.run_id, ANNE, LATER)
    assert [(row.run.run_id, row.run.status) for row in await graph.read(previews_of, ANNE.started_by)] == [
        ("next", RunStatus.PREVIEW),
        ("late", RunStatus.FAILED),
    ]


@pytest.mark.store
async def test_a_preview_that_fails_says_why_and_leaves_nothing(graph: Graph, put: Put) -> None:
    await put(MARKET)
    options = RunOptions(limits=Limits(time_s=0.001))
    with pytest.raises(RunTimeError):
        await run_preview(graph, preview=ANNE, options=options)
    (failed,) = [row.run for row in await graph.read(previews_of, ANNE.started_by)]
    assert failed.status is RunStatus.FAILED
    assert failed.failure is not None
    assert "0.001 s" in failed.failure
    assert (await rows(graph, PARTS))[0]["parts"] == 0


@pytest.mark.store
async def test_a_preview_and_a_run_do_not_wait_for_each_other(graph: Graph, put: Put) -> None:
    await put(MARKET)
    both = await asyncio.gather(previewed(graph), publish(graph, "first"), return_exceptions=True)
    assert not [each for each in both if isinstance(each, RuleError)]
    assert {each.status for each in both if isinstance(each, Run)} == {RunStatus.PREVIEW, RunStatus.PUBLISHED}
