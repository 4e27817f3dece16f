"""Exchange where a link costs something or is scarce: fixed costs, lots, partner limits, a budget of links.

problem.py      the links problem, checked once when it is built
solve.py        `solve_links`: prices, a plan, then branch and bound, whole or by pieces
market.py       the arcs that may pay, every limit spelt out
relaxation.py   prices of the relaxation and the bound they prove
flows.py        flows under weights and over given links
construct.py    a plan by slope scaling, repair and polish
improve.py      a better plan by neighbourhoods
branch.py       branch and bound: HiGHS through MathOpt
plan.py         the answer
check.py        recomputes limits, value and bound with numpy alone
"""

from optimizer.links.check import check_links
from optimizer.links.plan import LinksPart, LinksPlan
from optimizer.links.problem import LinksProblem
from optimizer.links.relaxation import LinkPrices
from optimizer.links.solve import solve_links

__all__ = ["LinkPrices", "LinksPart", "LinksPlan", "LinksProblem", "check_links", "solve_links"]
