"""Quality limits at size: a first-order method to a loose tolerance, then a plan that keeps every limit, and a bound.

Method     PDLP runs to a relative tolerance; what it leaves is mended (mend.py). Its prices of quality stay; those of
           supplies and demands are settled in turn to the least that is in line with them, which proves a bound
Source     D. Applegate et al. (2021), NeurIPS 34, Practical Large-Scale Linear Programming using Primal-Dual Hybrid
           Gradient; the repair and the bound are measured in bench.optimizer
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy.sparse as sp
from ortools.pdlp import solve_log_pb2, solvers_pb2
from ortools.pdlp.python import pdlp

from optimizer.deadline import Deadline
from optimizer.errors import SolverError
from optimizer.linear import Floats
from optimizer.problem import Bools
from optimizer.sided.mend import Rows, limited
from optimizer.sided.model import Model, proven_bound
from optimizer.sided.problem import SidedProblem

LARGE: Final = 20_000
"""Entries of the quality rows from which on the first-order method is faster than the simplex method."""
ACCURACIES: Final = (1e-4, 1e-5, 1e-6)
"""Relative tolerances of the first-order method, one after the other until the gap is reached."""
REACHED: Final = 2e-4
"""Gap at which the method stops where no other is asked for."""
FINEST: Final = 1e-5
"""Smallest gap for which the first-order method is tried."""
SHARDS: Final = 8
"""Pieces of every sum: the same whatever the machine, so that the answer is."""


SMALLEST: Final = 1e-3
"""Smallest limit that quality is counted in shares of, as a share of what is furthest from it."""


def is_large(problem: SidedProblem, model: Model) -> bool:
    """Return whether the first-order method suits: many quality entries, and no least quantity that must be kept."""
    rows = len(problem.exchange.supply) + len(problem.exchange.demand)
    if any(least is not None for least in (problem.supply_least, problem.demand_least, problem.arc_least)):
        return False
    return model.program.matrix[rows:].nnz >= LARGE


def first_order(
    problem: SidedProblem, model: Model, *, gap: float = REACHED, time_limit_s: float | None = None
) -> tuple[Floats, Floats]:
    """Return a flow that keeps every limit, and duals of the programme's rows that prove a bound near it.

    Where the gap is not reached, the method goes on from there to a finer tolerance, as long as there is time.
    """
    rows, method, most = Rows.of(problem, model), _Method.of(problem, model), problem.most_on_arcs()
    deadline, worth = Deadline.after(time_limit_s), model.program.objective
    start: _Pair | None = None
    plans: list[tuple[float, Floats]] = []
    proofs: list[tuple[float, Floats]] = []
    for accuracy in ACCURACIES:
        start = method.run(accuracy, start, deadline.left_s())
        flow = rows.filled(rows.mended(rows.diluted(rows.fitted(start.flow))))
        plans.append((float(worth @ flow), flow))
        dual = method.duals(start)
        proofs += [(proven_bound(model.program, one, most)[0], one) for one in (dual, rows.settled(dual))]
        best, bound = max(value for value, _ in plans), min(value for value, _ in proofs)
        if bound - best <= gap * abs(bound) or deadline.passed():
            break
    return max(plans, key=lambda one: one[0])[1], min(proofs, key=lambda one: one[0])[1]


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """Where the method stopped: a flow and the prices of its rows, nothing promised of either."""

    flow: Floats
    prices: Floats

    def given(self) -> object:
        """Return the pair as the method takes it to start from."""
        pair: Any = pdlp.PrimalAndDualSolution()
        pair.primal_solution, pair.dual_solution = self.flow, self.prices
        return pair


@dataclass(frozen=True, slots=True, eq=False)
class _Method:
    """The programme as the first-order method takes it: which of its rows, and what they are multiplied by."""

    task: Any
    kept: Bools
    scale: Floats

    @classmethod
    def of(cls, problem: SidedProblem, model: Model) -> "_Method":
        """Return the task of a programme."""
        program = model.program
        rows, columns = program.matrix.shape
        # A supply with one arc is that arc's upper limit: its row would only slow the method down.
        kept = np.ones(rows, np.bool_)
        supplies = len(problem.exchange.supply)
        kept[:supplies] = np.bincount(problem.exchange.arc_supply, minlength=supplies) != 1
        scale = _scale(problem, model)[kept]
        task: Any = pdlp.QuadraticProgram()
        task.resize_and_initialize(columns, len(scale))
        task.objective_vector = -program.objective
        task.constraint_matrix = sp.csc_matrix(sp.diags(scale) @ program.matrix[kept])
        task.constraint_lower_bounds = np.full(len(scale), -np.inf)
        task.constraint_upper_bounds = scale * program.row_upper[kept]
        task.variable_lower_bounds = np.zeros(columns)
        task.variable_upper_bounds = _upper(problem)
        return cls(task, kept, scale)

    def run(self, accuracy: float, start: "_Pair | None", time_limit_s: float | None) -> "_Pair":
        """Return where the method stops, begun at `start` if there is one."""
        wishes: Any = solvers_pb2.PrimalDualHybridGradientParams(num_threads=2, num_shards=SHARDS)
        wishes.termination_criteria.simple_optimality_criteria.eps_optimal_absolute = 0.0
        wishes.termination_criteria.simple_optimality_criteria.eps_optimal_relative = accuracy
        if time_limit_s is not None:
            wishes.termination_criteria.time_sec_limit = time_limit_s
        found = pdlp.primal_dual_hybrid_gradient(self.task, wishes, start and start.given())
        pair = _Pair(np.asarray(found.primal_solution), np.asarray(found.dual_solution))
        sizes = len(pair.flow), len(pair.prices)
        numbers = np.isfinite(pair.flow).all() and np.isfinite(pair.prices).all()
        if sizes != (len(self.task.objective_vector), len(self.scale)) or not numbers:
            reason = solve_log_pb2.TerminationReason.Name(found.solve_log.termination_reason)
            raise SolverError(f"The first-order method ended as {reason} without an answer.")
        return pair

    def duals(self, pair: "_Pair") -> Floats:
        """Return the duals of the programme's rows, none below zero."""
        dual = np.zeros(len(self.kept))
        dual[self.kept] = np.maximum(-pair.prices, 0) * self.scale
        return dual


def _scale(problem: SidedProblem, model: Model) -> Floats:
    """Return what each row of the programme is multiplied by: quality counts in shares of its limit."""
    scale = np.ones(model.program.matrix.shape[0])
    begin = len(problem.exchange.supply) + len(problem.exchange.demand)
    for limit, (demand, prop, factor) in (
        (problem.quality_most, model.most),
        (problem.quality_least, model.least),
    ):
        if limit is not None:
            size = np.abs(limit[demand, prop]) * factor
            scale[begin : begin + len(demand)] = 1 / np.clip(size, SMALLEST, 1.0)
            begin += len(demand)
    return scale


def _upper(problem: SidedProblem) -> Floats:
    """Return the upper limits of the columns, infinite where a row of the programme says as much."""
    base = problem.exchange
    alone = np.bincount(base.arc_supply, minlength=len(base.supply))[base.arc_supply] == 1
    needed = alone & (base.supply[base.arc_supply] * problem.yields() < base.demand[base.arc_demand])
    return np.where(needed | limited(problem), problem.most_on_arcs(), np.inf)
