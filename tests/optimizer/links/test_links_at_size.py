"""Links on instances too large for a proof: bounds, searches that repeat, starts, and what the check finds."""

import dataclasses

import numpy as np
import pytest

from optimizer import ExchangeProblem, ProblemError, ProblemTooLargeError, SolveStatus
from optimizer.check import ViolationKind
from optimizer.links import LinksProblem, check_links, solve_links
from optimizer.links.search import SMALL
from optimizer.problem import Ints


def clustered(sites: int, reach: float, seed: int) -> LinksProblem:
    """Return a market of sites in a square of 100 km: 169 cents per tonne and 100 km, 10 t lots, few partners."""
    random = np.random.default_rng(seed)
    here, there = random.uniform(0, 100, (sites, 2)), random.uniform(0, 100, (sites, 2))
    km = np.sqrt(((here[:, None] - there) ** 2).sum(-1))
    near = (km < reach) & (random.random((sites, sites)) < 0.5)
    tail, head = (row.astype(np.int64) for row in np.nonzero(near))
    value = np.rint(random.gamma(4, 22, sites)[tail] + random.gamma(3, 30, sites)[head] - 0.169 * km[near])
    return LinksProblem(
        ExchangeProblem(
            supply=np.rint(random.lognormal(5.5, 1.3, sites)).astype(np.int64),
            demand=np.rint(random.lognormal(5.7, 1.3, sites)).astype(np.int64),
            arc_supply=tail,
            arc_demand=head,
            value_per_unit=value.astype(np.int64),
        ),
        fixed_cost=np.rint(800 + 25 * km[near]).astype(np.int64),
        lot=np.full(len(tail), 10),
        supply_partners=random.integers(2, 6, sites),
        demand_partners=random.integers(2, 6, sites),
    )


@pytest.fixture(scope="module")
def market() -> LinksProblem:
    """Return a market whose proof is out of reach: more arcs than branch and bound takes whole."""
    problem = clustered(120, 30.0, seed=4)
    assert problem.arcs > SMALL
    return problem


def test_a_market_too_large_for_a_proof_is_planned_within_two_percent_of_its_bound(market: LinksProblem) -> None:
    plan = solve_links(market, gap=0.02)
    verdict = check_links(market, plan)
    assert verdict.passed, str(verdict)
    assert 0 < plan.gap <= 0.02
    assert plan.status is SolveStatus.FEASIBLE


def test_the_same_market_and_seed_give_the_same_plan(market: LinksProblem) -> None:
    once, again = solve_links(market, gap=0.016), solve_links(market, gap=0.016)
    assert (once.objective, once.bound, once.flow.tolist()) == (again.objective, again.bound, again.flow.tolist())


def test_a_start_is_never_lost(market: LinksProblem) -> None:
    before = solve_links(market, gap=0.02)
    after = solve_links(market, time_limit_s=0.0, start=before.flow)
    assert after.objective >= before.objective


def test_a_start_that_no_longer_fits_is_used_as_far_as_it_fits(market: LinksProblem) -> None:
    before = solve_links(market, gap=0.02)
    less = dataclasses.replace(market.exchange, supply=market.exchange.supply // 2)
    changed = dataclasses.replace(market, exchange=less)
    plan = solve_links(changed, time_limit_s=0.0, start=before.flow)
    assert check_links(changed, plan).passed
    assert plan.objective > 0


def test_progress_tells_an_objective_that_never_falls(market: LinksProblem) -> None:
    seen: list[tuple[int, int]] = []
    plan = solve_links(market, gap=0.02, on_progress=lambda objective, bound: seen.append((objective, bound)))
    assert [objective for objective, _ in seen] == sorted(objective for objective, _ in seen)
    assert seen[-1] == (plan.objective, plan.bound)


def test_the_check_names_what_is_wrong() -> None:
    base = ExchangeProblem(*(np.array(x, np.int64) for x in ([10], [6, 5], [0, 0], [0, 1], [3, 2])))
    problem = LinksProblem(base, fixed_cost=_ints(1, 1), lot=_ints(4, 4), supply_partners=_ints(1), budget=1)
    plan = solve_links(problem)
    assert (plan.objective, check_links(problem, plan).passed) == (17, True)
    wrong = dataclasses.replace(plan, flow=_ints(6, 3), bound=16, price_bound=16)
    kinds = [violation.kind for violation in check_links(problem, wrong).violations]
    assert kinds == [
        ViolationKind.LOT_BROKEN,
        ViolationKind.PARTNERS_EXCEEDED,
        ViolationKind.BUDGET_EXCEEDED,
        ViolationKind.OBJECTIVE_WRONG,
        ViolationKind.NOT_OPTIMAL,
        ViolationKind.BOUND_WRONG,
    ]
    misshapen = dataclasses.replace(plan, flow=_ints(6))
    assert [violation.kind for violation in check_links(problem, misshapen).violations] == [ViolationKind.SHAPE]


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"fixed_cost": np.array([1.0, 2.0])}, ProblemError, "fixed_cost is float64; give an int64 array"),
        ({"lot": np.array([1, -2])}, ProblemError, r"lot\[1\] is -2; give zero or more"),
        ({"supply_partners": np.array([1, 2])}, ProblemError, r"supply_partners has shape \(2,\), not \(1,\)"),
        ({"budget": -1}, ProblemError, "budget is -1"),
        ({"budgeted": np.array([True, False])}, ProblemError, "there is no budget"),
        ({"budget": 1, "budgeted": np.array([1, 0])}, ProblemError, "bool array"),
        ({"fixed_cost": np.array([2**60, 1])}, ProblemTooLargeError, "above 2\\^60"),
    ],
)
def test_what_is_not_a_links_problem_is_refused_in_words(
    change: dict[str, object], error: type[Exception], words: str
) -> None:
    base = ExchangeProblem(*(np.array(x, np.int64) for x in ([10], [6, 5], [0, 0], [0, 1], [3, 2])))
    with pytest.raises(error, match=words):
        dataclasses.replace(LinksProblem(base), **change)


def test_a_wish_that_makes_no_sense_is_refused(market: LinksProblem) -> None:
    with pytest.raises(ProblemError, match="time limit"):
        solve_links(market, time_limit_s=-1.0)
    with pytest.raises(ProblemError, match="accepted gap"):
        solve_links(market, gap=1.0)
    with pytest.raises(ProblemError, match="start is int64"):
        solve_links(market, start=_ints(1))


def _ints(*values: int) -> Ints:
    return np.array(values, np.int64)
