"""What no plan can be worth more than: the prices of the relaxation, and the bound that prices prove.

Relaxation link[a] = flow[a] / most[a]: the fixed cost is paid in proportion, which no plan betters; lots fall away
Prices     u, v of a unit and k, l of a link of each supply and demand, m of a link under the budget, all zero or more;
           and of each arc the part of its value and of its fixed cost that its supply takes, its demand the rest
Bound      m budget + the sum over rows of the most each can earn on its own with its parts of its arcs: rows.py.
           Where value and cost are parted so that both ends earn u and v, that is no more than the relaxation
Exact      prices are whole numbers of 1 / parts of a money unit; the bound is then a sum of integers
Source     M. Guignard, S. Kim (1987), Math. Programming 39, 215-228: Lagrangean decomposition
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import scipy.sparse as sp
from ortools.pdlp import solvers_pb2
from ortools.pdlp.python import pdlp

from optimizer.deadline import Deadline
from optimizer.errors import SolverError
from optimizer.linear import Floats, LinearProgram, solve_linear
from optimizer.links.market import Market, count
from optimizer.links.rows import SETS, Rows
from optimizer.problem import Bools, Ints, exact_sum

SCALE: Final = 1e4
"""Greatest coefficient of the linear programme's objective."""
LARGE: Final = 1_500
"""Arcs above which the linear programme is solved by a first-order method."""
DIGITS: Final = 1e-4
ITERATIONS: Final = 20_000
RARE: Final = 1e-3
"""Share below which the relaxation does not use an arc."""
LARGEST: Final = 2**61
FINEST: Final = 2**20
"""Parts of a money unit that prices are counted in at most."""


@dataclass(frozen=True, slots=True, eq=False)
class LinkPrices:
    """Prices in 1 / `parts` of a money unit: of a unit of each supply (S,) and demand (D,), of one link of each, and of
    a link under the budget, zero or more; and, per arc (A,), the value per unit and the cost of a link, budget price
    included, that count for its supply. What is left of both counts for its demand.
    """

    supply: Ints
    demand: Ints
    supply_link: Ints
    demand_link: Ints
    budget: int
    arc_value: Ints
    arc_cost: Ints
    parts: int

    def of(self, arcs: Ints, supplies: Ints, demands: Ints) -> "LinkPrices":
        """Return the prices of some of the arcs and rows."""
        return replace(
            self,
            supply=self.supply[supplies],
            demand=self.demand[demands],
            supply_link=self.supply_link[supplies],
            demand_link=self.demand_link[demands],
            arc_value=self.arc_value[arcs],
            arc_cost=self.arc_cost[arcs],
        )

    def link_cost(self, market: Market) -> Floats:
        """Return what a link costs with the prices of its ends (A,), in money units."""
        cost: Ints = self.supply_link[market.tail] + self.demand_link[market.head]
        return market.fixed + (cost + np.where(market.budgeted, self.budget, 0)) / self.parts

    def gain(self, market: Market) -> Floats:
        """Return what each arc earns beyond all prices when it carries the most it can (A,), in money units."""
        unit = market.value - (self.supply[market.tail] + self.demand[market.head]) / self.parts
        gain: Floats = unit * market.most - self.link_cost(market)
        return gain


def parted(market: Market, prices: LinkPrices) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """Return value per unit and cost per link (A,) that count for supplies, and those that count for demands."""
    cost = prices.parts * market.fixed + np.where(market.budgeted, prices.budget, 0)
    rest = prices.parts * market.value - prices.arc_value, cost - prices.arc_cost
    return (prices.arc_value, prices.arc_cost), rest


def sides(market: Market, sets: int = SETS) -> tuple[Rows, Rows]:
    """Return the supplies and the demands of a market as rows that earn on their own."""
    size = market.lot, market.most
    supplies = Rows.of(market.tail, (market.supply, market.supply_partners), size, sets)
    return supplies, Rows.of(market.head, (market.demand, market.demand_partners), size, sets)


def proof_of(market: Market, prices: LinkPrices, rows: tuple[Rows, Rows]) -> int:
    """Return the bound that prices prove, exactly, in their parts of a money unit."""
    by_supply, by_demand = parted(market, prices)
    supplies = rows[0].earned(by_supply, (prices.supply, prices.supply_link))
    demands = rows[1].earned(by_demand, (prices.demand, prices.demand_link))
    return exact_sum(supplies.most) + exact_sum(demands.most) + prices.budget * market.budget


def relaxed_prices(market: Market, deadline: Deadline) -> tuple[LinkPrices, Bools]:
    """Return the prices of the relaxation and the arcs (A,) that its optimum uses.

    A large one is solved to four digits only, or until the deadline: any prices prove a bound, and these are near the
    middle of the best ones.
    Raises SolverError where the solver has no answer.
    """
    rows, columns = len(market.supply), len(market.demand)
    matrix, upper, kept = _rows(market)
    worth = market.value * market.most - market.fixed
    unit = max(float((market.value * market.most).max(initial=1)) / SCALE, 1e-9)
    if market.arcs <= LARGE:
        share, price = _by_simplex(worth / unit, matrix, upper)
    else:
        share, price = _by_first_order(worth / unit, matrix, upper, deadline.left_s())
    dual = np.zeros(len(kept))
    dual[kept] = np.maximum(price, 0.0) * unit
    supply, demand, supply_link, demand_link, budget = np.split(dual, np.cumsum((rows, columns, rows, columns)))
    by_unit = supply / np.maximum(market.supply, 1), demand / np.maximum(market.demand, 1)
    return halved(market, (*by_unit, supply_link, demand_link), float(budget[0])), share > RARE


def _by_simplex(worth: Floats, matrix: sp.csr_matrix, upper: Floats) -> tuple[Floats, Floats]:
    """Return shares (A,) and prices of rows."""
    program = LinearProgram(
        objective=worth,
        matrix=matrix,
        row_lower=np.full(len(upper), -np.inf),
        row_upper=upper,
        lower=np.zeros(len(worth)),
        upper=np.ones(len(worth)),
        maximise=True,
    )
    answer = solve_linear(program)
    if answer.x is None or answer.dual is None:
        raise SolverError(f"The relaxation of {len(worth)} links ended as {answer.status}.")
    return answer.x, answer.dual


def _by_first_order(
    worth: Floats, matrix: sp.csr_matrix, upper: Floats, time_limit_s: float | None
) -> tuple[Floats, Floats]:
    """Return shares (A,) and prices of rows, both to about four digits: PDLP on one thread, which repeats itself."""
    program = pdlp.QuadraticProgram()
    program.resize_and_initialize(len(worth), len(upper))
    program.objective_vector, program.constraint_matrix = -worth, matrix.tocsc()
    program.constraint_lower_bounds, program.constraint_upper_bounds = np.full(len(upper), -np.inf), upper
    program.variable_lower_bounds, program.variable_upper_bounds = np.zeros(len(worth)), np.ones(len(worth))
    wishes = solvers_pb2.PrimalDualHybridGradientParams(num_threads=1)
    wishes.termination_criteria.iteration_limit = ITERATIONS
    if time_limit_s is not None:
        wishes.termination_criteria.time_sec_limit = time_limit_s
    optimal = wishes.termination_criteria.simple_optimality_criteria
    optimal.eps_optimal_absolute, optimal.eps_optimal_relative = 0.0, DIGITS
    result = pdlp.primal_dual_hybrid_gradient(program, wishes)
    share, price = np.asarray(result.primal_solution), -np.asarray(result.dual_solution)
    if len(share) != len(worth) or not (np.isfinite(share).all() and np.isfinite(price).all()):
        raise SolverError(f"The relaxation of {len(worth)} links ended without an answer.")
    return share, price


def halved(market: Market, columns: tuple[Floats, Floats, Floats, Floats], budget: float) -> LinkPrices:
    """Return whole prices from those of rows in money units; what an arc earns beyond them is parted by half."""
    supply, demand, supply_link, demand_link = columns
    spare = market.value - supply[market.tail] - demand[market.head]
    cost = market.fixed + np.where(market.budgeted, budget, 0.0) + supply_link[market.tail] + demand_link[market.head]
    arc_value, arc_cost = supply[market.tail] + spare / 2, cost / 2 - supply_link[market.tail]
    worth = float((market.value * market.most).max(initial=1)) + float(cost.max(initial=0.0))
    worth = max(worth, float(supply @ market.supply + demand @ market.demand))
    parts = 1
    while parts < FINEST and 64 * parts * worth < LARGEST:
        parts *= 2

    def whole(column: Floats) -> Ints:
        return np.rint(column * parts).astype(np.int64)

    return LinkPrices(
        supply=whole(supply),
        demand=whole(demand),
        supply_link=whole(supply_link),
        demand_link=whole(demand_link),
        budget=round(budget * parts),
        arc_value=whole(arc_value),
        arc_cost=whole(arc_cost),
        parts=parts,
    )


def _rows(market: Market) -> tuple[sp.csr_matrix, Floats, Bools]:
    """Return the rows of the relaxation over shares of `most`, their limits, and which rows of all can bind."""
    rows, columns = len(market.supply), len(market.demand)
    most, ones = market.most.astype(np.float64), np.ones(market.arcs)
    supply, demand = np.maximum(market.supply, 1), np.maximum(market.demand, 1)
    entries = (
        (market.tail, most / supply[market.tail]),
        (market.head + rows, most / demand[market.head]),
        (market.tail + rows + columns, ones),
        (market.head + 2 * rows + columns, ones),
        (np.full(market.arcs, 2 * (rows + columns)), market.budgeted.astype(np.float64)),
    )
    row, entry = (np.concatenate(part) for part in zip(*entries, strict=True))
    column = np.tile(np.arange(market.arcs), len(entries))
    matrix = sp.csr_matrix((entry, (row, column)), shape=(2 * (rows + columns) + 1, market.arcs))
    partners = np.concatenate((market.supply_partners, market.demand_partners, [market.budget]))
    met = np.concatenate((count(market.tail, rows), count(market.head, columns), [market.budgeted.sum()]))
    kept = np.concatenate((np.ones(rows + columns, np.bool_), partners < met))
    upper = np.concatenate((np.ones(rows + columns), partners))
    return matrix[kept], upper[kept].astype(np.float64), kept
