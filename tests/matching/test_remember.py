"""What a run keeps for the next one, and what the next one tells of the difference, on every store that is given."""

import dataclasses
from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.changes import ChangeCause, ChangeKind
from symbiosis.domain.runs import Run, RunKind
from symbiosis.matching.run import is_up_to_date, run_exchange
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.matching.worker import ComputeIn
from symbiosis.store.graph import Graph
from symbiosis.store.pages import PageRequest
from symbiosis.store.published import input_parts, published_plan
from symbiosis.store.run_changes import run_changes, run_changes_page
from symbiosis.store.scopes import SynergyScope
from tests.matching.conftest import Put
from tests.matching.markets import FACTORS, listing, market

pytestmark = pytest.mark.store

PARTS: Final[LiteralString] = "MATCH (part:RunInput) RETURN part.run_id AS run_id ORDER BY run_id LIMIT 10"
WITHDRAW: Final[LiteralString] = "MATCH (l:Listing {id: $id}) SET l.status = 'WITHDRAWN'"
PLACE: Final[LiteralString] = """
MATCH (site:Site) MERGE (commune:Commune {insee: '69123'}) MERGE (site)-[:IN]->(commune)
"""

MARKET: Final = market(
    listing("s1", "slag", 1000),
    listing("d1", "slag", 1000, price_cent_per_trade_unit=3000),
    listing("d2", "slag", 1000, price_cent_per_trade_unit=3100),
    factors={**FACTORS, "plan.switching_cost@1": 5.0},
)


async def run(graph: Graph, period: str) -> Run:
    return await run_exchange(graph, period=period, compute_in=ComputeIn.THREAD)


async def did(graph: Graph, query: LiteralString, **parameters: Any) -> list[Any]:
    return list(await graph.write(lambda tx: tx.run(query, **parameters)))


async def test_the_published_plan_and_its_input_are_read_back_and_older_inputs_are_let_go(
    graph: Graph, put: Put
) -> None:
    assert await graph.read(published_plan, RunKind.EXCHANGE) is None
    await put(MARKET)
    first, second = await run(graph, "1"), await run(graph, "2")
    plan = await graph.read(published_plan, RunKind.EXCHANGE)
    assert plan is not None
    assert [(p.supply_id, p.demand_id, p.quantity_base_per_year, p.value_cent_per_year) for p in plan.pairs] == [
        ("s1", "d2", 1000, 4100)
    ]
    assert plan.canonical == snapshot_of(MARKET).canonical()
    assert [row["run_id"] for row in await did(graph, PARTS)] == [second.run_id]
    assert (first.change_counts, second.change_counts) == (None, None)
    assert first.plan_sha256 == second.plan_sha256
    assert await is_up_to_date(graph)


async def test_a_run_tells_what_it_changes_and_why(graph: Graph, put: Put) -> None:
    await put(MARKET)
    await did(graph, PLACE)
    await run(graph, "1")
    await did(graph, WITHDRAW, id="d2")
    second = await run(graph, "2")
    assert second.change_counts == "NEW|FREED|1 GONE|LISTING_WITHDRAWN|1"
    found = await graph.read(run_changes, second.run_id, 10)
    assert [(c.demand_id, c.kind, c.cause) for c in found] == [
        ("d2", ChangeKind.GONE, ChangeCause.LISTING_WITHDRAWN),
        ("d1", ChangeKind.NEW, ChangeCause.FREED),
    ]
    assert found[0].detail == "d2"
    everywhere = SynergyScope(facilitator_communes=("69123",))
    page = await graph.read(run_changes_page, everywhere, second.run_id, PageRequest(first=1))
    rest = await graph.read(run_changes_page, everywhere, second.run_id, PageRequest(after=page.cursors[0]))
    seen = [(c.synergy_id, c.kind, c.cause) for c in (*page.items, *rest.items)]
    assert seen == [(c.synergy_id, c.kind, c.cause) for c in found]
    assert (page.has_next, rest.has_next) == (True, False)
    assert (await graph.read(run_changes_page, SynergyScope(), second.run_id, PageRequest())).items == ()


async def test_a_pair_of_the_published_plan_stays_though_another_pays_a_little_more(graph: Graph, put: Put) -> None:
    cheaper = dataclasses.replace(MARKET, listings=MARKET.listings[:2])
    await put(cheaper)
    await run(graph, "1")
    await put(dataclasses.replace(MARKET, listings=MARKET.listings[2:], resources=(), factors={}, substitutions=()))
    second = await run(graph, "2")
    assert second.stability_cost_cent_per_year == 100
    assert second.change_counts is None
    assert second.objective_cent_per_year == 4000
    assert second.bound_cent_per_year == 4100


def test_an_input_is_kept_in_parts_that_fit_into_a_message() -> None:
    parts = input_parts(bytes(range(256)) * 8000)
    assert all(len(part) <= 500_000 for part in parts)
