"""A bound on every choice of sites, by prices instead of limits (Lagrangian relaxation).

Bound      for any price of customers and outlets (not negative, but for customers that must all be served):
           sum price quantity + the sum of the greatest gain[i] above zero, at most at_most of them, where gain[i] is
           what site i can earn at most with arcs worth value - price, within its capacity, less its fixed cost
           (gains.py). If every customer must be served, at least as many gains count as sites are needed to hold all
Method     subgradient steps on the money each row pays, price times quantity; the sites that gain are handed to the
           search as candidates. The prices kept are rounded to small fractions of a money unit, so the bound is exact
Source     A. M. Geoffrion, R. McBride (1978), AIIE Trans. 10, 40-47; step rule: M. Held, P. Wolfe, H. P. Crowder
           (1974), Math. Programming 6, 62-88
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from optimizer.deadline import Deadline
from optimizer.linear import Floats
from optimizer.problem import MAX_TOTAL, Bools, Ints, exact_dot, exact_sum
from optimizer.siting.gains import Gains
from optimizer.siting.problem import SitingProblem

STEPS: Final = 300
NEVER: Final = Deadline(None)
PATIENCE: Final = 12
"""Steps without a better bound before the steps are made shorter."""
SHORTEN: Final = 0.6
SHORTEST: Final = 1e-3
KEPT: Final = 0.7
"""Share of the last direction that a step keeps."""
FINEST: Final = 20
"""Prices of the proof count in 2^-20 of a money unit, or in coarser ones where 64 bits would not hold them."""
_EXACT: Final = 2.0**60
"""Above this, prices times demands would leave 64 bits."""

Trial = Callable[[Bools, Floats], int | None]
"""Called with the sites that gain and what each gains (I,); returns the best objective known so far, if any."""


@dataclass(frozen=True, slots=True, eq=False)
class SitingBound:
    """An exact upper bound and the prices (J + D,) that prove it; under them, what each site gains (I,), and what all
    customers and outlets pay. Prices, gains and what is paid are whole numbers of a unit-th of a money unit.
    """

    bound: int
    price: Ints
    gain: Ints
    paid: int
    unit: int

    def of(self, opened: Bools) -> int:
        """Return what a choice of sites is worth at most, in a unit-th of a money unit."""
        return self.paid + int(self.gain[opened].sum())

    def decided(self, problem: SitingProblem, objective: int) -> tuple[Bools, Bools]:
        """Return the sites that must be open, and those that may be, in any choice worth more than `objective`.

        A site is decided when the bound, with the site held open (or closed), falls to the objective or below.
        """
        paid = self.paid
        chosen = _chosen(problem, self.gain)
        must, may = np.zeros(problem.sites, np.bool_), np.ones(problem.sites, np.bool_)
        for i in range(problem.sites):
            others = np.sort(np.delete(self.gain, i))[::-1].tolist()
            if chosen[i]:
                left = _best(others, problem.least_open, problem.most_open)
                must[i] = left is None or (paid + left) // self.unit <= objective
            else:
                left = _best(others, problem.least_open - 1, problem.most_open - 1)
                may[i] = left is not None and (paid + int(self.gain[i]) + left) // self.unit > objective
        return must, may


@dataclass(slots=True, eq=False)
class _Walk:
    """The prices (J + D,) on their way to the least bound, and the best bound so far with its prices."""

    problem: SitingProblem
    gains: Gains
    quantity: Ints
    least: Floats
    price: Floats
    best: float
    best_price: Floats
    direction: Floats
    length: float = 1.0
    waited: int = 0

    def look(self) -> tuple[float, Floats, Bools, Floats]:
        """Return the bound here, what each site gains, which sites count and what rows miss (J + D,); keep the best."""
        gain, carried = self.gains.under(self.price)
        chosen = _chosen(self.problem, gain)
        missing = self.quantity.astype(np.float64)
        for side, flow in zip((self.gains.arrivals, self.gains.sales), carried, strict=True):
            used = chosen[side.site]
            missing -= np.bincount(side.row[used], flow[used], len(missing))
        bound = float(self.price @ self.quantity + gain[chosen].sum())
        self.waited += 1
        if bound < self.best:
            self.waited = 0 if bound < self.best - 1e-6 * abs(bound) else self.waited
            self.best, self.best_price = bound, self.price
        return bound, gain, chosen, missing

    def step(self, bound: float, target: float, missing: Floats) -> bool:
        """Move the prices towards the target and return whether there is anywhere left to go."""
        if self.waited >= PATIENCE:
            self.length, self.waited, self.price = self.length * SHORTEN, 0, self.best_price
            return self.length > SHORTEST
        # Each step keeps some of the direction of the last one, which stops prices from swinging to and fro.
        self.direction = KEPT * self.direction + (1 - KEPT) * missing
        push = np.where((self.price <= self.least) & (self.direction > 0), 0.0, self.direction)
        # Steps are measured in price times the root of the quantity, so that large rows do not swamp small ones.
        slope = push / np.maximum(self.quantity, 1)
        steepness = float(slope @ push)
        if steepness == 0 or self.best - target <= 1e-9 * abs(self.best):
            return False
        stride = self.length * max(bound - target, 1e-6 * abs(bound)) / steepness
        self.price = np.maximum(self.price - stride * slope, self.least)
        return True


def lagrangian_bound(
    problem: SitingProblem, trial: Trial, *, steps: int = STEPS, deadline: Deadline = NEVER
) -> SitingBound:
    """Return the best bound of a number of subgradient steps; `trial` is shown the sites that gain at each step."""
    price, quantity = _first_prices(problem), quantities(problem)
    least = np.zeros(len(quantity))
    if problem.serve_all:
        least[: len(problem.demand)] = -np.inf
    walk = _Walk(problem, Gains.of(problem), quantity, least, price, np.inf, price, np.zeros(len(quantity)))
    for _ in range(steps):
        bound, gain, chosen, missing = walk.look()
        known = trial(chosen, gain)
        target = float(known) if known is not None else walk.best - 0.05 * abs(walk.best)
        if deadline.passed() or not walk.step(bound, target, missing):
            break
    return _proven(problem, walk)


def quantities(problem: SitingProblem) -> Ints:
    """Return what customers have, then what outlets want (J + D,): what prices are paid for."""
    return np.concatenate((problem.demand, problem.sales.demand))


def _first_prices(problem: SitingProblem) -> Floats:
    """Return for each customer what its best arc, with the best sale of that site, is worth, and nothing for outlets;
    nothing for a customer without an arc.
    """
    best = np.full(len(problem.demand) + len(problem.sales.demand), -np.inf)
    worth = problem.value_per_unit.astype(np.float64) + problem.best_sale()[problem.arc_site]
    np.maximum.at(best, problem.arc_customer, worth)
    best[~np.isfinite(best)] = 0.0
    return best if problem.serve_all else np.maximum(best, 0.0)


def _chosen(problem: SitingProblem, gain: Floats | Ints) -> Bools:
    """Return the sites whose gains count, the greatest first: all above zero, as few and as many as must be open."""
    order = np.argsort(-gain, kind="stable")[: problem.most_open]
    chosen = np.zeros(problem.sites, np.bool_)
    chosen[order[: problem.least_open]] = True
    chosen[order[gain[order] > 0]] = True
    return chosen


def _best(gains: list[int], least: int, most: int) -> int | None:
    """Return the greatest sum of at least `least` and at most `most` gains, which come greatest first."""
    if len(gains) < least:
        return None
    return sum(gain for n, gain in enumerate(gains[:most]) if gain > 0 or n < least)


def _proven(problem: SitingProblem, walk: _Walk) -> SitingBound:
    """Return the bound in whole numbers; prices too large to be counted exactly are replaced by those of the start."""
    price = walk.best_price
    size = float(np.abs(price) @ walk.quantity)
    for side in (walk.gains.arrivals, walk.gains.sales):
        size += float(np.abs(price[side.row]) @ side.size)
    finest = _EXACT / (size + 2.0 * MAX_TOTAL * (size >= _EXACT) + _money(problem) + 1)
    unit = 2 ** max(0, min(FINEST, math.floor(math.log2(finest))))
    whole = np.rint((price if size < _EXACT else _first_prices(problem)) * unit).astype(np.int64)
    gain, _ = walk.gains.under(whole, unit)
    gains = gain.astype(np.int64)
    paid = exact_dot(whole, walk.quantity)
    return SitingBound((paid + exact_sum(gains[_chosen(problem, gains)])) // unit, whole, gains, paid, unit)


def _money(problem: SitingProblem) -> float:
    """Return what all arcs, sales and sites could move at most."""
    earned = np.abs(problem.value_per_unit).astype(np.float64) @ problem.size()
    sold = np.abs(problem.sales.value_per_unit).astype(np.float64) @ problem.sales.capacity()
    return float(earned + sold) + float(problem.fixed_cost.sum(dtype=np.float64))
