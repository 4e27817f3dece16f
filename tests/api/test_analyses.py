"""The layers of the flow graph and the indicators, read from the valley."""

from datetime import date
from typing import Final, LiteralString

import pytest

from symbiosis.analytics.days import Days, days_of
from symbiosis.analytics.flow_graph import Layer, read_flow_graph
from symbiosis.analytics.indicators import read_indicators
from symbiosis.store.graph import Graph, Tx

YEAR: Final = Days(date(2026, 1, 1), date(2026, 12, 31))
OPERATE: Final[LiteralString] = """
MATCH (:Run {id: 'run-now'})-[suggests:SUGGESTS]->(synergy:Synergy)
WITH synergy ORDER BY suggests.rank LIMIT 1
SET synergy.status = 'OPERATING', synergy.agreed_base_per_year = 12000, synergy.started_on = '2026-01-01'
CREATE (one:Delivery {id: 'dlv-1', delivered_on: '2026-02-01', quantity_base: 5000, evidence_ids: ['evd-1']})
CREATE (one)-[:OF]->(synergy)
CREATE (:Delivery {id: 'dlv-2', delivered_on: '2027-02-01', quantity_base: 9000, evidence_ids: []})-[:OF]->(synergy)
RETURN synergy.id AS synergy_id
"""

CLOSE: Final[LiteralString] = """
MATCH (:Run {id: 'run-now'})-[suggests:SUGGESTS]->(synergy:Synergy)
WITH synergy ORDER BY suggests.rank LIMIT 1
MATCH (synergy)-[:TAKES_FROM]->(supply:Listing)
SET supply.available_until = '2098-12-31'
"""


async def _operate(tx: Tx) -> None:
    assert len(await tx.run(OPERATE)) == 1


@pytest.mark.usefixtures("api")
async def test_an_operating_synergy_is_realised_with_what_was_agreed(graph: Graph) -> None:
    suggested = await read_flow_graph(graph, Layer.SUGGESTED)
    assert len(suggested) > 1
    assert len(await read_flow_graph(graph, Layer.REALISED)) == 0
    await graph.write(_operate)
    realised = await read_flow_graph(graph, Layer.REALISED)
    assert realised.quantity_base.tolist() == [12_000]


@pytest.mark.usefixtures("api")
async def test_promised_and_delivered_are_read_with_the_days_of_the_period(graph: Graph) -> None:
    await graph.write(_operate)
    rows = (await read_indicators(graph, YEAR)).amounts
    assert sum(row.promised_base for row in rows) == 12_000
    assert sum(row.delivered_base for row in rows) == 5_000
    assert sum(row.evidenced_base for row in rows) == 5_000
    later = (await read_indicators(graph, Days(date(2027, 1, 1), date(2027, 12, 31)))).amounts
    assert (sum(row.delivered_base for row in later), sum(row.evidenced_base for row in later)) == (9_000, 0)


@pytest.mark.usefixtures("api")
async def test_a_period_shows_what_was_delivered_in_it_as_the_rate_of_a_year(graph: Graph) -> None:
    await graph.write(_operate)
    quarter = await read_flow_graph(graph, Layer.REALISED, days_of("2026-Q1"))
    assert quarter.quantity_base.tolist() == [5_000 * 365 // 90]
    assert (await read_flow_graph(graph, Layer.REALISED, days_of("2026"))).quantity_base.tolist() == [5_000]
    assert len(await read_flow_graph(graph, Layer.REALISED, days_of("2026-03"))) == 0


@pytest.mark.usefixtures("api")
async def test_a_period_shows_the_plan_that_was_published_by_its_end(graph: Graph) -> None:
    now = await read_flow_graph(graph, Layer.SUGGESTED)
    assert len(await read_flow_graph(graph, Layer.SUGGESTED, days_of("2020"))) == 0
    before = await read_flow_graph(graph, Layer.SUGGESTED, days_of("2026-10"))
    assert (len(before), len(now)) == (2, 3)
    later = await read_flow_graph(graph, Layer.SUGGESTED, days_of("2099"))
    assert later.quantity_base.tolist() == now.quantity_base.tolist()


@pytest.mark.usefixtures("api")
async def test_a_period_leaves_out_what_is_not_available_in_it(graph: Graph) -> None:
    async def close(tx: Tx) -> None:
        await tx.run(CLOSE)

    now = await read_flow_graph(graph, Layer.SUGGESTED)
    await graph.write(close)
    assert len(await read_flow_graph(graph, Layer.SUGGESTED, days_of("2098"))) == len(now)
    assert len(await read_flow_graph(graph, Layer.SUGGESTED, days_of("2099"))) < len(now)
