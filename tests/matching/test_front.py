"""The front between value and emissions: its ends, its slope, and where it is kept."""

import pytest

from symbiosis.domain.fronts import FrontPointsError
from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunKind
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.matching.compute import compute
from symbiosis.matching.front import front_of, keep_front_of
from symbiosis.matching.run import run_exchange
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.matching.worker import ComputeIn
from symbiosis.store.front import front_of_run
from symbiosis.store.graph import Graph
from symbiosis.store.runs import current_run
from symbiosis.store.snapshot import StoredMarket, TakenUpPair
from tests.matching.conftest import Put
from tests.matching.markets import FACTORS, listing, market, pair

DEAR = {**FACTORS, "transport.truck.cost@3": 1.0, "transport.truck_44t.cost@1": 1.0, "transport.rigid.cost@1": 1.0}


def near_and_far(*pairs: TakenUpPair) -> StoredMarket:
    """Return a supply with a demand nearby that pays, and one 40 km off: it costs money, but avoids emissions."""
    return market(
        listing("s1", "slag", 1_000_000),
        listing("d1", "aggregates", 600_000, km=1),
        listing("d2", "aggregates", 900_000, km=40),
        pairs=pairs,
        factors=DEAR,
    )


FAR = near_and_far()


def test_the_first_point_is_the_plan_of_a_run_and_no_point_is_worth_more() -> None:
    snapshot = snapshot_of(FAR)
    made = compute(snapshot, RunId("r"), lambda *_: None)
    front = front_of(snapshot, 11)
    assert len(front) == 11
    assert abs(front[0].value_cent_per_year - made.objective_cent) <= 3 * len(made.rows)
    assert abs(front[0].avoided_gco2e_per_year - made.avoided_gco2e) <= 3 * len(made.rows)
    values = [point.value_cent_per_year for point in front]
    assert values == sorted(values, reverse=True)
    assert all(0 <= p.bound_cent_per_year - p.value_cent_per_year <= 2 for p in front)


def test_the_price_of_the_last_tonne_is_the_slope_of_the_front() -> None:
    first, *_, last = front_of(snapshot_of(FAR), 5)
    given_up = first.value_cent_per_year - last.value_cent_per_year
    gained_g = last.avoided_gco2e_per_year - first.avoided_gco2e_per_year
    assert given_up > 0
    assert gained_g > 0
    assert last.marginal_cent_per_t == pytest.approx(given_up * 1_000_000 / gained_g, rel=1e-5)


def test_what_people_work_on_is_in_every_point() -> None:
    locked = near_and_far(pair("s1", "d2", SynergyStatus.AGREED, 900_000))
    made = compute(snapshot_of(locked), RunId("r"), lambda *_: None)
    front = front_of(snapshot_of(locked), 3)
    assert abs(front[0].value_cent_per_year - made.objective_cent) <= 3 * len(made.rows)
    assert front[0].value_cent_per_year < front_of(snapshot_of(FAR), 3)[0].value_cent_per_year


def test_a_market_without_candidates_has_a_front_of_nothing() -> None:
    front = front_of(snapshot_of(market(listing("s1", "slag"))), 2)
    assert [(p.value_cent_per_year, p.avoided_gco2e_per_year) for p in front] == [(0, 0), (0, 0)]


@pytest.mark.parametrize("points", [-1, 1, 102])
def test_a_front_of_too_few_or_too_many_points_is_refused(points: int) -> None:
    with pytest.raises(FrontPointsError):
        front_of(snapshot_of(FAR), points)


@pytest.mark.store
async def test_a_front_is_kept_with_the_run_that_saw_the_same_market_only(graph: Graph, put: Put) -> None:
    await put(FAR)
    front, kept = await keep_front_of(graph, 4)
    assert not kept
    run = await run_exchange(graph, period="1", compute_in=ComputeIn.THREAD)
    assert await graph.read(front_of_run, run.run_id) is None
    assert await keep_front_of(graph, 4) == (front, True)
    assert await graph.read(front_of_run, run.run_id) == front
    assert await graph.read(current_run, RunKind.EXCHANGE) == run
