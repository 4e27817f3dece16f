"""Two objectives over an exchange: points of the front, their prices and their proof."""

import dataclasses
import itertools
from collections.abc import Callable

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimizer import ExchangeProblem, ProblemError, ProblemTooLargeError, SolveStatus, ViolationKind, solve
from optimizer.fronts import FrontProblem, check_point, solve_front, solve_point

Exchange = Callable[..., ExchangeProblem]


def ints(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@pytest.fixture
def two_ways(exchange: Exchange) -> FrontProblem:
    """Ten units go to the one that pays 10, or to the one that pays 4 and saves 3 kg of CO2 each."""
    base = exchange([10], [10, 10], {(0, 0): 10, (0, 1): 4})
    return FrontProblem(base, ints([0, 3]))


@st.composite
def problems(draw: st.DrawFn) -> FrontProblem:
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    pairs = [(i, j) for i in range(rows) for j in range(columns)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))
    number, quantity = st.integers(-5, 60), st.integers(0, 40)

    def column(strategy: st.SearchStrategy[int], size: int) -> np.ndarray:
        return ints(draw(st.lists(strategy, min_size=size, max_size=size)))

    limited = draw(st.booleans())
    base = ExchangeProblem(
        supply=column(quantity, rows),
        demand=column(quantity, columns),
        arc_supply=ints([i for i, _ in chosen]),
        arc_demand=ints([j for _, j in chosen]),
        value_per_unit=column(number, len(chosen)),
        arc_capacity=column(quantity, len(chosen)) if limited else None,
    )
    return FrontProblem(base, column(number, len(chosen)))


def second_opinion(problem: FrontProblem, least: int) -> float | None:
    """Return the optimum by HiGHS through scipy; None: nothing keeps that much."""
    base = problem.exchange
    number, ones = np.arange(base.arcs), np.ones(base.arcs)
    rows = (
        sp.coo_array((ones, (base.arc_supply, number)), shape=(len(base.supply), base.arcs)),
        sp.coo_array((ones, (base.arc_demand, number)), shape=(len(base.demand), base.arcs)),
        sp.coo_array(-problem.second_per_unit[None, :].astype(float)),
    )
    found = linprog(
        -base.value_per_unit,
        A_ub=sp.vstack(rows),
        b_ub=np.concatenate((base.supply, base.demand, [-least])),
        bounds=np.column_stack((np.zeros(base.arcs), base.capacity())),
        method="highs",
    )
    return None if found.status == 2 else -float(found.fun)


def test_a_point_between_two_plans_is_their_mix(two_ways: FrontProblem) -> None:
    plan = solve_point(two_ways, 15)
    assert (plan.status, plan.objective, plan.second, plan.gap) == (SolveStatus.OPTIMAL, 70, 15, 0)
    assert plan.flow.tolist() == [5, 5]
    assert check_point(two_ways, plan).violations == ()


def test_the_price_of_the_second_objective_is_its_marginal_cost(two_ways: FrontProblem) -> None:
    plan = solve_point(two_ways, 15)
    assert plan.price_second == 2
    assert solve_point(two_ways, 16).objective == 68


def test_the_whole_plan_keeps_the_second_objective(two_ways: FrontProblem) -> None:
    plan = solve_point(two_ways, 15)
    assert (plan.whole_flow.tolist(), plan.whole_objective, plan.whole_second) == ([0, 10], 40, 30)


def test_what_the_best_plan_keeps_anyway_costs_nothing(two_ways: FrontProblem) -> None:
    plan = solve_point(two_ways, 0)
    assert (plan.objective, plan.price_second, plan.flow.tolist()) == (100, 0, [10, 0])
    assert check_point(two_ways, plan).passed


def test_more_than_any_plan_reaches_is_infeasible_and_says_how_much_is_possible(two_ways: FrontProblem) -> None:
    plan = solve_point(two_ways, 31)
    assert (plan.status, plan.second_most) == (SolveStatus.INFEASIBLE, 30)


def test_a_front_runs_from_the_most_value_to_the_most_of_the_second(two_ways: FrontProblem) -> None:
    front = solve_front(two_ways, 4)
    assert [(point.second, point.objective) for point in front.points] == [(0, 100), (10, 80), (20, 60), (30, 40)]
    assert front.solves == 3


def test_a_link_that_costs_money_may_serve_the_second_objective(exchange: Exchange) -> None:
    problem = FrontProblem(exchange([4], [4], {(0, 0): -3}), ints([2]))
    plan = solve_point(problem, 6)
    assert (plan.objective, plan.flow.tolist(), plan.price_second) == (-9, [3], 1.5)
    assert check_point(problem, plan).passed


def test_a_time_limit_of_zero_leaves_a_plan_and_an_honest_gap(two_ways: FrontProblem) -> None:
    problem = FrontProblem(two_ways.exchange, ints([1, 3]))
    plan = solve_point(problem, 15, time_limit_s=0)
    assert plan.status is SolveStatus.FEASIBLE
    assert plan.gap > 0
    assert check_point(problem, plan).passed


def test_the_check_names_a_plan_that_falls_short(two_ways: FrontProblem) -> None:
    plan = dataclasses.replace(solve_point(two_ways, 15), second_least=16)
    kinds = {one.kind for one in check_point(two_ways, plan).violations}
    assert kinds == {ViolationKind.LEAST_MISSED, ViolationKind.BOUND_WRONG}


def test_a_column_that_does_not_fit_is_refused(two_ways: FrontProblem) -> None:
    with pytest.raises(ProblemError, match="one entry per arc"):
        FrontProblem(two_ways.exchange, ints([1]))
    with pytest.raises(ProblemTooLargeError, match="coarser unit"):
        FrontProblem(two_ways.exchange, ints([2**62, 0]))
    with pytest.raises(ProblemError, match="two or more"):
        solve_front(two_ways, 1)


@given(problems(), st.integers(0, 100))
@settings(max_examples=80, deadline=None)
def test_every_point_is_the_one_that_highs_finds(problem: FrontProblem, share: int) -> None:
    most = solve_point(problem, -(10**9)).second_most
    least = most * share // 100
    plan = solve_point(problem, least)
    assert plan.status is SolveStatus.OPTIMAL
    assert check_point(problem, plan).violations == ()
    found = second_opinion(problem, least)
    assert found is not None
    assert plan.objective == pytest.approx(found, rel=1e-6, abs=1e-6)
    assert second_opinion(problem, most + 1) is None


@given(problems())
@settings(max_examples=40, deadline=None)
def test_a_front_falls_ever_more_steeply(problem: FrontProblem) -> None:
    points = solve_front(problem, 5).points
    assert points[0].objective == solve(problem.exchange).objective
    costs = [point.price_second for point in points[:-1]]
    assert all(a.objective >= b.objective for a, b in itertools.pairwise(points))
    assert all(a <= b * (1 + 1e-6) for a, b in itertools.pairwise(costs))
