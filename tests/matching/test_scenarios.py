"""Scenarios: the market changed in memory, computed beside the published plan, and compared."""

import json

import pytest

from symbiosis.domain.ids import ListingId, ResourceCode, RunId, SiteId
from symbiosis.domain.listings import Direction
from symbiosis.domain.resources import Resource, ResourceKind
from symbiosis.domain.runs import RunKind
from symbiosis.domain.scenarios import (
    CapacityChange,
    FactorChange,
    NewCapacity,
    PriceChange,
    Scenario,
    ScenarioError,
    compare,
)
from symbiosis.matching.compute import Computed, compute
from symbiosis.matching.run import run_exchange
from symbiosis.matching.scenarios import run_scenario, scenario_snapshot
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.matching.worker import ComputeIn
from symbiosis.store.graph import Graph
from symbiosis.store.pages import PageRequest
from symbiosis.store.run_pages import run_by_id
from symbiosis.store.runs import PeriodTakenError, current_run
from symbiosis.store.scenarios import remove_scenario, scenario_named, scenario_pairs, scenarios_page
from symbiosis.store.snapshot import StoredMarket
from symbiosis.units import BaseUnit
from tests.matching.conftest import Put
from tests.matching.markets import FACTORS, listing, market

MARKET = market(
    listing("s1", "slag", 10_000, km=0),
    listing("d1", "aggregates", 4_000, km=1),
    listing("d2", "aggregates", 6_000, km=20),
)


def computed(stored: StoredMarket, scenario: Scenario) -> Computed:
    sites = {x.site_id: x for x in stored.listings}
    return compute(scenario_snapshot(stored, scenario, sites), RunId("r"), lambda *_: None)


def pairs_of(made: Computed) -> dict[tuple[str, str], int]:
    return {(r.supply_id, r.demand_id): r.suggestion.quantity_base_per_year for r in made.rows}


def test_a_scenario_without_changes_is_the_market_itself() -> None:
    snapshot = scenario_snapshot(MARKET, Scenario("as it is"), {})
    assert snapshot.sha256() == snapshot_of(MARKET).sha256()


def test_a_closed_site_exchanges_nothing() -> None:
    made = computed(MARKET, Scenario("closed", closed_site_ids=(SiteId("site-of-d1"),)))
    assert pairs_of(made) == {("s1", "d2"): 6_000}


def test_another_capacity_is_another_quantity_and_none_takes_the_listing_out() -> None:
    less = Scenario("less", capacities=(CapacityChange(ListingId("d2"), 2.5), CapacityChange(ListingId("d1"), 0)))
    assert pairs_of(computed(MARKET, less)) == {("s1", "d2"): 2_500}


def test_a_new_listing_takes_part_from_where_its_site_is() -> None:
    new = NewCapacity(SiteId("site-of-d1"), Direction.SUPPLY, ResourceCode("slag"), 5.0)
    made = computed(MARKET, Scenario("new", new=(new,)))
    own = [row for row in made.rows if row.supply_id != "s1"]
    assert [(row.demand_id, row.suggestion.quantity_base_per_year, row.suggestion.distance_m) for row in own] == [
        ("d2", 5_000, 24_700)
    ]


def test_a_factor_changes_by_value_by_ratio_or_by_version() -> None:
    purchase = "purchase.aggregates.cost"
    twice, eleven, nine = (
        scenario_snapshot(MARKET, Scenario("x", factors=(change,)), {}).factors[purchase]
        for change in (
            FactorChange(purchase, times=2.0),
            FactorChange(purchase, value=11.5),
            FactorChange(purchase, version="9"),
        )
    )
    assert twice == (f"{purchase}@what-if", 28.0, 28.0, 28.0)
    assert eleven == (f"{purchase}@what-if", 11.5, 11.5, 11.5)
    assert nine == (f"{purchase}@9", 11.0, 11.0, 11.0)


def test_stated_prices_change_by_ratio_and_others_stay() -> None:
    stored = market(
        listing("s1", "slag", price_cent_per_trade_unit=2_000), listing("s2", "slag"), listing("d1", "aggregates")
    )
    change = PriceChange(ResourceCode("slag"), Direction.SUPPLY, 1.5)
    side = scenario_snapshot(stored, Scenario("x", prices=(change,)), {}).supplies
    assert [x.price_cent_per_trade_unit for x in side.listings] == [3_000, None]


def test_a_weight_on_emissions_moves_the_plan_to_what_avoids_more_and_leaves_the_value_true() -> None:
    green, cheap = (
        Resource(
            ResourceCode(name),
            name,
            name,
            ResourceKind.MATERIAL,
            BaseUnit.KG,
            purchase_factor=f"purchase.{name}.cost",
            virgin_emission_factor=f"virgin.{name}.emissions",
        )
        for name in ("green", "cheap")
    )
    factors = {
        **FACTORS,
        "purchase.green.cost@1": 20.0,
        "purchase.cheap.cost@1": 20.0,
        "virgin.green.emissions@1": 500.0,
        "virgin.cheap.emissions@1": 1.0,
    }
    stored = market(
        listing("s1", "green", 1_000, km=0),
        listing("d1", "green", 1_000, km=40),
        listing("s2", "cheap", 1_000, km=0),
        listing("d2", "cheap", 1_000, km=40),
        resources=(green, cheap),
        factors={**factors, "transport.truck_44t.cost@1": 1.0, "transport.rigid.cost@1": 1.0},
    )
    assert pairs_of(computed(stored, Scenario("none"))) == {}
    made = computed(stored, Scenario("weight", co2_cent_per_t=20_000))
    assert pairs_of(made) == {("s1", "d1"): 1_000}
    assert made.objective_cent == sum(row.suggestion.value_cent_per_year for row in made.rows) < 0
    assert made.bound_cent == made.objective_cent


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([], "The scenario is not a JSON object"),
        ({"name": ""}, "The name '' cannot stand for a scenario"),
        ({"name": "x", "price": []}, "The scenario has 'price', which is not known"),
        ({"name": "x", "eur_per_tco2e": -1}, "The weight on CO2e is 0 to 100,000 EUR per tonne"),
        ({"name": "x", "eur_per_tco2e": "much"}, "eur_per_tco2e is 'much'; give a number."),
        ({"name": "x", "factors": [{"key": "a"}]}, "The factor a has 0 changes"),
        ({"name": "x", "factors": [{"key": "a", "times": True}]}, "times in factors is True; give a number."),
        ({"name": "x", "factors": [{"times": 2}]}, "A row of factors lacks something: 'key'."),
        ({"name": "x", "factors": {"key": "a"}}, "factors is not a list"),
        ({"name": "x", "prices": [{"resource_code": "a", "direction": "UP", "times": 2}]}, "direction is 'UP'"),
        ({"name": "x", "capacities": [{"listing_id": "a", "quantity_per_year": -1}]}, "The quantity of a is -1"),
        ({"name": "x", "closed_site_ids": [1]}, "closed_site_ids holds something that is no text"),
        ({"name": "x", "capacities": [{"listing_id": "a", "quantity_per_year": 1}] * 2}, "The listing a stands twice"),
    ],
)
def test_a_description_that_is_wrong_is_refused_in_words(content: object, sentence: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_json(content)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario("x", closed_site_ids=(SiteId("nowhere"),)),
        Scenario("x", capacities=(CapacityChange(ListingId("nothing"), 1),)),
        Scenario("x", factors=(FactorChange("unheard.of", times=2),)),
        Scenario("x", factors=(FactorChange("purchase.aggregates.cost", version="8"),)),
        Scenario("x", prices=(PriceChange(ResourceCode("slag"), Direction.SUPPLY, 2),)),
        Scenario("x", new=(NewCapacity(SiteId("nowhere"), Direction.SUPPLY, ResourceCode("slag"), 1),)),
        Scenario("x", new=(NewCapacity(SiteId("site-of-s1"), Direction.SUPPLY, ResourceCode("gold"), 1),)),
    ],
    ids=range(7),
)
def test_a_change_of_what_is_not_there_is_refused(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError):
        computed(MARKET, scenario)


def test_what_is_kept_of_the_changes_reads_back_as_the_same_scenario() -> None:
    scenario = Scenario(
        "all of it",
        factors=(FactorChange("a", times=2.0),),
        prices=(PriceChange(ResourceCode("slag"), Direction.DEMAND, 0.5),),
        capacities=(CapacityChange(ListingId("s1"), 3.5),),
        new=(NewCapacity(SiteId("x"), Direction.DEMAND, ResourceCode("slag"), 1.0, price_per_unit_eur=2.5),),
        closed_site_ids=(SiteId("y"),),
        co2_cent_per_t=8_050,
    )
    assert Scenario.from_json(json.loads(scenario.as_text())) == scenario


@pytest.mark.store
async def test_a_scenario_stands_beside_the_published_plan_and_compares_with_another(graph: Graph, put: Put) -> None:
    await put(MARKET)
    published = await run_exchange(graph, period="1", compute_in=ComputeIn.THREAD)
    as_is = await run_scenario(graph, scenario=Scenario("as is"), compute_in=ComputeIn.THREAD)
    closed = await run_scenario(
        graph, scenario=Scenario("closed", closed_site_ids=(SiteId("site-of-d1"),)), compute_in=ComputeIn.THREAD
    )
    assert await graph.read(current_run, RunKind.EXCHANGE) == published
    assert await graph.read(current_run, RunKind.SCENARIO) is None
    assert as_is.run.plan_sha256 == published.plan_sha256
    assert as_is.base_sha256 == closed.base_sha256 == published.input_sha256
    assert await graph.read(scenario_named, "closed") == closed
    assert [x.run.period for x in (await graph.read(scenarios_page, PageRequest(5))).items] == ["closed", "as is"]
    seen = compare(
        (as_is, await graph.read(scenario_pairs, as_is.run.run_id)),
        (closed, await graph.read(scenario_pairs, closed.run.run_id)),
    )
    assert (seen.new_pairs, seen.gone_pairs, seen.same_base) == (0, 1, True)
    lost = (as_is.run.objective_cent_per_year or 0) - (closed.run.objective_cent_per_year or 0)
    assert {site.site_id: site.value_cent_per_year for site in seen.sites} == {
        "site-of-s1": -lost,
        "site-of-d1": -lost,
    }
    assert (as_is.mass_kg_per_year, closed.mass_kg_per_year) == (10_000, 6_000)


@pytest.mark.store
async def test_a_name_stands_for_one_scenario_until_it_is_removed(graph: Graph, put: Put) -> None:
    await put(MARKET)
    made = await run_scenario(graph, scenario=Scenario("once"), compute_in=ComputeIn.THREAD)
    with pytest.raises(PeriodTakenError):
        await run_scenario(graph, scenario=Scenario("once"), compute_in=ComputeIn.THREAD)
    await graph.write(remove_scenario, made.run.run_id)
    assert await graph.read(run_by_id, made.run.run_id) is None
    assert await graph.read(scenario_pairs, made.run.run_id) == []
    await run_scenario(graph, scenario=Scenario("once"), compute_in=ComputeIn.THREAD)
