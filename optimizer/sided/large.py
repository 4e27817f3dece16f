"""Quality limits at size: a first-order method to a loose tolerance, then a plan that keeps every limit, and a bound.

Method     PDLP runs to a relative tolerance; what it leaves is mended (mend.py). Its prices of quality stay; those of
           supplies and demands are settled in turn to the least that is in line with them, which proves a bound
Source     D. Applegate et al. (2021), NeurIPS 34, Practical Large-Scale Linear Programming using Primal-Dual Hybrid
           Gradient; the repair and the bound are measured in bench.optimizer
"""

from typing import Any, Final

import numpy as np
import scipy.sparse as sp
from ortools.pdlp import solve_log_pb2, solvers_pb2
from ortools.pdlp.python import pdlp

from optimizer.errors import SolverError
from optimizer.linear import Floats
from optimizer.sided.mend import Rows
from optimizer.sided.model import Model, proven_bound
from optimizer.sided.problem import SidedProblem

LARGE: Final = 20_000
"""Entries of the quality rows from which on the first-order method is faster than the simplex method."""
ACCURACY: Final = 5e-5
"""Relative tolerance of the first-order method; after the repair the gap is about three times as much."""
REACHED: Final = 2e-4
"""Gap that a plan of the first-order method usually keeps to."""
SHARDS: Final = 8
"""Pieces of every sum: the same whatever the machine, so that the answer is."""


def is_large(problem: SidedProblem, model: Model) -> bool:
    """Return whether the first-order method suits: many quality entries, and no least quantity that must be kept."""
    rows = len(problem.exchange.supply) + len(problem.exchange.demand)
    if any(least is not None for least in (problem.supply_least, problem.demand_least, problem.arc_least)):
        return False
    return model.program.matrix[rows:].nnz >= LARGE


def first_order(problem: SidedProblem, model: Model, *, time_limit_s: float | None = None) -> tuple[Floats, Floats]:
    """Return a flow that keeps every limit, and duals of the programme's rows that prove a bound near it."""
    flow, dual = _pdlp(model, time_limit_s)
    rows = Rows.of(problem, model)
    kept = rows.mended(rows.diluted(rows.fitted(flow)))
    most = problem.most_on_arcs()
    proofs = sorted((dual, rows.settled(dual)), key=lambda prices: proven_bound(model.program, prices, most)[0])
    return rows.filled(kept), proofs[0]


def _pdlp(model: Model, time_limit_s: float | None) -> tuple[Floats, Floats]:
    """Return the flow and the duals at which the first-order method stopped, nothing promised of either."""
    program = model.program
    rows, columns = program.matrix.shape
    # A supply with one arc is that arc's upper limit: its row would only slow the method down.
    kept = np.diff(program.matrix.indptr) > 1
    task: Any = pdlp.QuadraticProgram()
    task.resize_and_initialize(columns, int(kept.sum()))
    task.objective_vector = -program.objective
    task.constraint_matrix = sp.csc_matrix(program.matrix[kept])
    task.constraint_lower_bounds = np.full(int(kept.sum()), -np.inf)
    task.constraint_upper_bounds = program.row_upper[kept]
    task.variable_lower_bounds = np.zeros(columns)
    task.variable_upper_bounds = program.upper
    wishes: Any = solvers_pb2.PrimalDualHybridGradientParams(num_threads=2, num_shards=SHARDS)
    wishes.termination_criteria.simple_optimality_criteria.eps_optimal_absolute = 0.0
    wishes.termination_criteria.simple_optimality_criteria.eps_optimal_relative = ACCURACY
    if time_limit_s is not None:
        wishes.termination_criteria.time_sec_limit = time_limit_s
    found = pdlp.primal_dual_hybrid_gradient(task, wishes)
    flow, prices = np.asarray(found.primal_solution), np.asarray(found.dual_solution)
    if not (np.isfinite(flow).all() and np.isfinite(prices).all()):
        reason = solve_log_pb2.TerminationReason.Name(found.solve_log.termination_reason)
        raise SolverError(f"The first-order method ended as {reason} without numbers.")
    dual = np.zeros(rows)
    dual[kept] = np.maximum(-prices, 0)
    return flow, dual
