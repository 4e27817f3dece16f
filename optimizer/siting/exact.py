"""The best choice of sites with its proof, by branch and bound: HiGHS through MathOpt.

Model      share[a] in 0..1 of a customer's demand, open[i] binary: as in siting.py, with flow = share times demand, so
           that all rows are near 1; money is scaled so that the greatest coefficient is SCALE
Source     the strong rows share[a] <= open[i]: M. L. Balinski (1965), Management Sci. 12, 253-313
"""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer.ended import status_of
from optimizer.errors import SolverError
from optimizer.plan import SolveStatus
from optimizer.problem import Bools
from optimizer.siting.problem import SitingProblem

LONGEST_S: Final = 1e9
"""A time limit beyond this is none, and could not be told to the solver."""
SCALE: Final = 1e5
"""Greatest coefficient of the model's objective."""
ROUNDING: Final = 1e-9
"""Share of a bound that the solver's floating-point sums may be off."""


@dataclass(frozen=True, slots=True, eq=False)
class Branched:
    """How the branch and bound ended: the sites it would open (None: no choice found) and its bound, in whole units."""

    status: SolveStatus
    opened: Bools | None
    bound: int | None


def branch_and_bound(
    problem: SitingProblem, decided: tuple[Bools, Bools], *, time_limit_s: float | None, gap: float
) -> Branched:
    """Return the best choice among those that open the sites that must be and none but those that may be open, and
    what was proven of them; raises SolverError when the solver fails.
    """
    unit = _unit(problem)
    model, opened = _model(problem, decided, unit)
    limit = None if time_limit_s is None else dt.timedelta(seconds=min(time_limit_s, LONGEST_S))
    wishes = mathopt.SolveParameters(time_limit=limit, relative_gap_tolerance=gap, absolute_gap_tolerance=0.0)
    try:
        result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=wishes)
    except (RuntimeError, ValueError, AttributeError) as failed:
        # MathOpt turns a status of the solver into one of these, depending on the status.
        raise SolverError(f"The branch and bound failed: {failed}") from failed
    status = status_of(result.termination.reason)
    bound = result.termination.objective_bounds.dual_bound * unit
    chosen = None
    if result.has_primal_feasible_solution():
        chosen = np.array(result.variable_values(opened)) > 0.5
    return Branched(status, chosen, _whole(bound) if math.isfinite(bound) else None)


def _whole(bound: float) -> int:
    """Return a bound in whole money units: every plan is worth a whole number, so the fraction may go, the solver's
    rounding aside.
    """
    return math.floor(bound + ROUNDING * max(1.0, abs(bound)))


def _unit(problem: SitingProblem) -> float:
    """Return how many money units one unit of the model's objective stands for."""
    worth = np.abs(problem.value_per_unit.astype(np.float64)) * problem.size()
    greatest = max(float(worth.max(initial=0.0)), float(problem.fixed_cost.max(initial=0)))
    return greatest / SCALE or 1.0


def _model(
    problem: SitingProblem, decided: tuple[Bools, Bools], unit: float
) -> tuple[mathopt.Model, list[mathopt.Variable]]:
    model = mathopt.Model()
    demand, capacity = problem.demand.tolist(), problem.capacity.tolist()
    limits = [(float(must), float(may)) for must, may in zip(*decided, strict=True)]
    opened = [model.add_integer_variable(lb=low, ub=high) for low, high in limits]
    to_site: list[list[Any]] = [[] for _ in opened]
    of_customer: list[list[Any]] = [[] for _ in demand]
    worth = [-cost / unit * y for cost, y in zip(problem.fixed_cost.tolist(), opened, strict=True)]
    arcs = zip(problem.arc_site.tolist(), problem.arc_customer.tolist(), problem.value_per_unit.tolist(), strict=True)
    for i, j, value in arcs:
        most = min(1.0, capacity[i] / demand[j]) if demand[j] else 0.0
        if most == 0 or limits[i][1] == 0 or (value <= 0 and not problem.serve_all):
            continue
        share = model.add_variable(lb=0.0, ub=most)
        model.add_linear_constraint(share - most * opened[i] <= 0)
        worth.append(value * demand[j] / unit * share)
        of_customer[j].append(share)
        to_site[i].append((demand[j] / max(capacity[i], 1)) * share)
    for j, shares in enumerate(of_customer):
        if demand[j]:
            least = 1.0 if problem.serve_all else -math.inf
            model.add_linear_constraint(lb=least, ub=1.0, expr=mathopt.fast_sum(shares))
    for y, loads in zip(opened, to_site, strict=True):
        model.add_linear_constraint(mathopt.fast_sum(loads) - y <= 0)
    model.add_linear_constraint(lb=problem.least_open, ub=problem.most_open, expr=mathopt.fast_sum(opened))
    model.maximize(mathopt.fast_sum(worth))
    return model, opened
