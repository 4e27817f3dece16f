"""Why an exchange with side rows has no plan: which least quantities cannot be met, and what stands in the way.

Model      the least quantities are made elastic: minimise sum missing, where each may fall short by its own missing
           quantity; the duals of that programme prove the total and name the limits that stand in the way
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import scipy.sparse as sp

from optimizer.errors import NotProvenError
from optimizer.linear import Floats, LinearProgram, solve_linear
from optimizer.plan import SolveStatus
from optimizer.sided.model import Model, proven_bound
from optimizer.sided.plan import Shortfall, SidedPlan, empty_plan
from optimizer.sided.problem import SidedProblem

_MISSING: Final = 1e-7
"""Share of a least quantity below which a shortfall is rounding."""


def explained(problem: SidedProblem, model: Model) -> SidedPlan:
    """Return an infeasible plan that names the least quantities that cannot be met, and what stands in the way."""
    program = model.program
    rows, arcs = program.matrix.shape
    wanted = np.concatenate((np.maximum(program.row_lower, 0), program.lower))
    elastic = np.flatnonzero(wanted > 0)
    count = len(elastic)
    missing = sp.csr_matrix((np.ones(count), (elastic, np.arange(count))), shape=(rows + arcs, count))
    matrix = sp.hstack((sp.vstack((program.matrix, sp.eye(arcs))), missing), format="csr")
    relaxed = LinearProgram(
        objective=np.concatenate((np.zeros(arcs), -np.ones(count))),
        matrix=sp.csr_matrix(matrix),
        row_lower=np.concatenate((program.row_lower, program.lower)),
        row_upper=np.concatenate((program.row_upper, np.full(arcs, np.inf))),
        lower=np.zeros(arcs + count),
        upper=np.concatenate((program.upper, wanted[elastic])),
        maximise=True,
    )
    answer = solve_linear(relaxed)
    if answer.x is None or answer.dual is None:
        raise NotProvenError("The exchange was called infeasible, but what is missing could not be found.")
    bound, _ = proven_bound(relaxed, answer.dual, relaxed.upper)
    if -bound <= _MISSING * float(wanted.sum()):
        raise NotProvenError("The exchange was called infeasible, but nothing seems to be missing.")
    lacks = answer.x[arcs:]
    found = [k for k in range(count) if lacks[k] > _MISSING * wanted[elastic[k]]]
    shortfalls = tuple(_shortfall(problem, int(elastic[k]), float(lacks[k]), float(wanted[elastic[k]])) for k in found)
    return replace(
        empty_plan(problem, SolveStatus.INFEASIBLE),
        shortfalls=shortfalls,
        obstacles=(*_unreached(problem, shortfalls), *_obstacles(problem, model, answer.dual)),
    )


def _shortfall(problem: SidedProblem, row: int, missing: float, wanted: float) -> Shortfall:
    base = problem.exchange
    supplies, quantities = len(base.supply), len(base.supply) + len(base.demand)
    if row < supplies:
        text = f"Supply {row} must ship {wanted:g}, but {missing:g} of it finds no place."
        return Shortfall("supply", row, missing, text)
    if row < quantities:
        text = f"Demand {row - supplies} must be served {wanted:g}, but {missing:g} of it is missing."
        return Shortfall("demand", row - supplies, missing, text)
    arc = row - quantities - len(_quality_names(problem))
    text = f"Arc {arc} must carry {wanted:g}, but {missing:g} of it cannot flow."
    return Shortfall("arc", arc, missing, text)


def _unreached(problem: SidedProblem, shortfalls: tuple[Shortfall, ...]) -> Iterator[str]:
    """Name each supply and demand that falls short because it has no arc at all."""
    base = problem.exchange
    for one in shortfalls:
        if one.kind == "supply" and not (base.arc_supply == one.row).any():
            yield f"No arc leaves supply {one.row}."
        if one.kind == "demand" and not (base.arc_demand == one.row).any():
            yield f"No arc reaches demand {one.row}."


def _quality_names(problem: SidedProblem) -> list[str]:
    """Return the quality rows in words, in the order of the programme."""
    names = []
    for noun, limit in (("at most", problem.quality_most), ("at least", problem.quality_least)):
        if limit is not None:
            names += [
                f"Demand {j} takes property {k} {noun} at {limit[j, k]:g}." for j, k in np.argwhere(np.isfinite(limit))
            ]
    return names


def _obstacles(problem: SidedProblem, model: Model, dual: Floats) -> Iterator[str]:
    """Name each limit that would lower the total missing if it were loosened: those with a price."""
    base = problem.exchange
    supplies, quantities = len(base.supply), len(base.supply) + len(base.demand)
    for row in np.flatnonzero(dual[: model.program.matrix.shape[0]] > _MISSING).tolist():
        if row < supplies:
            yield f"Supply {row} has only {base.supply[row]}."
        elif row < quantities:
            yield f"Demand {row - supplies} takes only {base.demand[row - supplies]}."
        else:
            yield _quality_names(problem)[row - quantities]
    if base.arc_capacity is not None:
        price = model.program.matrix.T @ dual[: model.program.matrix.shape[0]] + dual[model.program.matrix.shape[0] :]
        held = np.minimum(base.supply[base.arc_supply], base.demand[base.arc_demand] / problem.yields())
        for arc in np.flatnonzero((price < -_MISSING) & (base.arc_capacity <= held)).tolist():
            yield f"Arc {arc} carries at most {base.arc_capacity[arc]}."
