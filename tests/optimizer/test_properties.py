"""What holds for every exchange problem, whatever its numbers."""

import dataclasses

import numpy as np
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimizer import ExchangePlan, ExchangeProblem, SolveStatus, Solving, check, solve, solve_exchange
from optimizer.components import blocks, split
from optimizer.exchange import dual_objective


def ints(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@st.composite
def problems(draw: st.DrawFn, *, limited: bool | None = None) -> ExchangeProblem:
    """Draw any shape up to 7 x 7: empty rows, worthless arcs, many ties; with or without arc capacities."""
    rows, columns = draw(st.integers(0, 7)), draw(st.integers(0, 7))
    quantity = st.one_of(st.integers(0, 5), st.integers(0, 1000))
    pairs = [(i, j) for i in range(rows) for j in range(columns)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    value = st.one_of(st.integers(-2, 4), st.integers(-50, 500))
    with_limits = draw(st.booleans()) if limited is None else limited
    return ExchangeProblem(
        supply=ints(draw(st.lists(quantity, min_size=rows, max_size=rows))),
        demand=ints(draw(st.lists(quantity, min_size=columns, max_size=columns))),
        arc_supply=ints([i for i, _ in chosen]),
        arc_demand=ints([j for _, j in chosen]),
        value_per_unit=ints(draw(st.lists(value, min_size=len(chosen), max_size=len(chosen)))),
        arc_capacity=ints(draw(st.lists(quantity, min_size=len(chosen), max_size=len(chosen))))
        if with_limits
        else None,
    )


def prices_of(plan: ExchangePlan) -> list[list[int]]:
    return [
        column.tolist()
        for column in (
            plan.price_supply_low,
            plan.price_supply_high,
            plan.price_demand_low,
            plan.price_demand_high,
        )
    ]


@given(problems())
def test_every_plan_is_optimal_and_passes_the_check(problem: ExchangeProblem) -> None:
    plan = solve(problem)
    assert plan.status is SolveStatus.OPTIMAL
    assert check(problem, plan).violations == ()


@given(problems())
@settings(max_examples=60)
def test_highs_finds_the_same_value(problem: ExchangeProblem) -> None:
    plan = solve(problem)
    if problem.arcs == 0:
        assert plan.objective == 0
        return
    rows, ones = np.arange(problem.arcs), np.ones(problem.arcs)
    by_supply = sp.coo_array((ones, (problem.arc_supply, rows)), shape=(len(problem.supply), problem.arcs))
    by_demand = sp.coo_array((ones, (problem.arc_demand, rows)), shape=(len(problem.demand), problem.arcs))
    found = linprog(
        -problem.value_per_unit,
        A_ub=sp.vstack((by_supply, by_demand)),
        b_ub=np.concatenate((problem.supply, problem.demand)),
        bounds=np.column_stack((np.zeros(problem.arcs), problem.capacity())),
        method="highs",
    )
    assert round(-found.fun, 6) == plan.objective


@given(problems())
def test_both_dual_solutions_and_their_midpoint_prove_the_objective(problem: ExchangeProblem) -> None:
    plan = solve(problem)
    assert dual_objective(problem, plan.price_supply_low, plan.price_demand_high) == plan.objective
    assert dual_objective(problem, plan.price_supply_high, plan.price_demand_low) == plan.objective


@given(problems(limited=False), st.data())
def test_the_price_of_a_supply_is_what_a_unit_more_or_less_changes(
    problem: ExchangeProblem, data: st.DataObject
) -> None:
    """The low end is the gain of one unit more, the high end the loss of one unit less: exactly, not nearly."""
    if len(problem.supply) == 0:
        return
    i = data.draw(st.integers(0, len(problem.supply) - 1))
    plan = solve(problem)
    step = np.zeros_like(problem.supply)
    step[i] = 1
    more = solve(dataclasses.replace(problem, supply=problem.supply + step))
    assert more.objective - plan.objective == plan.price_supply_low[i]
    if problem.supply[i] > 0:
        less = solve(dataclasses.replace(problem, supply=problem.supply - step))
        assert plan.objective - less.objective == plan.price_supply_high[i]


@given(problems(), st.integers(1, 9))
def test_scaling_the_values_scales_the_objective_and_the_prices(problem: ExchangeProblem, factor: int) -> None:
    plan = solve(problem)
    scaled = solve(dataclasses.replace(problem, value_per_unit=problem.value_per_unit * factor))
    assert scaled.objective == plan.objective * factor
    assert prices_of(scaled) == [[price * factor for price in column] for column in prices_of(plan)]


@given(problems(limited=False), st.integers(0, 1000), st.data())
def test_one_supply_more_never_lowers_the_objective(
    problem: ExchangeProblem, quantity: int, data: st.DataObject
) -> None:
    columns = len(problem.demand)
    reached = data.draw(st.lists(st.integers(0, columns - 1), unique=True)) if columns else []
    values = data.draw(st.lists(st.integers(-50, 500), min_size=len(reached), max_size=len(reached)))
    more = ExchangeProblem(
        supply=np.append(problem.supply, quantity),
        demand=problem.demand,
        arc_supply=np.append(problem.arc_supply, ints([len(problem.supply)] * len(reached))),
        arc_demand=np.append(problem.arc_demand, ints(reached)),
        value_per_unit=np.append(problem.value_per_unit, ints(values)),
    )
    assert solve(more).objective >= solve(problem).objective


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_arcs_does_not_touch_the_plan(problem: ExchangeProblem, random: object) -> None:
    order = list(range(problem.arcs))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = dataclasses.replace(
        problem,
        arc_supply=problem.arc_supply[order],
        arc_demand=problem.arc_demand[order],
        value_per_unit=problem.value_per_unit[order],
        arc_capacity=None if problem.arc_capacity is None else problem.arc_capacity[order],
    )
    one, other = solve(problem), solve(shuffled)
    assert other.flow.tolist() == one.flow[order].tolist()
    assert prices_of(other) == prices_of(one)


@given(problems(), st.data())
def test_the_order_of_rows_touches_neither_objective_nor_prices(problem: ExchangeProblem, data: st.DataObject) -> None:
    order = np.array(data.draw(st.permutations(range(len(problem.supply)))), dtype=np.int64)
    place = np.argsort(order)
    shuffled = dataclasses.replace(
        problem, supply=problem.supply[order], arc_supply=place[problem.arc_supply].astype(np.int64)
    )
    one, other = solve(problem), solve(shuffled)
    assert other.objective == one.objective
    assert other.price_supply_low.tolist() == one.price_supply_low[order].tolist()
    assert other.price_supply_high.tolist() == one.price_supply_high[order].tolist()
    assert other.price_demand_low.tolist() == one.price_demand_low.tolist()
    assert other.price_demand_high.tolist() == one.price_demand_high.tolist()


@given(problems())
def test_components_solved_apart_add_up_to_the_whole(problem: ExchangeProblem) -> None:
    whole, components = solve(problem), split(problem)
    assert components.count == whole.components
    alone = 0
    for k in range(components.count):
        arcs = components.arcs[components.starts[k] : components.starts[k + 1]]
        alone += solve(
            dataclasses.replace(
                problem,
                arc_supply=problem.arc_supply[arcs],
                arc_demand=problem.arc_demand[arcs],
                value_per_unit=problem.value_per_unit[arcs],
                arc_capacity=None if problem.arc_capacity is None else problem.arc_capacity[arcs],
            )
        ).objective
    assert alone == whole.objective


@given(problems(), st.integers(1, 6))
def test_blocks_hold_every_useful_arc_once_and_cut_no_component(problem: ExchangeProblem, size: int) -> None:
    components = split(problem)
    parts = blocks(components, size)
    assert sorted(np.concatenate([*parts, ints([])]).tolist()) == np.flatnonzero(problem.useful()).tolist()
    for rows in (components.of_supply[problem.arc_supply], components.of_demand[problem.arc_demand]):
        homes = [set(rows[part].tolist()) for part in parts]
        assert sum(map(len, homes)) == len(set().union(*homes))


@given(problems())
def test_a_solve_without_time_flows_nothing_and_still_bounds_the_optimum(problem: ExchangeProblem) -> None:
    hurried, best = solve(problem, time_limit_s=0), solve(problem)
    assert hurried.objective == 0
    assert hurried.bound >= best.objective
    assert check(problem, hurried).violations == ()
    assert hurried.status is (SolveStatus.FEASIBLE if best.components else SolveStatus.OPTIMAL)


def test_an_accepted_gap_stops_early_and_is_kept() -> None:
    """One large component and many small ones: with 20 % accepted only the large one is solved."""
    size, small = 150, 60
    tail, head = np.divmod(np.arange(size * size), size)
    problem = ExchangeProblem(
        supply=np.full(size + small, 100),
        demand=np.full(size + small, 100),
        arc_supply=np.append(tail, size + np.arange(small)),
        arc_demand=np.append(head, size + np.arange(small)),
        value_per_unit=np.append(np.full(size * size, 10), np.full(small, 1)),
    )
    told: list[Solving] = []
    plan = solve_exchange(problem, gap=0.2, on_progress=told.append)
    assert plan.status is SolveStatus.FEASIBLE
    assert plan.objective == size * 100 * 10
    assert plan.bound == plan.objective + small * 100
    assert 0 < plan.gap <= 0.2
    assert told == [Solving(size * size / (size * size + small), plan.objective, plan.bound)]
    assert check(problem, plan).passed
