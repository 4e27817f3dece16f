"""A bound on every choice of sites, by giving customers prices instead of limits (Lagrangian relaxation).

Bound      for any price[j] (not negative, unless every customer must be served):
           sum_j price[j] demand[j] + the sum of the greatest gain[i] above zero, at most at_most of them, where gain[i]
           is what site i can earn at most with arcs worth value - price, within its capacity, less its fixed cost. If
           every customer must be served, at least as many gains count as sites are needed to hold all demand
Method     subgradient steps on the money each customer pays, price times demand; the sites that gain are handed to the
           search as candidates. The prices kept are rounded to whole money units, so the bound is an exact integer
Source     A. M. Geoffrion, R. McBride (1978), AIIE Trans. 10, 40-47; step rule: M. Held, P. Wolfe, H. P. Crowder
           (1974), Math. Programming 6, 62-88
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from optimizer.deadline import Deadline
from optimizer.linear import Floats
from optimizer.problem import Bools, Ints, exact_dot, exact_sum
from optimizer.siting.problem import SitingProblem

STEPS: Final = 300
NEVER: Final = Deadline(None)
PATIENCE: Final = 12
"""Steps without a better bound before the step length is halved."""
_EXACT: Final = 2.0**60
"""Above this, prices times demands would leave 64 bits."""

Trial = Callable[[Bools, Floats], int | None]
"""Called with the sites that gain and what each gains (I,); returns the best objective known so far, if any."""


@dataclass(frozen=True, slots=True, eq=False)
class SitingBound:
    """An exact upper bound, the whole-number prices (J,) that prove it, and what each site gains under them (I,)."""

    bound: int
    price: Ints
    gain: Ints

    def decided(self, problem: SitingProblem, objective: int) -> tuple[Bools, Bools]:
        """Return the sites that must be open, and those that may be, in any choice worth more than `objective`.

        A site is decided when the bound, with the site held open (or closed), falls to the objective or below.
        """
        paid = exact_dot(self.price, problem.demand)
        chosen = _chosen(problem, self.gain)
        must, may = np.zeros(problem.sites, np.bool_), np.ones(problem.sites, np.bool_)
        for i in range(problem.sites):
            others = np.sort(np.delete(self.gain, i))[::-1].tolist()
            if chosen[i]:
                left = _best(others, problem.least_open, problem.most_open)
                must[i] = left is None or paid + left <= objective
            else:
                left = _best(others, problem.least_open - 1, problem.most_open - 1)
                may[i] = left is not None and paid + int(self.gain[i]) + left > objective
        return must, may


@dataclass(slots=True, eq=False)
class _Shape:
    """The arcs sorted by site once; reduced values change with each step, the rest does not."""

    problem: SitingProblem
    arcs: Ints
    site: Ints
    customer: Ints
    value: Ints
    size: Ints

    def served(self, price: Ints | Floats) -> tuple[Floats, Floats | Ints]:
        """Return the gain of each site (I,), its fixed cost paid, and what it would carry on each arc."""
        reduced = self.value - price[self.customer]
        order = np.lexsort((-reduced, self.site))
        size = np.where(reduced > 0, self.size, 0)[order]
        before = np.cumsum(size) - size
        start = np.searchsorted(self.site, np.arange(self.problem.sites))
        own = before - np.append(before, 0)[np.minimum(start, len(before))][self.site]
        take = np.clip(self.problem.capacity[self.site] - own, 0, size)
        gain = np.zeros(self.problem.sites, reduced.dtype)
        np.add.at(gain, self.site, take * reduced[order])
        carried = np.empty_like(take)
        carried[order] = take
        return gain - self.problem.fixed_cost, carried


@dataclass(slots=True, eq=False)
class _Walk:
    """The prices (J,) on their way to the least bound, and the best bound so far with its prices."""

    problem: SitingProblem
    shape: _Shape
    price: Floats
    best: float
    best_price: Floats
    length: float = 2.0
    waited: int = 0

    def look(self) -> tuple[float, Floats, Bools, Floats | Ints]:
        """Return the bound here, what each site gains, which sites count and what is carried; keep the best."""
        gain, carried = self.shape.served(self.price)
        chosen = _chosen(self.problem, gain)
        bound = float(self.price @ self.problem.demand + gain[chosen].sum())
        self.waited += 1
        if bound < self.best - 1e-9 * abs(bound):
            self.best, self.best_price, self.waited = bound, self.price, 0
        return bound, gain, chosen, carried

    def step(self, bound: float, target: float, chosen: Bools, carried: Floats | Ints) -> bool:
        """Move the prices towards the target and return whether there is anywhere left to go."""
        if self.waited >= PATIENCE:
            self.length, self.waited, self.price = self.length / 2, 0, self.best_price
            return self.length > 1e-3
        demand = self.problem.demand.astype(np.float64)
        missing, used = demand.copy(), chosen[self.shape.site]
        np.subtract.at(missing, self.shape.customer[used], carried[used])
        if not self.problem.serve_all:
            missing[(self.price <= 0) & (missing > 0)] = 0.0
        # Steps are measured in price times the root of demand, so that large customers do not swamp small ones.
        slope = missing / np.maximum(demand, 1.0)
        steepness = float(slope @ missing)
        if steepness == 0 or self.best - target <= 1e-9 * abs(self.best):
            return False
        price = self.price - self.length * max(bound - target, 1e-6 * abs(bound)) / steepness * slope
        self.price = price if self.problem.serve_all else np.maximum(price, 0.0)
        return True


def lagrangian_bound(
    problem: SitingProblem, trial: Trial, *, steps: int = STEPS, deadline: Deadline = NEVER
) -> SitingBound:
    """Return the best bound of a number of subgradient steps; `trial` is shown the sites that gain at each step."""
    price = _first_prices(problem)
    walk = _Walk(problem, _shape(problem), price, np.inf, price)
    for _ in range(steps):
        bound, gain, chosen, carried = walk.look()
        known = trial(chosen, gain)
        target = float(known) if known is not None else walk.best - 0.05 * abs(walk.best)
        if deadline.passed() or not walk.step(bound, target, chosen, carried):
            break
    return _proven(problem, walk)


def _shape(problem: SitingProblem) -> _Shape:
    arcs = np.argsort(problem.arc_site, kind="stable")
    return _Shape(
        problem=problem,
        arcs=arcs,
        site=problem.arc_site[arcs],
        customer=problem.arc_customer[arcs],
        value=problem.value_per_unit[arcs],
        size=problem.size()[arcs],
    )


def _first_prices(problem: SitingProblem) -> Floats:
    """Return what each customer's best arc is worth; nothing for a customer without one."""
    best = np.full(len(problem.demand), -np.inf)
    np.maximum.at(best, problem.arc_customer, problem.value_per_unit.astype(np.float64))
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
    price, shape = walk.best_price, walk.shape
    size = float(np.abs(price) @ problem.demand) + float(np.abs(price[shape.customer]) @ shape.size)
    whole = np.rint(price if size < _EXACT else _first_prices(problem)).astype(np.int64)
    gain, _ = shape.served(whole)
    gains = gain.astype(np.int64)
    bound = exact_dot(whole, problem.demand) + exact_sum(gains[_chosen(problem, gains)])
    return SitingBound(bound, whole, gains)
