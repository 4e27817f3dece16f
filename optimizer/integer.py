"""Linear programmes with whole-numbered columns, from sparse arrays: HiGHS through MathOpt, with a proven bound.

Data       a LinearProgram whose columns all have finite limits, and whole (n,) bool: which columns are whole numbers
Scale      a column counts in shares of its greatest size, a row is divided by its greatest entry and money by the
           greatest amount a column can earn, so that the solver's absolute tolerances mean the same everywhere
Source     A. H. Land, A. G. Doig (1960), Econometrica 28, 497-520; Q. Huangfu, J. A. J. Hall (2018), Math. Program.
           Comput. 10, 119-142, for HiGHS
"""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2

from optimizer.ended import status_of
from optimizer.errors import ProblemError, SolverError
from optimizer.linear import Floats, LinearProgram
from optimizer.plan import SolveStatus
from optimizer.problem import Bools

LONGEST_S: Final = 1e9
"""A time limit beyond this is none, and could not be told to the solver."""
SCALE: Final = 1e4
"""Greatest coefficient of the scaled objective."""
STRICT: Final = 1e-9
"""How far the solver may be off a whole number or a limit, in shares of a column or of a row."""
ROUNDING: Final = 1e-9
"""Share of a bound that the solver's floating-point sums may be off."""


@dataclass(frozen=True, slots=True, eq=False)
class IntegerAnswer:
    """The best point found (None: none), and the bound: no point is worth more (for a maximum), none costs less."""

    status: SolveStatus
    x: Floats | None
    bound: float


@dataclass(frozen=True, slots=True, eq=False)
class _Scaled:
    """The programme with columns in shares of `column` (n,) and money in units of `money`."""

    program: LinearProgram
    column: Floats
    money: float


def solve_integer(
    program: LinearProgram,
    whole: Bools,
    *,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    start: Floats | None = None,
) -> IntegerAnswer:
    """Return the best point and a proven bound, begun from the point `start`; infeasible is a status.

    Raises SolverError when the solver fails.
    """
    if not (np.isfinite(program.lower).all() and np.isfinite(program.upper).all()):
        raise ProblemError("A programme with whole-numbered columns needs finite limits on every column.")
    if (program.lower > program.upper).any() or (program.row_lower > program.row_upper).any():
        return IntegerAnswer(SolveStatus.INFEASIBLE, None, math.nan)
    scaled = _scaled(program, whole)
    model = mathopt.Model.from_model_proto(_message(scaled.program, whole))
    limit = None if time_limit_s is None else dt.timedelta(seconds=min(time_limit_s, LONGEST_S))
    strict = highs_pb2.HighsOptionsProto(
        double_options={"mip_feasibility_tolerance": STRICT, "primal_feasibility_tolerance": STRICT}
    )
    wishes = mathopt.SolveParameters(
        time_limit=limit, relative_gap_tolerance=gap, absolute_gap_tolerance=0.0, highs=strict
    )
    hints = []
    if start is not None:
        known = dict(zip(model.variables(), (start / scaled.column).tolist(), strict=True))
        hints = [mathopt.SolutionHint(variable_values=known)]
    given = mathopt.ModelSolveParameters(solution_hints=hints)
    try:
        result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=wishes, model_params=given)
    except (RuntimeError, ValueError, AttributeError) as failed:
        # MathOpt turns a status of the solver into one of these, depending on the status.
        raise SolverError(f"The branch and bound failed: {failed}") from failed
    status = status_of(result.termination.reason)
    bound = result.termination.objective_bounds.dual_bound * scaled.money
    if not result.has_primal_feasible_solution():
        return IntegerAnswer(status, None, bound)
    x = np.array(result.variable_values(list(model.variables()))) * scaled.column
    x = np.clip(np.where(whole, np.rint(x), x), program.lower, program.upper)
    slack = ROUNDING * abs(bound)
    return IntegerAnswer(status, x, bound + slack if program.maximise else bound - slack)


def _scaled(program: LinearProgram, whole: Bools) -> _Scaled:
    size = np.maximum(np.abs(program.lower), np.abs(program.upper))
    column = np.where(whole | (size == 0), 1.0, size)
    worth = program.objective * column
    money = float(np.abs(worth).max(initial=0.0)) / SCALE or 1.0
    matrix = sp.csr_matrix(program.matrix @ sp.diags(column))
    greatest = np.asarray(abs(matrix).max(axis=1).todense(), np.float64).ravel() if matrix.shape[1] else np.zeros(0)
    factor = 1 / np.where(greatest > 0, greatest, 1.0)
    return _Scaled(
        LinearProgram(
            objective=worth / money,
            matrix=sp.csr_matrix(sp.diags(factor) @ matrix),
            row_lower=program.row_lower * factor,
            row_upper=program.row_upper * factor,
            lower=program.lower / column,
            upper=program.upper / column,
            maximise=program.maximise,
        ),
        column,
        money,
    )


def _message(program: LinearProgram, whole: Bools) -> model_pb2.ModelProto:
    """Return the model as MathOpt's message: filled from arrays, a hundred times faster than by expressions."""
    message = model_pb2.ModelProto()
    rows, columns = program.matrix.shape
    message.variables.ids.extend(range(columns))
    message.variables.lower_bounds.extend(program.lower.tolist())
    message.variables.upper_bounds.extend(program.upper.tolist())
    message.variables.integers.extend(whole.tolist())
    message.objective.maximize = program.maximise
    earning = np.flatnonzero(program.objective)
    message.objective.linear_coefficients.ids.extend(earning.tolist())
    message.objective.linear_coefficients.values.extend(program.objective[earning].tolist())
    message.linear_constraints.ids.extend(range(rows))
    message.linear_constraints.lower_bounds.extend(program.row_lower.tolist())
    message.linear_constraints.upper_bounds.extend(program.row_upper.tolist())
    entries = sp.csr_matrix(program.matrix)
    entries.sum_duplicates()
    message.linear_constraint_matrix.row_ids.extend(np.repeat(np.arange(rows), np.diff(entries.indptr)).tolist())
    message.linear_constraint_matrix.column_ids.extend(entries.indices.tolist())
    message.linear_constraint_matrix.coefficients.extend(entries.data.tolist())
    return message
