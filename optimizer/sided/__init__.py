"""The exchange with side rows: least quantities, yields and limits on the quality of a mix.

problem.py   the problem, checked once when it is built
model.py     the problem as a linear programme, and the bound that prices prove
solve.py     `solve_sided`
large.py     the first-order method for many quality limits
mend.py      its flow made to keep every limit, its prices made to prove a bound
plan.py      the answer: flow, prices, regret, bound
missing.py   why there is no plan
check.py     recomputes every limit and the proof with numpy alone
explain.py   one demand in words: suppliers, price, what binds, next best alternatives
"""

from optimizer.sided.check import check_sided
from optimizer.sided.explain import DemandExplained, Link, explain_demand
from optimizer.sided.plan import Shortfall, SidedPlan
from optimizer.sided.problem import SidedProblem
from optimizer.sided.solve import solve_sided

__all__ = [
    "DemandExplained",
    "Link",
    "Shortfall",
    "SidedPlan",
    "SidedProblem",
    "check_sided",
    "explain_demand",
    "solve_sided",
]
