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
from optimizer.problem import Ints

Progress = Callable[[int, int], None]
"""Called with the best objective and the bound so far, in whole money units."""


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The arcs and rows of the market that one search is about."""

    arcs: Ints
    supplies: Ints
    demands: Ints
    search: Search


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
    parts: list[_Part] = []

    def tell() -> None:
        if on_progress is not None:
            on_progress(sum(part.search.objective for part in parts), sum(part.search.bound for part in parts))

    parts += _parts(market, prices, tell)
    flow = np.zeros(problem.arcs, np.int64)
    reports = []
    for done, part in enumerate(parts):
        since = time.perf_counter()
        share = len(part.arcs) / sum(len(later.arcs) for later in parts[done:])
        first = None if start is None else start[arcs[part.arcs]]
        part.search.improve(Wishes(gap, deadline.after_share(share), seed), used[part.arcs], first)
        flow[arcs[part.arcs]] = part.search.flow
        spent = time.perf_counter() - since
        reports.append(LinksPart(len(part.arcs), part.search.objective, part.search.bound, spent))
    objective, bound = sum(report.objective for report in reports), sum(report.bound for report in reports)
    prices = _gathered(prices, parts)
    return LinksPlan(
        flow=flow,
        objective=objective,
        bound=bound,
        status=SolveStatus.OPTIMAL if bound - objective <= PROOF * bound else SolveStatus.FEASIBLE,
        prices=_spread(prices, arcs, problem.arcs),
        price_bound=sum(part.search.proof for part in parts) // prices.parts,
        parts=tuple(reports),
        seconds=time.perf_counter() - began,
    )


def _check_wishes(problem: LinksProblem, time_limit_s: float | None, gap: float, start: Ints | None) -> None:
    if time_limit_s is not None and not time_limit_s >= 0:
        raise ProblemError(f"The time limit {time_limit_s} s is not a number of zero or more.")
    if not 0 <= gap < 1:
        raise ProblemError(f"The accepted gap {gap} is not a share from 0 to below 1.")
    if start is not None and (start.dtype != np.int64 or start.shape != (problem.arcs,)):
        raise ProblemError(f"start is {start.dtype} {start.shape}; give an int64 flow of one entry per arc.")


def _parts(market: Market, prices: LinkPrices, tell: Callable[[], None]) -> list[_Part]:
    """Return the independent parts with what the relaxation's prices prove of them, the largest first."""
    parts = []
    for arcs in _pieces(market):
        own, supplies, demands = market.part(arcs)
        search = Search.begin(own, prices.of(arcs, supplies, demands), tell)
        parts.append(_Part(arcs, supplies, demands, search))
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
