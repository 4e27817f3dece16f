"""What no plan can be worth more than: prices on rows, partners and the budget, and the bound they prove.

Relaxation link[a] = flow[a] / most[a]: the fixed cost is paid in proportion, which no plan betters; lots fall away
Bound      for any prices u, v (money per unit) and k, l, m (money per link), zero or more:
           u supply + v demand + k supply_partners + l demand_partners + m budget + sum_a max(0, gain[a]), where
           gain[a] = max over f in {lot, most} of (value - u - v) f - fixed - k - l - m
Exact      prices are whole numbers of 1 / parts of a money unit; the bound is then a sum of integers
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import scipy.sparse as sp

from optimizer.linear import Floats, LinearProgram, LinearStatus, solve_linear
from optimizer.links.market import Market, count
from optimizer.problem import Bools, Ints, exact_dot, exact_sum

SCALE: Final = 1e4
"""Greatest coefficient of the linear programme's objective."""
LARGEST: Final = 2**61
FINEST: Final = 2**20
"""Parts of a money unit that prices are counted in at most."""


@dataclass(frozen=True, slots=True, eq=False)
class LinkPrices:
    """Prices in 1 / `parts` of a money unit, zero or more: of a unit of each supply (S,) and demand (D,), of one link
    of each, and of a link under the budget.
    """

    supply: Ints
    demand: Ints
    supply_link: Ints
    demand_link: Ints
    budget: int
    parts: int

    def of(self, supplies: Ints, demands: Ints) -> "LinkPrices":
        """Return the prices of some of the rows."""
        return replace(
            self,
            supply=self.supply[supplies],
            demand=self.demand[demands],
            supply_link=self.supply_link[supplies],
            demand_link=self.demand_link[demands],
        )

    def link_price(self, market: Market) -> Floats:
        """Return what one link costs beyond its fixed cost (A,), in money units."""
        price: Ints = self.supply_link[market.tail] + self.demand_link[market.head]
        return (price + np.where(market.budgeted, self.budget, 0)) / self.parts

    def gain(self, market: Market) -> Floats:
        """Return what each arc earns at most beyond all prices (A,), in money units."""
        return _gain(market, self) / self.parts


def bound_of(market: Market, prices: LinkPrices) -> int:
    """Return the bound that prices prove, in whole money units."""
    total = exact_dot(prices.supply, market.supply) + exact_dot(prices.demand, market.demand)
    total += exact_dot(prices.supply_link, market.supply_partners)
    total += exact_dot(prices.demand_link, market.demand_partners)
    total += prices.budget * market.budget
    return (total + exact_sum(np.maximum(_gain(market, prices), 0))) // prices.parts


def relaxed_prices(market: Market) -> tuple[LinkPrices, Bools]:
    """Return the prices of the relaxation, by the simplex method, and the arcs (A,) that its optimum uses.

    Where the solver has no answer the prices are those of the best arc of each demand: a bound, if a poor one.
    """
    rows, columns = len(market.supply), len(market.demand)
    matrix, upper, kept = _rows(market)
    most = market.most.astype(np.float64)
    unit = max(float((market.value * market.most).max(initial=1)) / SCALE, 1e-9)
    program = LinearProgram(
        objective=(market.value * most - market.fixed) / unit,
        matrix=matrix,
        row_lower=np.full(len(upper), -np.inf),
        row_upper=upper,
        lower=np.zeros(market.arcs),
        upper=np.ones(market.arcs),
        maximise=True,
    )
    answer = solve_linear(program)
    if answer.status is not LinearStatus.OPTIMAL or answer.dual is None or answer.x is None:
        return _best_arcs(market), np.zeros(market.arcs, np.bool_)
    dual = np.zeros(len(kept))
    dual[kept] = np.maximum(answer.dual, 0.0) * unit
    supply, demand, supply_link, demand_link, budget = np.split(dual, np.cumsum((rows, columns, rows, columns)))
    by_unit = supply / np.maximum(market.supply, 1), demand / np.maximum(market.demand, 1)
    return whole_prices(market, (*by_unit, supply_link, demand_link), float(budget[0])), answer.x > 0


def whole_prices(market: Market, columns: tuple[Floats, Floats, Floats, Floats], budget: float) -> LinkPrices:
    """Return prices given in money units as whole numbers of the finest parts that cannot overflow."""
    worth = float((market.value * market.most).max(initial=1)) + float(market.fixed.max(initial=0))
    worth += sum(float(column.max(initial=0.0)) for column in columns[2:]) + budget
    parts = 1
    while parts < FINEST and 8 * parts * worth < LARGEST:
        parts *= 2
    supply, demand, supply_link, demand_link = (np.rint(column * parts).astype(np.int64) for column in columns)
    return LinkPrices(supply, demand, supply_link, demand_link, round(budget * parts), parts)


def _best_arcs(market: Market) -> LinkPrices:
    best = np.zeros(len(market.demand), np.int64)
    np.maximum.at(best, market.head, market.value)
    nothing = np.zeros(len(market.supply), np.int64)
    return LinkPrices(nothing, best, nothing, np.zeros_like(best), 0, 1)


def _gain(market: Market, prices: LinkPrices) -> Ints:
    """Return what each arc earns at most if it is linked (A,), in parts of a money unit."""
    unit = prices.parts * market.value - prices.supply[market.tail] - prices.demand[market.head]
    link = prices.parts * market.fixed + prices.supply_link[market.tail] + prices.demand_link[market.head]
    link = link + np.where(market.budgeted, prices.budget, 0)
    gain: Ints = unit * np.where(unit > 0, market.most, market.lot) - link
    return gain


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
