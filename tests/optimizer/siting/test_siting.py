"""Facility location: proven optima, refusals that name the limit, and a search that never beats the truth."""

import dataclasses
import itertools
import re
import sys
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimizer.errors import ProblemError, ProblemTooLargeError
from optimizer.plan import SolveStatus
from optimizer.siting import SitingProblem, check_siting, locate
from optimizer.siting.bound import lagrangian_bound


def ints(values: Sequence[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def siting(
    fixed_cost: Sequence[int],
    demand: Sequence[int],
    values: Sequence[Sequence[int | None]],
    *,
    capacity: Sequence[int] | None = None,
    serve_all: bool = True,
    at_most: int | None = None,
) -> SitingProblem:
    """Return a problem from a table of values per unit, sites by customers; None where there is no arc."""
    arcs = [(i, j, v) for i, row in enumerate(values) for j, v in enumerate(row) if v is not None]
    return SitingProblem(
        fixed_cost=ints(fixed_cost),
        capacity=ints([sum(demand)] * len(fixed_cost) if capacity is None else capacity),
        demand=ints(demand),
        arc_site=ints([i for i, _, _ in arcs]),
        arc_customer=ints([j for _, j, _ in arcs]),
        value_per_unit=ints([v for _, _, v in arcs]),
        serve_all=serve_all,
        at_most=at_most,
    )


def costs(table: Sequence[Sequence[int | None]]) -> list[list[int | None]]:
    return [[None if c is None else -c for c in row] for row in table]


ERLENKOTTER = costs(
    [
        [120, 180, 100, None, 60, None, 180, None],
        [210, None, 150, 240, 55, 210, 110, 165],
        [180, 190, 110, 195, 50, None, None, 195],
        [210, 190, 150, 180, 65, 120, 160, 120],
        [170, 150, 110, 150, 70, 195, 200, None],
    ]
)


@pytest.mark.parametrize("small", [10**6, 0])
def test_erlenkotters_example_costs_1235(small: int) -> None:
    """D. Erlenkotter (1978), Operations Research 26, 992-1009: eight customers, five sites without limits."""
    problem = siting([100, 70, 60, 110, 80], [1] * 8, ERLENKOTTER)
    plan = locate(problem, small=small)
    assert plan.objective == -1235
    assert plan.opened.tolist() == [False, False, False, True, True]
    assert check_siting(problem, plan) == ()
    assert plan.bound is not None
    assert plan.bound >= -1235
    assert (plan.status, plan.gap) == (SolveStatus.OPTIMAL, 0)


def test_three_medians_of_a_line_stand_in_the_middle_of_three_villages() -> None:
    places = [0, 1, 2, 50, 51, 52, 90, 91, 92]
    distance = [[-abs(a - b) for b in places] for a in places]
    plan = locate(siting([0] * 9, [1] * 9, distance, at_most=3))
    assert (plan.objective, plan.status) == (-6, SolveStatus.OPTIMAL)
    assert np.flatnonzero(plan.opened).tolist() == [1, 4, 7]


def test_a_capacity_splits_a_customer_between_two_sites() -> None:
    """The cheap site holds 10 of 15; the dear one must open for the other 5: 7 + 9 + 10 x 1 + 5 x 4."""
    problem = siting([7, 9], [15], costs([[1], [4]]), capacity=[10, 10])
    plan = locate(problem)
    assert (plan.objective, plan.flow.tolist()) == (-46, [10, 5])
    assert plan.opened.tolist() == [True, True]


def test_a_plant_that_does_not_pay_is_not_built() -> None:
    """Customers gain 3 x 10 and 1 x 10 from a plant of 35: only together do they pay for it, and not for one of 41."""
    table = [[3, 1]]
    assert locate(siting([35], [10, 10], table, serve_all=False)).objective == 5
    none = locate(siting([41], [10, 10], table, serve_all=False))
    assert (none.objective, none.opened.tolist(), none.status) == (0, [False], SolveStatus.OPTIMAL)


def test_an_arc_that_loses_money_is_used_only_where_everybody_must_be_served() -> None:
    assert locate(siting([1], [4, 4], [[2, -1]], serve_all=False)).objective == 7
    assert locate(siting([1], [4, 4], [[2, -1]], serve_all=True)).objective == 3


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (siting([1, 1], [5, 6], [[1, None], [1, None]]), "6 of the 6 of customer 1 cannot be served"),
        (
            siting([1, 1], [5, 6], [[1, 1], [1, 1]], capacity=[4, 4]),
            "3 of the [56] of customer [01] cannot be served",
        ),
        (
            siting([1] * 3, [5, 5], [[1, 1]] * 3, capacity=[4, 4, 4], at_most=2),
            "2 largest sites hold 8, but .* have 10",
        ),
        (siting([1] * 2, [5, 5], [[1, None], [None, 1]], at_most=1), "No choice of at most 1 sites serves every"),
    ],
)
def test_infeasible_says_which_limit(problem: SitingProblem, words: str) -> None:
    plan = locate(problem)
    assert (plan.status, plan.objective, plan.gap) == (SolveStatus.INFEASIBLE, None, None)
    assert plan.obstacle is not None
    assert re.search(words, plan.obstacle.sentence(f"customer {plan.obstacle.customer}"))
    assert check_siting(problem, plan) == ()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"fixed_cost": ints([1, -2])}, ProblemError, r"fixed_cost\[1\] is -2"),
        ({"fixed_cost": ints([1])}, ProblemError, "fixed_cost must be int64, one entry per site"),
        ({"at_most": 0}, ProblemError, "at_most is 0"),
        ({"capacity": ints([1, -1])}, ProblemError, r"sites \(supply\) .* supply\[1\] is -1"),
        ({"value_per_unit": ints([2**58] * 4)}, ProblemTooLargeError, "2\\^61"),
    ],
)
def test_what_is_not_a_siting_is_refused_in_words(
    change: dict[str, object], error: type[Exception], words: str
) -> None:
    problem = siting([1, 1], [5, 6], [[1, 2], [3, 4]])
    with pytest.raises(error, match=words):
        dataclasses.replace(problem, **change)


def test_a_wish_that_makes_no_sense_is_refused() -> None:
    problem = siting([1], [1], [[1]])
    with pytest.raises(ProblemError, match="time limit"):
        locate(problem, time_limit_s=-1)
    with pytest.raises(ProblemError, match="accepted gap"):
        locate(problem, gap=1.5)


def test_the_check_names_what_is_wrong() -> None:
    problem = siting([7, 9], [15], costs([[1], [4]]), capacity=[10, 10], at_most=2)
    plan = locate(problem)
    plan = dataclasses.replace(plan, price=None)
    wrong = dataclasses.replace(plan, flow=ints([11, 5]), opened=np.array([True, False]), objective=0, bound=-50)
    assert check_siting(problem, wrong) == (
        "Site 0 may treat 10, but 11 goes there.",
        "Site 1 may treat 0, but 5 goes there.",
        "Customer 0 has 15, but 16 is served.",
        "The plan is worth -38, but it says 0.",
        "The objective 0 is above the bound -50.",
    )
    priced = dataclasses.replace(plan, price=ints([-3]), price_unit=1)
    assert "The prices prove a bound of -41, but the plan says -46." in check_siting(problem, priced)


def test_no_time_at_all_still_gives_a_plan_or_says_that_it_was_stopped() -> None:
    plan = locate(siting([100, 70, 60, 110, 80], [1] * 8, ERLENKOTTER), time_limit_s=0.0)
    assert plan.status in (SolveStatus.FEASIBLE, SolveStatus.OPTIMAL, SolveStatus.STOPPED)
    if plan.objective is not None:
        assert plan.objective <= -1235


def test_the_other_build_of_highs_is_never_loaded() -> None:
    locate(siting([1], [1], [[5]], serve_all=False))
    assert "highspy" not in sys.modules


def best_by_enumeration(problem: SitingProblem) -> float | None:
    """Return the optimum over all sets of sites, each a linear programme of another solver; None if none can serve."""
    best: float | None = None
    for size in range(problem.most_open + 1):
        for chosen in itertools.combinations(range(problem.sites), size):
            worth = _worth(problem, chosen)
            if worth is not None and (best is None or worth > best):
                best = worth
    return best


def _worth(problem: SitingProblem, chosen: tuple[int, ...]) -> float | None:
    fixed = float(problem.fixed_cost[list(chosen)].sum())
    arcs = np.flatnonzero(np.isin(problem.arc_site, chosen))
    if not len(arcs):
        return None if problem.serve_all and problem.demand.any() else -fixed
    to_site = (problem.arc_site[arcs] == np.arange(problem.sites)[:, None]).astype(float)
    of_customer = (problem.arc_customer[arcs] == np.arange(len(problem.demand))[:, None]).astype(float)
    served = {"A_eq": of_customer, "b_eq": problem.demand} if problem.serve_all else {}
    rows = to_site if problem.serve_all else np.vstack((to_site, of_customer))
    limits = problem.capacity if problem.serve_all else np.concatenate((problem.capacity, problem.demand))
    found = linprog(-problem.value_per_unit[arcs], A_ub=rows, b_ub=limits, **served)
    return -float(found.fun) - fixed if found.status == 0 else None


@st.composite
def problems(draw: st.DrawFn) -> SitingProblem:
    sites, customers = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    value = st.one_of(st.none(), st.integers(-9, 20), st.integers(1, 20))
    row = st.lists(value, min_size=customers, max_size=customers)
    return siting(
        draw(st.lists(st.integers(0, 60), min_size=sites, max_size=sites)),
        draw(st.lists(st.integers(0, 9), min_size=customers, max_size=customers)),
        draw(st.lists(row, min_size=sites, max_size=sites)),
        capacity=draw(st.lists(st.integers(0, 20), min_size=sites, max_size=sites)),
        serve_all=draw(st.booleans()),
        at_most=draw(st.one_of(st.none(), st.integers(1, 4))),
    )


@given(problems())
@settings(max_examples=60, deadline=None)
def test_the_optimum_is_that_of_enumeration_and_the_search_never_claims_more(problem: SitingProblem) -> None:
    truth = best_by_enumeration(problem)
    proven, searched = locate(problem), locate(problem, small=0)
    assert check_siting(problem, proven) == check_siting(problem, searched) == ()
    if truth is None:
        assert proven.status is SolveStatus.INFEASIBLE
        assert searched.status in (SolveStatus.INFEASIBLE, SolveStatus.STOPPED)
        return
    assert proven.status is SolveStatus.OPTIMAL
    assert proven.objective == pytest.approx(truth, abs=1e-6)
    assert searched.bound is None or searched.bound >= truth - 1e-6
    if searched.objective is not None:
        assert searched.objective <= truth + 1e-6


@given(problems())
@settings(max_examples=60, deadline=None)
def test_sites_decided_by_the_bound_are_those_of_every_better_choice(problem: SitingProblem) -> None:
    """Whatever objective is known, no choice worth more opens a site that may not be open, or none that must be."""
    bound = lagrangian_bound(problem, lambda _chosen, _gain: None, steps=20)
    worths = {
        chosen: _worth(problem, chosen)
        for size in range(problem.most_open + 1)
        for chosen in itertools.combinations(range(problem.sites), size)
    }
    for known in {round(worth) - 1 for worth in worths.values() if worth is not None}:
        must, may = bound.decided(problem, known)
        for chosen, worth in worths.items():
            if worth is not None and worth > known + 0.5:
                assert set(np.flatnonzero(must)) <= set(chosen) <= set(np.flatnonzero(may))


@given(problems())
@settings(max_examples=15, deadline=None)
def test_the_same_problem_gives_the_same_plan(problem: SitingProblem) -> None:
    for small in (10**6, 0):
        once, again = locate(problem, small=small), locate(problem, small=small)
        assert (once.objective, once.bound, once.opened.tolist(), once.flow.tolist()) == (
            again.objective,
            again.bound,
            again.opened.tolist(),
            again.flow.tolist(),
        )


def test_a_larger_siting_is_searched_within_one_percent_of_its_proven_bound() -> None:
    random = np.random.default_rng(3)
    place, plant = random.uniform(0, 100, (120, 2)), random.uniform(0, 100, (15, 2))
    distance = np.sqrt(((plant[:, None] - place) ** 2).sum(-1))
    demand = np.rint(random.lognormal(3, 1, 120)).astype(int) + 1
    table = [[-int(10 * d) for d in row] for row in distance]
    problem = siting([400_000] * 15, demand.tolist(), table, capacity=[int(demand.sum() / 3)] * 15, at_most=6)
    searched = locate(problem, small=0)
    assert check_siting(problem, searched) == ()
    assert searched.price is not None
    assert searched.gap is not None
    assert searched.gap < 0.01
