"""Analyses over HTTP: who is shown them, and what of the flows each mandate shows."""

from typing import Any, Final, LiteralString

import pytest

from symbiosis.analytics.days import days_of
from symbiosis.analytics.indicators import read_indicators
from symbiosis.store.graph import Graph, Tx
from tests.api.conftest import Api

pytestmark = pytest.mark.store

OPERATIONS: Final[dict[str, dict[str, Any]]] = {
    "Flows": {},
    "Balances": {},
    "Structure": {},
    "Cascades": {},
    "Cycles": {},
    "Unmatched": {},
    "Indicators": {"period": "2026"},
}
OPERATE: Final[LiteralString] = """
MATCH (:Run {id: 'run-now'})-[:SUGGESTS]->(synergy:Synergy)-[:TAKES_FROM]->(:Listing {id: 'a-public'})
MATCH (synergy)-[:GIVES_TO]->(:Listing {id: 'b-demand'})
SET synergy.status = 'OPERATING', synergy.agreed_base_per_year = 20000, synergy.started_on = '2026-01-01',
    synergy.jobs_tenth_fte = 25
CREATE (:Delivery {id: 'dlv-1', delivered_on: '2026-05-01', quantity_base: 5000, evidence_ids: ['e']})-[:OF]->(synergy)
CREATE (:Event {id: 'evt-1', at: '2026-01-01T00:00:00.000000Z', action: 'MOVE_SYNERGY', object: synergy.id,
        to_status: 'AGREED'})
CREATE (:Event {id: 'evt-2', at: '2098-01-31T00:00:00.000000Z', action: 'MOVE_SYNERGY', object: synergy.id,
        to_status: 'OPERATING'})
"""
FACTORS: Final[LiteralString] = "UNWIND $rows AS row CREATE (factor:Factor) SET factor = row"
ROWS: Final = [
    {"id": "transport.detour@1", "value": 1.3, "low": 1.2, "high": 1.45},
    {"id": "transport.rigid.cost@1", "value": 0.13, "low": 0.1, "high": 0.2},
    {"id": "transport.truck.loading@1", "value": 6.0, "low": 5.0, "high": 8.0},
    {"id": "transport.rigid.emissions@1", "value": 0.0875, "low": 0.02, "high": 0.15},
]
LEAVE: Final[LiteralString] = "MATCH (listing:Listing)-[at:AT]->(:Site) WHERE listing.id IN $ids DELETE at"
SETTLE: Final[LiteralString] = "MATCH (x:Listing {id: $listing}) MATCH (site:Site {id: $site}) CREATE (x)-[:AT]->(site)"
PRICELESS: Final[LiteralString] = "MATCH (listing:Listing) REMOVE listing.price_cent_per_trade_unit"


@pytest.fixture(autouse=True)
async def factors(api: Api) -> None:
    """Put the factors beside the valley, which has none."""

    async def put(tx: Tx) -> None:
        await tx.run(FACTORS, rows=ROWS)

    await api.graph.write(put)


def between(rows: Any) -> dict[tuple[str, str], tuple[int, float, float | None]]:
    return {
        (row["giver"]["key"], row["taker"]["key"]): (row["flowCount"], row["quantityPerYear"], row["valuePerYearEur"])
        for row in rows
    }


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_analyses_are_shown_to_facilitators_and_analysts_only(api: Api, operation: str) -> None:
    for account in (None, "outsider", "manager-a", "retired"):
        answer = await api.whole(account, operation, **OPERATIONS[operation])
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_ALLOWED"]
        assert answer["data"] is None
    for account in ("facilitator", "analyst"):
        assert await api.ask(account, operation, **OPERATIONS[operation]) is not None


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_territory_of_others_is_refused(api: Api, operation: str) -> None:
    where = {"territoryId": "stetienne"}
    asked = where if operation in {"Unmatched", "Indicators"} else {"where": where}
    answer = await api.whole("facilitator", operation, **OPERATIONS[operation], **asked)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_ALLOWED"]
    assert "errors" not in await api.whole("facilitator-stetienne", operation, **OPERATIONS[operation], **asked)


async def test_each_mandate_sees_the_flows_whose_amounts_show_to_it(api: Api) -> None:
    seen = {
        account: between((await api.ask(account, "Flows"))["nodes"])
        for account in ("facilitator", "facilitator-stetienne", "analyst")
    }
    assert seen == {
        "facilitator": {("lyon", "lyon"): (2, 60.0, 2000.0), ("lyon", "stetienne"): (1, 30.0, 1000.0)},
        "facilitator-stetienne": {("lyon", "stetienne"): (1, 30.0, 1000.0)},
        "analyst": {("lyon", "lyon"): (1, 30.0, None), ("lyon", "stetienne"): (1, 30.0, None)},
    }


async def test_values_that_rest_on_no_price_of_a_site_are_shown_to_analysts(api: Api, graph: Graph) -> None:
    async def forget(tx: Tx) -> None:
        await tx.run(PRICELESS)

    await graph.write(forget)
    flows = between((await api.ask("analyst", "Flows", by="COMMUNE"))["nodes"])
    assert flows == {("69001", "69002"): (1, 30.0, 1000.0), ("69001", "42001"): (1, 30.0, 1000.0)}


async def test_flows_are_filtered_grouped_and_paged(api: Api) -> None:
    sites = (await api.ask("facilitator", "Flows", by="SITE", first=1))["nodes"]
    assert [(row["giver"]["nameFr"], row["taker"]["nameEn"]) for row in sites] == [("Atelier", "Briqueterie")]
    section = await api.ask("facilitator", "Flows", by="SECTION")
    assert [row["giver"]["nameEn"] for row in section["nodes"]] == ["Manufacturing"]
    first = await api.ask("facilitator", "Flows", first=1)
    assert first["pageInfo"]["hasNextPage"]
    rest = await api.ask("facilitator", "Flows", first=1, after=first["pageInfo"]["endCursor"])
    assert (between(rest["nodes"]), rest["pageInfo"]["hasNextPage"]) == (
        {("lyon", "stetienne"): (1, 30.0, 1000.0)},
        False,
    )
    nothing: tuple[dict[str, Any], ...] = ({"kind": "HEAT"}, {"sector": "35"}, {"layer": "REALISED"})
    for where in nothing:
        assert (await api.ask("facilitator", "Flows", where=where))["nodes"] == []
    some: tuple[dict[str, Any], ...] = ({"territoryId": "lyon-chimie"}, {"sector": "C"}, {"kind": "MATERIAL"})
    for where in some:
        assert len((await api.ask("facilitator", "Flows", where=where))["nodes"]) == 2


async def test_a_period_that_is_none_is_refused_in_words(api: Api) -> None:
    answer = await api.whole("facilitator", "Flows", where={"period": "soon"})
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["PERIOD_DAYS"]


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_territory_that_is_not_there_is_named_to_those_who_are_shown_analyses(api: Api, operation: str) -> None:
    where = {"territoryId": "nowhere"}
    asked = where if operation in {"Unmatched", "Indicators"} else {"where": where}
    codes = {"facilitator": "SELECTION", "analyst": "SELECTION", "manager-a": "NOT_ALLOWED", "outsider": "NOT_ALLOWED"}
    for account, code in codes.items():
        (error,) = (await api.whole(account, operation, **OPERATIONS[operation], **asked))["errors"]
        assert (account, error["extensions"]["code"]) == (account, code)
        assert ("'nowhere'" in error["message"]) is (code == "SELECTION")


async def test_balances_part_what_crosses_from_what_stays(api: Api) -> None:
    rows = (await api.ask("facilitator", "Balances"))["nodes"]
    assert [(row["group"]["key"], row["givenPerYear"], row["takenPerYear"], row["withinPerYear"]) for row in rows] == [
        ("lyon", 30.0, 0.0, 60.0),
        ("stetienne", 0.0, 30.0, 0.0),
    ]
    assert [row["netPerYear"] for row in rows] == [30.0, -30.0]


async def test_the_hub_is_the_strongest_giver_and_what_it_earns_shows_to_its_facilitators(api: Api) -> None:
    shape = await api.ask("facilitator", "Structure")
    assert (shape["siteCount"], shape["edgeCount"], shape["flowCount"]) == (3, 2, 3)
    hub = shape["sites"]["nodes"][0]
    assert (hub["siteId"], hub["givesToCount"], hub["outStrengthPerYearEur"]) == ("site-a", 2, 3000.0)
    seen = (await api.ask("analyst", "Structure"))["sites"]["nodes"]
    assert {row["siteId"]: (row["outStrengthPerYearEur"], row["inStrengthPerYearEur"]) for row in seen} == {
        "site-a": (None, 0.0),
        "site-b": (0.0, None),
        "site-c": (0.0, None),
    }


async def test_what_is_left_over_counts_the_listings_that_show(api: Api) -> None:
    def listings(rows: Any) -> dict[str, int]:
        counts: dict[str, int] = {}
        for row in rows:
            counts[row["direction"]] = counts.get(row["direction"], 0) + row["listingCount"]
        return counts

    facilitated = await api.ask("facilitator", "Unmatched")
    assert listings(facilitated["nodes"]) == {"DEMAND": 2, "SUPPLY": 2}
    assert listings((await api.ask("analyst", "Unmatched"))["nodes"]) == {"DEMAND": 1, "SUPPLY": 1}
    heat = await api.ask("facilitator-stetienne", "Unmatched", kind="HEAT")
    assert [(row["reason"], row["unit"], row["restPerYear"]) for row in heat["nodes"]] == [
        ("NO_COUNTERPART", "MWH", 40.0)
    ]


async def test_indicators_hold_promised_and_delivered_against_each_other(api: Api, graph: Graph) -> None:
    async def operate(tx: Tx) -> None:
        await tx.run(OPERATE)

    await graph.write(operate)
    seen = await api.ask("facilitator", "Indicators", period="2026", territoryId="lyon")
    (row,) = seen["amounts"]["nodes"]
    assert (row["territory"]["key"], row["chapter"]["key"], row["unit"]) == ("lyon", "?", "TONNE")
    assert (row["suggested"], row["promised"], row["delivered"], row["evidenced"]) == (90.0, 20.0, 5.0, 5.0)
    assert (row["suggestedEur"], row["promisedEur"]) == (3000.0, pytest.approx(666.66))
    statuses = {one["status"]: one for one in seen["statuses"]["nodes"]}
    assert statuses["OPERATING"]["synergyCount"] == 1
    assert statuses["AGREED"]["medianDays"] == 26328.0
    (jobs,) = seen["jobs"]["nodes"]
    assert (jobs["territory"]["key"], jobs["operatingCount"], jobs["declaringCount"]) == ("lyon", 1, 1)
    assert jobs["jobsFte"] == 2.5
    theirs = await api.ask("analyst", "Indicators", period="2026")
    (jobs,) = theirs["jobs"]["nodes"]
    assert (jobs["operatingCount"], jobs["declaringCount"], jobs["jobsFte"]) == (1, 0, 0.0)
    (hidden,) = theirs["amounts"]["nodes"]
    assert (hidden["suggested"], hidden["suggestedEur"]) == (60.0, None)
    assert (hidden["promised"], hidden["delivered"], hidden["evidenced"]) == (30.0, None, None)
    assert (await api.ask("facilitator-stetienne", "Indicators", period="2026"))["amounts"]["nodes"] == []


async def test_what_was_agreed_and_delivered_shows_to_who_sits_at_the_table(api: Api, graph: Graph) -> None:
    async def operate(tx: Tx) -> None:
        await tx.run(OPERATE)

    await graph.write(operate)
    flows = {
        (account, period): [
            row["quantityPerYear"]
            for row in (await api.ask(account, "Flows", where={"layer": "REALISED", "period": period}))["nodes"]
        ]
        for account in ("facilitator", "analyst")
        for period in (None, "2026")
    }
    assert flows == {
        ("facilitator", None): [20.0],
        ("facilitator", "2026"): [5.0],
        ("analyst", None): [30.0],
        ("analyst", "2026"): [],
    }


async def test_the_sum_over_territories_is_the_whole(api: Api, graph: Graph) -> None:
    async def operate(tx: Tx) -> None:
        await tx.run(OPERATE)

    await graph.write(operate)
    whole = (await read_indicators(graph, days_of("2026"))).amounts
    parts = [
        row
        for account in ("facilitator", "facilitator-stetienne")
        for row in (await api.ask(account, "Indicators", period="2026"))["amounts"]["nodes"]
    ]
    for name in ("suggested", "promised", "delivered", "evidenced"):
        base = sum(getattr(row, f"{name}_base") for row in whole)
        assert base > 0
        assert sum(row[name] for row in parts) == base / 1000


async def test_what_people_change_shows_at_once(api: Api, graph: Graph) -> None:
    async def operate(tx: Tx) -> None:
        await tx.run(OPERATE)

    where = {"layer": "REALISED"}
    assert (await api.ask("facilitator", "Flows", where=where))["nodes"] == []
    await graph.write(operate)
    assert between((await api.ask("facilitator", "Flows", where=where))["nodes"]) == {
        ("lyon", "lyon"): (1, 20.0, 666.66)
    }


async def turned_back(tx: Tx) -> None:
    """Let B give back to A, which gives to C: each exchange is 30 t and 1,000 EUR a year."""
    await tx.run(LEAVE, ids=["a-territory", "b-private"])
    await tx.run(SETTLE, listing="a-territory", site="site-b")
    await tx.run(SETTLE, listing="b-private", site="site-a")


async def test_cascades_and_cycles_are_those_of_the_flows_that_show(api: Api, graph: Graph) -> None:
    await graph.write(turned_back)
    seen = await api.ask("facilitator", "Cascades")
    assert seen["isComplete"]
    assert [([site["siteId"] for site in row["sites"]], row["exchangeCount"]) for row in seen["cascades"]["nodes"]] == [
        (["site-b", "site-a", "site-c"], 2)
    ]
    only = seen["cascades"]["nodes"][0]
    assert (only["treatedCount"], only["throughPerYear"], only["valuePerYearEur"]) == (0, 30.0, 2000.0)
    none = await api.ask("facilitator", "Cascades", where={"kind": "WATER"})
    assert (none["isComplete"], none["cascades"]["nodes"]) == (True, [])
    cycles = await api.ask("facilitator", "Cycles")
    assert [row["cycleCount"] for row in cycles["counts"]] == [1, 0, 0, 0]
    told = [(row["weakestPerYearEur"], row["valuePerYearEur"]) for row in cycles["strongest"]["nodes"]]
    assert (told, cycles["allCounted"]) == ([(1000.0, 2000.0)], True)
    assert (await api.ask("analyst", "Cycles"))["strongest"]["nodes"] == []


async def test_a_chain_with_a_value_that_does_not_show_has_none(api: Api, graph: Graph) -> None:
    async def shown(tx: Tx) -> None:
        await turned_back(tx)
        await tx.run("MATCH (listing:Listing {id: 'b-private'}) SET listing.visibility = 'TERRITORY'")

    await graph.write(shown)
    chain = (await api.ask("analyst", "Cascades"))["cascades"]["nodes"]
    assert [(row["throughPerYear"], row["valuePerYearEur"]) for row in chain] == [(30.0, None)]
    cycle = (await api.ask("analyst", "Cycles"))["strongest"]["nodes"]
    assert [(row["weakestPerYearEur"], row["valuePerYearEur"]) for row in cycle] == [(None, None)]
