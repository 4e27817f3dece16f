"""One door to every kind of problem: `solve` and `check` by the type of what they are given.

A pure exchange goes straight to its network flow. What only `solve_*` of a kind knows (a start, a seed, a number of
processes) is asked for there.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias, overload

from optimizer.chain import ChainPlan, ChainProblem, check_chain, solve_chain
from optimizer.check import Verdict, Violation, ViolationKind
from optimizer.check import check as check_exchange
from optimizer.errors import ProblemError
from optimizer.exchange import solve as solve_exchange
from optimizer.links import LinksPlan, LinksProblem, check_links, solve_links
from optimizer.periods import PeriodsPlan, PeriodsProblem, check_periods, solve_periods
from optimizer.plan import ExchangePlan
from optimizer.problem import ExchangeProblem
from optimizer.sided import SidedPlan, SidedProblem, check_sided, solve_sided
from optimizer.siting import SitingPlan, SitingProblem, check_siting, locate

Progress: TypeAlias = Callable[[float], None]
"""Called with the share that is done, 0 to 1; by methods that cannot tell, once at the end."""
Problem: TypeAlias = ExchangeProblem | SidedProblem | LinksProblem | PeriodsProblem | SitingProblem | ChainProblem
Plan: TypeAlias = ExchangePlan | SidedPlan | LinksPlan | PeriodsPlan | SitingPlan | ChainPlan


def _solve_exchange(
    problem: ExchangeProblem, *, time_limit_s: float | None, gap: float, on_progress: Progress | None
) -> ExchangePlan:
    told = None if on_progress is None else lambda now: on_progress(now.share)
    return solve_exchange(problem, time_limit_s=time_limit_s, gap=gap, on_progress=told)


_STEADY: Final[dict[type, Callable[..., Any]]] = {
    ExchangeProblem: _solve_exchange,
    ChainProblem: solve_chain,
}
"""Kinds that take a gap and tell which share is done."""
_CHECKS: Final[dict[type, Callable[..., Any]]] = {
    ExchangeProblem: check_exchange,
    SidedProblem: check_sided,
    LinksProblem: check_links,
    PeriodsProblem: check_periods,
    SitingProblem: check_siting,
    ChainProblem: check_chain,
}


@overload
def solve(
    problem: ExchangeProblem, *, time_limit_s: float | None = ..., gap: float = ..., on_progress: Progress | None = ...
) -> ExchangePlan: ...
@overload
def solve(
    problem: SidedProblem, *, time_limit_s: float | None = ..., gap: float = ..., on_progress: Progress | None = ...
) -> SidedPlan: ...
@overload
def solve(
    problem: LinksProblem, *, time_limit_s: float | None = ..., gap: float = ..., on_progress: Progress | None = ...
) -> LinksPlan: ...
@overload
def solve(
    problem: PeriodsProblem, *, time_limit_s: float | None = ..., gap: float = ..., on_progress: Progress | None = ...
) -> PeriodsPlan: ...
@overload
def solve(
    problem: SitingProblem, *, time_limit_s: float | None = ..., gap: float = ..., on_progress: Progress | None = ...
) -> SitingPlan: ...
@overload
def solve(
    problem: ChainProblem, *, time_limit_s: float | None = ..., gap: float = ..., on_progress: Progress | None = ...
) -> ChainPlan: ...
def solve(
    problem: Problem, *, time_limit_s: float | None = None, gap: float = 0.0, on_progress: Progress | None = None
) -> Plan:
    """Return the best plan of a problem of any kind, with its bound; how good it is, its status and its gap say.

    Raises ProblemError for what is no problem, or a wish that makes no sense, and SolverError or NotProvenError.
    """
    steady = _STEADY.get(type(problem))
    if steady is not None:
        found: Plan = steady(problem, time_limit_s=time_limit_s, gap=gap, on_progress=on_progress)
        return found
    plan = _in_one_go(problem, time_limit_s, gap)
    if on_progress is not None:
        on_progress(1.0)
    return plan


def check(problem: Problem, plan: Plan) -> Verdict:
    """Return the verdict over a plan: value and limits recomputed with numpy alone, each row that is violated named."""
    if type(problem) not in _CHECKS:
        raise ProblemError(f"{type(problem).__name__} is no problem that can be checked; give one of {_kinds()}.")
    verdict = _CHECKS[type(problem)](problem, plan)
    if isinstance(verdict, Verdict):
        return verdict
    return Verdict(tuple(Violation(ViolationKind.LIMIT_BROKEN, None, text) for text in verdict), len(plan.flow))


def _in_one_go(problem: Problem, time_limit_s: float | None, gap: float) -> Plan:
    if isinstance(problem, SidedProblem):
        # No gap lets the size decide between the simplex and the first-order method.
        return solve_sided(problem, time_limit_s=time_limit_s, gap=gap or None)
    if isinstance(problem, LinksProblem):
        return solve_links(problem, time_limit_s=time_limit_s, gap=gap)
    if isinstance(problem, PeriodsProblem):
        return solve_periods(problem, time_limit_s=time_limit_s)
    if isinstance(problem, SitingProblem):
        return locate(problem, time_limit_s=time_limit_s, gap=gap)
    raise ProblemError(f"{type(problem).__name__} is no problem that can be solved; give one of {_kinds()}.")


def _kinds() -> str:
    return ", ".join(kind.__name__ for kind in _CHECKS)
