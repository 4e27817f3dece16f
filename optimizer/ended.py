"""How a branch and bound says that it ended, in our words: the one table of it.

Every model that is handed over has limits on all its variables, so that it is never unbounded. Linear programmes have
their own table in linear.py; a network flow ends with an optimum or as an error.
"""

from typing import Final

from ortools.math_opt.python import mathopt

from optimizer.errors import SolverError
from optimizer.plan import SolveStatus

_ENDED: Final = {
    mathopt.TerminationReason.OPTIMAL: SolveStatus.OPTIMAL,
    mathopt.TerminationReason.FEASIBLE: SolveStatus.FEASIBLE,
    mathopt.TerminationReason.INFEASIBLE: SolveStatus.INFEASIBLE,
    mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED: SolveStatus.INFEASIBLE,
    mathopt.TerminationReason.NO_SOLUTION_FOUND: SolveStatus.STOPPED,
}


def status_of(reason: mathopt.TerminationReason) -> SolveStatus:
    """Return the status that a termination stands for; raises SolverError for one that is a failure."""
    if reason not in _ENDED:
        raise SolverError(f"The branch and bound ended as {reason.name}.")
    return _ENDED[reason]
