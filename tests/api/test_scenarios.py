"""Scenarios and fronts over HTTP: who reads them, and which sites show to whom."""

from typing import Final, LiteralString

import pytest

from symbiosis.domain.fronts import FrontPoint
from symbiosis.domain.ids import ListingId, RunId, SiteId
from symbiosis.domain.runs import Run, RunKind, RunStatus
from symbiosis.domain.scenarios import PlannedPair, ScenarioRun
from symbiosis.store.front import keep_front
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.runs import Lease, start_run
from symbiosis.store.scenarios import publish_scenario, record_pairs
from tests.api.conftest import Api

AT: Final = "2026-11-22T10:00:00.000000Z"
LATER: Final = "2026-11-22T10:01:30.000000Z"
SAW: Final[LiteralString] = "MATCH (run:Run {id: 'run-now'}) SET run.input_sha256 = 'seen'"


async def keep(graph: Graph, name: str, *pairs: PlannedPair, cent: int) -> None:
    run = Run(RunId(name), RunKind.SCENARIO, name, RunStatus.RUNNING, started_at=AT)
    await graph.write(start_run, run, Lease("host 1 0.00", AT, LATER), [])
    await graph.write(record_pairs, run.run_id, 0, pairs)
    done = Run(
        run.run_id, run.kind, name, RunStatus.PUBLISHED, AT, objective_cent_per_year=cent, suggestions=len(pairs)
    )
    await graph.write(publish_scenario, ScenarioRun(done, "{}", "base", cent, cent, 2_000))


def a_pair(supply: str, demand: str, supply_site: str, demand_site: str, cent: int) -> PlannedPair:
    return PlannedPair(
        ListingId(supply), ListingId(demand), SiteId(supply_site), SiteId(demand_site), 1_000, cent, 2_000_000
    )


@pytest.fixture
async def two_kept(graph: Graph, api: Api) -> None:
    first = a_pair("s1", "d1", "site-a", "site-c", 500)
    await keep(graph, "as-is", first, cent=500)
    await keep(graph, "other", a_pair("s2", "d2", "site-a", "site-c", 800), first, cent=1_300)


@pytest.mark.usefixtures("two_kept")
async def test_facilitators_and_analysts_read_scenarios_and_nobody_else_does(api: Api) -> None:
    for account in ("facilitator", "facilitator-stetienne", "analyst"):
        kept = (await api.ask(account, "Scenarios"))["nodes"]
        assert {one["name"]: one["valuePerYearEur"] for one in kept} == {"as-is": 5.0, "other": 13.0}
        assert {one["massPerYearT"] for one in kept} == {2.0}
    for account in ("manager-a", "outsider", None):
        errors = (await api.whole(account, "Scenarios"))["errors"]
        assert [error["extensions"]["code"] for error in errors] == ["NOT_ALLOWED"]


@pytest.mark.usefixtures("two_kept")
async def test_the_run_of_a_scenario_shows_to_those_who_read_scenarios(api: Api) -> None:
    for account in ("facilitator", "analyst"):
        run = await api.ask(account, "Run", id="as-is")
        assert (run["kind"], run["period"], run["objectivePerYearEur"]) == ("SCENARIO", "as-is", 5.0)
    assert await api.ask("manager-a", "Run", id="as-is") is None
    runs = await api.ask("facilitator", "Runs")
    assert "as-is" not in [run["id"] for run in runs["nodes"]]


@pytest.mark.usefixtures("two_kept")
async def test_the_sites_that_a_scenario_touches_show_to_their_facilitators(api: Api) -> None:
    for account, visible in (("facilitator", ["site-a"]), ("facilitator-stetienne", ["site-c"]), ("analyst", [])):
        (seen,) = await api.ask(account, "CompareScenarios", baseId="as-is", otherIds=["other"])
        assert (seen["sameBase"], seen["newPairCount"], seen["gonePairCount"]) == (True, 1, 0)
        assert [site["siteId"] for site in seen["sites"]] == visible
        assert all(site["valueChangePerYearEur"] == 8.0 for site in seen["sites"])


@pytest.mark.usefixtures("two_kept")
async def test_a_comparison_of_nothing_or_of_what_is_not_there_is_refused(api: Api) -> None:
    for others, code in (([], "SCENARIOS_COMPARED"), (["x"] * 11, "SCENARIOS_COMPARED"), (["run-now"], "NOT_FOUND")):
        errors = (await api.whole("analyst", "CompareScenarios", baseId="as-is", otherIds=others))["errors"]
        assert [error["extensions"]["code"] for error in errors] == [code]


async def test_a_run_shows_the_front_that_is_kept_with_it(api: Api, graph: Graph) -> None:
    assert (await api.ask("analyst", "RunFront", id="run-now"))["front"] is None
    point = FrontPoint(3_000_000, 1_250, 1_251, 40)
    await graph.write(keep_on_run_now, point)
    assert (await api.ask("analyst", "RunFront", id="run-now"))["front"] == [
        {"avoidedTco2ePerYear": 3.0, "valuePerYearEur": 12.5, "boundPerYearEur": 12.51, "marginalEurPerTco2e": 0.4}
    ]


async def keep_on_run_now(tx: Tx, point: FrontPoint) -> None:
    await tx.run(SAW)
    assert await keep_front(tx, "seen", [point])
