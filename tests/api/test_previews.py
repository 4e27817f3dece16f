"""Previews, fronts, scenarios and schedules over HTTP: who starts them, and who sees what came of them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunPhase, RunProgress
from symbiosis.market.runs import Beside, RunLauncher
from symbiosis.matching.previews import run_preview
from symbiosis.matching.run import run_exchange
from symbiosis.matching.scenarios import run_scenario
from symbiosis.matching.worker import ComputeIn
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.run_progress import note_progress
from symbiosis.store.schedules import schedules
from tests.api.conftest import Api
from tests.matching.markets import FACTORS

MANAGERS: Final = (None, "outsider", "retired", "manager-a", "analyst")
FACTOR: Final[LiteralString] = "UNWIND $rows AS row CREATE (f:Factor) SET f = row"
BOUGHT: Final[LiteralString] = """
MATCH (r:Resource {code: 'wood'})
SET r.purchase_factor = 'purchase.aggregates.cost', r.disposal_factor = 'disposal.inert.cost', r.base_unit = 'KG',
    r.kind = 'MATERIAL', r.name_fr = 'bois', r.name_en = 'wood'
"""
ENDED: Final[LiteralString] = "MATCH (run:Run) SET run.finished_at = $at"
RUNNING: Final[LiteralString] = """
CREATE (run:Run {id: 'run-there', kind: 'EXCHANGE', period: 'there', status: 'RUNNING', started_at: $at, epoch: 7})
MERGE (current:Current {kind: 'EXCHANGE'}) SET current.epoch = 7
"""
AT: Final = "2026-11-22T10:00:00.000000Z"


async def with_factors(tx: Tx) -> None:
    rows = [
        {"id": key, "value": spread, "low": spread, "high": spread}
        if isinstance(spread, int | float)
        else {"id": key, "value": spread.value, "low": spread.low, "high": spread.high}
        for key, spread in FACTORS.items()
    ]
    await tx.run(FACTOR, rows=rows)
    await tx.run(BOUGHT)
    await tx.run(ENDED, at=AT)


@pytest.fixture
async def launcher(api: Api, graph: Graph) -> AsyncIterator[RunLauncher]:
    """Give the launcher of an app that computes in threads, over a valley with factors."""
    await graph.write(with_factors)
    thread = {"compute_in": ComputeIn.THREAD}
    made = RunLauncher(
        partial(run_exchange, **thread), Beside(partial(run_preview, **thread), partial(run_scenario, **thread))
    )
    state = api.client._transport.app.state  # type: ignore[attr-defined]
    state.services = replace(state.services, launcher=made)
    yield made
    await made.stop()


async def ended(launcher: RunLauncher) -> None:
    """Wait until what is under way has ended."""
    under_way = launcher._under_way
    assert under_way is not None
    await under_way.task


async def test_a_preview_shows_to_whoever_asked_for_it_and_to_nobody_else(api: Api, launcher: RunLauncher) -> None:
    before = await api.ask("facilitator", "CurrentRun")
    synergies = await api.ids("manager-a", "Synergies", first=100)
    started = await api.ask("facilitator", "StartRun", input={"preview": True})
    assert (started["__typename"], started["kind"], started["territoryId"]) == ("Run", "PREVIEW", None)
    await ended(launcher)
    seen = await api.ask("facilitator", "Run", id=started["id"])
    assert (seen["status"], seen["gapShare"], seen["progress"]) == ("PREVIEW", 0.0, None)
    assert seen["suggestionCount"] > 0
    assert [run["id"] for run in await api.ask("facilitator", "Previews")] == [started["id"]]
    for other in ("manager-a", "analyst", "facilitator-stetienne"):
        assert await api.ask(other, "Run", id=started["id"]) is None
        assert await api.ask(other, "Previews") == []
        assert started["id"] not in await api.ids(other, "Runs")
    assert await api.ask("facilitator", "CurrentRun") == before
    assert await api.ids("manager-a", "Synergies", first=100) == synergies


async def test_the_changes_of_a_preview_are_read_page_by_page_and_value_where_both_sites_are_one_s_own(
    api: Api, launcher: RunLauncher
) -> None:
    started = await api.ask("facilitator", "StartRun", input={"preview": True})
    await ended(launcher)
    whole = (await api.ask("facilitator", "PreviewChanges", id=started["id"], first=100))["changes"]["nodes"]
    assert whole
    paged, after = [], None
    while True:
        page = (await api.ask("facilitator", "PreviewChanges", id=started["id"], first=1, after=after))["changes"]
        paged += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert paged == whole
    for row in whole:
        lyon = {row["supplyId"], row["demandId"]} <= {
            *("a-public", "a-territory", "a-private", "b-demand", "b-private"),
        }
        assert (row["valueChangePerYearEur"] is not None) == lyon, row


async def test_a_preview_of_a_territory_is_for_who_facilitates_all_of_it(api: Api, launcher: RunLauncher) -> None:
    started = await api.ask("facilitator", "StartRun", input={"preview": True, "territoryId": "lyon-chimie"})
    assert (started["__typename"], started["territoryId"]) == ("Run", "lyon-chimie")
    await ended(launcher)
    refused = await api.ask("facilitator", "StartRun", input={"preview": True, "territoryId": "stetienne"})
    assert (refused["__typename"], refused["code"]) == ("NotAllowedProblem", "NOT_ALLOWED")
    nowhere = await api.ask("facilitator", "StartRun", input={"preview": True, "territoryId": "nowhere"})
    assert (nowhere["__typename"], nowhere["code"]) == ("NotFoundProblem", "NOT_FOUND")


@pytest.mark.usefixtures("launcher")
@pytest.mark.parametrize("subject", MANAGERS)
async def test_only_facilitators_start_what_runs(api: Api, subject: str | None) -> None:
    before = await api.counts()
    answers = [
        await api.ask(subject, "StartRun", input={"preview": True}),
        await api.ask(subject, "StartRun", input={"preview": True, "territoryId": "lyon"}),
        await api.ask(subject, "StartFront"),
        await api.ask(subject, "StartScenario", input={"name": "mine"}),
        await api.ask(subject, "SetSchedule", input={"cron": "0 3 * * 1"}),
        await api.ask(subject, "RemoveSchedule"),
        await api.ask(subject, "RemoveScenario", id="whatever"),
    ]
    assert {(each["__typename"], each["code"]) for each in answers} == {("NotAllowedProblem", "NOT_ALLOWED")}
    assert await api.counts() == before


async def test_the_same_request_under_the_same_key_starts_one_run(api: Api, launcher: RunLauncher) -> None:
    for wanted in ({"preview": True}, {"period": "2026-W47"}):
        keyed = {**wanted, "idempotencyKey": f"once {wanted}"}
        first = await api.ask("facilitator", "StartRun", input=keyed)
        again = await api.ask("facilitator", "StartRun", input=keyed)
        assert first["id"] == again["id"]
        await ended(launcher)
        assert (await api.ask("facilitator", "StartRun", input=keyed))["id"] == first["id"]
    other = await api.ask("facilitator", "StartRun", input={**keyed, "period": "2026-W48"})
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.usefixtures("launcher")
@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ({"territoryId": "lyon"}, "territoryId"),
        ({"frontPoints": 11}, "frontPoints"),
        ({"preview": True, "period": "2026"}, "period"),
        ({"preview": True, "frontPoints": 1}, "frontPoints"),
        ({"preview": True, "frontPoints": 102}, "frontPoints"),
    ],
)
async def test_what_a_run_cannot_have_is_refused_by_its_name(api: Api, wanted: dict[str, Any], path: str) -> None:
    problem = await api.ask("facilitator", "StartRun", input=wanted)
    assert (problem["__typename"], problem["path"]) == ("InputProblem", ["input", path])


async def test_a_front_is_drawn_with_a_preview(api: Api, launcher: RunLauncher) -> None:
    started = await api.ask("facilitator", "StartFront", input={"points": 3})
    await ended(launcher)
    front = (await api.ask("facilitator", "RunFront", id=started["id"]))["front"]
    run = await api.ask("facilitator", "Run", id=started["id"])
    assert len(front) == 3
    assert front[0]["valuePerYearEur"] == run["objectivePerYearEur"]


async def test_a_scenario_is_started_with_every_kind_of_change_and_read_by_its_readers(
    api: Api, launcher: RunLauncher
) -> None:
    wanted = {
        "name": "all at once",
        "factors": [{"key": "purchase.aggregates.cost", "times": 1.1}],
        "prices": [{"resourceCode": "wood", "direction": "SUPPLY", "times": 2}],
        "capacities": [{"listingId": "a-public", "quantityPerYear": 20}],
        "new": [{"siteId": "site-a", "direction": "DEMAND", "resourceCode": "wood", "quantityPerYear": 5}],
        "closedSiteIds": ["site-d"],
        "weightEurPerTco2e": 80,
    }
    empty = await api.ask("facilitator", "StartScenario", input={"name": "closed", "closedSiteIds": ["site-d"]})
    assert empty["code"] == "SCENARIO"  # It has no open listing.
    started = await api.ask("facilitator", "StartScenario", input={**wanted, "closedSiteIds": []})
    assert (started["__typename"], started["kind"], started["period"]) == ("Run", "SCENARIO", "all at once")
    await ended(launcher)
    (kept,) = (await api.ask("analyst", "Scenarios"))["nodes"]
    assert (kept["id"], kept["name"]) == (started["id"], "all at once")
    assert '"eur_per_tco2e": 80.0' in kept["changes"]
    again = await api.ask("facilitator", "StartScenario", input={"name": "all at once"})
    assert (again["__typename"], again["code"]) == ("RuleProblem", "PERIOD_TAKEN")
    removed = await api.ask("facilitator", "RemoveScenario", id=kept["id"])
    assert (removed["__typename"], removed["name"]) == ("Scenario", "all at once")
    assert (await api.ask("analyst", "Scenarios"))["nodes"] == []
    gone = await api.ask("facilitator", "RemoveScenario", id=kept["id"])
    assert (gone["__typename"], gone["code"]) == ("NotFoundProblem", "NOT_FOUND")


@pytest.mark.usefixtures("launcher")
@pytest.mark.parametrize(
    "change",
    [
        {"closedSiteIds": ["site-c"]},
        {"new": [{"siteId": "site-c", "direction": "DEMAND", "resourceCode": "wood", "quantityPerYear": 5}]},
        {"capacities": [{"listingId": "c-demand", "quantityPerYear": 5}]},
        {"closedSiteIds": ["site-nowhere"]},
    ],
)
async def test_a_site_elsewhere_is_changed_by_nobody_but_its_facilitators(api: Api, change: dict[str, Any]) -> None:
    problem = await api.ask("facilitator", "StartScenario", input={"name": "theirs", **change})
    assert (problem["__typename"], problem["code"]) == ("NotFoundProblem", "NOT_FOUND")


async def test_facilitators_say_when_runs_are_due(api: Api, graph: Graph) -> None:
    assert await api.ask("manager-a", "Schedules") == []
    kept = await api.ask("facilitator", "SetSchedule", input={"cron": "0 3 * * 1"})
    assert (kept["kind"], kept["cron"], kept["timeZone"]) == ("EXCHANGE", "0 3 * * 1", "Europe/Paris")
    assert "T03:00:00" in kept["nextDueAt"]
    assert await api.ask("analyst", "Schedules") == [{key: kept[key] for key in kept if key != "__typename"}]
    for wanted in ({"cron": "now and then"}, {"cron": "0 3 * * 1", "timeZone": "Mars/Base"}, {"cron": "0 0 30 2 *"}):
        problem = await api.ask("facilitator", "SetSchedule", input=wanted)
        assert (problem["__typename"], problem["code"]) == ("InputProblem", "SCHEDULE")
    removed = await api.ask("facilitator", "RemoveSchedule")
    assert (removed["cron"], removed["nextDueAt"]) == ("0 3 * * 1", None)
    assert await graph.read(schedules) == []
    assert (await api.ask("facilitator", "RemoveSchedule"))["code"] == "NO_SCHEDULE"
    assert (await api.whole(None, "Schedules"))["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


async def test_the_progress_of_a_run_of_another_process_is_read_from_the_store(api: Api, graph: Graph) -> None:
    run_id = RunId("run-there")
    await graph.write(lambda tx: tx.run(RUNNING, at=AT))
    assert (await api.ask("analyst", "Run", id=run_id))["progress"] is None
    there = RunProgress(RunPhase.OPTIMISE, 0.5, "solving", 60_00, 80_00)
    await graph.write(note_progress, run_id, there, AT)
    assert (await api.ask("analyst", "Run", id=run_id))["progress"] == {
        "phase": "OPTIMISE",
        "doneShare": 0.5,
        "message": "solving",
        "bestPerYearEur": 60.0,
        "boundPerYearEur": 80.0,
        "gapShare": 0.25,
    }
