"""Two objectives over a pure exchange: the most value with at least so much of something else, and fronts of that.

problem.py   the problem, checked once when it is built, and the best plan for any weights
solve.py     `solve_point` and `solve_front`, by a parametric flow
plan.py      the answer: flow, prices, bound, the marginal cost of the second objective
check.py     recomputes every limit and the proof with numpy alone
"""

from optimizer.fronts.check import check_point
from optimizer.fronts.plan import FrontPlan, PointPlan
from optimizer.fronts.problem import FrontProblem
from optimizer.fronts.solve import solve_front, solve_point

__all__ = ["FrontPlan", "FrontProblem", "PointPlan", "check_point", "solve_front", "solve_point"]
