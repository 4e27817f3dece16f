"""Plans beyond what is kept go when the next one is published, or when somebody asks for it."""

import dataclasses
from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.runs import Run
from symbiosis.matching.limits import RunOptions
from symbiosis.matching.retention import cleared, swept
from symbiosis.matching.run import run_exchange
from symbiosis.matching.worker import ComputeIn
from symbiosis.store.graph import Graph
from symbiosis.store.run_pages import run_by_id
from symbiosis.store.sweeping import Keep, Swept
from tests.matching.conftest import Put
from tests.matching.markets import listing, market

pytestmark = pytest.mark.store

SUGGESTS: Final[LiteralString] = """
MATCH (run:Run)-[suggests:SUGGESTS]->(:Synergy)
RETURN run.id AS run_id, count(suggests) AS suggestions
ORDER BY run_id LIMIT 10
"""
MARKET: Final = market(
    listing("s1", "slag", 1000),
    listing("d1", "slag", 1000, price_cent_per_trade_unit=3000),
    listing("s2", "slag", 2000, km=1),
    listing("d2", "slag", 2000, price_cent_per_trade_unit=3100, km=1),
)
TWO: Final = RunOptions(keep=Keep(runs=2))


async def run(graph: Graph, period: str, options: RunOptions = TWO) -> Run:
    return await run_exchange(graph, period=period, compute_in=ComputeIn.THREAD, options=options)


async def suggesting(graph: Graph) -> set[Any]:
    return {row["run_id"] for row in await graph.read(lambda tx: tx.run(SUGGESTS))}


async def test_publishing_lets_go_of_the_plans_that_are_kept_no_longer(graph: Graph, put: Put) -> None:
    await put(MARKET)
    first, second, third = [await run(graph, period) for period in ("1", "2", "3")]
    assert await suggesting(graph) == {second.run_id, third.run_id}
    now = await graph.read(run_by_id, first.run_id)
    assert now is not None
    assert now.retired_at is not None
    assert dataclasses.replace(now, retired_at=None) == first
    assert third.plan_sha256 == first.plan_sha256


async def test_clearing_tells_what_it_removed_and_a_second_time_that_there_is_nothing(graph: Graph, put: Put) -> None:
    await put(MARKET)
    kept = RunOptions(keep=Keep(runs=60))
    runs = [await run(graph, period, kept) for period in ("1", "2", "3", "4")]
    assert await swept(graph) == Swept()
    retired, gone = await cleared(graph, Keep(runs=2))
    assert retired == [runs[1].run_id, runs[0].run_id]
    assert gone == Swept(suggestions=sum(each.suggestions or 0 for each in runs[:2]))
    assert await cleared(graph, Keep(runs=2)) == ([], Swept())
    assert await suggesting(graph) == {runs[2].run_id, runs[3].run_id}
