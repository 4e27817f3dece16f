"""How far prices reach: as many units more or less as are said change the objective by the price each."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import ExchangeProblem, ProblemError, price_ranges, solve
from optimizer.ranges import NO_END

Exchange = Callable[..., ExchangeProblem]


@st.composite
def problems(draw: st.DrawFn) -> ExchangeProblem:
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    pairs = [(i, j) for i in range(rows) for j in range(columns)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))

    def column(size: int, low: int, high: int) -> np.ndarray:
        return np.array(draw(st.lists(st.integers(low, high), min_size=size, max_size=size)), dtype=np.int64)

    return ExchangeProblem(
        supply=column(rows, 0, 40),
        demand=column(columns, 0, 40),
        arc_supply=np.array([i for i, _ in chosen], dtype=np.int64),
        arc_demand=np.array([j for _, j in chosen], dtype=np.int64),
        value_per_unit=column(len(chosen), -2, 20),
        arc_capacity=column(len(chosen), 0, 40) if draw(st.booleans()) else None,
    )


def test_a_scarce_supply_keeps_its_price_until_the_demand_is_served(exchange: Exchange) -> None:
    problem = exchange([6], [10], {(0, 0): 5})
    ranges = price_ranges(problem, solve(problem))
    assert (ranges.supply_more.tolist(), ranges.supply_less.tolist()) == ([4], [6])
    assert (ranges.demand_more.tolist(), ranges.demand_less.tolist()) == ([NO_END], [4])


def test_a_range_follows_the_chain_of_who_makes_room_for_whom(exchange: Exchange) -> None:
    problem = exchange([3, 8], [5, 20], {(0, 0): 9, (1, 0): 7, (1, 1): 4})
    plan = solve(problem)
    ranges = price_ranges(problem, plan)
    assert plan.price_supply_low.tolist() == [6, 4]
    assert ranges.supply_more.tolist() == [2, 14]


def test_a_plan_that_was_cut_short_has_no_ranges(exchange: Exchange) -> None:
    problem = exchange([6], [10], {(0, 0): 5})
    with pytest.raises(ProblemError, match="only the prices of an optimal one"):
        price_ranges(problem, solve(problem, time_limit_s=0))


@given(problems(), st.data())
@settings(max_examples=120, deadline=None)
def test_every_unit_within_a_range_is_worth_its_price(problem: ExchangeProblem, data: st.DataObject) -> None:
    plan = solve(problem)
    ranges = price_ranges(problem, plan)
    for side, more, less, low, high in (
        ("supply", ranges.supply_more, ranges.supply_less, plan.price_supply_low, plan.price_supply_high),
        ("demand", ranges.demand_more, ranges.demand_less, plan.price_demand_low, plan.price_demand_high),
    ):
        row = data.draw(st.integers(0, len(more) - 1))
        for step, price in ((min(int(more[row]), 50), low[row]), (-int(less[row]), high[row])):
            column = getattr(problem, side).copy()
            column[row] += step
            changed = solve(replace(problem, **{side: column}))
            assert changed.objective == plan.objective + step * price
