"""Solve a links problem: prices and a bound, then each independent part on its own.

What is promised: without a time limit (or where it does not strike) the same problem, seed and start give the same
plan. Work is counted in steps, rounds and nodes, so that it grows with the problem and not with the machine.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from optimizer.deadline import Deadline
from optimizer.errors import ProblemError
from optimizer.links.market import Market, market_of
from optimizer.links.plan import LinksPart, LinksPlan
from optimizer.links.problem import LinksProblem
from optimizer.links.relaxation import LinkPrices, relaxed_prices
from optimizer.links.search import PROOF, Search, Wishes
from optimizer.plan import SolveStatus
from optimizer.problem import Bools, Ints

Progress = Callable[[int, int], None]
"""Called with the best objective and the bound so far, in whole money units."""


@dataclass(slots=True, eq=False)
class _Part:
    """The arcs of the market that one search is about, and the seconds it took."""

    arcs: Ints
    search: Search
    seconds: float = 0.0

    def improve(self, wishes: Wishes, used: Bools, start: Ints | None) -> None:
        """Let the search go on; `used` and `start` (A,) are of the whole market."""
        began = time.perf_counter()
        self.search.improve(wishes, used[self.arcs], None if start is None else start[self.arcs])
        self.seconds = time.perf_counter() - began

    def report(self) -> LinksPart:
        """Return how it ended."""
        return LinksPart(len(self.arcs), self.search.objective, self.search.bound, self.seconds)


def solve_links(
    problem: LinksProblem,
    *,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    on_progress: Progress | None = None,
    seed: int = 0,
    start: Ints | None = None,
) -> LinksPlan:
    """Return the best plan found and its bound; OPTIMAL where they meet.

    `start` (A,) is a flow to begin from: its links are used as far as they keep the limits. The search stops at a
    relative `gap`, when its work is done, or at the time limit, which is looked at between steps: a network flow cannot
    be interrupted, and one plan is made whatever the limit. Raises ProblemError for a wish that makes no sense, and
    ProblemTooLargeError or SolverError as `solve` does.
    """
    _check_wishes(problem, time_limit_s, gap, start)
    began = time.perf_counter()
    deadline = Deadline.after(time_limit_s)
    market, arcs = market_of(problem)
    prices, used = relaxed_prices(market, deadline.after_share(0.5))
    totals = [0, 0]

    def tell(gained: int, fallen: int) -> None:
        totals[0], totals[1] = totals[0] + gained, totals[1] - fallen
        if on_progress is not None:
            on_progress(totals[0], totals[1])

    parts = _parts(market, prices, tell)
    totals[1] = sum(part.search.bound for part in parts)
    first = None if start is None else start[arcs]
    left = market.arcs
    for part in parts:
        part.improve(Wishes(gap, deadline.after_share(len(part.arcs) / left), seed), used, first)
        left -= len(part.arcs)
    return _merged(problem.arcs, arcs, prices, parts, time.perf_counter() - began)


def _merged(size: int, arcs: Ints, prices: LinkPrices, parts: list[_Part], seconds: float) -> LinksPlan:
    """Return the plan of all parts together; `arcs` are those of the market among the `size` of the problem."""
    flow = np.zeros(size, np.int64)
    for part in parts:
        flow[arcs[part.arcs]] = part.search.flow
    objective, bound = sum(part.search.objective for part in parts), sum(part.search.bound for part in parts)
    return LinksPlan(
        flow=flow,
        objective=objective,
        bound=bound,
        status=SolveStatus.OPTIMAL if bound - objective <= PROOF * bound else SolveStatus.FEASIBLE,
        prices=_spread(_gathered(prices, parts), arcs, size),
        price_bound=sum(part.search.proof for part in parts) // prices.parts,
        parts=tuple(part.report() for part in parts),
        seconds=seconds,
    )


def _check_wishes(problem: LinksProblem, time_limit_s: float | None, gap: float, start: Ints | None) -> None:
    if time_limit_s is not None and not time_limit_s >= 0:
        raise ProblemError(f"The time limit {time_limit_s} s is not a number of zero or more.")
    if not 0 <= gap < 1:
        raise ProblemError(f"The accepted gap {gap} is not a share from 0 to below 1.")
    if start is not None and (start.dtype != np.int64 or start.shape != (problem.arcs,)):
        raise ProblemError(f"start is {start.dtype} {start.shape}; give an int64 flow of one entry per arc.")


def _parts(market: Market, prices: LinkPrices, tell: Callable[[int, int], None]) -> list[_Part]:
    """Return the independent parts with what the relaxation's prices prove of them, the largest first."""
    parts = []
    for arcs in _pieces(market):
        own, supplies, demands = market.part(arcs)
        search = Search.begin(own, prices.of(arcs, supplies, demands), tell)
        parts.append(_Part(arcs, search))
    return parts


def _pieces(market: Market) -> list[Ints]:
    """Return the arcs of each independent part, largest first; a budget that may bind holds them all together."""
    if market.budget < market.budgeted.sum():
        return [np.arange(market.arcs)]
    ends = market.tail, market.head + len(market.supply)
    graph = sp.coo_matrix((np.ones(market.arcs, np.int8), ends), shape=(market.rows, market.rows))
    _, label = connected_components(graph.tocsr(), directed=False)
    part = label[market.tail]
    order = np.argsort(part, kind="stable")
    cuts = np.flatnonzero(np.diff(part[order])) + 1
    return sorted((piece for piece in np.split(order, cuts) if len(piece)), key=len, reverse=True)


def _gathered(prices: LinkPrices, parts: list[_Part]) -> LinkPrices:
    """Return the prices of the whole market with what each part found to be better."""
    arc_value, arc_cost = prices.arc_value.copy(), prices.arc_cost.copy()
    for part in parts:
        arc_value[part.arcs], arc_cost[part.arcs] = part.search.prices.arc_value, part.search.prices.arc_cost
    return replace(prices, arc_value=arc_value, arc_cost=arc_cost)


def _spread(prices: LinkPrices, arcs: Ints, size: int) -> LinkPrices:
    """Return the prices with the arcs in the problem's own order, zero where an arc can be of no use."""
    arc_value, arc_cost = np.zeros(size, np.int64), np.zeros(size, np.int64)
    arc_value[arcs], arc_cost[arcs] = prices.arc_value, prices.arc_cost
    return replace(prices, arc_value=arc_value, arc_cost=arc_cost)
