"""Analyses that decide again, over HTTP: worked on in the background, kept, and seen by who may see what they saw."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, LiteralString

import httpx
import psutil
import pytest

from symbiosis.analytics.jobs.working import AnalysisQueue, JobOptions
from symbiosis.analytics.viewed import Analyses
from symbiosis.matching.limits import Limits
from symbiosis.matching.worker import ComputeIn
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph, Tx
from tests.api.acid import spend_acid
from tests.api.conftest import CURRENT, LISTINGS, RUNS, Api, listing_row, seed
from tests.api.served import quick_app, until

pytestmark = pytest.mark.store

FACTORS: Final[LiteralString] = "UNWIND $rows AS row CREATE (factor:Factor) SET factor = row"
ROWS: Final = [
    {"id": "transport.detour@1", "value": 1.3, "low": 1.2, "high": 1.45},
    {"id": "transport.rigid.cost@1", "value": 0.13, "low": 0.1, "high": 0.2},
    {"id": "transport.truck.loading@1", "value": 6.0, "low": 5.0, "high": 8.0},
    {"id": "transport.rigid.emissions@1", "value": 0.0875, "low": 0.02, "high": 0.15},
    {"id": "purchase.wood.cost@1", "value": 50.0, "low": 40.0, "high": 60.0},
]
WORTH: Final[LiteralString] = "MATCH (wood:Resource {code: 'wood'}) SET wood.purchase_factor = 'purchase.wood.cost'"
PALLETS: Final[LiteralString] = """
MATCH (site:Site {id: 'site-b'})
CREATE (:Resource {code: 'pallets-used', name_en: 'pallets', name_fr: 'palettes', kind: 'MATERIAL', base_unit: 'KG'})
       <-[:OF]-(:Listing {id: 'b-pallets', direction: 'DEMAND', status: 'OPEN', version: 1, provenance: 'DECLARED',
                          visibility: 'PUBLIC', quantity_base_per_year: 1000, price_cent_per_trade_unit: 30000})
       -[:AT]->(site)
"""
DEARER: Final[LiteralString] = "MATCH (listing:Listing {id: 'a-public'}) SET listing.price_cent_per_trade_unit = 200"
QUESTIONS: Final[dict[str, dict[str, Any]]] = {
    "STOPS": {"stops": {}},
    "MARGINALS": {"marginals": {}},
    "COOPERATION": {"cooperation": {"by": "COMMUNE"}},
    "NEWCOMER": {"newcomer": {"naf": "24.51Z", "employees": 120, "lat": 45.7, "lon": 4.8}},
    "RADAR": {"radar": {"plants": 2, "places": 1, "activities": ["24.51Z"]}},
}
PATIENCE_S: Final = 60.0


@asynccontextmanager
async def jobs_of(graph: Graph, settings: Settings, options: JobOptions) -> AsyncIterator[Api]:
    """Give the API over the valley with a queue of its own, which ends with it."""
    queue = AnalysisQueue(options)
    app = quick_app(settings, graph, analyses=Analyses(queue))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        yield Api(client, settings, graph)
    await queue.stop()


@pytest.fixture
async def valley(graph: Graph) -> Graph:
    """Give a store with the valley, in which wood pays."""

    async def put(tx: Tx) -> None:
        await seed(tx)
        await tx.run(FACTORS, rows=ROWS)
        await tx.run(WORTH)
        await tx.run(PALLETS)

    await graph.write(put)
    return graph


@pytest.fixture
async def jobs(valley: Graph, settings: Settings) -> AsyncIterator[Api]:
    """Give the API with a queue that works in threads, which start at once."""
    async with jobs_of(valley, settings, JobOptions(compute_in=ComputeIn.THREAD)) as api:
        yield api


async def started(api: Api, account: str | None, kind: str, **more: Any) -> Any:
    asked = {"territoryId": "lyon", "question": QUESTIONS[kind]} | more
    return await api.ask(account, "StartAnalysis", input=asked)


async def ended(api: Api, account: str, analysis_id: str) -> Any:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            analysis = await api.ask(account, "Analysis", id=analysis_id)
            if analysis["state"] in {"DONE", "FAILED"}:
                return analysis
            await asyncio.sleep(0.05)


async def done(api: Api, account: str, kind: str, **more: Any) -> Any:
    analysis = await ended(api, account, (await started(api, account, kind, **more))["id"])
    assert (analysis["state"], analysis["failure"]) == ("DONE", None)
    return analysis["result"]


async def test_each_question_is_worked_on_and_its_answer_kept(jobs: Api) -> None:
    before = await jobs.counts()
    ids = {kind: (await started(jobs, "facilitator", kind))["id"] for kind in QUESTIONS}
    seen = {kind: await ended(jobs, "facilitator", one) for kind, one in ids.items()}
    assert {kind: (one["kind"], one["state"], one["runId"]) for kind, one in seen.items()} == {
        kind: (kind, "DONE", "run-now") for kind in QUESTIONS
    }
    stops, marginals, groups, newcomer, radar = (one["result"] for one in seen.values())
    costliest = stops["stops"]["nodes"][0]
    assert [site["name"] for site in costliest["sites"]] == ["Atelier"]
    assert (costliest["lostPerYearEur"], costliest["orphanCount"]) == (stops["wholePerYearEur"], 3)
    assert marginals["listingCount"] == 6
    best = marginals["marginals"]["nodes"][0]
    assert (best["listingId"], best["moreEurPerUnit"], best["moreUpToPerYear"]) == ("a-private", 2.0, 40.0)
    shares = {row["group"]["nameEn"]: row["owenSharePerYearEur"] for row in groups["groups"]["nodes"]}
    assert (shares, groups["wholePerYearEur"]) == ({"Feyzin": 80.0, "Bron": 10_480.0}, 10_560.0)
    (exchange,) = newcomer["exchanges"]["nodes"]
    assert (exchange["partner"]["name"], exchange["valuePerYearEur"]) == ("Briqueterie", 293.98)
    (plant,) = radar["plants"]["nodes"]
    assert (plant["naf"], plant["place"], plant["gainPerYearEur"]) == ("24.51Z", "Bron", 293.98)
    assert await jobs.counts() == before | {"Analysis": 5}


async def test_analyses_are_for_facilitators_and_analysts_of_the_territory(jobs: Api) -> None:
    asked = {"territoryId": "lyon", "question": QUESTIONS["MARGINALS"]}
    for account in (None, "outsider", "manager-a", "retired", "facilitator-stetienne"):
        assert (await jobs.ask(account, "StartAnalysis", input=asked))["code"] == "NOT_ALLOWED"
        listed = await jobs.whole(account, "Analyses", territoryId="lyon")
        assert [error["extensions"]["code"] for error in listed["errors"]] == ["NOT_ALLOWED"]
    assert "Analysis" not in await jobs.counts()


async def test_a_territory_that_is_not_there_is_named_with_the_path_to_it(jobs: Api) -> None:
    problem = await started(jobs, "analyst", "MARGINALS", territoryId="nowhere")
    assert (problem["__typename"], problem["code"]) == ("InputProblem", "SELECTION")
    assert problem["path"] == ["input", "territoryId"]
    assert "'nowhere'" in problem["message"]
    listed = await jobs.whole("analyst", "Analyses", territoryId="nowhere")
    assert [error["extensions"]["code"] for error in listed["errors"]] == ["SELECTION"]
    assert (await started(jobs, "outsider", "MARGINALS", territoryId="nowhere"))["code"] == "NOT_ALLOWED"


async def test_an_analysis_is_seen_by_who_may_see_all_that_it_looked_at(jobs: Api) -> None:
    whole = (await started(jobs, "facilitator", "MARGINALS"))["id"]
    part = (await started(jobs, "analyst", "MARGINALS"))["id"]
    assert whole != part
    assert await jobs.ids("facilitator", "Analyses", territoryId="lyon") == [part, whole]
    assert await jobs.ids("analyst", "Analyses", territoryId="lyon") == [part]
    assert await jobs.ask("analyst", "Analysis", id=whole) is None
    assert await jobs.ask("facilitator-stetienne", "Analysis", id=part) is None
    for account, one in (("facilitator", whole), ("analyst", part)):
        assert (await ended(jobs, account, one))["state"] == "DONE"


async def test_what_does_not_show_to_who_asks_changes_no_number(jobs: Api, graph: Graph) -> None:
    before = {kind: await done(jobs, "analyst", kind) for kind in QUESTIONS}
    named = {row["listingId"] for row in before["MARGINALS"]["marginals"]["nodes"]}
    assert named == {"a-public", "a-territory", "b-demand", "b-pallets"}

    async def change(tx: Tx) -> None:
        await tx.run(DEARER)
        more = [
            listing_row("d-private", "site-d", visibility="PRIVATE", price_cent_per_trade_unit=-50_000),
            listing_row("d-hidden", "site-d", direction="DEMAND", visibility="ANONYMISED"),
        ]
        await tx.run(LISTINGS, rows=more)

    await graph.write(change)
    assert {kind: await done(jobs, "analyst", kind, again=True) for kind in QUESTIONS} == before
    seen = await done(jobs, "facilitator", "MARGINALS")
    assert {"a-private", "b-private", "d-private", "d-hidden"} <= {
        row["listingId"] for row in seen["marginals"]["nodes"]
    }


async def test_the_same_question_of_the_same_run_is_answered_once(jobs: Api, graph: Graph) -> None:
    first = await started(jobs, "facilitator", "COOPERATION")
    await ended(jobs, "facilitator", first["id"])
    same = await started(jobs, "facilitator", "COOPERATION")
    assert (same["id"], same["state"]) == (first["id"], "DONE")
    again = await started(jobs, "facilitator", "COOPERATION", again=True)
    assert again["id"] != first["id"]
    await ended(jobs, "facilitator", again["id"])

    async def publish(tx: Tx) -> None:
        await tx.run(RUNS, rows=[{"id": "run-next", "status": "PUBLISHED", "at": "2026-11-03T08:00:00.000000Z"}])
        await tx.run("MATCH (:Current {kind: 'EXCHANGE'})-[is:IS]->() DELETE is")
        await tx.run(CURRENT, run_id="run-next")

    await graph.write(publish)
    later = await started(jobs, "facilitator", "COOPERATION")
    assert later["id"] not in {first["id"], again["id"]}
    assert (await ended(jobs, "facilitator", later["id"]))["runId"] == "run-next"


async def test_a_key_starts_one_analysis_however_often_it_is_sent(jobs: Api) -> None:
    first, second = [await started(jobs, "analyst", "MARGINALS", again=True, idempotencyKey="k") for _ in range(2)]
    assert first["id"] == second["id"]
    other = await started(jobs, "analyst", "STOPS", idempotencyKey="k")
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"
    await ended(jobs, "analyst", first["id"])


async def test_a_question_beyond_its_limits_is_refused_with_the_path_to_it(jobs: Api) -> None:
    plant = {"newcomer": {"naf": "24.51Z", "employees": 0, "lat": 45.7, "lon": 4.8}}
    refused: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"stops": {"pairs": 21}}, "ANALYSIS_QUESTION", "stops"),
        ({"radar": {"plants": 31}}, "ANALYSIS_QUESTION", "radar"),
        ({"radar": {"activities": ["baker"]}}, "ACTIVITY_CODE", "radar"),
        (plant, "NEWCOMER", "newcomer"),
    )
    for question, code, name in refused:
        problem = await started(jobs, "facilitator", "STOPS", question=question)
        assert (problem["code"], problem["path"]) == (code, ["input", "question", name])
    elsewhere = await started(jobs, "facilitator", "STOPS", question={"stops": {"siteIds": ["site-c"]}})
    assert elsewhere["__typename"] == "NotFoundProblem"


async def test_the_sites_that_stop_together_leave_their_partners_alone(jobs: Api) -> None:
    stops = await done(jobs, "facilitator", "STOPS", question={"stops": {"siteIds": ["site-b", "site-a"]}})
    (stop,) = stops["stops"]["nodes"]
    assert [site["siteId"] for site in stop["sites"]] == ["site-a", "site-b"]
    assert [(one["listingId"], one["quantityPerYear"]) for one in stop["orphans"]] == [("c-demand", 40.0)]


async def test_a_treatment_that_is_missing_is_a_row_of_the_radar_unless_told_not_to(jobs: Api, graph: Graph) -> None:
    await graph.write(spend_acid)
    asked: dict[str, Any] = {"plants": 3, "places": 1, "activities": ["24.51Z"]}
    found = await done(jobs, "facilitator", "RADAR", question={"radar": asked})
    treatment, plant = found["plants"]["nodes"]
    assert [treatment[name] for name in ("kind", "technique", "byProduct", "replaces", "heading")] == [
        "TREATMENT",
        "Purifying",
        "acid",
        "fresh-acid",
        "2790",
    ]
    assert [treatment[name] for name in ("quantityPerYear", "unit", "siteCount", "naf", "employees")] == [
        10.0,
        "TONNE",
        2,
        None,
        None,
    ]
    # 300 + 0.8 x 400 - 6 x 1.8 EUR/t for 10 t; the sites and the plant lie at one place.
    assert treatment["gainPerYearEur"] == 6092.0
    assert (plant["kind"], plant["naf"]) == ("PLANT", "24.51Z")
    without = await done(jobs, "facilitator", "RADAR", question={"radar": asked | {"treatments": False}})
    assert [one["kind"] for one in without["plants"]["nodes"]] == ["PLANT"]
    assert found["candidateCount"] == without["candidateCount"] + 1


async def test_more_than_may_wait_are_refused_and_who_waits_when_the_app_ends_is_told(
    valley: Graph, settings: Settings
) -> None:
    async with jobs_of(valley, settings, JobOptions(at_once=0, most_waiting=1)) as api:
        waiting = await started(api, "facilitator", "STOPS")
        assert (waiting["state"], waiting["startedAt"]) == ("WAITING", None)
        assert (await started(api, "facilitator", "STOPS"))["id"] == waiting["id"]
        assert (await started(api, "facilitator", "MARGINALS"))["code"] == "ANALYSIS_QUEUE_FULL"
    async with jobs_of(valley, settings, JobOptions(compute_in=ComputeIn.THREAD)) as api:
        gone = await api.ask("facilitator", "Analysis", id=waiting["id"])
        assert (gone["state"], gone["result"]) == ("FAILED", None)
        assert "went down" in gone["failure"]
        assert await done(api, "facilitator", "STOPS") is not None


async def test_an_analysis_whose_process_dies_fails_in_words(valley: Graph, settings: Settings) -> None:
    before = set(psutil.Process().children(recursive=True))
    async with jobs_of(valley, settings, JobOptions()) as api:
        analysis = await started(api, "facilitator", "RADAR")
        await until(lambda: set(psutil.Process().children(recursive=True)) > before)
        for process in set(psutil.Process().children(recursive=True)) - before:
            process.kill()
        failed = await ended(api, "facilitator", analysis["id"])
    assert failed["state"] == "FAILED"
    assert "ended with code -9" in failed["failure"]


async def test_an_analysis_that_takes_too_long_is_ended(valley: Graph, settings: Settings) -> None:
    async with jobs_of(valley, settings, JobOptions(limits=Limits(time_s=0.01))) as api:
        failed = await ended(api, "facilitator", (await started(api, "facilitator", "RADAR"))["id"])
    assert failed["failure"].startswith("The analysis took more than 0.01 s and was ended.")


async def test_a_process_of_its_own_answers_as_a_thread_does(jobs: Api, valley: Graph, settings: Settings) -> None:
    in_thread = await done(jobs, "facilitator", "STOPS")
    async with jobs_of(valley, settings, JobOptions()) as api:
        assert await done(api, "facilitator", "STOPS", again=True) == in_thread
