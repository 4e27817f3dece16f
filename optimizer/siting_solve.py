"""Solve a siting: proven by branch and bound where it is small, searched and bounded where it is large.

What is promised: without a time limit (or where it does not strike) the same problem gives the same plan.
"""

import time
from collections.abc import Callable
from typing import Final

import numpy as np

from optimizer.errors import ProblemError, SolverError
from optimizer.linear import Floats
from optimizer.problem import Bools, Ints
from optimizer.siting import Deadline, Obstacle, SitingPlan, SitingProblem, SitingStatus, relative_gap
from optimizer.siting_bound import SitingBound, lagrangian_bound
from optimizer.siting_exact import branch_and_bound
from optimizer.siting_flow import unserved
from optimizer.siting_search import Search

SMALL: Final = 20_000
"""Arcs and sites up to which branch and bound is tried."""
PROOF: Final = 1e-6
"""Relative gap up to which a plan is called OPTIMAL: the tolerance of the branch and bound."""
BRANCH_SHARE: Final = 0.6
"""Share of the time limit for the branch and bound; the rest is kept for the search, should it end without a proof."""

Progress = Callable[[str], None]


def locate(
    problem: SitingProblem,
    *,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    small: int = SMALL,
    on_progress: Progress | None = None,
) -> SitingPlan:
    """Return which sites to open, what they serve, and the bound; infeasible is a status and says which limit it is.

    Raises ProblemError for a wish that makes no sense, ProblemTooLargeError and SolverError.
    """
    if time_limit_s is not None and not time_limit_s >= 0:
        raise ProblemError(f"The time limit {time_limit_s} s is not a number of zero or more.")
    if not 0 <= gap < 1:
        raise ProblemError(f"The accepted gap {gap} is not a share from 0 to below 1.")
    say = on_progress or (lambda _: None)
    began = time.perf_counter()
    obstacle = _obstacle(problem)
    if obstacle is not None:
        return _nothing(problem, SitingStatus.INFEASIBLE, obstacle, began)
    search = Search(problem, Deadline(None if time_limit_s is None else began + time_limit_s))
    bound: int | None = None
    if problem.arcs + problem.sites <= small:
        say("branch and bound")
        limit = None if time_limit_s is None else BRANCH_SHARE * time_limit_s
        status, bound = _branch(search, limit, gap)
        if status is SitingStatus.INFEASIBLE:
            return _nothing(problem, status, _too_few(problem), began)
    price: Ints | None = None
    if search.objective is None or bound is None or relative_gap(search.objective, bound) > max(gap, PROOF):
        say("bound and search")
        found = _bound_and_search(search, _halfway(search.deadline))
        if bound is None or found.bound < bound:
            bound, price = found.bound, found.price
    return _plan(search, bound, price, began)


def _branch(search: Search, limit_s: float | None, gap: float) -> tuple[SitingStatus, int | None]:
    """Return how the branch and bound ended and its bound; a solver that fails leaves everything to the search."""
    try:
        branched = branch_and_bound(search.problem, time_limit_s=limit_s, gap=gap)
    except SolverError:
        return SitingStatus.UNKNOWN, None
    if branched.opened is not None:
        search.judge(branched.opened)
    bound = branched.bound
    if bound is not None and search.objective is not None:
        # The solver's bound is a float near the optimum: never below what is already in hand.
        bound = max(bound, search.objective)
    return branched.status, bound


def _bound_and_search(search: Search, until: Deadline) -> SitingBound:
    """Return the bound, having put the best choice that was found into the search."""
    step = 0

    def trial(chosen: Bools, gain: Floats) -> int | None:
        nonlocal step
        step += 1
        if (step % 10 == 1 or search.objective is None) and not search.deadline.passed():
            search.begin(chosen, gain)
        return search.objective

    if not search.problem.serve_all:
        search.judge(np.zeros(search.problem.sites, np.bool_))
    largest = np.zeros(search.problem.sites, np.bool_)
    largest[np.argsort(-search.problem.capacity, kind="stable")[: search.problem.most_open]] = True
    search.judge(largest)
    bound = lagrangian_bound(search.problem, trial, deadline=until)
    search.improve(bound.gain)
    return bound


def _halfway(deadline: Deadline) -> Deadline:
    """Return the moment at which half of what is left of the time is gone."""
    if deadline.moment_s is None:
        return deadline
    now = time.perf_counter()
    return Deadline(now + max(0.0, deadline.moment_s - now) / 2)


def _plan(search: Search, bound: int | None, price: Ints | None, began: float) -> SitingPlan:
    if search.objective is None or search.opened is None or search.flow is None:
        return _nothing(search.problem, SitingStatus.UNKNOWN, None, began)
    proven = bound is not None and relative_gap(search.objective, bound) <= PROOF
    return SitingPlan(
        status=SitingStatus.OPTIMAL if proven else SitingStatus.FEASIBLE,
        opened=search.opened,
        flow=search.flow,
        objective=search.objective,
        bound=bound,
        customer_price=price,
        obstacle=None,
        seconds=time.perf_counter() - began,
    )


def _nothing(problem: SitingProblem, status: SitingStatus, obstacle: Obstacle | None, began: float) -> SitingPlan:
    return SitingPlan(
        status=status,
        opened=np.zeros(problem.sites, np.bool_),
        flow=np.zeros(problem.arcs, np.int64),
        objective=None,
        bound=None,
        customer_price=None,
        obstacle=obstacle,
        seconds=time.perf_counter() - began,
    )


def _obstacle(problem: SitingProblem) -> Obstacle | None:
    """Return which limit keeps customers from being served even with every site open; None where none does."""
    if not problem.serve_all:
        return None
    left = unserved(problem)
    if left.any():
        j = int(np.argmax(left > 0))
        return Obstacle(int(problem.demand[j]), int(left[j]), customer=j)
    total = int(problem.demand.sum())
    held = sum(sorted(problem.capacity.tolist(), reverse=True)[: problem.most_open])
    return Obstacle(total, total - held, sites=problem.most_open) if held < total else None


def _too_few(problem: SitingProblem) -> Obstacle:
    return Obstacle(int(problem.demand.sum()), 0, sites=problem.most_open)
