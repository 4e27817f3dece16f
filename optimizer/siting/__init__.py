"""Where to put shared plants: which sites to open, who goes where, and how good that is at most.

problem.py   the problem, checked once when it is built
plan.py      the answer: sites, flow, objective, bound, and what stands in the way
flow.py      who goes to which open site, as a minimum-cost flow
bound.py     a bound on every choice, from prices of the customers
search.py    good choices: open, close, swap
exact.py     branch and bound over the sites that are left
solve.py     `locate`
check.py     recomputes every limit and the bound with plain integers
"""

from optimizer.siting.check import check_siting
from optimizer.siting.plan import Obstacle, SitingPlan, relative_gap
from optimizer.siting.problem import SitingProblem
from optimizer.siting.solve import locate

__all__ = ["Obstacle", "SitingPlan", "SitingProblem", "check_siting", "locate", "relative_gap"]
