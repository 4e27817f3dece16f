"""Arrays in, arrays out: the mathematics of the exchange, with numpy, scipy and OR-Tools and nothing of ours.

door.py         `solve` and `check` for every kind of problem
problem.py      the exchange problem, checked once when it is built
plan.py         the answer: flow, objective, proven bound, price intervals
exchange.py     a pure exchange: components apart, each by the cheapest exact method, merged
components.py   which rows hang together
repair.py       the flow of an older answer, repaired after a change
resume.py       a similar problem's answer carried over where nothing has changed: `resume_exchange`
near.py         decided again and again with smaller quantities, on few arcs: `Nearby`
draft.py        a plan while its parts are put together
network.py      one block as a minimum-cost flow
prices.py       both ends of the dual price interval, from the flow alone
ranges.py       for how many units more or less a price holds: `price_ranges`
workers.py      independent parts in processes of their own
check.py        recomputes every limit and the certificate with numpy alone
sided/          least quantities, yields and quality limits: `solve_sided`, check, explanation
links/          links that cost or are scarce: `solve_links`, its bound, check
periods/        several periods with stores as one network flow: `solve_periods`, check
chain/          everything together, with processors in between: `solve_chain`, check
fronts/         two objectives: `solve_point`, `solve_front`
siting/         where to put shared plants: `locate`
heat/ shares/   targets of heat recovery; how to split a gain
forms/          all of it as JSON
linear.py integer.py   the doors to the simplex method and to branch and bound
ended.py        how solvers say that they ended, in our words
errors.py       what is refused, in words
"""

from optimizer.chain import ChainPlan, ChainProblem, check_chain, solve_chain
from optimizer.check import Verdict, Violation, ViolationKind
from optimizer.door import check, solve
from optimizer.errors import NotProvenError, OptimizerError, ProblemError, ProblemTooLargeError, SolverError
from optimizer.exchange import Solving
from optimizer.exchange import solve as solve_exchange
from optimizer.fronts import FrontPlan, FrontProblem, PointPlan, check_point, solve_front, solve_point
from optimizer.links import LinksPlan, LinksProblem, check_links, solve_links
from optimizer.periods import PeriodsPlan, PeriodsProblem, check_periods, solve_periods
from optimizer.plan import ExchangePlan, SolveStatus
from optimizer.problem import ExchangeProblem
from optimizer.ranges import PriceRanges, price_ranges
from optimizer.repair import Start
from optimizer.resume import Before
from optimizer.resume import resume as resume_exchange
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
    "Before",
    "ChainPlan",
    "ChainProblem",
    "DemandExplained",
    "ExchangePlan",
    "ExchangeProblem",
    "FrontPlan",
    "FrontProblem",
    "LinksPlan",
    "LinksProblem",
    "NotProvenError",
    "OptimizerError",
    "PeriodsPlan",
    "PeriodsProblem",
    "PointPlan",
    "PriceRanges",
    "ProblemError",
    "ProblemTooLargeError",
    "Shortfall",
    "SidedPlan",
    "SidedProblem",
    "SolveStatus",
    "SolverError",
    "Solving",
    "Start",
    "Verdict",
    "Violation",
    "ViolationKind",
    "check",
    "check_chain",
    "check_links",
    "check_periods",
    "check_point",
    "check_sided",
    "explain_demand",
    "price_ranges",
    "resume_exchange",
    "solve",
    "solve_chain",
    "solve_exchange",
    "solve_front",
    "solve_links",
    "solve_periods",
    "solve_point",
    "solve_sided",
]
