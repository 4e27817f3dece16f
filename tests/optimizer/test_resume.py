"""An answer carried over to a similar problem is worth what a new one is, with the same prices and components."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import Before, ExchangePlan, ExchangeProblem, SolveStatus, check, resume_exchange, solve, solve_exchange
from optimizer.problem import Ints
from tests.optimizer.test_properties import ints, prices_of, problems

Rows = tuple[Ints, Ints]


def carried(old: ExchangeProblem, plan: ExchangePlan, new: ExchangeProblem, rows: Rows) -> Before:
    """Return an old answer in the order of a new problem; `rows` (S,), (D,) are the old rows of its rows, -1 if new."""
    at = {pair: a for a, pair in enumerate(zip(old.arc_supply.tolist(), old.arc_demand.tolist(), strict=True))}
    pairs = zip(rows[0][new.arc_supply].tolist(), rows[1][new.arc_demand].tolist(), strict=True)
    arcs = ints([at.get(pair, -1) for pair in pairs])

    def of(column: Ints, places: Ints, otherwise: int = 0) -> Ints:
        return np.append(column, otherwise)[places]

    useful = np.flatnonzero(old.useful())
    there = [np.isin(np.arange(len(side)), kept) for side, kept in zip((old.supply, old.demand), rows, strict=True)]
    lost_supply, lost_demand = np.zeros(len(old.supply) + 1, np.bool_), np.zeros(len(old.demand) + 1, np.bool_)
    lost_supply[old.arc_supply[useful][~there[1][old.arc_demand[useful]]]] = True
    lost_demand[old.arc_demand[useful][~there[0][old.arc_supply[useful]]]] = True
    return Before(
        supply=of(old.supply, rows[0], -1),
        demand=of(old.demand, rows[1], -1),
        other=np.flatnonzero(of(old.value_per_unit, arcs) != new.value_per_unit),
        arcs=np.flatnonzero(of(plan.flow, arcs)),
        flow=of(plan.flow, arcs)[of(plan.flow, arcs) != 0],
        supply_low=of(plan.price_supply_low, rows[0]),
        supply_high=of(plan.price_supply_high, rows[0]),
        demand_low=of(plan.price_demand_low, rows[1]),
        demand_high=of(plan.price_demand_high, rows[1]),
        of_supply=of(plan.component_of_supply, rows[0], -1),
        of_demand=of(plan.component_of_demand, rows[1], -1),
        supply_lost=lost_supply[rows[0]],
        demand_lost=lost_demand[rows[1]],
    )


@st.composite
def sides(draw: st.DrawFn, quantity: Ints) -> tuple[Ints, Ints]:
    """Draw a side after a change: its quantities, and the old row of each, -1 for a new one."""
    stays = draw(st.lists(st.booleans() | st.just(True), min_size=len(quantity), max_size=len(quantity)))
    old = np.flatnonzero(np.array(stays, np.bool_))
    new = draw(st.lists(st.integers(0, 1000), max_size=3))
    touched = draw(st.lists(st.none() | st.none() | st.integers(0, 1000), min_size=len(old), max_size=len(old)))
    kept = [int(quantity[row]) if other is None else other for row, other in zip(old, touched, strict=True)]
    return ints([*kept, *new]), np.concatenate([old, np.full(len(new), -1)]).astype(np.int64)


@st.composite
def changes(draw: st.DrawFn) -> tuple[ExchangeProblem, ExchangeProblem, Rows]:
    """Draw a problem and another: rows gone, new and of another quantity, arcs gone, new and of another value."""
    old = draw(problems(limited=False))
    (supply, given_rows), (demand, wanted_rows) = draw(sides(old.supply)), draw(sides(old.demand))
    values = dict(
        zip(
            zip(old.arc_supply.tolist(), old.arc_demand.tolist(), strict=True), old.value_per_unit.tolist(), strict=True
        )
    )
    arcs = {}
    for i, was_i in enumerate(given_rows.tolist()):
        for j, was_j in enumerate(wanted_rows.tolist()):
            value = values.get((was_i, was_j)) if was_i >= 0 and was_j >= 0 else None
            other = draw(st.sampled_from(["same"] * 9 + ["other"]))
            if other == "other":
                value = draw(st.none() | st.integers(-20, 500))
            if value is not None:
                arcs[i, j] = value
    new = ExchangeProblem(
        supply, demand, ints([i for i, _ in arcs]), ints([j for _, j in arcs]), ints(list(arcs.values()))
    )
    return old, new, (given_rows, wanted_rows)


@given(changes())
@settings(max_examples=120)
def test_a_resumed_plan_is_worth_what_a_new_one_is_and_has_the_same_prices(
    drawn: tuple[ExchangeProblem, ExchangeProblem, Rows],
) -> None:
    old, new, rows = drawn
    anew = solve(new)
    resumed = resume_exchange(new, carried(old, solve(old), new, rows))
    assert check(new, resumed).violations == ()
    assert (resumed.status, resumed.objective, resumed.bound) == (SolveStatus.OPTIMAL, anew.objective, anew.bound)
    assert prices_of(resumed) == prices_of(anew)
    for name in ("component_of_supply", "component_of_demand", "component_objective", "component_bound"):
        assert getattr(resumed, name).tolist() == getattr(anew, name).tolist()
    assert resumed.components == anew.components


def squares(*values: int) -> ExchangeProblem:
    """Return one supply and one demand of ten units for each value."""
    rows = np.arange(len(values), dtype=np.int64)
    ten = np.full(len(values), 10, np.int64)
    return ExchangeProblem(ten, ten, rows, rows, ints(list(values)))


def everything(problem: ExchangeProblem) -> Rows:
    return np.arange(len(problem.supply)), np.arange(len(problem.demand))


def test_only_what_a_change_touches_is_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = solve_exchange

    def counted(problem: ExchangeProblem, **options: object) -> ExchangePlan:
        asked.append(len(problem.supply))
        return real(problem, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("optimizer.resume.solve", counted)
    old = squares(3, 4, 5)
    plan = solve(old)
    assert resume_exchange(old, carried(old, plan, old, everything(old))).objective == 120
    new = dataclasses.replace(old, value_per_unit=ints([3, 7, 5]))
    assert resume_exchange(new, carried(old, plan, new, everything(old))).objective == 150
    assert asked == [0, 1]


def test_a_component_that_is_not_worth_what_its_prices_prove_is_solved_anew() -> None:
    old = squares(3, 4)
    before = carried(old, solve(old), old, everything(old))
    broken = dataclasses.replace(before, flow=ints([10, 9]))
    resumed = resume_exchange(old, broken)
    assert (resumed.flow.tolist(), resumed.objective) == ([10, 10], 70)
