"""Chain problems as arrays: refusals by entry, what the check finds, and how a time limit ends a solve."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optimizer import ChainProblem, ProblemError, SolveStatus, check_chain, solve_chain
from optimizer.chain import Links, Names, Quality, Stores, Uses, Words, settle_links


def floats(values: object) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def chain(supply: Any, demand: Any, arcs: list[tuple[int, int, float]], **uses: Any) -> ChainProblem:
    """Return a chain without processors: arcs are (supply, demand, value)."""
    supply, demand = floats(supply), floats(demand)
    count, periods = len(arcs), supply.shape[1]
    none, each = np.zeros(0), (count, periods)
    columns = {"value": np.repeat(floats([v for *_, v in arcs])[:, None], periods, axis=1)}
    columns |= {"capacity": np.full(each, np.inf), "least": np.zeros(each)}
    columns |= {name: np.zeros(count) for name in ("lot", "once_cost", "each_cost")}
    return ChainProblem(
        supply=supply,
        supply_least=np.zeros(supply.shape),
        demand=demand,
        demand_least=np.zeros(demand.shape),
        arc_tail=np.array([i for i, _, _ in arcs], np.int64),
        arc_head=np.array([j for _, j, _ in arcs], np.int64),
        arc_yield=np.ones(count),
        product_of=none.astype(np.int64),
        product_yield=none,
        product_all=none.astype(np.bool_),
        uses=Uses(**{**columns, **uses}),
        stores=Stores(none.astype(np.bool_), none.astype(np.int64), none, none, none, none, none),
        quality=Quality(np.zeros((count, 0)), np.zeros((len(demand), 0)), np.zeros((len(demand), 0))),
        links=Links(np.full(len(supply), np.inf), np.full(len(demand), np.inf), 0.0, np.zeros(count, np.bool_)),
    )


def small(**uses: Any) -> ChainProblem:
    return chain([[10.0], [5.0]], [[8.0]], [(0, 0, 3.0), (1, 0, 7.0)], **uses)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"supply": floats([[10], [-5]])}, r"supply\[1, 0\] is -5.0; it must be zero or more"),
        ({"supply_least": floats([[11], [0]])}, r"supply_least\[0, 0\] is 11, but supply is only 10"),
        ({"demand": floats([8])}, "two dimensions"),
        ({"arc_yield": floats([1, 0])}, r"arc_yield\[1\] is 0.0; it must be above 0.0"),
        ({"arc_yield": np.array([1, 1])}, r"arc_yield is int64 \(2,\); give float64 \(2,\)"),
        ({"arc_tail": np.array([0, 2])}, "arc_tail is 2, but there are 2 rows"),
        ({"second_least": 3.0}, "second objective of the uses"),
    ],
)
def test_a_wrong_column_is_refused_with_its_entry(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ProblemError, match=sentence):
        replace(small(), **change)


@pytest.mark.parametrize(("wish", "sentence"), [({"gap": 1.0}, "gap 1.0"), ({"time_limit_s": -1.0}, "limit -1.0 s")])
def test_a_wish_that_makes_no_sense_is_refused(wish: dict[str, float], sentence: str) -> None:
    with pytest.raises(ProblemError, match=sentence):
        solve_chain(small(), **wish)  # type: ignore[arg-type]


def test_a_fixed_cost_decides_between_one_link_and_two() -> None:
    """Both links: 5 x 7 + 3 x 3 = 44, less what they cost; the second alone 35, the first alone 24."""
    for cost, worth in (([0, 0], 44), ([8, 0], 36), ([10, 0], 35), ([0, 21], 24)):
        problem = small(once_cost=floats(cost))
        plan = solve_chain(problem)
        assert (plan.status, plan.objective, plan.bound) == (SolveStatus.OPTIMAL, worth, worth)
        assert check_chain(problem, plan).passed
        settled = settle_links(problem, plan.flow, plan.bound, plan.status)
        assert settled.flow.tolist() == plan.flow.tolist()


def test_the_check_names_each_limit_that_is_broken() -> None:
    problem = small(lot=floats([4, 0]), capacity=floats([[9], [5]]))
    problem = replace(problem, links=replace(problem.links, head_most=floats([1]), budgeted=np.array([True, True])))
    plan = solve_chain(problem)
    assert plan.objective == 0
    for flow, kinds in (
        ([[3.0], [0.0]], {"LOT_BROKEN", "BUDGET_EXCEEDED", "OBJECTIVE_WRONG", "NOT_OPTIMAL"}),
        ([[9.5], [0.0]], {"ARC_EXCEEDED", "DEMAND_EXCEEDED"}),
        ([[4.0], [4.0]], {"PARTNERS_EXCEEDED"}),
        ([[-1.0], [6.0]], {"FLOW_NEGATIVE", "SUPPLY_EXCEEDED", "ARC_EXCEEDED"}),
        ([[0.0]], {"SHAPE"}),
    ):
        verdict = check_chain(problem, replace(plan, flow=floats(flow)))
        assert kinds <= {str(one.kind) for one in verdict.violations}


def test_an_infeasible_chain_is_told_by_row_numbers_where_there_are_no_names() -> None:
    problem = replace(small(capacity=floats([[2], [9]])), demand_least=floats([[8]]))
    plan = solve_chain(problem)
    assert plan.status is SolveStatus.INFEASIBLE
    assert list(Words(problem, Names.numbers(problem)).reason(plan)) == [
        "Demand 0 must be served 8, but 1 of it is missing.",
        "Supply 1 has only 5.",
        "The arc from supply 0 to demand 0 carries at most 2.",
    ]


def test_no_time_at_all_is_a_status_and_not_a_plan() -> None:
    plan = solve_chain(small(lot=floats([4, 0])), time_limit_s=0.0)
    assert plan.status is SolveStatus.STOPPED
    assert np.isnan(plan.objective)
    assert check_chain(small(), plan).passed
