"""Solve an exchange with side rows by the simplex method, or by a first-order method where it is large, and prove the
answer from its prices.
"""

import time
from dataclasses import replace
from typing import Final

import numpy as np

from optimizer.errors import NotProvenError, ProblemError
from optimizer.linear import Floats, LinearStatus, solve_linear
from optimizer.plan import SolveStatus
from optimizer.sided.large import FINEST, REACHED, first_order, is_large
from optimizer.sided.missing import explained
from optimizer.sided.model import Model, model_of, proven_bound
from optimizer.sided.plan import SidedPlan, empty_plan
from optimizer.sided.problem import MAX_EXACT, SidedProblem

TOLERANCE: Final = 1e-9
"""Largest difference of bound and objective that counts as a proof, as a share of what is traded and priced."""


def solve_sided(problem: SidedProblem, *, time_limit_s: float | None = None, gap: float | None = None) -> SidedPlan:
    """Return the best plan with its proof, or why there is none: infeasible is a status, never an exception.

    `gap` None lets the size decide: with many quality limits and nothing that must be served, the plan comes from a
    first-order method, keeps every limit to rounding and is FEASIBLE with a proven gap of 2e-4 or less. 0 asks for the
    simplex method whatever the size; a gap of 1e-5 or more is one that the first-order method tries to reach.

    Where least quantities are the only side rows, flow and prices are whole numbers and, as long as
    what is traded stays below 2^53, the proof is exact.
    """
    if gap is not None and not 0 <= gap < 1:
        raise ProblemError(f"The accepted gap {gap} is not a share from 0 to below 1.")
    began = time.perf_counter()
    model = model_of(problem)
    if is_large(problem, model) and (gap is None or gap >= FINEST):
        flow, dual = first_order(problem, model, gap=gap or REACHED, time_limit_s=time_limit_s)
        return replace(_plan(problem, model, flow, dual), seconds=time.perf_counter() - began)
    answer = solve_linear(model.program, time_limit_s=time_limit_s)
    if answer.x is None or answer.dual is None:
        plan = empty_plan(problem, SolveStatus.STOPPED)
        if answer.status is LinearStatus.INFEASIBLE:
            plan = explained(problem, model)
        return replace(plan, seconds=time.perf_counter() - began)
    flow, dual = np.clip(answer.x, model.program.lower, model.program.upper), answer.dual
    if problem.whole:
        flow, dual = np.rint(flow), np.rint(dual)
    plan = _plan(problem, model, flow, dual)
    return replace(plan, seconds=time.perf_counter() - began)


def _plan(problem: SidedProblem, model: Model, flow: Floats, dual: Floats) -> SidedPlan:
    program = model.program
    kept = np.where(np.isfinite(program.row_upper), np.maximum(dual, 0), 0)
    kept += np.where(np.isfinite(program.row_lower), np.minimum(dual, 0), 0)
    objective = float(program.objective @ flow)
    bound, size = proven_bound(program, kept, problem.most_on_arcs())
    size = max(size, float(np.abs(program.objective) @ flow))
    status = SolveStatus.OPTIMAL if bound - objective <= TOLERANCE * size else SolveStatus.FEASIBLE
    if problem.whole and size < MAX_EXACT and bound != objective:
        raise NotProvenError(f"The flow is worth {objective}, but its prices prove no more than a bound of {bound}.")
    empty = empty_plan(problem, status)
    supplies, quantities = len(empty.price_supply), len(empty.price_supply) + len(empty.price_demand)
    middle = quantities + len(model.most[0])
    price_most, price_least = empty.price_most.copy(), empty.price_least.copy()
    price_most[model.most[:2]] = kept[quantities:middle] * model.most[2]
    price_least[model.least[:2]] = kept[middle:] * model.least[2]
    return replace(
        empty,
        flow=flow,
        objective=objective,
        bound=bound,
        price_supply=kept[:supplies],
        price_demand=kept[supplies:quantities],
        price_most=price_most,
        price_least=price_least,
        regret=program.matrix.T @ kept - program.objective,
    )
