"""Runs in the store: one at a time, out of sight until published, and no longer able to publish once given up."""

from dataclasses import replace
from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.desk import Audience
from symbiosis.domain.ids import ListingId, RunId, SynergyId
from symbiosis.domain.runs import Run, RunKind, RunStatus
from symbiosis.domain.synergies import Proposal, Suggestion
from symbiosis.store.desk import history_page
from symbiosis.store.graph import Graph
from symbiosis.store.pages import PageRequest
from symbiosis.store.run_pages import newest_runs, run_by_id
from symbiosis.store.runs import (
    Lease,
    ListingGoneError,
    PeriodTakenError,
    RunInProgressError,
    RunLostError,
    current_run,
    fail_run,
    publish_run,
    record_suggestions,
    renew_lease,
    running_runs,
    start_run,
)

pytestmark = pytest.mark.store

AT: Final = "2026-11-22T10:00:00.000000Z"
LATER: Final = "2026-11-22T10:01:30.000000Z"
MUCH_LATER: Final = "2026-11-22T12:00:00.000000Z"
PUT_LISTINGS: Final[LiteralString] = (
    "UNWIND range(1, 9) AS n CREATE (:Listing {id: 's' + n}) CREATE (:Listing {id: 'd' + n})"
)
STATUSES: Final[LiteralString] = """
MATCH (s:Synergy)
RETURN s.id AS id, s.status AS status, s.basis AS basis, s.version AS version, s.reason AS reason
ORDER BY id LIMIT 100
"""
COUNT_SUGGESTS: Final[LiteralString] = "MATCH (:Run)-[s:SUGGESTS]->(:Synergy) RETURN count(s) AS suggestions"
REJECT: Final[LiteralString] = """
MATCH (s:Synergy {id: $id}) SET s.status = 'REJECTED', s.reason = 'PRICE', s.version = s.version + 1
"""


async def rows(graph: Graph, query: LiteralString, **parameters: Any) -> list[Any]:
    return list(await graph.write(lambda tx: tx.run(query, **parameters)))


def a_run(name: str, period: str = "2026", **facts: Any) -> Run:
    return Run(RunId(name), RunKind.EXCHANGE, period, RunStatus.RUNNING, started_at=AT, **facts)


def a_lease(at: str = AT, until: str = LATER) -> Lease:
    return Lease("host 1 0.00", at, until)


def a_row(run_id: str, number: int, basis: str = "1:1") -> Proposal:
    suggestion = Suggestion(
        run_id=RunId(run_id),
        synergy_id=SynergyId(f"syn{number}"),
        rank=number,
        quantity_base_per_year=1000,
        distance_m=5,
        value_cent_per_year=7,
        avoided_disposal_cent_per_year=7,
        avoided_purchase_cent_per_year=0,
        transport_cent_per_year=0,
        treatment_cent_per_year=0,
        supplier_share_cent_per_year=3,
        receiver_share_cent_per_year=4,
        avoided_gco2e_per_year=-1,
        match="SAME_RESOURCE",
        technique=None,
        estimated=False,
    )
    return Proposal(ListingId(f"s{number}"), ListingId(f"d{number}"), basis, suggestion)


async def begin(graph: Graph, name: str, period: str, *, basis: str = "1:1", numbers: tuple[int, ...] = (1, 2)) -> Run:
    run = a_run(name, period, finished_at=LATER)
    await graph.write(start_run, run, a_lease(), [])
    await graph.write(record_suggestions, run.run_id, [a_row(name, number, basis) for number in numbers], AT)
    return run


async def status_of(graph: Graph, name: str) -> RunStatus | None:
    run = await graph.read(run_by_id, RunId(name))
    return None if run is None else run.status


async def test_a_started_run_is_running_under_its_lease(graph: Graph) -> None:
    await graph.write(start_run, a_run("r1"), a_lease(), [])
    assert await status_of(graph, "r1") is RunStatus.RUNNING
    [running] = await graph.read(running_runs, RunKind.EXCHANGE)
    assert (running.run_id, running.period, running.holder, running.lease_until) == ("r1", "2026", "host 1 0.00", LATER)


async def test_another_run_is_refused_until_the_lease_has_run_out(graph: Graph) -> None:
    await graph.write(start_run, a_run("r1"), a_lease(), [])
    with pytest.raises(RunInProgressError, match=f"may start after {LATER}"):
        await graph.write(start_run, a_run("r2", "2027"), a_lease(), [])
    assert await status_of(graph, "r2") is None
    await graph.write(start_run, a_run("r2", "2027"), a_lease(at=MUCH_LATER), [])
    assert await status_of(graph, "r1") is RunStatus.FAILED
    assert await status_of(graph, "r2") is RunStatus.RUNNING


async def test_runs_are_listed_newest_first_failed_ones_too(graph: Graph) -> None:
    await graph.write(start_run, a_run("r1"), a_lease(), [])
    await graph.write(fail_run, RunId("r1"), "no reason", AT)
    await graph.write(start_run, replace(a_run("r2"), started_at=LATER), a_lease(), [])
    listed = await graph.read(newest_runs, 5)
    assert [(run.run_id, run.status) for run in listed] == [("r2", RunStatus.RUNNING), ("r1", RunStatus.FAILED)]
    assert [run.run_id for run in await graph.read(newest_runs, 1)] == ["r2"]


async def test_a_renewed_lease_holds_and_a_lost_one_cannot_be_renewed(graph: Graph) -> None:
    await graph.write(start_run, a_run("r1"), a_lease(), [])
    await graph.write(renew_lease, RunId("r1"), "2026-11-22T13:00:00.000000Z")
    with pytest.raises(RunInProgressError):
        await graph.write(start_run, a_run("r2"), a_lease(at=MUCH_LATER), [])
    await graph.write(start_run, a_run("r2"), a_lease(), [RunId("r1")])
    with pytest.raises(RunLostError):
        await graph.write(renew_lease, RunId("r1"), MUCH_LATER)


async def test_a_run_that_was_given_up_can_neither_write_nor_publish(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    lost = await begin(graph, "r1", "2026")
    await graph.write(start_run, a_run("r2"), a_lease(), [lost.run_id])
    with pytest.raises(RunLostError, match="r1 lost its lease before it was published; nothing of it is visible"):
        await graph.write(publish_run, lost)
    with pytest.raises(RunLostError):
        await graph.write(record_suggestions, lost.run_id, [a_row("r1", 3)], AT)
    assert await graph.read(current_run, RunKind.EXCHANGE) is None


async def test_the_epoch_of_a_kind_grows_with_each_run_that_starts(graph: Graph) -> None:
    await graph.write(start_run, a_run("r1"), a_lease(), [])
    with pytest.raises(RunInProgressError):
        await graph.write(start_run, a_run("r2", "2027"), a_lease(), [])
    await graph.write(start_run, a_run("r3", "2028"), a_lease(at=MUCH_LATER), [])
    epochs = await rows(graph, "MATCH (r:Run) RETURN r.id AS id, r.epoch AS epoch ORDER BY id LIMIT 9")
    assert [tuple(row.values()) for row in epochs] == [("r1", 1), ("r3", 2)]


async def test_a_run_of_an_older_epoch_can_neither_write_nor_publish_though_it_says_that_it_runs(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    stalled = await begin(graph, "r1", "2026")
    await rows(graph, "MATCH (c:Current {kind: 'EXCHANGE'}) SET c.epoch = c.epoch + 1")
    with pytest.raises(RunLostError):
        await graph.write(record_suggestions, stalled.run_id, [a_row("r1", 3)], AT)
    with pytest.raises(RunLostError):
        await graph.write(publish_run, stalled)
    assert await graph.read(current_run, RunKind.EXCHANGE) is None
    assert (await rows(graph, COUNT_SUGGESTS))[0]["suggestions"] == 2


async def test_a_published_period_is_taken_and_a_failed_one_is_free(graph: Graph) -> None:
    await graph.write(start_run, a_run("r1"), a_lease(), [])
    assert await graph.write(fail_run, RunId("r1"), "no reason", AT)
    assert not await graph.write(fail_run, RunId("r1"), "twice", AT)
    await graph.write(start_run, a_run("r2"), a_lease(), [])
    await graph.write(publish_run, a_run("r2", finished_at=LATER))
    with pytest.raises(PeriodTakenError, match="The period 2026 has its run already"):
        await graph.write(start_run, a_run("r3"), a_lease(), [])
    failed = await graph.read(run_by_id, RunId("r1"))
    assert failed is not None
    assert failed.failure == "no reason"


async def test_nothing_is_current_before_the_flip_and_one_run_is_after_it(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    first = await begin(graph, "r1", "2026")
    assert await graph.read(current_run, RunKind.EXCHANGE) is None
    await graph.write(publish_run, first)
    second = await begin(graph, "r2", "2027")
    current = await graph.read(current_run, RunKind.EXCHANGE)
    assert current is not None
    assert current.run_id == "r1"
    await graph.write(publish_run, second)
    current = await graph.read(current_run, RunKind.EXCHANGE)
    assert current is not None
    assert (current.run_id, current.status) == ("r2", RunStatus.PUBLISHED)
    assert (await rows(graph, "MATCH (:Current)-[is:IS]->(:Run) RETURN count(is) AS n"))[0]["n"] == 1


async def test_a_plan_with_a_listing_that_is_gone_is_refused_whole(graph: Graph) -> None:
    await rows(graph, PUT_LISTINGS)
    await graph.write(start_run, a_run("r1"), a_lease(), [])
    with pytest.raises(ListingGoneError, match="have since been deleted"):
        await graph.write(record_suggestions, RunId("r1"), [a_row("r1", 1), a_row("r1", 77)], AT)
    assert await rows(graph, STATUSES) == []


async def test_publishing_takes_up_again_what_was_closed_before_its_listing_changed(graph: Graph) -> None:
    """syn1 was closed for other listings than these; syn2 was closed while the run was at work, and stays closed."""
    await rows(graph, PUT_LISTINGS)
    await graph.write(publish_run, await begin(graph, "r1", "2026"))
    await rows(graph, REJECT, id="syn1")
    run = a_run("r2", "2027", finished_at=LATER)
    await graph.write(start_run, run, a_lease(), [])
    await graph.write(record_suggestions, run.run_id, [a_row("r2", 1, "2:1"), a_row("r2", 2)], AT)
    await rows(graph, REJECT, id="syn2")
    await graph.write(publish_run, run)
    assert [tuple(row.values()) for row in await rows(graph, STATUSES)] == [
        ("syn1", "SUGGESTED", "2:1", 3, None),
        ("syn2", "REJECTED", "1:1", 2, "PRICE"),
    ]
    (event,) = (await graph.read(history_page, SynergyId("syn1"), frozenset(Audience), PageRequest())).items
    assert (event.action, event.now, event.to, event.version) == ("SUGGEST_AGAIN", "REJECTED", "SUGGESTED", 3)
    assert (event.seat, event.actor_id, event.at) == (None, "r2", LATER)
