"""Exchange over several periods with stores, without loss: one time-expanded network flow, exact, with prices.

problem.py   the problem, checked once when it is built
solve.py     `solve_periods`: independent parts apart
network.py   one part as a network, its flow and the labels of its residual network
prices.py    both ends of the price interval, and the bound they prove
plan.py      the answer
check.py     recomputes every limit and the proof with numpy alone
"""

from optimizer.periods.check import check_periods
from optimizer.periods.plan import PeriodsPart, PeriodsPlan
from optimizer.periods.problem import PeriodsProblem
from optimizer.periods.solve import solve_periods

__all__ = ["PeriodsPart", "PeriodsPlan", "PeriodsProblem", "check_periods", "solve_periods"]
