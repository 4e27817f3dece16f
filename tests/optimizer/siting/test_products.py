"""Sites that sell what they make: proven against a second solver, and every bound above the truth."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from optimizer import ExchangeProblem, ProblemError, SolveStatus
from optimizer.siting import SitingProblem, check_siting, locate
from optimizer.siting.bound import lagrangian_bound


def ints(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@st.composite
def sitings(draw: st.DrawFn) -> SitingProblem:
    sites, customers, outlets = draw(st.integers(1, 5)), draw(st.integers(1, 5)), draw(st.integers(1, 4))
    small = st.integers(0, 12)

    def some(count: int) -> np.ndarray:
        return ints(draw(st.lists(small, min_size=count, max_size=count)))

    def arcs(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        pairs = draw(st.sets(st.tuples(st.integers(0, sites - 1), st.integers(0, rows - 1)), max_size=sites * rows))
        value = draw(st.lists(st.integers(-6, 9), min_size=len(pairs), max_size=len(pairs)))
        ordered = sorted(pairs)
        return ints([i for i, _ in ordered]), ints([j for _, j in ordered]), ints(value)

    capacity, demand = some(sites), some(customers)
    return SitingProblem(
        some(sites) * 3,
        capacity,
        demand,
        *arcs(customers),
        serve_all=draw(st.booleans()),
        at_most=draw(st.none() | st.integers(1, sites)),
        products=ExchangeProblem(capacity, some(outlets), *arcs(outlets)),
    )


def by_a_second_solver(problem: SitingProblem) -> int | None:
    """Return the optimum by scipy's HiGHS on the plain model, None where there is none."""
    market, sites = problem.sales, problem.sites
    arcs, sales = problem.arcs, market.arcs
    worth = np.concatenate((problem.value_per_unit, market.value_per_unit, -problem.fixed_cost)).astype(float)
    rows, low, high = [], [], []

    def add(entries: dict[int, float], least: float, most: float) -> None:
        row = np.zeros(len(worth))
        for column, entry in entries.items():
            row[column] = entry
        rows.append(row)
        low.append(least)
        high.append(most)

    for j, wanted in enumerate(problem.demand.tolist()):
        of_row = {int(a): 1.0 for a in np.flatnonzero(problem.arc_customer == j)}
        add(of_row, wanted if problem.serve_all else 0, wanted)
    for d, wanted in enumerate(market.demand.tolist()):
        add({int(arcs + b): 1.0 for b in np.flatnonzero(market.arc_demand == d)}, 0, wanted)
    for i in range(sites):
        coming = {int(a): 1.0 for a in np.flatnonzero(problem.arc_site == i)}
        add({**coming, arcs + sales + i: -float(problem.capacity[i])}, -np.inf, 0)
        going = {int(arcs + b): 1.0 for b in np.flatnonzero(market.arc_supply == i)}
        add({**going, **dict.fromkeys(coming, -1.0)}, -np.inf, 0)
    add({arcs + sales + i: 1.0 for i in range(sites)}, 0, problem.most_open)
    whole = np.concatenate((np.zeros(arcs + sales), np.ones(sites)))
    upper = np.concatenate((np.full(arcs + sales, 100.0), np.ones(sites)))
    found = milp(
        -worth, constraints=LinearConstraint(np.array(rows), low, high), integrality=whole, bounds=Bounds(0, upper)
    )
    return None if found.x is None else round(-found.fun)


@settings(max_examples=60, deadline=None)
@given(problem=sitings(), small=st.sampled_from([0, 10**6]))
def test_a_second_solver_agrees_and_every_plan_passes_its_check(problem: SitingProblem, small: int) -> None:
    truth = by_a_second_solver(problem)
    plan = locate(problem, small=small)
    assert check_siting(problem, plan) == ()
    if small:
        assert plan.objective == truth
        assert plan.status is (SolveStatus.INFEASIBLE if truth is None else SolveStatus.OPTIMAL)
    elif truth is not None:
        assert plan.bound is None or plan.bound >= truth
        assert plan.objective is None or plan.objective <= truth


@settings(max_examples=40, deadline=None)
@given(problem=sitings())
def test_prices_alone_prove_a_bound_above_the_truth(problem: SitingProblem) -> None:
    truth = by_a_second_solver(problem)
    bound = lagrangian_bound(problem, lambda _chosen, _gain: truth, steps=40)
    if truth is not None:
        assert bound.bound >= truth


def test_a_still_is_built_where_its_product_is_bought() -> None:
    """Both stills lose 1 a unit on what they take. One has a buyer at 4 for 6 units: 6 x (4 - 1) - 10 = 8."""
    problem = SitingProblem(
        fixed_cost=ints([5, 10]),
        capacity=ints([8, 8]),
        demand=ints([20]),
        arc_site=ints([0, 1]),
        arc_customer=ints([0, 0]),
        value_per_unit=ints([-1, -1]),
        serve_all=False,
        products=ExchangeProblem(ints([8, 8]), ints([6]), ints([1]), ints([0]), ints([4])),
    )
    plan = locate(problem)
    assert (plan.objective, plan.opened.tolist()) == (8, [False, True])
    assert (plan.flow.tolist(), plan.sold.tolist()) == ([0, 6], [6])
    wrong = dataclasses.replace(plan, sold=ints([7]))
    assert set(check_siting(problem, wrong)) >= {
        "Site 1 sells 1 more than it makes.",
        "Outlet 0 is sold 1 more than it wants.",
    }


def test_products_of_other_sites_are_refused() -> None:
    one = ints([1])
    with pytest.raises(ProblemError, match="sites with their capacities"):
        SitingProblem(
            one,
            one,
            one,
            one - 1,
            one - 1,
            one,
            serve_all=False,
            products=ExchangeProblem(one * 2, one, one - 1, one - 1, one),
        )


@settings(max_examples=40, deadline=None)
@given(problem=sitings(), factor=st.integers(2, 50))
def test_money_times_a_factor_is_an_objective_times_that_factor(problem: SitingProblem, factor: int) -> None:
    market = problem.sales
    scaled = dataclasses.replace(
        problem,
        fixed_cost=problem.fixed_cost * factor,
        value_per_unit=problem.value_per_unit * factor,
        products=dataclasses.replace(market, value_per_unit=market.value_per_unit * factor),
    )
    plan, other = locate(problem), locate(scaled)
    assert other.status is plan.status
    assert other.objective == (None if plan.objective is None else plan.objective * factor)


@settings(max_examples=40, deadline=None)
@given(problem=sitings())
def test_one_site_more_to_choose_from_never_costs_anything(problem: SitingProblem) -> None:
    whole = locate(problem)
    last = problem.sites - 1
    near, sold = problem.arc_site < last, problem.sales.arc_supply < last
    market = problem.sales
    fewer = SitingProblem(
        problem.fixed_cost[:-1],
        problem.capacity[:-1],
        problem.demand,
        problem.arc_site[near],
        problem.arc_customer[near],
        problem.value_per_unit[near],
        problem.serve_all,
        problem.at_most,
        ExchangeProblem(
            market.supply[:-1],
            market.demand,
            market.arc_supply[sold],
            market.arc_demand[sold],
            market.value_per_unit[sold],
        ),
    )
    without = locate(fewer)
    if without.objective is not None:
        assert whole.objective is not None
        assert whole.objective >= without.objective
