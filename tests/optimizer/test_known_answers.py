"""Problems whose answer stands in a book or in the solver's own documentation."""

from collections.abc import Callable

import numpy as np

from optimizer import ExchangeProblem, SolveStatus, check, solve

Build = Callable[..., ExchangeProblem]
WORTH = 1000


def test_dantzigs_canneries_ship_at_the_published_cost(exchange: Build) -> None:
    """Dantzig (1963), Linear Programming and Extensions, 3-3; 153.675 thousand dollars, as in GAMS' trnsport."""
    milli_dollar = {(0, 0): 225, (0, 1): 153, (0, 2): 162, (1, 0): 225, (1, 1): 162, (1, 2): 126}
    problem = exchange([350, 600], [325, 300, 275], {pair: WORTH - cost for pair, cost in milli_dollar.items()})
    plan = solve(problem)
    assert plan.status is SolveStatus.OPTIMAL
    assert WORTH * 900 - plan.objective == 153_675
    assert plan.bound == plan.objective
    assert plan.gap == 0.0
    assert plan.price_supply_low.tolist() == plan.price_supply_high.tolist() == [0, 0]
    assert (WORTH - plan.price_demand_low).tolist() == [225, 153, 126]
    assert check(problem, plan).passed


def test_the_assignment_of_the_or_tools_guide_costs_265(exchange: Build) -> None:
    costs = [[90, 80, 75, 70], [35, 85, 55, 65], [125, 95, 90, 95], [45, 110, 95, 115], [50, 100, 90, 100]]
    values = {(i, j): WORTH - cost for i, row in enumerate(costs) for j, cost in enumerate(row)}
    plan = solve(exchange([1] * 5, [1] * 4, values))
    assert 4 * WORTH - plan.objective == 265
    assert int(plan.flow.sum()) == 4


def test_the_min_cost_flow_of_the_or_tools_guide_costs_150(exchange: Build) -> None:
    """A network with capacities is an exchange of its arcs' capacities (H. M. Wagner 1959, Management Sci. 5, 187-200):
    arc k -> l supplies its capacity either to k, unused, or to l, used at its cost.
    """
    tails, heads = [0, 0, 1, 1, 1, 2, 2, 3, 4], [1, 2, 2, 3, 4, 3, 4, 4, 2]
    capacities, costs = [15, 8, 20, 4, 10, 15, 4, 20, 5], [4, 4, 2, 2, 6, 1, 3, 2, 3]
    balance = [20, 0, 0, -5, -15]
    leaving = np.bincount(tails, weights=capacities, minlength=5).astype(int)
    values = {}
    for arc, (tail, head, cost) in enumerate(zip(tails, heads, costs, strict=True)):
        values[arc, tail], values[arc, head] = WORTH, WORTH - cost
    problem = exchange(capacities, [int(out) - b for out, b in zip(leaving, balance, strict=True)], values)
    plan = solve(problem)
    assert WORTH * sum(capacities) - plan.objective == 150
    assert check(problem, plan).passed


def test_scarce_supply_is_priced_between_the_last_demand_served_and_the_first_left_out(exchange: Build) -> None:
    plan = solve(exchange([10], [10, 10], {(0, 0): 7, (0, 1): 4}))
    assert plan.flow.tolist() == [10, 0]
    assert (plan.price_supply_low.tolist(), plan.price_supply_high.tolist()) == ([4], [7])
    assert (plan.price_demand_low.tolist(), plan.price_demand_high.tolist()) == ([0, 0], [3, 0])


def test_a_shared_gain_has_the_whole_interval(exchange: Build) -> None:
    plan = solve(exchange([5], [5], {(0, 0): 9}))
    assert plan.objective == 45
    assert (plan.price_supply_low.tolist(), plan.price_supply_high.tolist()) == ([0], [9])
    assert (plan.price_demand_low.tolist(), plan.price_demand_high.tolist()) == ([0], [9])


def test_a_capacity_that_binds_takes_the_rent(exchange: Build) -> None:
    problem = exchange([10], [10], {(0, 0): 6}, {(0, 0): 3})
    plan = solve(problem)
    assert plan.flow.tolist() == [3]
    assert plan.objective == plan.bound == 18
    assert plan.price_supply_high.tolist() == plan.price_demand_high.tolist() == [0]
    assert check(problem, plan).passed


def test_an_arc_without_value_never_flows(exchange: Build) -> None:
    plan = solve(exchange([5, 5], [5, 5], {(0, 0): 0, (0, 1): -3, (1, 1): 2}))
    assert plan.flow.tolist() == [0, 0, 5]
    assert plan.components == 1
    assert plan.component_of_supply.tolist() == [-1, 0]


def test_the_first_unit_of_nothing_has_a_price(exchange: Build) -> None:
    """A supply of zero weighs nothing, but its price says what a first unit of it would be worth."""
    problem = exchange([0, 4], [6], {(0, 0): 9, (1, 0): 5})
    plan = solve(problem)
    assert plan.objective == 20
    assert plan.price_supply_low.tolist() == [9, 5]
    assert plan.price_demand_high.tolist() == [0]
    assert check(problem, plan).passed


def test_a_first_unit_with_nobody_to_meet_is_worth_nothing(exchange: Build) -> None:
    """Both ends of the arc are empty: a unit more of one of them alone changes nothing, so no low end is above zero."""
    problem = exchange([0], [0], {(0, 0): 5})
    plan = solve(problem)
    assert (plan.price_supply_low.tolist(), plan.price_supply_high.tolist()) == ([0], [5])
    assert (plan.price_demand_low.tolist(), plan.price_demand_high.tolist()) == ([0], [5])
    assert check(problem, plan).passed


def test_a_problem_without_arcs_or_rows_is_solved(exchange: Build) -> None:
    for problem in (exchange([], [], {}), exchange([3], [4], {}), exchange([0], [0], {(0, 0): 5})):
        plan = solve(problem)
        assert (plan.objective, plan.bound, plan.gap, plan.status) == (0, 0, 0.0, SolveStatus.OPTIMAL)
        assert check(problem, plan).passed


def test_the_largest_quantities_stay_exact(exchange: Build) -> None:
    """Beyond 2^53 a float would lose units; the objective here is odd and has 60 bits."""
    quantity, value = 2**40 - 1, 2**20 - 1
    plan = solve(exchange([quantity], [quantity], {(0, 0): value}))
    assert plan.objective == quantity * value
    assert plan.price_supply_high.tolist() == [value]
