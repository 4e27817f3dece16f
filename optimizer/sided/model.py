"""An exchange with side rows as a linear programme, and the bound that prices prove.

Bound      any prices prove one: sum over rows of price x limit (the upper one of a price above zero, the least one
           below), plus for every arc its reduced value times what it can carry at most (at least, if below zero)
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp

from optimizer.linear import Floats, LinearProgram
from optimizer.problem import Ints
from optimizer.sided.problem import SidedProblem

ROUNDING: Final = 1e-5
"""Share at which the products that cancel in a reduced value count: a billionth of it is what rounding may leave."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The programme, and the (demand, property) of its quality rows with the factor they were multiplied by."""

    program: LinearProgram
    most: tuple[Ints, Ints, Floats]
    least: tuple[Ints, Ints, Floats]


def model_of(problem: SidedProblem) -> Model:
    """Return the programme of a problem: supplies, demands, upper and lower quality limits, in this order."""
    base = problem.exchange
    taken = _incidence(base.arc_supply, np.ones(base.arcs), len(base.supply))
    delivered = _incidence(base.arc_demand, problem.yields(), len(base.demand))
    most, most_rows = _quality(problem, problem.quality_most, 1.0)
    least, least_rows = _quality(problem, problem.quality_least, -1.0)
    qualities = len(most_rows[0]) + len(least_rows[0])
    program = LinearProgram(
        objective=base.value_per_unit.astype(np.float64),
        matrix=sp.csr_matrix(sp.vstack((taken, delivered, most, least), format="csr")),
        row_lower=np.concatenate(
            (problem.least("supply_least"), problem.least("demand_least"), np.full(qualities, -np.inf))
        ),
        row_upper=np.concatenate((base.supply, base.demand, np.zeros(qualities))).astype(np.float64),
        lower=problem.least("arc_least"),
        upper=problem.room_on_arcs(),
        maximise=True,
    )
    return Model(program, most_rows, least_rows)


def _incidence(rows: Ints, factor: Floats, size: int) -> sp.csr_matrix:
    return sp.csr_matrix((factor, (rows, np.arange(len(rows)))), shape=(size, len(rows)))


def _quality(
    problem: SidedProblem, limit: Floats | None, sign: float
) -> tuple[sp.csr_matrix, tuple[Ints, Ints, Floats]]:
    """Return the rows sign * yield * (concentration - limit) flow <= 0 of the limits given, each scaled to size 1."""
    base = problem.exchange
    if limit is None or problem.concentration is None:
        nothing = np.zeros(0, np.int64)
        return sp.csr_matrix((0, base.arcs)), (nothing, nothing, np.zeros(0))
    demand, prop = np.nonzero(np.isfinite(limit))
    number = np.full(limit.shape, -1, np.int64)
    number[demand, prop] = np.arange(len(demand))
    rows = number[base.arc_demand]
    arc, k = np.nonzero(rows >= 0)
    over = sign * (problem.concentration[arc, k] - limit[base.arc_demand[arc], k]) * problem.yields()[arc]
    largest = np.zeros(len(demand))
    np.maximum.at(largest, rows[arc, k], np.abs(over))
    factor = 1 / np.where(largest > 0, largest, 1)
    scaled = over * factor[rows[arc, k]]
    matrix = sp.csr_matrix((scaled, (rows[arc, k], arc)), shape=(len(demand), base.arcs))
    return matrix, (demand.astype(np.int64), prop.astype(np.int64), factor)


def proven_bound(program: LinearProgram, dual: Floats, most: Floats) -> tuple[float, float]:
    """Return the upper bound that any duals prove for a maximum, and the size of the sums behind it.

    Duals that lean on a limit that is not there are taken as zero; a reduced value above zero
    counts as often as its column can be filled at most, `most` (n,).
    """
    up = np.where(np.isfinite(program.row_upper), np.maximum(dual, 0), 0)
    down = np.where(np.isfinite(program.row_lower), np.minimum(dual, 0), 0)
    upper = np.where(up > 0, program.row_upper, 0)
    lower = np.where(down < 0, program.row_lower, 0)
    reduced = program.objective - program.matrix.T @ (up + down)
    terms = np.concatenate(
        (up * upper, down * lower, np.maximum(reduced, 0) * most, np.minimum(reduced, 0) * program.lower)
    )
    rounded = np.abs(program.objective) + abs(program.matrix).T @ np.abs(up + down)
    return float(terms.sum()), float(np.abs(terms).sum() + ROUNDING * (rounded @ most))
