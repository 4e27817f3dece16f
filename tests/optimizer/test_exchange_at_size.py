"""What holds of an exchange whose components are many: processes, early ends, and what each component adds."""

import dataclasses

import numpy as np
import pytest

from optimizer import ExchangeProblem, ProblemError, SolveStatus, check
from optimizer.components import BLOCK_ARCS
from optimizer.exchange import solve

SIDE = 90
"""Supplies and demands of a component: two of them have more arcs than one solve takes together."""


def islands(count: int) -> ExchangeProblem:
    """Return dense components of 90 x 90, with values of their own."""
    rng = np.random.default_rng(0)
    tail, head = np.divmod(np.arange(SIDE * SIDE), SIDE)
    shift = np.repeat(np.arange(count) * SIDE, SIDE * SIDE)
    return ExchangeProblem(
        supply=rng.integers(1, 1000, count * SIDE),
        demand=rng.integers(1, 1000, count * SIDE),
        arc_supply=np.tile(tail, count) + shift,
        arc_demand=np.tile(head, count) + shift,
        value_per_unit=rng.integers(1, 500, count * SIDE * SIDE),
    )


def test_two_processes_give_the_plan_of_one() -> None:
    problem = islands(5)
    assert problem.arcs > BLOCK_ARCS
    alone, together = solve(problem), solve(problem, processes=2)
    for field in dataclasses.fields(alone):
        if "seconds" not in field.name:
            one, other = getattr(alone, field.name), getattr(together, field.name)
            assert np.array_equal(one, other), field.name
    assert check(problem, together).violations == ()


def test_components_add_up_and_each_is_proven() -> None:
    plan = solve(islands(4))
    assert plan.components == len(plan.component_objective) == 4
    assert plan.component_objective.sum() == plan.objective
    assert plan.component_bound.tolist() == plan.component_objective.tolist()
    assert (plan.component_seconds > 0).all()


def test_a_component_left_out_has_a_bound_and_no_value() -> None:
    problem = islands(4)
    plan = solve(problem, gap=0.6)
    assert plan.status is SolveStatus.FEASIBLE
    left_out = plan.component_seconds == 0
    assert 0 < left_out.sum() < 4
    assert (plan.component_objective[left_out] == 0).all()
    assert (plan.component_bound[left_out] > 0).all()
    assert plan.component_bound.sum() == plan.bound
    assert check(problem, plan).violations == ()


def test_no_process_at_all_is_refused() -> None:
    with pytest.raises(ProblemError, match="one or more"):
        solve(islands(1), processes=0)
