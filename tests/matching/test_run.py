"""A run from snapshot to published plan, on every store that is given."""

import asyncio
import dataclasses
import socket
import sys
from pathlib import Path
from typing import Any, Final, LiteralString

import psutil
import pytest

from optimizer import ExchangePlan, ExchangeProblem, solve
from symbiosis.domain.ids import ListingId, RunId, synergy_id_of
from symbiosis.domain.resources import Quality, QualityRange
from symbiosis.domain.runs import Run, RunKind, RunPhase, RunProgress, RunStatus
from symbiosis.matching import compute as compute_room
from symbiosis.matching.compute import PlanRefusedError
from symbiosis.matching.lease import lease_kept, start
from symbiosis.matching.limits import Limits, RunMemoryError, RunOptions, RunTimeError
from symbiosis.matching.readings import FactorMissingError
from symbiosis.matching.run import PeriodError, is_up_to_date, run_exchange
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.matching.worker import ComputeIn, WorkerBugError, WorkerGoneError, compute_beside
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.run_pages import run_by_id
from symbiosis.store.runs import Lease, PeriodTakenError, RunInProgressError, RunLostError, current_run, start_run
from symbiosis.store.snapshot import read_market
from tests.matching.conftest import Put
from tests.matching.markets import FACTORS, listing, market

pytestmark = pytest.mark.store

SUGGESTED: Final[LiteralString] = """
MATCH (:Current {kind: 'EXCHANGE'})-[:IS]->(run:Run)-[suggests:SUGGESTS]->(synergy:Synergy)
MATCH (supply:Listing)<-[:TAKES_FROM]-(synergy)-[:GIVES_TO]->(demand:Listing)
RETURN supply.id AS supply_id, demand.id AS demand_id, synergy.status AS status, synergy.basis AS basis,
       synergy.version AS version, properties(suggests) AS facts
ORDER BY supply_id, demand_id LIMIT 100
"""
SYNERGIES: Final[LiteralString] = "MATCH (s:Synergy) RETURN count(s) AS synergies"
SET_STATUS: Final[LiteralString] = "MATCH (s:Synergy {id: $id}) SET s.status = $status"
AGREE: Final[LiteralString] = "MATCH (s:Synergy {id: $id}) SET s.agreed_base_per_year = $quantity"
CHANGE_LISTING: Final[LiteralString] = "MATCH (l:Listing {id: $id}) SET l.version = l.version + 1"
CLOSE_LISTING: Final[LiteralString] = "MATCH (l:Listing {id: $id}) SET l.status = 'WITHDRAWN'"

MARKET: Final = market(
    listing(
        "s1",
        "slag",
        24_000_000,
        waste_code="100202",
        estimated=True,
        qualities=(QualityRange(Quality.MOISTURE_SHARE, None, 0.1).as_text(),),
    ),
    listing("s2", "slag", 9_000_001, km=7.5, price_cent_per_trade_unit=2350),
    listing("d1", "aggregates", 20_000_000, km=12, qualities=("MOISTURE_SHARE||0.15",)),
    listing("d2", "slag", 5_000_003, km=31, available_from="2026-01-01", price_cent_per_trade_unit=1999),
    listing("s3", "heat", 3_000_000, qualities=("TEMPERATURE_C|90.0|",)),
    listing("d3", "heat", 8_000_000, km=1.2, qualities=("TEMPERATURE_C|70.0|",)),
)


async def rows(graph: Graph, query: LiteralString, **parameters: Any) -> list[Any]:
    return list(await graph.write(lambda tx: tx.run(query, **parameters)))


async def suggested(graph: Graph) -> dict[tuple[str, str], Any]:
    return {(row["supply_id"], row["demand_id"]): row for row in await rows(graph, SUGGESTED)}


async def run(graph: Graph, period: str, **more: Any) -> Run:
    return await run_exchange(graph, period=period, compute_in=ComputeIn.THREAD, **more)


async def test_every_store_gives_the_same_plan_to_the_cent(graph: Graph, put: Put) -> None:
    """By hand: s1 to d1 20 000 t at 12.57 EUR, s2 to d2 5 000.003 t at 33.52, s3 to d3 3 000 MWh at 38.47."""
    await put(MARKET)
    published = await run(graph, "2026")
    assert published.objective_cent_per_year == published.bound_cent_per_year == 25_140_000 + 16_760_010 + 11_541_000
    assert published.input_sha256 == snapshot_of(MARKET).sha256()
    assert published.input_sha256 == "68067907efdb6dc58bbb1227cfa36002334651c529a76fabaa108cc084d1529d"
    assert published.plan_sha256 == "ff78bf47eb339d6d3d500145d072e211bc4ff8737f7d1028e75ce8f45a3b9a6c"
    assert published.gap_share == 0.0
    assert (published.supplies, published.demands, published.candidates, published.components) == (3, 3, 4, 2)
    assert published.status is RunStatus.PUBLISHED
    assert published.check_verdict is not None
    assert published.check_verdict.startswith("passed: 14 limits hold")
    assert await graph.read(current_run, RunKind.EXCHANGE) == published
    assert await graph.read(run_by_id, published.run_id) == published


async def test_a_market_is_read_page_by_page_whatever_a_page_holds(
    graph: Graph, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("symbiosis.store.paging.PAGE", 2)
    await put(market(*(listing(f"s{n}", "slag") for n in range(7))))

    async def loose(tx: Tx) -> None:
        await tx.run("MATCH (:Listing {id: 's3'})-[at:AT]->() DELETE at")

    await graph.write(loose)
    read = await graph.read(read_market, RunKind.EXCHANGE)
    assert [x.listing_id for x in read.listings] == ["s0", "s1", "s2", "s4", "s5", "s6"]


async def test_what_is_read_is_what_was_written(graph: Graph, put: Put) -> None:
    await put(MARKET)
    read = await graph.read(read_market, RunKind.EXCHANGE)
    assert read.listings == tuple(sorted(MARKET.listings, key=lambda x: x.listing_id))
    assert {resource.code: resource for resource in read.resources} == {r.code: r for r in MARKET.resources}
    assert read.factors == MARKET.factors
    assert {dataclasses.replace(row, source="test") for row in read.substitutions} == set(MARKET.substitutions)


async def test_a_suggestion_is_written_whole_and_only_the_current_run_s_is_read(graph: Graph, put: Put) -> None:
    await put(
        market(listing("s1", "slag", 24_000_000, estimated=True), listing("d1", "aggregates", 10_000_000, km=38.462))
    )
    assert await suggested(graph) == {}
    await run(graph, "first")
    second = await run(graph, "second")
    found = await suggested(graph)
    assert found.keys() == {("s1", "d1")}
    row = found["s1", "d1"]
    assert (row["status"], row["basis"], row["version"]) == ("SUGGESTED", "1:1", 1)
    assert row["facts"] == {
        "rank": 1,
        "quantity_base_per_year": 10_000_000,
        "distance_m": 50_001,
        "value_cent_per_year": 8_100_000,
        "avoided_disposal_cent_per_year": 16_000_000,
        "avoided_purchase_cent_per_year": 12_600_000,
        "transport_cent_per_year": 12_500_000,
        "treatment_cent_per_year": 8_000_000,
        "supplier_share_cent_per_year": 0,
        "receiver_share_cent_per_year": 8_100_000,
        "avoided_gco2e_per_year": 82_250_000,
        "match": "SUBSTITUTE",
        "technique": "Crushing",
        "estimated": True,
        "factor_ids": [
            "disposal.inert.cost@1",
            "disposal.inert.emissions@1",
            "purchase.aggregates.cost@10",
            "transport.detour@1",
            "transport.truck.loading@1",
            "transport.truck_44t.cost@1",
            "transport.truck_44t.emissions@1",
            "virgin.aggregates.emissions@1",
        ],
        "basis": "1:1",
        "value_low_cent_per_year": 8_100_000,
        "value_high_cent_per_year": 8_100_000,
        "avoided_low_gco2e_per_year": 82_250_000,
        "avoided_high_gco2e_per_year": 82_250_000,
        "vehicle": "ARTIC_44T",
        "lines": [
            "CENT|DISPOSAL|16000000|16000000|16000000|disposal.inert.cost@1",
            "CENT|PURCHASE|12600000|12600000|12600000|purchase.aggregates.cost@10,substitution:slag>aggregates",
            "CENT|TRANSPORT|-12500000|-12500000|-12500000|"
            "transport.truck_44t.cost@1,transport.truck.loading@1,transport.detour@1",
            "CENT|TREATMENT|-8000000|-8000000|-8000000|substitution:slag>aggregates",
            "GCO2E|DISPOSAL|120000000|120000000|120000000|disposal.inert.emissions@1",
            "GCO2E|VIRGIN|36000000|36000000|36000000|virgin.aggregates.emissions@1,substitution:slag>aggregates",
            "GCO2E|TRANSPORT|-43750000|-43750000|-43750000|transport.truck_44t.emissions@1,transport.detour@1",
            "GCO2E|TREATMENT|-30000000|-30000000|-30000000|substitution:slag>aggregates",
        ],
    }
    assert await graph.read(current_run, RunKind.EXCHANGE) == second
    assert (await rows(graph, SYNERGIES))[0]["synergies"] == 1


async def test_a_process_gives_the_plan_that_a_thread_gives(graph: Graph, put: Put) -> None:
    await put(MARKET)
    thread = await run(graph, "thread")
    seen: list[RunProgress] = []
    process = await run_exchange(graph, period="process", on_progress=seen.append)
    assert process.plan_sha256 == thread.plan_sha256
    assert [phase for phase in RunPhase if phase in {p.phase for p in seen}] == list(RunPhase)
    shares = [progress.done_share for progress in seen]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


async def test_a_period_has_one_run(graph: Graph, put: Put) -> None:
    await put(MARKET)
    first = await run(graph, "2026-W47")
    with pytest.raises(PeriodTakenError, match=f"The period 2026-W47 has its run already .{first.run_id}."):
        await run(graph, "2026-W47")
    assert await graph.read(current_run, RunKind.EXCHANGE) == first


async def test_of_two_runs_at_once_one_is_refused(graph: Graph, put: Put) -> None:
    await put(MARKET)
    ended = await asyncio.gather(run(graph, "left"), run(graph, "right"), return_exceptions=True)
    assert sorted(type(each).__name__ for each in ended) == ["Run", "RunInProgressError"]


@pytest.mark.parametrize("period", ["", "   ", "x" * 61, "a\nb", "nul\x00"])
async def test_a_period_without_a_name_is_refused_before_anything_is_written(graph: Graph, period: str) -> None:
    with pytest.raises(PeriodError, match="cannot name a run: write 1 to 60 characters"):
        await run(graph, period)
    assert (await rows(graph, "MATCH (r:Run) RETURN count(r) AS runs"))[0]["runs"] == 0


async def test_a_rejected_synergy_comes_back_only_after_its_listing_changed(graph: Graph, put: Put) -> None:
    await put(market(listing("s1", "slag"), listing("d1", "slag")))
    await run(graph, "1")
    synergy_id = synergy_id_of(ListingId("s1"), ListingId("d1"))
    await rows(graph, SET_STATUS, id=synergy_id, status="REJECTED")
    assert not await is_up_to_date(graph)
    assert (await run(graph, "2")).suggestions == 0
    assert await suggested(graph) == {}
    await rows(graph, CHANGE_LISTING, id="s1")
    assert (await run(graph, "3")).suggestions == 1
    row = (await suggested(graph))["s1", "d1"]
    assert (row["status"], row["basis"], row["version"]) == ("SUGGESTED", "2:1", 2)


async def test_a_shortlisted_synergy_is_kept_in_the_next_plan(graph: Graph, put: Put) -> None:
    await put(market(listing("s1", "slag", 900), listing("d1", "slag", 900, price_cent_per_trade_unit=1000)))
    await run(graph, "1")
    await rows(graph, SET_STATUS, id=synergy_id_of(ListingId("s1"), ListingId("d1")), status="SHORTLISTED")
    better = listing("d2", "slag", 900, price_cent_per_trade_unit=9000)
    await put(market(better, resources=(), factors={}))
    second = await run(graph, "2")
    row = (await suggested(graph))["s1", "d1"]
    assert (row["status"], row["facts"]["quantity_base_per_year"]) == ("SHORTLISTED", 900)
    assert second.check_verdict is not None
    assert second.check_verdict.endswith("optimal among the plans that keep 1 synergies people work on")


async def test_the_plan_is_up_to_date_until_something_that_counts_changes(graph: Graph, put: Put) -> None:
    await put(MARKET)
    assert not await is_up_to_date(graph)
    await run(graph, "1")
    assert await is_up_to_date(graph)
    await rows(graph, CHANGE_LISTING, id="s1")
    assert await is_up_to_date(graph)
    await rows(graph, CLOSE_LISTING, id="s1")
    assert not await is_up_to_date(graph)


async def test_a_plan_that_fails_its_check_is_never_published(
    graph: Graph, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(MARKET)
    before = await run(graph, "before")

    def beyond_limits(problem: ExchangeProblem, **_: object) -> ExchangePlan:
        plan = solve(problem)
        return dataclasses.replace(plan, flow=plan.flow + 1)

    monkeypatch.setattr(compute_room, "solve", beyond_limits)
    with pytest.raises(PlanRefusedError, match="not published: its check failed"):
        await run(graph, "after", run_id=RunId("run-after"))
    failed = await graph.read(run_by_id, RunId("run-after"))
    assert failed is not None
    assert failed.status is RunStatus.FAILED
    assert failed.failure is not None
    assert failed.failure.startswith("The plan was not published: its check failed: Arc 0 carries")
    assert await graph.read(current_run, RunKind.EXCHANGE) == before
    monkeypatch.undo()
    assert (await run(graph, "after")).status is RunStatus.PUBLISHED


async def test_a_refusal_in_the_process_arrives_in_its_own_words(graph: Graph, put: Put) -> None:
    priceless = {key: value for key, value in FACTORS.items() if not key.startswith("transport.rigid.cost")}
    await put(market(listing("s1", "slag"), listing("d1", "slag"), factors=priceless))
    with pytest.raises(FactorMissingError, match=r"^The factor transport\.rigid\.cost is not in the store; load") as e:
        await run_exchange(graph, period="1", run_id=RunId("run-1"))
    assert e.value.key == "transport.rigid.cost"
    failed = await graph.read(run_by_id, RunId("run-1"))
    assert failed is not None
    assert failed.failure == str(e.value)


async def test_a_process_that_is_killed_ends_the_run_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed = tmp_path / "killed"
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(killed))
    with pytest.raises(WorkerGoneError, match="ended with code -9 and without an answer"):
        await compute_beside(snapshot_of(MARKET), RunId("run-1"), lambda *_: None, ComputeIn.PROCESS)


@pytest.mark.parametrize(
    ("limits", "words"),
    [(Limits(time_s=0.05), r"more than 0\.05 s and was ended"), (Limits(memory_mb=1), "more than 1 MB of memory")],
)
async def test_a_process_beyond_its_limits_is_ended_in_words(limits: Limits, words: str) -> None:
    with pytest.raises((RunTimeError, RunMemoryError), match=words):
        await compute_beside(snapshot_of(MARKET), RunId("run-1"), lambda *_: None, ComputeIn.PROCESS, limits)
    children = psutil.Process().children(recursive=True)
    assert [child for child in children if "symbiosis.matching.worker" in " ".join(child.cmdline())] == []


async def test_a_run_that_was_taken_over_stops_computing(graph: Graph) -> None:
    run = Run(RunId("run-1"), RunKind.EXCHANGE, "1", RunStatus.RUNNING, started_at="2026-01-01T00:00:00.000000Z")
    await start(graph, run, lease_s=0.5)
    await rows(graph, "MATCH (r:Run {id: 'run-1'}) SET r.status = 'FAILED'")
    with pytest.raises(RunLostError):
        async with lease_kept(graph, run.run_id, lease_s=0.5):
            await asyncio.sleep(60)


async def test_cancelling_ends_the_process() -> None:
    started = asyncio.Event()
    work = compute_beside(snapshot_of(MARKET), RunId("run-1"), lambda *_: started.set(), ComputeIn.PROCESS)
    task = asyncio.create_task(work)
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    children = psutil.Process().children(recursive=True)
    assert [child for child in children if "symbiosis.matching.worker" in " ".join(child.cmdline())] == []


async def test_a_bug_in_the_process_brings_its_traceback() -> None:
    broken = dataclasses.replace(snapshot_of(MARKET), resources={})
    with pytest.raises(WorkerBugError, match="KeyError"):
        await compute_beside(broken, RunId("run-1"), lambda *_: None, ComputeIn.PROCESS)


async def test_a_cancelled_run_is_recorded_and_frees_its_period(graph: Graph, put: Put) -> None:
    await put(MARKET)
    reached = asyncio.Event()
    task = asyncio.create_task(
        run_exchange(graph, period="1", run_id=RunId("run-1"), on_progress=lambda _: reached.set())
    )
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    failed = await graph.read(run_by_id, RunId("run-1"))
    assert failed is not None
    assert (failed.status, failed.failure) == (RunStatus.FAILED, "The run was cancelled; nothing of it was visible.")
    assert (await run(graph, "1")).suggestions == 3


async def test_a_run_whose_process_is_gone_is_given_up_and_swept_by_the_next(graph: Graph, put: Put) -> None:
    """The holder names a process of this host that is not there: no need to wait for its lease."""
    await put(MARKET)
    await _leave_half_a_run(graph, holder=f"{socket.gethostname()} {2**22 + 1} 0.00")
    assert await suggested(graph) == {}
    published = await run(graph, "2026")
    assert (await rows(graph, SYNERGIES))[0]["synergies"] == published.suggestions
    abandoned = await graph.read(run_by_id, RunId("run-killed"))
    assert abandoned is not None
    assert abandoned.status is RunStatus.FAILED
    assert abandoned.failure == "The process that made this run ended before the run did; nothing of it was visible."


async def test_a_run_of_another_host_is_left_alone_until_its_lease_has_run_out(graph: Graph, put: Put) -> None:
    await put(MARKET)
    await _leave_half_a_run(graph, holder="elsewhere 1 0.00")
    with pytest.raises(RunInProgressError, match="run-killed for the period 2026 is at work; wait until it has ended"):
        await run(graph, "other")
    await rows(graph, "MATCH (r:Run {id: 'run-killed'}) SET r.lease_until = '2020-01-01T00:00:00.000000Z'")
    assert (await run(graph, "2026")).suggestions == 3


async def _leave_half_a_run(graph: Graph, holder: str) -> None:
    """Write what a run leaves that is killed after a suggestion that no other run makes."""
    half = Run(
        RunId("run-killed"), RunKind.EXCHANGE, "2026", RunStatus.RUNNING, started_at="2026-01-01T00:00:00.000000Z"
    )
    lease = Lease(holder, at="2026-01-01T00:00:00.000000Z", until="2999-01-01T00:00:00.000000Z")

    async def work(tx: Tx) -> None:
        await start_run(tx, half, lease, [])
        await tx.run(
            "MATCH (r:Run {id: 'run-killed'}) MATCH (s:Listing {id: 's1'}) MATCH (d:Listing {id: 'd3'}) "
            "CREATE (r)-[:SUGGESTS {rank: 1}]->(y:Synergy {id: 'syn-half', status: 'SUGGESTED', version: 1}) "
            "CREATE (y)-[:TAKES_FROM]->(s) CREATE (y)-[:GIVES_TO]->(d)"
        )

    await graph.write(work)


async def test_a_run_keeps_what_people_agreed_on_and_not_what_was_suggested(graph: Graph, put: Put) -> None:
    demands = (listing("d1", "aggregates", 6_000), listing("d2", "aggregates", 9_000, km=20))
    await put(market(listing("s1", "slag", 9_000), *demands))

    async def quantities() -> dict[tuple[str, str], int]:
        return {key: row["facts"]["quantity_base_per_year"] for key, row in (await suggested(graph)).items()}

    await run(graph, "first")
    assert await quantities() == {("s1", "d1"): 6_000, ("s1", "d2"): 3_000}
    synergy_id = synergy_id_of(ListingId("s1"), ListingId("d2"))
    await rows(graph, SET_STATUS, id=synergy_id, status="AGREED")
    await rows(graph, AGREE, id=synergy_id, quantity=5_000)
    await run(graph, "second")
    assert await quantities() == {("s1", "d1"): 4_000, ("s1", "d2"): 5_000}


async def test_a_run_begins_where_the_one_before_has_ended_and_says_so(graph: Graph, put: Put, tmp_path: Path) -> None:
    await put(market(listing("s1", "slag", 9_000), listing("d1", "aggregates", 6_000)))
    options = RunOptions(carry=tmp_path, carry_from=0)
    first = await run_exchange(graph, period="first", options=options)
    await rows(graph, "MATCH (l:Listing {id: 'd1'}) SET l.quantity_base_per_year = 5000 RETURN l.id AS id")
    second = await run_exchange(graph, period="second", options=options)
    assert (first.solver or "").endswith("; nothing was carried over: no older run has left anything")
    assert (second.solver or "").endswith(f"; carried over from {first.run_id}, 1 of 2 listings new or changed")
    found = (await suggested(graph))["s1", "d1"]["facts"]["quantity_base_per_year"]
    assert found == 5_000
