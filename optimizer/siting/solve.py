"""Solve a siting: searched and bounded, then, where it is small, proven by branch and bound.

What is promised: without a time limit (or where it does not strike) the same problem gives the same plan.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from optimizer.deadline import Deadline
from optimizer.errors import ProblemError, SolverError
from optimizer.linear import Floats
from optimizer.plan import SolveStatus
from optimizer.problem import Bools
from optimizer.siting.bound import SitingBound, lagrangian_bound
from optimizer.siting.exact import Branched, branch_and_bound, undecided
from optimizer.siting.flow import unserved
from optimizer.siting.plan import Obstacle, SitingPlan, relative_gap
from optimizer.siting.problem import SitingProblem
from optimizer.siting.search import Search

SMALL: Final = 20_000
"""Arcs and sites left undecided up to which branch and bound follows the search."""
SEARCHED: Final = 0.6
"""Share of a time limit after which bound and search stop where all arcs and sites are that few."""
PROOF: Final = 1e-6
"""Relative gap up to which a plan is called OPTIMAL: the tolerance of the branch and bound."""

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
    deadline = Deadline.after(time_limit_s)
    obstacle = _obstacle(problem)
    if obstacle is not None:
        return _nothing(problem, SolveStatus.INFEASIBLE, obstacle, began)
    is_small = undecided(problem, np.ones(problem.sites, np.bool_)) <= small
    search = Search(problem, deadline.after_share(SEARCHED) if is_small else deadline)
    say("bound and search")
    found = _bound_and_search(search)
    bound = found.bound
    if (
        not _enough(search, bound, gap)
        and not deadline.passed()
        and undecided(problem, _left(search, found)[1]) <= small
    ):
        say("branch and bound")
        branched = _branch(search, found, deadline, gap)
        if branched.status is SolveStatus.INFEASIBLE and search.objective is None:
            return _nothing(problem, SolveStatus.INFEASIBLE, _too_few(problem), began)
        if branched.bound is not None and branched.bound < bound:
            return _plan(search, branched.bound, None, began)
    return _plan(search, bound, found, began)


def _enough(search: Search, bound: int, gap: float) -> bool:
    return search.objective is not None and relative_gap(search.objective, bound) <= gap


def _branch(search: Search, found: SitingBound, deadline: Deadline, gap: float) -> Branched:
    """Return how the branch and bound over the sites that are not yet decided ended, its bound one on all choices; a
    solver that fails leaves what the search has.
    """
    problem = search.problem
    try:
        branched = branch_and_bound(problem, _left(search, found), time_limit_s=deadline.left_s(), gap=gap)
    except SolverError:
        return Branched(SolveStatus.STOPPED, None, None)
    if branched.opened is not None:
        search.judge(branched.opened)
    bound = branched.bound
    if search.objective is not None:
        # Choices that were left out are worth no more than what was known; the solver's own bound is a float near the
        # optimum, and none where nothing is left to choose from.
        nothing_left = branched.status is SolveStatus.INFEASIBLE
        bound = search.objective if nothing_left else None if bound is None else max(bound, search.objective)
    return replace(branched, bound=bound)


def _left(search: Search, found: SitingBound) -> tuple[Bools, Bools]:
    """Return the sites that must be open and those that may be in any choice better than the best so far."""
    if search.objective is None:
        return np.zeros(search.problem.sites, np.bool_), np.ones(search.problem.sites, np.bool_)
    return found.decided(search.problem, search.objective)


def _bound_and_search(search: Search) -> SitingBound:
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
    bound = lagrangian_bound(search.problem, trial, deadline=search.deadline.after_share(0.5))
    search.improve(bound)
    return bound


def _plan(search: Search, bound: int, proof: SitingBound | None, began: float) -> SitingPlan:
    if search.objective is None or search.opened is None or search.service is None:
        return _nothing(search.problem, SolveStatus.STOPPED, None, began)
    proven = relative_gap(search.objective, bound) <= PROOF
    return SitingPlan(
        status=SolveStatus.OPTIMAL if proven else SolveStatus.FEASIBLE,
        opened=search.opened,
        flow=search.service[0],
        sold=search.service[1],
        objective=search.objective,
        bound=bound,
        price=None if proof is None else proof.price,
        price_unit=1 if proof is None else proof.unit,
        obstacle=None,
        seconds=time.perf_counter() - began,
    )


def _nothing(problem: SitingProblem, status: SolveStatus, obstacle: Obstacle | None, began: float) -> SitingPlan:
    return SitingPlan(
        status=status,
        opened=np.zeros(problem.sites, np.bool_),
        flow=np.zeros(problem.arcs, np.int64),
        sold=np.zeros(problem.sales.arcs, np.int64),
        objective=None,
        bound=None,
        price=None,
        price_unit=1,
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
