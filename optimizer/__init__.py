"""Arrays in, arrays out: the mathematics of the exchange, with numpy, scipy and OR-Tools and nothing of ours.

problem.py      the exchange problem, checked once when it is built
plan.py         the answer: flow, objective, proven bound, price intervals
exchange.py     `solve`: components apart, each by the cheapest exact method, merged
components.py   which rows hang together
network.py      one block as a minimum-cost flow
prices.py       both ends of the dual price interval, from the flow alone
check.py        recomputes every limit and the certificate with numpy alone
sided/          the exchange with least quantities, yields and quality limits: `solve_sided`, check, explanation
links/          the exchange whose links cost or are scarce: `solve_links`, its bound, check
ended.py        how solvers say that they ended, in our words
errors.py       what is refused, in words
"""

from optimizer.check import Verdict, Violation, ViolationKind, check
from optimizer.errors import NotProvenError, OptimizerError, ProblemError, ProblemTooLargeError, SolverError
from optimizer.exchange import solve
from optimizer.plan import ExchangePlan, SolveStatus
from optimizer.problem import ExchangeProblem
from optimizer.sided import (
    DemandExplained,
    Shortfall,
    SidedPlan,
    SidedProblem,
    check_sided,
    explain_demand,
    solve_sided,
)

__all__ = [
    "DemandExplained",
    "ExchangePlan",
    "ExchangeProblem",
    "NotProvenError",
    "OptimizerError",
    "ProblemError",
    "ProblemTooLargeError",
    "Shortfall",
    "SidedPlan",
    "SidedProblem",
    "SolveStatus",
    "SolverError",
    "Verdict",
    "Violation",
    "ViolationKind",
    "check",
    "check_sided",
    "explain_demand",
    "solve",
    "solve_sided",
]
