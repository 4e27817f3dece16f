"""An exchange with everything together: processors, periods with storage, costs and limits of links, two objectives.

problem.py   the problem, checked once when it is built
columns.py   what a column must look like
extent.py    how much can flow at most anywhere
rows.py      rows and columns with their names
nodes.py     the rows at the nodes
program.py   the problem as one programme from sparse arrays
parts.py     its independent parts, each solved on its own
solve.py     `solve_chain`
prices.py    prices and regrets, from the duals
missing.py   why there is no plan
plan.py      the answer: flows, stocks, prices, regret, bound
check.py     recomputes every limit and the objective with numpy alone
words.py     limits in words
"""

from optimizer.chain.check import check_chain
from optimizer.chain.plan import ChainPlan, Part, Shortfall
from optimizer.chain.problem import ChainProblem, Links, Quality, Stores, Uses
from optimizer.chain.solve import settle_links, solve_chain
from optimizer.chain.words import Names, Words

__all__ = [
    "ChainPlan",
    "ChainProblem",
    "Links",
    "Names",
    "Part",
    "Quality",
    "Shortfall",
    "Stores",
    "Uses",
    "Words",
    "check_chain",
    "settle_links",
    "solve_chain",
]
