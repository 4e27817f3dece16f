"""What a problem refuses, and in which words."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from optimizer import ExchangeProblem, NotProvenError, ProblemError, ProblemTooLargeError, solve
from optimizer.prices import price_interval

Build = Callable[..., ExchangeProblem]


@pytest.fixture
def two_by_two(exchange: Build) -> ExchangeProblem:
    return exchange([3, 4], [5, 6], {(0, 0): 7, (1, 0): 8, (1, 1): 2})


@pytest.mark.parametrize(
    ("column", "given", "words"),
    [
        ("supply", np.array([1.5, 2.0]), "supply is float64; give an int64 array"),
        ("supply", [1, 2], "supply is list; give an int64 array"),
        ("demand", np.array([[1, 2]]), r"demand has shape \(1, 2\); give one dimension"),
        ("value_per_unit", np.array([1, 2, 3], dtype=np.int32), "value_per_unit is int32"),
        ("arc_supply", np.array([0, 1]), "The arc columns differ in length: arc_supply 2, arc_demand 3"),
        ("supply", np.array([3, -1]), r"supply\[1\] is -1; a quantity is zero or more"),
        ("arc_capacity", np.array([1, -2, 3]), r"arc_capacity\[1\] is -2"),
        ("arc_supply", np.array([0, 2, 1]), r"arc_supply\[1\] is 2, but there are 2 rows"),
        ("arc_demand", np.array([0, -1, 1]), r"arc_demand\[1\] is -1, but there are 2 rows"),
        ("arc_supply", np.array([1, 1, 1]), "The pair of supply 1 and demand 0 is given twice"),
    ],
)
def test_what_is_not_a_problem_is_refused_in_words(
    two_by_two: ExchangeProblem, column: str, given: object, words: str
) -> None:
    with pytest.raises(ProblemError, match=words):
        dataclasses.replace(two_by_two, **{column: given})


@pytest.mark.parametrize(
    ("supply", "value", "words"),
    [
        (2**61, 1, "The sum of supply is above 2\\^61; state quantities in a coarser unit"),
        (1, 2**62, "A value per unit is beyond 2\\^61; state values in a coarser unit"),
        (1, -(2**63), "A value per unit is beyond 2\\^61"),
        (2**40, 2**40, "The most this exchange could be worth is above 2\\^61 money units"),
    ],
)
def test_numbers_beyond_exact_integers_are_refused_in_words(
    exchange: Build, supply: int, value: int, words: str
) -> None:
    with pytest.raises(ProblemTooLargeError, match=words):
        exchange([supply, 1], [2**61], {(0, 0): value})


def test_values_that_the_solver_cannot_scale_are_refused_in_words(exchange: Build) -> None:
    problem = exchange([1] * 30, [1] * 30, {(i, i): 2**60 if i == 0 else 1 for i in range(30)})
    with pytest.raises(ProblemTooLargeError, match="use a coarser money unit"):
        solve(problem)


def test_a_problem_keeps_its_own_arrays() -> None:
    supply = np.array([3])
    arc = np.array([0])
    problem = ExchangeProblem(supply, np.array([3]), arc, arc, np.array([1]))
    supply[0] = 99
    assert problem.supply.tolist() == [3]
    with pytest.raises(ValueError, match="read-only"):
        problem.supply[0] = 1


def test_prices_of_a_flow_that_is_not_optimal_are_refused(exchange: Build) -> None:
    problem = exchange([10], [10, 10], {(0, 0): 7, (0, 1): 4})
    for flow in ([0, 10], [9, 1], [9, 0], [0, 0]):
        with pytest.raises(NotProvenError, match="not optimal"):
            price_interval(problem, np.array(flow))


@pytest.mark.parametrize("wish", [{"time_limit_s": -1.0}, {"time_limit_s": float("nan")}, {"gap": -0.1}, {"gap": 1.0}])
def test_a_wish_that_makes_no_sense_is_refused(two_by_two: ExchangeProblem, wish: dict[str, float]) -> None:
    with pytest.raises(ProblemError, match="is not a"):
        solve(two_by_two, **wish)
