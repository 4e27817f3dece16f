"""One door for every kind of problem."""

import numpy as np
import pytest

from optimizer import (
    ChainPlan,
    ExchangeProblem,
    LinksProblem,
    ProblemError,
    SidedProblem,
    SolveStatus,
    check,
    solve,
)
from optimizer.siting import SitingProblem
from tests.optimizer.chain.test_chain import chain


def ints(values: object) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def pure() -> ExchangeProblem:
    return ExchangeProblem(ints([10, 5]), ints([8]), ints([0, 1]), ints([0, 0]), ints([3, 7]))


@pytest.mark.parametrize(
    ("problem", "objective"),
    [
        (pure(), 3 * 3 + 5 * 7),
        (SidedProblem(pure(), supply_least=ints([5, 0])), 5 * 3 + 3 * 7),
        (LinksProblem(pure(), demand_partners=ints([1])), 5 * 7),
        (SitingProblem(ints([4]), ints([9]), ints([3]), ints([0]), ints([0]), ints([5]), serve_all=False), 11),
        (chain([[10.0], [5.0]], [[8.0]], [(0, 0, 3), (1, 0, 7)]), 44),
    ],
    ids=lambda given: type(given).__name__,
)
def test_each_kind_is_solved_and_checked_by_its_type(problem: object, objective: float) -> None:
    told: list[float] = []
    plan = solve(problem, on_progress=told.append)  # type: ignore[call-overload]
    assert plan.objective == pytest.approx(objective, rel=1e-12)
    assert plan.status is SolveStatus.OPTIMAL
    assert check(problem, plan).passed  # type: ignore[arg-type]
    assert all(0 <= share <= 1 for share in told)


def test_what_is_no_problem_is_refused_by_name() -> None:
    with pytest.raises(ProblemError, match="dict is no problem that can be solved; give one of ExchangeProblem"):
        solve({})  # type: ignore[call-overload]
    with pytest.raises(ProblemError, match="dict is no problem that can be checked"):
        check({}, ChainPlan)  # type: ignore[arg-type]
