"""An answer repaired after a change is worth what a new one is, proven, and stays near the old one."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import ExchangePlan, ExchangeProblem, SolveStatus, Start, check, solve, solve_exchange
from optimizer import exchange as room
from optimizer.repair import repaired_flow
from tests.optimizer.test_properties import ints, prices_of, problems


def start_of(plan: ExchangePlan, supply_changed: np.ndarray, demand_changed: np.ndarray) -> Start:
    return Start(
        flow=plan.flow,
        supply_low=plan.price_supply_low,
        supply_high=plan.price_supply_high,
        demand_low=plan.price_demand_low,
        demand_high=plan.price_demand_high,
        supply_changed=supply_changed,
        demand_changed=demand_changed,
    )


@st.composite
def changes(draw: st.DrawFn) -> tuple[ExchangeProblem, Start]:
    """Draw a problem solved before, with other quantities of some rows and other values of some of their arcs."""
    before = draw(problems(limited=False))
    plan = solve(before)
    changed = [
        np.array(draw(st.lists(st.booleans(), min_size=len(side), max_size=len(side))), np.bool_)
        for side in (before.supply, before.demand)
    ]
    quantity, value = st.integers(0, 1000), st.integers(-20, 500)
    sides = [
        np.where(rows, ints(draw(st.lists(quantity, min_size=len(side), max_size=len(side)))), side)
        for side, rows in zip((before.supply, before.demand), changed, strict=True)
    ]
    touched = changed[0][before.arc_supply] | changed[1][before.arc_demand]
    values = ints(draw(st.lists(value, min_size=before.arcs, max_size=before.arcs)))
    after = ExchangeProblem(
        supply=sides[0],
        demand=sides[1],
        arc_supply=before.arc_supply,
        arc_demand=before.arc_demand,
        value_per_unit=np.where(touched, values, before.value_per_unit),
    )
    return after, start_of(plan, *changed)


@given(changes())
@settings(max_examples=300)
def test_a_repaired_plan_is_worth_what_a_new_one_is_and_has_the_same_prices(
    given_: tuple[ExchangeProblem, Start],
) -> None:
    problem, start = given_
    repaired, anew = solve_exchange(problem, start=start), solve(problem)
    assert check(problem, repaired).violations == ()
    assert (repaired.status, repaired.objective, repaired.bound) == (SolveStatus.OPTIMAL, anew.objective, anew.bound)
    assert prices_of(repaired) == prices_of(anew)
    assert repaired.component_objective.tolist() == anew.component_objective.tolist()


@given(problems(limited=False))
def test_without_a_change_the_plan_stays_as_it_was_and_nothing_is_solved(problem: ExchangeProblem) -> None:
    before = solve(problem)
    nothing = (np.zeros(len(problem.supply), np.bool_), np.zeros(len(problem.demand), np.bool_))
    after = solve_exchange(problem, start=start_of(before, *nothing))
    assert after.flow.tolist() == before.flow.tolist()
    assert prices_of(after) == prices_of(before)
    assert after.component_seconds.tolist() == [0.0] * before.components


def market(seed: int, rows: int = 300) -> ExchangeProblem:
    """Return a seeded market in one piece: so many supplies and demands, some fifteen arcs each."""
    rng = np.random.default_rng(seed)
    supply, demand = np.nonzero(rng.random((rows, rows)) < 15 / rows)
    return ExchangeProblem(
        supply=rng.integers(1, 1000, rows),
        demand=rng.integers(1, 1000, rows),
        arc_supply=supply,
        arc_demand=demand,
        value_per_unit=rng.integers(1, 100_000, len(supply)),
    )


def changed_in(problem: ExchangeProblem, rows: list[int]) -> tuple[ExchangeProblem, Start]:
    """Return the market with half the quantity of some supplies, and its old answer."""
    changed = np.zeros(len(problem.supply), np.bool_)
    changed[rows] = True
    supply = np.where(changed, problem.supply // 2, problem.supply)
    start = start_of(solve(problem), changed, np.zeros(len(problem.demand), np.bool_))
    return dataclasses.replace(problem, supply=supply), start


def test_large_pieces_are_repaired_without_the_solver_and_stay_nearer_to_the_old_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [changed_in(market(seed), [3, 150]) for seed in range(5)]
    anew = [solve(problem) for problem, _ in cases]
    monkeypatch.setattr(room, "best_flow", None)
    repaired = [solve_exchange(problem, start=start) for problem, start in cases]
    assert [plan.objective for plan in repaired] == [plan.objective for plan in anew]
    assert all(check(problem, plan).passed for (problem, _), plan in zip(cases, repaired, strict=True))
    moved = [
        sum(int((plan.flow != start.flow).sum()) for plan, (_, start) in zip(plans, cases, strict=True))
        for plans in (repaired, anew)
    ]
    assert moved[0] <= moved[1]


def test_a_start_that_says_too_little_is_noticed_and_the_block_solved_anew() -> None:
    problem, start = changed_in(market(1), [3, 150])
    dearer = dataclasses.replace(problem, value_per_unit=problem.value_per_unit[::-1].copy())
    assert solve_exchange(dearer, start=start).objective == solve(dearer).objective


def test_arcs_with_limits_of_their_own_are_solved_anew(exchange: type[ExchangeProblem]) -> None:
    limited = exchange([5], [5], {(0, 0): 3}, {(0, 0): 2})  # type: ignore[arg-type, call-arg]
    start = start_of(solve(limited), np.array([True]), np.array([False]))
    assert repaired_flow(limited, start) is None
    assert solve_exchange(limited, start=start).objective == 6


def test_a_repair_that_looks_too_far_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, start = changed_in(market(2), list(range(0, 300, 3)))
    monkeypatch.setattr("optimizer.repair.LEAST_SCANS", 0)
    monkeypatch.setattr("optimizer.repair.ARCS_A_SCAN", 10**9)
    assert repaired_flow(problem, start) is None
    assert solve_exchange(problem, start=start).objective == solve(problem).objective
