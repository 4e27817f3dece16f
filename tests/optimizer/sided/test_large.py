"""Quality limits at size: the first-order method, the repair, and the bound, on problems small enough to check."""

from typing import Final

import numpy as np
import pytest

from optimizer import ExchangeProblem, ProblemError, SidedProblem, SolveStatus, check_sided, solve_sided
from optimizer.sided import large
from optimizer.sided.mend import Rows
from optimizer.sided.model import model_of

SITES: Final = 120


def blending(seed: int, *, virgin: bool, limits: bool = False) -> SidedProblem:
    """Return supplies of mixed quality for demands with two upper limits, with or without a virgin supply each."""
    rng = np.random.default_rng(seed)
    tail, head = np.nonzero(rng.random((SITES, SITES)) < 0.1)
    supply, demand = rng.integers(1, 500, SITES), rng.integers(1, 500, SITES)
    value, content = rng.integers(1, 200, len(tail)), rng.lognormal(0, 0.6, (SITES, 2))[tail]
    if virgin:
        supply = np.concatenate((supply, demand))
        tail, head = np.concatenate((tail, SITES + np.arange(SITES))), np.concatenate((head, np.arange(SITES)))
        value = np.concatenate((value, np.full(SITES, -20)))
        content = np.concatenate((content, np.zeros((SITES, 2))))
    base = ExchangeProblem(supply, demand, tail, head, value, rng.integers(1, 400, len(tail)) if limits else None)
    return SidedProblem(
        base,
        arc_yield=rng.uniform(0.5, 1.2, len(tail)) if limits else None,
        concentration=content,
        quality_most=rng.lognormal(0.1, 0.4, (SITES, 2)),
        quality_least=np.tile([0.1, -np.inf], (SITES, 1)) if limits else None,
    )


@pytest.mark.parametrize("limits", [False, True])
@pytest.mark.parametrize("virgin", [False, True])
def test_the_plan_keeps_every_limit_and_its_bound_holds(
    virgin: bool, limits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = blending(1, virgin=virgin, limits=limits)
    best = solve_sided(problem, gap=0.0)
    monkeypatch.setattr(large, "LARGE", 1)
    plan = solve_sided(problem)
    assert check_sided(problem, plan).violations == ()
    assert plan.status is SolveStatus.FEASIBLE
    assert plan.objective <= best.objective * (1 + 1e-9)
    assert plan.bound >= best.objective * (1 - 1e-9)
    assert plan.gap <= large.REACHED


def test_the_same_problem_gives_the_same_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "LARGE", 1)
    first, second = (solve_sided(blending(2, virgin=True)) for _ in range(2))
    assert first.flow.tolist() == second.flow.tolist()
    assert first.bound == second.bound


def test_any_flow_is_mended_until_every_limit_holds() -> None:
    problem = blending(3, virgin=True, limits=True)
    rows = Rows.of(problem, model_of(problem))
    flow = np.random.default_rng(0).uniform(-10, 300, problem.exchange.arcs)
    kept = rows.filled(rows.mended(rows.diluted(rows.fitted(flow))))
    program = model_of(problem).program
    assert (program.matrix @ kept <= program.row_upper + 1e-9).all()
    assert (kept >= 0).all()
    assert (kept <= problem.most_on_arcs()).all()


def test_what_must_be_served_is_left_to_the_simplex_method(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "LARGE", 1)
    problem = blending(4, virgin=True)
    served = SidedProblem(
        problem.exchange,
        demand_least=problem.exchange.demand,
        concentration=problem.concentration,
        quality_most=problem.quality_most,
    )
    assert solve_sided(served).status is SolveStatus.OPTIMAL


def test_a_gap_that_is_no_share_is_refused() -> None:
    with pytest.raises(ProblemError, match="share from 0"):
        solve_sided(blending(5, virgin=True), gap=-0.1)
