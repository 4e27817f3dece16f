"""Exchange over several periods: what is kept, what it costs, and what it proves."""

import dataclasses

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimizer import ProblemError, SolveStatus, ViolationKind
from optimizer.periods import PeriodsProblem, check_periods, solve_periods


def ints(values: object) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def one_pair(**more: np.ndarray) -> PeriodsProblem:
    """All ten units come in the first of two periods, and half of the demand of ten is in each."""
    return PeriodsProblem(
        supply=ints([[10, 0]]),
        demand=ints([[5, 5]]),
        arc_supply=ints([0]),
        arc_demand=ints([0]),
        value_per_unit=ints([7]),
        **more,
    )


@st.composite
def problems(draw: st.DrawFn) -> PeriodsProblem:
    rows, columns, periods = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    pairs = [(i, j) for i in range(rows) for j in range(columns)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True))
    arcs, quantity = len(chosen), st.one_of(st.just(0), st.integers(0, 30))

    def column(strategy: st.SearchStrategy[int], *shape: int) -> np.ndarray:
        size = int(np.prod(shape))
        return ints(draw(st.lists(strategy, min_size=size, max_size=size))).reshape(shape)

    def maybe(strategy: st.SearchStrategy[int], *shape: int) -> np.ndarray | None:
        return column(strategy, *shape) if draw(st.booleans()) else None

    each = (arcs, periods) if draw(st.booleans()) else (arcs,)
    return PeriodsProblem(
        supply=column(quantity, rows, periods),
        demand=column(quantity, columns, periods),
        arc_supply=ints([i for i, _ in chosen]),
        arc_demand=ints([j for _, j in chosen]),
        value_per_unit=column(st.integers(-2, 20), *each),
        arc_capacity=maybe(quantity, *each),
        supply_store=maybe(quantity, rows),
        supply_holding=maybe(st.integers(0, 5), rows),
        demand_store=maybe(quantity, columns),
        demand_holding=maybe(st.integers(0, 5), columns),
    )


def second_opinion(problem: PeriodsProblem) -> float:
    """Return the optimum of the same model, written out row by row, by HiGHS through scipy."""
    periods, arcs = problem.periods, problem.arcs
    rows, columns = len(problem.supply), len(problem.demand)
    size = periods * (arcs + rows + columns)
    flow = np.arange(arcs * periods).reshape(arcs, periods)
    kept = np.arange(arcs * periods, size).reshape(rows + columns, periods)
    most = np.zeros(size)
    most[flow] = np.where(problem.values() > 0, np.minimum(problem.capacities(), 10**6), 0)
    most[kept] = np.concatenate(problem.stores())[:, None]
    most[kept[:, -1]] = 0
    cost = np.zeros(size)
    cost[flow] = -problem.values()
    cost[kept] = np.concatenate(problem.holdings())[:, None]
    matrix, limit = sp.lil_array((periods * (rows + 2 * columns), size)), []
    for t in range(periods):
        for i in range(rows):
            matrix[len(limit), flow[problem.arc_supply == i, t]] = 1
            matrix[len(limit), kept[i, t]] = 1
            if t:
                matrix[len(limit), kept[i, t - 1]] = -1
            limit.append(problem.supply[i, t])
        for j in range(columns):
            for sign in (1, -1):
                matrix[len(limit), flow[problem.arc_demand == j, t]] = sign
                matrix[len(limit), kept[rows + j, t]] = -sign
                if t:
                    matrix[len(limit), kept[rows + j, t - 1]] = sign
                limit.append(problem.demand[j, t] if sign > 0 else 0)
    found = linprog(cost, A_ub=matrix.tocsr(), b_ub=limit, bounds=np.column_stack((np.zeros(size), most)))
    return -float(found.fun)


def test_without_a_store_each_period_is_on_its_own() -> None:
    plan = solve_periods(one_pair())
    assert (plan.status, plan.objective, plan.flow.tolist()) == (SolveStatus.OPTIMAL, 35, [[5, 0]])


def test_a_supply_keeps_what_the_next_period_pays_for() -> None:
    problem = one_pair(supply_store=ints([4]), supply_holding=ints([2]))
    plan = solve_periods(problem)
    assert plan.objective == 9 * 7 - 4 * 2
    assert (plan.flow.tolist(), plan.supply_stock.tolist()) == ([[5, 4]], [[4, 0]])
    assert check_periods(problem, plan).violations == ()


def test_a_demand_keeps_what_it_got_early() -> None:
    problem = one_pair(demand_store=ints([3]), demand_holding=ints([1]))
    plan = solve_periods(problem)
    assert (plan.objective, plan.flow.tolist(), plan.demand_stock.tolist()) == (8 * 7 - 3, [[8, 0]], [[3, 0]])
    assert check_periods(problem, plan).violations == ()


def test_what_costs_more_to_keep_than_it_earns_is_not_kept() -> None:
    plan = solve_periods(one_pair(supply_store=ints([5]), supply_holding=ints([8])))
    assert (plan.objective, plan.supply_stock.tolist()) == (35, [[0, 0]])


def test_a_price_says_what_a_unit_more_would_be_worth() -> None:
    plan = solve_periods(one_pair(supply_store=ints([4]), supply_holding=ints([2])))
    assert plan.price_demand_low.tolist() == [[7, 0]]
    assert plan.price_supply_low.tolist() == [[0, 7]]
    assert plan.price_supply_high.tolist() == [[0, 7]]


def test_values_and_limits_may_differ_by_period() -> None:
    problem = PeriodsProblem(
        supply=ints([[6, 6]]),
        demand=ints([[6, 6]]),
        arc_supply=ints([0]),
        arc_demand=ints([0]),
        value_per_unit=ints([[1, 10]]),
        arc_capacity=ints([[6, 8]]),
        supply_store=ints([9]),
        demand_store=ints([9]),
    )
    plan = solve_periods(problem)
    assert (plan.objective, plan.flow.tolist()) == (60 + 6, [[6, 6]])


def test_a_time_limit_of_zero_leaves_a_bound_that_holds() -> None:
    problem = one_pair(supply_store=ints([4]))
    plan = solve_periods(problem, time_limit_s=0)
    assert (plan.status, plan.objective, plan.bound) == (SolveStatus.FEASIBLE, 0, 70)
    assert check_periods(problem, plan).violations == ()


def test_the_parts_add_up_and_the_progress_ends_at_one() -> None:
    seen: list[float] = []
    plan = solve_periods(one_pair(), on_progress=seen.append)
    assert sum(part.objective for part in plan.parts) == plan.objective
    assert seen[-1] == 1


def test_the_check_names_what_is_kept_beyond_the_store() -> None:
    problem = one_pair(supply_store=ints([4]))
    plan = solve_periods(problem)
    wrong = dataclasses.replace(plan, supply_stock=ints([[5, 1]]))
    kinds = [one.kind for one in check_periods(problem, wrong).violations]
    assert kinds.count(ViolationKind.STOCK_WRONG) == 2


def test_the_check_names_what_is_used_twice() -> None:
    problem = one_pair(supply_store=ints([9]))
    wrong = dataclasses.replace(solve_periods(problem), supply_stock=ints([[6, 0]]))
    kinds = {one.kind for one in check_periods(problem, wrong).violations}
    assert kinds == {ViolationKind.SUPPLY_EXCEEDED}


def test_a_column_without_periods_is_refused() -> None:
    with pytest.raises(ProblemError, match="rows and periods"):
        PeriodsProblem(ints([1]), ints([[1]]), ints([0]), ints([0]), ints([1]))
    with pytest.raises(ProblemError, match=r"supply_store has shape \(2,\)"):
        one_pair(supply_store=ints([1, 2]))
    with pytest.raises(ProblemError, match="zero or more"):
        one_pair(supply_store=ints([-1]))


@given(problems())
@settings(max_examples=150, deadline=None)
def test_every_plan_is_optimal_passes_the_check_and_is_what_highs_finds(problem: PeriodsProblem) -> None:
    plan = solve_periods(problem)
    assert plan.status is SolveStatus.OPTIMAL
    assert check_periods(problem, plan).violations == ()
    assert plan.objective == pytest.approx(second_opinion(problem), abs=1e-6)


@given(problems())
@settings(max_examples=40, deadline=None)
def test_a_larger_store_never_costs(problem: PeriodsProblem) -> None:
    larger = dataclasses.replace(problem, supply_store=problem.stores()[0] + 5)
    assert solve_periods(larger).objective >= solve_periods(problem).objective
