"""Links that cost something or are scarce: proven optima against enumeration and another solver, refusals, checks."""

import dataclasses
import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from optimizer import ExchangeProblem, SolveStatus, solve
from optimizer.deadline import Deadline
from optimizer.links import LinksProblem, check_links, solve_links
from optimizer.links.ascent import tightened
from optimizer.links.market import market_of
from optimizer.links.relaxation import proof_of, relaxed_prices, sides
from optimizer.problem import Ints


def ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def exchange(supply: Sequence[int], demand: Sequence[int], values: Mapping[tuple[int, int], int]) -> ExchangeProblem:
    pairs = list(values)
    return ExchangeProblem(
        supply=ints(supply),
        demand=ints(demand),
        arc_supply=ints([i for i, _ in pairs]),
        arc_demand=ints([j for _, j in pairs]),
        value_per_unit=ints(list(values.values())),
    )


SQUARE = exchange([10, 10], [10, 10], {(0, 0): 5, (0, 1): 4, (1, 0): 4, (1, 1): 1})
"""Without limits on links 10 x 4 + 10 x 4 = 80."""


def test_a_link_whose_fixed_cost_exceeds_its_worth_is_not_used() -> None:
    """Crosswise 80 - 60 = 20, the straight pairs 60 - 60 = 0; one link alone earns 40 - 10 = 30."""
    problem = LinksProblem(SQUARE, fixed_cost=ints([30, 10, 50, 30]))
    plan = solve_links(problem)
    assert (plan.objective, plan.bound, plan.status) == (30, 30, SolveStatus.OPTIMAL)
    assert plan.flow.tolist() == [0, 10, 0, 0]


def test_a_lot_larger_than_what_is_left_leaves_it() -> None:
    """10 and 4 would earn 38, but 4 is no lot: 9 and 5 earn 37."""
    base = exchange([14], [10, 6], {(0, 0): 3, (0, 1): 2})
    plan = solve_links(LinksProblem(base, lot=ints([5, 5])))
    assert (plan.objective, plan.flow.tolist()) == (9 * 3 + 5 * 2, [9, 5])


def test_a_supply_of_one_partner_takes_the_best_one() -> None:
    base = exchange([10], [6, 5, 5], {(0, 0): 3, (0, 1): 3, (0, 2): 3})
    two = solve_links(LinksProblem(base, supply_partners=ints([2])))
    one = solve_links(LinksProblem(base, supply_partners=ints([1])))
    assert (two.objective, one.objective) == (30, 18)
    assert one.flow.tolist() == [6, 0, 0]


def test_a_demand_of_no_partners_gets_nothing() -> None:
    plan = solve_links(LinksProblem(SQUARE, demand_partners=ints([0, 2])))
    assert (plan.objective, plan.flow.tolist()) == (40, [0, 10, 0, 0])


def test_a_budget_counts_the_marked_links_only() -> None:
    marks = np.array([False, True, True, False])
    none = solve_links(LinksProblem(SQUARE, budget=0, budgeted=marks))
    one = solve_links(LinksProblem(SQUARE, budget=1, budgeted=marks))
    assert (none.objective, none.flow.tolist()) == (60, [10, 0, 0, 10])
    assert one.objective == 60
    assert solve_links(LinksProblem(SQUARE, budget=2, budgeted=marks)).objective == 80
    assert solve_links(LinksProblem(SQUARE, budget=1)).objective == 50


def test_without_limits_on_links_the_plan_is_that_of_the_exchange() -> None:
    plan = solve_links(LinksProblem(SQUARE))
    assert (plan.objective, plan.bound) == (solve(SQUARE).objective, 80)


def test_parts_without_a_common_arc_are_proven_apart() -> None:
    base = exchange([5, 5], [5, 5], {(0, 0): 2, (1, 1): 3})
    plan = solve_links(LinksProblem(base, fixed_cost=ints([4, 4])))
    assert (plan.objective, [part.objective for part in plan.parts]) == (17, [6, 11])
    assert all(part.bound == part.objective for part in plan.parts)


def test_nothing_to_exchange_is_an_optimum_of_zero() -> None:
    plan = solve_links(LinksProblem(exchange([1], [1], {})))
    assert (plan.objective, plan.bound, plan.status, plan.gap) == (0, 0, SolveStatus.OPTIMAL, 0.0)


def test_a_dear_new_link_keeps_the_links_there_are() -> None:
    """A link change that gains 10 is made when links are free, and not made at a switching cost of 11."""
    base = exchange([10], [10, 10], {(0, 0): 4, (0, 1): 5})
    before = np.array([True, False])
    free, dear = (
        solve_links(LinksProblem(base, fixed_cost=np.where(before, 0, cost).astype(np.int64))) for cost in (0, 11)
    )
    assert (free.flow.tolist(), dear.flow.tolist()) == ([0, 10], [10, 0])


def best_by_enumeration(problem: LinksProblem) -> int:
    """Return the optimum over all sets of links, each checked by another solver's linear programme."""
    best = 0
    for size in range(problem.arcs + 1):
        for links in itertools.combinations(range(problem.arcs), size):
            chosen = np.zeros(problem.arcs)
            chosen[list(links)] = 1
            worth = by_another_solver(problem, chosen)
            best = best if worth is None else max(best, worth)
    return best


def by_another_solver(problem: LinksProblem, links: np.ndarray | None = None) -> int | None:
    """Return the optimum by scipy's mixed-integer solver, over given links if any; None if those are infeasible."""
    base, arcs = problem.exchange, problem.arcs
    fixed, lot = (np.zeros(arcs) if column is None else column for column in (problem.fixed_cost, problem.lot))
    capacity = base.capacity()
    each = np.eye(arcs)
    of_supply = (base.arc_supply == np.arange(len(base.supply))[:, None]).astype(float)
    of_demand = (base.arc_demand == np.arange(len(base.demand))[:, None]).astype(float)
    rows = [
        (np.hstack((of_supply, 0 * of_supply)), base.supply),
        (np.hstack((of_demand, 0 * of_demand)), base.demand),
        (np.hstack((each, -np.diag(capacity))), np.zeros(arcs)),
        (np.hstack((-each, np.diag(lot))), np.zeros(arcs)),
    ]
    if problem.supply_partners is not None:
        rows.append((np.hstack((0 * of_supply, of_supply)), problem.supply_partners))
    if problem.demand_partners is not None:
        rows.append((np.hstack((0 * of_demand, of_demand)), problem.demand_partners))
    if problem.budget is not None:
        marked = np.ones(arcs) if problem.budgeted is None else problem.budgeted
        rows.append((np.concatenate((np.zeros(arcs), marked))[None, :], np.array([problem.budget])))
    matrix, limit = np.vstack([row for row, _ in rows]), np.concatenate([most for _, most in rows])
    low = np.concatenate((np.zeros(arcs), np.zeros(arcs) if links is None else links))
    high = np.concatenate((np.full(arcs, np.inf), np.ones(arcs) if links is None else links))
    found = milp(
        np.concatenate((-base.value_per_unit, fixed)),
        integrality=np.ones(2 * arcs),
        bounds=Bounds(low, high),
        constraints=LinearConstraint(matrix, -np.inf, limit),
        options={"mip_rel_gap": 0.0},
    )
    return None if found.x is None else -round(found.fun)


@st.composite
def problems(draw: st.DrawFn, most: int = 3) -> LinksProblem:
    supplies, demands = draw(st.integers(1, most)), draw(st.integers(1, most))
    pairs = draw(st.sets(st.tuples(st.integers(0, supplies - 1), st.integers(0, demands - 1)), min_size=1, max_size=9))

    def column(low: int, high: int, size: int) -> Ints:
        return ints(draw(st.lists(st.integers(low, high), min_size=size, max_size=size)))

    values = dict(zip(sorted(pairs), column(-3, 12, len(pairs)).tolist(), strict=True))
    base = exchange(column(0, 15, supplies).tolist(), column(0, 15, demands).tolist(), values)
    wanted = draw(st.sets(st.sampled_from(("fixed", "lot", "supply", "demand", "budget", "marked"))))
    budget = draw(st.integers(0, 4)) if wanted & {"budget", "marked"} else None
    return LinksProblem(
        base,
        fixed_cost=column(0, 60, len(pairs)) if "fixed" in wanted else None,
        lot=column(0, 9, len(pairs)) if "lot" in wanted else None,
        supply_partners=column(0, 3, supplies) if "supply" in wanted else None,
        demand_partners=column(0, 3, demands) if "demand" in wanted else None,
        budget=budget,
        budgeted=column(0, 1, len(pairs)).astype(np.bool_) if "marked" in wanted else None,
    )


@given(problems())
@settings(max_examples=150, deadline=None)
def test_a_small_plan_is_the_optimum_of_another_solver(problem: LinksProblem) -> None:
    plan = solve_links(problem)
    verdict = check_links(problem, plan)
    assert verdict.passed, str(verdict)
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.objective == by_another_solver(problem)


@given(problems())
@settings(max_examples=80, deadline=None)
def test_prices_that_are_improved_still_prove_a_bound(problem: LinksProblem) -> None:
    """No plan is worth more than the proof after many steps, and it is no worse than before them, rounding aside."""
    market, _ = market_of(problem)
    if not market.arcs:
        return
    prices, _ = relaxed_prices(market, Deadline(None))
    before = proof_of(market, prices, sides(market))
    found = tightened(market, prices, 0, Deadline(None))
    optimum = by_another_solver(problem)
    assert optimum is not None
    assert optimum * prices.parts <= found.proof
    assert found.proof <= before + market.arcs * prices.parts


def test_a_fixed_cost_exchange_with_lots_has_the_optimum_of_enumeration() -> None:
    values = {(0, 0): 9, (0, 1): 7, (0, 2): 4, (1, 0): 8, (1, 1): 8, (1, 2): 6, (2, 0): 3, (2, 2): 7}
    problem = LinksProblem(
        exchange([12, 9, 7], [10, 8, 11], values),
        fixed_cost=ints([20, 25, 5, 18, 30, 12, 4, 16]),
        lot=ints([4] * 8),
        supply_partners=ints([2, 2, 1]),
        demand_partners=ints([2, 1, 2]),
    )
    plan = solve_links(problem)
    assert plan.objective == best_by_enumeration(problem)
    assert plan.objective == plan.bound


@given(problems())
@settings(max_examples=30, deadline=None)
def test_ten_times_the_money_is_ten_times_the_objective(problem: LinksProblem) -> None:
    base = problem.exchange
    fixed = None if problem.fixed_cost is None else problem.fixed_cost * 10
    larger = dataclasses.replace(
        problem, exchange=dataclasses.replace(base, value_per_unit=base.value_per_unit * 10), fixed_cost=fixed
    )
    assert solve_links(larger).objective == 10 * solve_links(problem).objective
