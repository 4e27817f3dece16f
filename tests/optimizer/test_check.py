"""The check catches every way in which a plan can be wrong, and names the row."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from optimizer import ExchangePlan, ExchangeProblem, SolveStatus, ViolationKind, check, solve

Build = Callable[..., ExchangeProblem]


@pytest.fixture
def problem(exchange: Build) -> ExchangeProblem:
    values = {(0, 0): 9, (0, 1): 5, (1, 0): 6, (1, 1): 4, (2, 1): -1, (2, 0): 3}
    return exchange([10, 10, 10], [12, 6], values, {(2, 0): 1})


@pytest.fixture
def plan(problem: ExchangeProblem) -> ExchangePlan:
    return solve(problem)


def moved(column: np.ndarray, row: int, by: int) -> np.ndarray:
    changed = column.copy()
    changed[row] += by
    return changed


def kinds(problem: ExchangeProblem, plan: ExchangePlan) -> dict[ViolationKind, int | None]:
    return {violation.kind: violation.row for violation in check(problem, plan).violations}


def test_a_right_plan_passes(problem: ExchangeProblem, plan: ExchangePlan) -> None:
    assert plan.flow.tolist() == [10, 0, 2, 6, 0, 0]
    assert str(check(problem, plan)) == "passed: 17 limits hold, objective and bound recomputed without the solver"


@pytest.mark.parametrize(
    ("row", "by", "kind", "named"),
    [
        (1, -1, ViolationKind.FLOW_NEGATIVE, 1),
        (5, 2, ViolationKind.ARC_EXCEEDED, 5),
        (1, 7, ViolationKind.ARC_EXCEEDED, 1),
        (1, 1, ViolationKind.SUPPLY_EXCEEDED, 0),
        (2, 1, ViolationKind.DEMAND_EXCEEDED, 0),
        (4, 1, ViolationKind.WORTHLESS_FLOW, 4),
        (0, -1, ViolationKind.OBJECTIVE_WRONG, None),
        (0, 2**62, ViolationKind.ARC_EXCEEDED, 0),
    ],
)
def test_a_changed_flow_is_caught(
    problem: ExchangeProblem, plan: ExchangePlan, row: int, by: int, kind: ViolationKind, named: int | None
) -> None:
    found = kinds(problem, dataclasses.replace(plan, flow=moved(plan.flow, row, by)))
    assert found[kind] == named


@pytest.mark.parametrize("end", ["price_supply_low", "price_supply_high", "price_demand_low", "price_demand_high"])
def test_a_price_that_is_off_by_one_is_caught(problem: ExchangeProblem, plan: ExchangePlan, end: str) -> None:
    for by in (-1, 1):
        wrong = dataclasses.replace(plan, **{end: moved(getattr(plan, end), 0, by)})
        found = kinds(problem, wrong)
        assert ViolationKind.BOUND_WRONG in found
        assert (ViolationKind.PRICE_TOO_LOW in found) == (by == -1)


def test_negative_and_crossed_prices_are_caught(problem: ExchangeProblem, plan: ExchangePlan) -> None:
    below = kinds(problem, dataclasses.replace(plan, price_supply_low=moved(plan.price_supply_low, 2, -1)))
    assert below[ViolationKind.PRICE_NEGATIVE] == 2
    crossed = kinds(problem, dataclasses.replace(plan, price_demand_low=moved(plan.price_demand_high, 1, 1)))
    assert crossed[ViolationKind.PRICES_CROSSED] == 1


def test_a_claim_of_value_or_optimality_is_caught(problem: ExchangeProblem, plan: ExchangePlan) -> None:
    richer = dataclasses.replace(plan, objective=plan.objective + 1)
    assert {ViolationKind.OBJECTIVE_WRONG, ViolationKind.NOT_OPTIMAL} <= kinds(problem, richer).keys()
    idle = dataclasses.replace(plan, flow=np.zeros_like(plan.flow), objective=0)
    assert kinds(problem, idle).keys() == {ViolationKind.NOT_OPTIMAL}
    honest = dataclasses.replace(idle, status=SolveStatus.FEASIBLE)
    assert check(problem, honest).passed
    assert honest.gap == 1.0


def test_a_misshapen_plan_is_caught_before_it_is_read(problem: ExchangeProblem, plan: ExchangePlan) -> None:
    for wrong in (plan.flow[:-1], plan.flow.astype(np.float64)):
        verdict = check(problem, dataclasses.replace(plan, flow=wrong))
        assert [violation.kind for violation in verdict.violations] == [ViolationKind.SHAPE]


def test_the_sentence_names_five_rows_and_counts_the_rest(exchange: Build) -> None:
    problem = exchange([1] * 8, [1] * 8, {(i, i): 1 for i in range(8)})
    plan = solve(problem)
    verdict = check(problem, dataclasses.replace(plan, flow=plan.flow * 2, objective=16))
    assert not verdict.passed
    assert str(verdict).startswith("failed: Arc 0 carries 2 of at most 1. Arc 1 carries 2 of at most 1.")
    assert str(verdict).endswith("And 4 more.")


def test_a_flow_that_fits_each_arc_but_not_its_rows_is_caught(exchange: Build) -> None:
    problem = exchange([4], [3, 3], {(0, 0): 2, (0, 1): 1})
    plan = solve(problem)
    crowded = dataclasses.replace(plan, flow=np.array([3, 3]), objective=9)
    assert kinds(problem, crowded)[ViolationKind.SUPPLY_EXCEEDED] == 0
