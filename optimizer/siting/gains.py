"""What each site earns at most when customers and outlets have prices: all sites at once.

Site       arrivals sorted by value - price, sales by value - price, both greatest first: what comes in next is worth
           the next arrival and the next sale together, which falls with every unit; the site stops where that is no
           longer above zero, or where its capacity ends
"""

from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Ints
from optimizer.siting.problem import SitingProblem

Numbers: TypeAlias = NDArray[Any]
"""float64 while prices move, int64 for the proof."""


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """Arcs sorted by site: with `row` the customer or outlet, by its place among the prices."""

    site: Ints
    row: Ints
    value: Ints
    size: Ints
    start: Ints

    @classmethod
    def of(cls, sites: int, site: Ints, row: Ints, value_and_size: tuple[Ints, Ints]) -> Self:
        """Return the arcs in the order of their sites."""
        order, (value, size) = np.argsort(site, kind="stable"), value_and_size
        return cls(site[order], row[order], value[order], size[order], np.searchsorted(site[order], np.arange(sites)))

    def best(self, price: Numbers, unit: int) -> Numbers:
        """Return the best value above price of each site, zero or more (I,), in a unit-th of a money unit."""
        best = np.zeros(len(self.start), price.dtype)
        np.maximum.at(best, self.site, self.value * unit - price[self.row])
        return best

    def queue(self, price: Numbers, floor: Numbers, unit: int) -> "_Queue":
        """Return the arcs above the floor (I,) of their sites, the best first; the others have no size."""
        worth = self.value * unit - price[self.row]
        order = np.lexsort((-worth, self.site))
        size = np.where(worth > floor[self.site], self.size, 0)[order]
        total = np.concatenate(([0], np.cumsum(size)))
        return _Queue(order, worth[order], size, total[1:] - total[self.start][self.site])


@dataclass(frozen=True, slots=True, eq=False)
class _Queue:
    """Arcs in the order in which each site uses them: what one unit is worth, how many, how many up to its end."""

    order: Ints
    worth: Numbers
    size: Ints
    end: Ints

    def carried(self, used: Ints) -> Ints:
        """Return what each arc carries, in the order of its side, when so much is used at its site (A,)."""
        carried = np.empty_like(self.size)
        carried[self.order] = np.clip(used - (self.end - self.size), 0, self.size)
        return carried


@dataclass(frozen=True, slots=True, eq=False)
class Gains:
    """Both sides of all sites; values above prices change with each step, the rest does not."""

    problem: SitingProblem
    arrivals: _Side
    sales: _Side

    @classmethod
    def of(cls, problem: SitingProblem) -> Self:
        """Return the sides of a problem; prices are those of customers, then of outlets."""
        market, sites, customers = problem.sales, problem.sites, len(problem.demand)
        arrivals = (problem.value_per_unit, problem.size())
        sales = (market.value_per_unit, market.capacity())
        return cls(
            problem,
            _Side.of(sites, problem.arc_site, problem.arc_customer, arrivals),
            _Side.of(sites, market.arc_supply, market.arc_demand + customers, sales),
        )

    def under(self, price: Numbers, unit: int = 1) -> tuple[Numbers, tuple[Ints, Ints]]:
        """Return the gain of each site (I,), its fixed cost paid, and what its arrivals and its sales would carry;
        prices and gains count in a unit-th of a money unit.
        """
        none = np.zeros(self.problem.sites, price.dtype)
        arrivals = self.arrivals.queue(price, -self.sales.best(price, unit), unit)
        sales = self.sales.queue(price, none, unit)
        if not len(sales.order):
            used = self.problem.capacity[self.arrivals.site]
            carried = arrivals.carried(used)
            np.add.at(none, self.arrivals.site, carried[arrivals.order] * arrivals.worth)
            return none - self.problem.fixed_cost * unit, (carried, sales.size)
        gain, used = self._met(arrivals, sales)
        carried_in = arrivals.carried(used[self.arrivals.site])
        return gain - self.problem.fixed_cost * unit, (carried_in, sales.carried(used[self.sales.site]))

    def _met(self, arrivals: _Queue, sales: _Queue) -> tuple[Numbers, Ints]:
        """Return what each site earns and how much it treats (I,), each next arrival meeting the next sale."""
        if not len(arrivals.order):
            return np.zeros(self.problem.sites, arrivals.worth.dtype), np.zeros(self.problem.sites, np.int64)
        room = np.zeros(self.problem.sites, np.int64)
        np.maximum.at(room, self.arrivals.site, arrivals.end)
        room = np.minimum(room, self.problem.capacity)
        # Sites lie one behind the other on one line, so that one search finds the arc in use at any point of any site.
        begin = np.cumsum(room + 1) - (room + 1)
        site = np.concatenate((self.arrivals.site, self.sales.site))
        end = np.minimum(np.concatenate((arrivals.end, sales.end)), room[site]) + begin[site]
        order = np.argsort(end, kind="stable")
        site, point = site[order], end[order]
        length = point - np.maximum(np.concatenate(([0], point[:-1])), begin[site])
        arriving = np.minimum(np.searchsorted(end[: len(arrivals.end)], point), len(arrivals.end) - 1)
        selling = np.searchsorted(end[len(arrivals.end) :], point)
        last = np.minimum(selling, len(sales.end) - 1)
        sold = (selling < len(sales.end)) & (self.sales.site[last] == site)
        worth = arrivals.worth[arriving] + np.where(sold, np.maximum(sales.worth[last], 0), 0)
        taken = np.where(worth > 0, length, 0)
        gain, used = np.zeros(self.problem.sites, worth.dtype), np.zeros(self.problem.sites, np.int64)
        np.add.at(gain, site, taken * worth)
        np.add.at(used, site, taken)
        return gain, used
