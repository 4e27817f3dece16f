"""The best choice among the sites that are left, with its proof, by branch and bound.

Model      share[a] in 0..1 of a customer's demand, sale[b] in 0..1 of what an outlet wants, open[i] binary: as in
           problem.py, with flow = share times demand, so that all rows are near 1
Source     the strong rows share[a] <= open[i]: M. L. Balinski (1965), Management Sci. 12, 253-313
"""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp

from optimizer.integer import solve_integer
from optimizer.linear import Floats, LinearProgram
from optimizer.plan import SolveStatus
from optimizer.problem import Bools, Ints
from optimizer.siting.problem import SitingProblem


@dataclass(frozen=True, slots=True, eq=False)
class Branched:
    """How the branch and bound ended: the sites it would open (None: no choice found) and its bound, in whole units."""

    status: SolveStatus
    opened: Bools | None
    bound: int | None


class _Side(NamedTuple):
    """Arcs on one side of the sites: site, row, whole quantity of the row, greatest share, worth of all of the row."""

    site: Ints
    row: Ints
    quantity: Floats
    most: Floats
    worth: Floats


def branch_and_bound(
    problem: SitingProblem, decided: tuple[Bools, Bools], *, time_limit_s: float | None, gap: float
) -> Branched:
    """Return the best choice among those that open the sites that must be and none but those that may be open, and
    what was proven of them; raises SolverError when the solver fails.
    """
    program = _program(problem, decided)
    whole = np.zeros(len(program.objective), np.bool_)
    whole[-problem.sites :] = True
    found = solve_integer(program, whole, time_limit_s=time_limit_s, gap=gap)
    opened = None if found.x is None else found.x[-problem.sites :] > 0.5
    # Every plan is worth a whole number, so the fraction of a bound may go.
    return Branched(found.status, opened, math.floor(found.bound) if math.isfinite(found.bound) else None)


def undecided(problem: SitingProblem, may: Bools) -> int:
    """Return how many arcs and sites a branch and bound over the sites that may be open has to look at."""
    return int(may.sum() + may[problem.arc_site].sum() + may[problem.sales.arc_supply].sum())


def _program(problem: SitingProblem, decided: tuple[Bools, Bools]) -> LinearProgram:
    must, may = decided
    market, capacity = problem.sales, np.maximum(problem.capacity, 1).astype(np.float64)
    useful = may[problem.arc_site] & (problem.size() > 0)
    if not problem.serve_all:
        useful &= problem.value_per_unit + problem.best_sale()[problem.arc_site] > 0
    selling = may[market.arc_supply] & (market.capacity() > 0) & (market.value_per_unit > 0)
    values = problem.value_per_unit, market.value_per_unit
    coming = _side(problem.capacity, useful, (problem.arc_site, problem.arc_customer, values[0]), problem.demand)
    going = _side(problem.capacity, selling, (market.arc_supply, market.arc_demand, values[1]), market.demand)
    opened = sp.identity(problem.sites)
    loads = _incidence(coming.site, coming.quantity / capacity[coming.site], problem.sites)
    sales = _incidence(going.site, going.quantity / capacity[going.site], problem.sites)
    blocks: Any = [
        [_incidence(coming.row, np.ones(len(coming.row)), len(problem.demand)), None, None],
        [None, _incidence(going.row, np.ones(len(going.row)), len(market.demand)), None],
        [loads, None, -opened],
        [-loads, sales, None],
        [sp.identity(len(coming.site)), None, -_incidence(coming.site, coming.most, problem.sites).T],
        [None, sp.identity(len(going.site)), -_incidence(going.site, going.most, problem.sites).T],
        [None, None, np.ones((1, problem.sites))],
    ]
    served = (problem.demand > 0).astype(np.float64)
    strong = 2 * problem.sites + len(coming.site) + len(going.site)
    upper = np.concatenate((served, np.ones(len(market.demand)), np.zeros(strong), [problem.most_open]))
    lower = np.full(len(upper), -np.inf)
    lower[-1] = problem.least_open
    if problem.serve_all:
        lower[: len(served)] = served
    return LinearProgram(
        objective=np.concatenate((coming.worth, going.worth, -problem.fixed_cost.astype(np.float64))),
        matrix=sp.csr_matrix(sp.block_array(blocks, format="csr")),
        row_lower=lower,
        row_upper=upper,
        lower=np.concatenate((np.zeros(len(coming.site) + len(going.site)), must.astype(np.float64))),
        upper=np.concatenate((coming.most, going.most, may.astype(np.float64))),
        maximise=True,
    )


def _side(capacity: Ints, used: Bools, arcs: tuple[Ints, Ints, Ints], quantity: Ints) -> _Side:
    site, row, value = (column[used] for column in arcs)
    whole = quantity[row].astype(np.float64)
    return _Side(site, row, whole, np.minimum(1.0, capacity[site] / whole), value * whole)


def _incidence(row: Ints, entry: Floats, rows: int) -> sp.csr_matrix:
    return sp.csr_matrix((entry, (row, np.arange(len(row)))), (rows, len(row)))
