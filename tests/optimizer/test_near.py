"""A problem decided again on few of its arcs has the plan that deciding on all of them has."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import ExchangeProblem, ProblemError, check, solve, solve_exchange
from optimizer.near import Nearby
from tests.optimizer.test_properties import ints, problems


@given(problems(limited=False), st.data(), st.integers(0, 3))
@settings(max_examples=200)
def test_smaller_quantities_are_decided_as_from_the_start(
    problem: ExchangeProblem, data: st.DataObject, per_row: int
) -> None:
    shares = st.sampled_from([0.0, 0.5, 1.0])
    smaller = [
        (side * np.array(data.draw(st.lists(shares, min_size=len(side), max_size=len(side))))).astype(np.int64)
        for side in (problem.supply, problem.demand)
    ]
    near = Nearby(problem, solve_exchange(problem), per_row).again(smaller[0], smaller[1])
    after = dataclasses.replace(problem, supply=smaller[0], demand=smaller[1])
    anew = solve(after)
    flow = np.zeros(problem.arcs, np.int64)
    flow[near.arcs] = near.flow
    assert near.objective == anew.objective == after.objective(flow)
    assert check(after, dataclasses.replace(anew, flow=flow)).passed


def test_a_larger_quantity_is_refused() -> None:
    problem = ExchangeProblem(ints([5]), ints([5]), ints([0]), ints([0]), ints([3]))
    with pytest.raises(ProblemError, match="above"):
        Nearby(problem, solve_exchange(problem)).again(ints([6]), ints([5]))


def test_arcs_with_limits_are_refused() -> None:
    problem = ExchangeProblem(ints([5]), ints([5]), ints([0]), ints([0]), ints([3]), ints([2]))
    with pytest.raises(ProblemError, match="capacity"):
        Nearby(problem, solve_exchange(problem))
