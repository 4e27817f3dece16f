"""Linear programmes from sparse arrays: one door to the simplex solver, one table of how it may end.

Data       objective (n,), matrix (m, n) sparse, row_lower, row_upper (m,), lower, upper (n,), float64;
           a limit that is absent is -inf or +inf, nothing else may be infinite and nothing may be NaN
Model      maximise (or minimise) objective x, where row_lower <= matrix x <= row_upper and lower <= x <= upper
Source     GLOP, the revised simplex of OR-Tools, filled through its array interface
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from ortools.linear_solver.python.model_builder_helper import ModelBuilderHelper, ModelSolverHelper, SolveStatus

from optimizer.errors import ProblemError, SolverError

Floats: TypeAlias = NDArray[np.float64]


class LinearStatus(StrEnum):
    """How the solve of a linear programme ended."""

    OPTIMAL = "OPTIMAL"
    INFEASIBLE = "INFEASIBLE"
    """No point keeps every limit."""
    UNBOUNDED = "UNBOUNDED"
    """There are points, but no best one."""
    STOPPED = "STOPPED"
    """The time limit struck; what the solver had by then is neither a plan nor a bound and is not handed out."""


_ENDED: Final = {
    SolveStatus.OPTIMAL: LinearStatus.OPTIMAL,
    SolveStatus.INFEASIBLE: LinearStatus.INFEASIBLE,
    SolveStatus.UNBOUNDED: LinearStatus.UNBOUNDED,
    SolveStatus.FEASIBLE: LinearStatus.STOPPED,
    SolveStatus.NOT_SOLVED: LinearStatus.STOPPED,
    SolveStatus.CANCELLED_BY_USER: LinearStatus.STOPPED,
}
"""Every other end is a failure of the solver, not an answer."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearProgram:
    """A checked linear programme; raises ProblemError when its arrays do not fit together."""

    objective: Floats
    matrix: sp.csr_matrix
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    maximise: bool = False

    def __post_init__(self) -> None:
        rows, columns = self.matrix.shape
        sizes = {"objective": columns, "lower": columns, "upper": columns, "row_lower": rows, "row_upper": rows}
        for name, size in sizes.items():
            column = vector(name, getattr(self, name), finite=name == "objective")
            if len(column) != size:
                raise ProblemError(f"{name} has {len(column)} entries, but the matrix is {rows} x {columns}.")
            object.__setattr__(self, name, column)
        if not np.isfinite(self.matrix.data).all():
            raise ProblemError("The matrix holds an entry that is not a finite number.")


@dataclass(frozen=True, slots=True, eq=False)
class LinearAnswer:
    """The optimum, or why there is none: x (n,), dual (m,) and objective are None unless OPTIMAL.

    dual is what one unit more of a row's binding limit adds to the objective.
    """

    status: LinearStatus
    objective: float | None = None
    x: Floats | None = None
    dual: Floats | None = None


def solve_linear(program: LinearProgram, *, time_limit_s: float | None = None) -> LinearAnswer:
    """Return the optimum of a linear programme; infeasible and unbounded are statuses, never exceptions.

    Raises SolverError when the solver gives up for a reason of its own.
    """
    if (program.lower > program.upper).any() or (program.row_lower > program.row_upper).any():
        return LinearAnswer(LinearStatus.INFEASIBLE)
    answer = _run(program, program.objective, time_limit_s)
    if answer.status is LinearStatus.INFEASIBLE:
        # GLOP calls a programme without a best point infeasible too: without an objective it can tell the two apart.
        possible = _run(program, np.zeros_like(program.objective), time_limit_s)
        if possible.status is LinearStatus.OPTIMAL:
            return LinearAnswer(LinearStatus.UNBOUNDED)
    return answer


def vector(name: str, given: object, *, finite: bool = True) -> Floats:
    """Return a read-only copy of a one-dimensional float64 array, or raise ProblemError: nothing is converted."""
    if not isinstance(given, np.ndarray) or given.dtype != np.float64:
        kind = given.dtype if isinstance(given, np.ndarray) else type(given).__name__
        raise ProblemError(f"{name} is {kind}; give a float64 array.")
    if given.ndim != 1:
        raise ProblemError(f"{name} has shape {given.shape}; give one dimension.")
    wrong = ~np.isfinite(given) if finite else np.isnan(given)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ProblemError(f"{name}[{row}] is {given[row]}; give a finite number.")
    column: Floats = given.copy()
    column.setflags(write=False)
    return column


def _run(program: LinearProgram, objective: Floats, time_limit_s: float | None) -> LinearAnswer:
    model: Any = ModelBuilderHelper()  # Its stubs ask for a shape of array type that numpy does not have.
    model.fill_model_from_sparse_data(
        program.lower, program.upper, objective, program.row_lower, program.row_upper, program.matrix
    )
    model.set_maximize(program.maximise)
    solver = ModelSolverHelper("GLOP")
    if time_limit_s is not None:
        solver.set_time_limit_in_seconds(time_limit_s)
    solver.solve(model)
    ended = solver.status()
    if ended not in _ENDED:
        raise SolverError(f"The linear programme ended as {ended.name} instead of with an answer.")
    status = _ENDED[ended]
    if status is not LinearStatus.OPTIMAL:
        return LinearAnswer(status)
    x = np.asarray(solver.variable_values(), np.float64)
    return LinearAnswer(status, float(objective @ x), x, np.asarray(solver.dual_values(), np.float64))
