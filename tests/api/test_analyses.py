"""The layers of the flow graph and the indicators, read from the valley."""

from datetime import date
from typing import Final, LiteralString

import pytest

from symbiosis.analytics.flow_graph import Layer, read_flow_graph
from symbiosis.analytics.indicators import Days, read_indicators
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
