"""Solve a links problem: prices and a bound, a plan by slope scaling, then branch and bound, whole or by pieces.

What is promised: without a time limit (or where it does not strike) the same problem, seed and start give the same
plan. Work is counted in rounds and nodes, so that it grows with the problem, not with the machine.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from optimizer.deadline import Deadline
from optimizer.errors import ProblemError, SolverError
from optimizer.links.branch import Effort, branch_and_bound
from optimizer.links.construct import planned, polished, slope_scaling
from optimizer.links.improve import ROWS, Neighbourhoods, candidates_of, replanned
from optimizer.links.market import Market, market_of
from optimizer.links.plan import LinksPart, LinksPlan
from optimizer.links.problem import LinksProblem
from optimizer.links.relaxation import LinkPrices, bound_of, relaxed_prices
from optimizer.plan import SolveStatus
from optimizer.problem import Bools, Ints

SMALL: Final = 1_500
"""Arcs up to which branch and bound takes the whole market."""
SMALL_NODES: Final = 100_000
PASSES: Final = 6
"""How often each row is freed, on average, before neighbourhoods end."""
PROOF: Final = 1e-6
"""Gap up to which a plan is called OPTIMAL: the tolerance of the branch and bound."""

Progress = Callable[[int, int], None]
"""Called with the best objective and the bound so far, in whole money units."""


@dataclass(frozen=True, slots=True)
class _Wishes:
    gap: float
    deadline: Deadline
    seed: int


@dataclass(slots=True, eq=False)
class _Search:
    """The state of one part: its best plan and its bound."""

    market: Market
    prices: LinkPrices
    flow: Ints
    bound: int
    told: Callable[["_Search"], None]

    @property
    def objective(self) -> int:
        return self.market.worth(self.flow)

    def enough(self, gap: float) -> bool:
        return self.bound - self.objective <= max(gap, PROOF) * self.bound

    def take(self, flow: Ints) -> None:
        if self.market.worth(flow) > self.objective:
            self.flow = flow
            self.told(self)


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

    `start` (A,) is a flow to begin from: its links are used as far as they keep the limits. The search stops at the
    time limit, at a relative `gap`, or when its work is done. Raises ProblemError for a wish that makes no sense, and
    ProblemTooLargeError or SolverError as `solve` does.
    """
    _check_wishes(problem, time_limit_s, gap, start)
    began = time.perf_counter()
    deadline = Deadline.after(time_limit_s)
    market, arcs = market_of(problem)
    prices, used = relaxed_prices(market)
    flow = np.zeros(problem.arcs, np.int64)
    reports: list[LinksPart] = []
    pieces = _pieces(market)
    objective, bound = 0, bound_of(market, prices)
    price_bound = bound
    for done, piece in enumerate(pieces):
        since = time.perf_counter()
        share = len(piece) / sum(len(later) for later in pieces[done:])
        part, supplies, demands = market.part(piece)
        own = prices.of(supplies, demands)
        others = objective, bound - bound_of(part, own)

        def tell(search: _Search, others: tuple[int, int] = others) -> None:
            if on_progress is not None:
                on_progress(others[0] + search.objective, others[1] + search.bound)

        search = _Search(part, own, np.zeros(part.arcs, np.int64), bound_of(part, own), tell)
        first = None if start is None else start[arcs[piece]]
        _improve(search, _Wishes(gap, deadline.after_share(share), seed), used[piece], first)
        flow[arcs[piece]] = search.flow
        objective, bound = objective + search.objective, others[1] + search.bound
        reports.append(LinksPart(part.arcs, search.objective, search.bound, time.perf_counter() - since))
    return LinksPlan(
        flow=flow,
        objective=objective,
        bound=bound,
        status=SolveStatus.OPTIMAL if bound - objective <= PROOF * bound else SolveStatus.FEASIBLE,
        prices=prices,
        price_bound=price_bound,
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


def _pieces(market: Market) -> list[Ints]:
    """Return the arcs of each independent part, largest first; a budget holds all of them together."""
    if market.budget < market.budgeted.sum():
        return [np.arange(market.arcs)]
    rows = len(market.supply)
    ends = market.tail, market.head + rows
    graph = sp.coo_matrix((np.ones(market.arcs, np.int8), ends), shape=(market.rows, market.rows))
    _, label = connected_components(graph.tocsr(), directed=False)
    part = label[market.tail]
    order = np.argsort(part, kind="stable")
    cuts = np.flatnonzero(np.diff(part[order])) + 1
    return sorted((piece for piece in np.split(order, cuts) if len(piece)), key=len, reverse=True)


def _improve(search: _Search, wishes: _Wishes, used: Bools, start: Ints | None) -> None:
    """Improve the plan and the bound of one part until the wishes are met or the work is done."""
    market, deadline = search.market, wishes.deadline
    if start is not None:
        search.take(polished(market, planned(market, start > 0)))
    link_price = search.prices.link_price(market)
    plan, tried = slope_scaling(market, link_price, deadline.passed)
    search.take(plan)
    if market.arcs <= SMALL:
        _branch(search, wishes)
        return
    candidates = candidates_of(market, search.prices.gain(market), used | tried | (search.flow > 0))
    neighbourhoods = Neighbourhoods.over(market, candidates, wishes.seed)
    for _ in range(-(-PASSES * market.rows // ROWS)):
        if search.enough(wishes.gap) or deadline.passed():
            break
        search.take(replanned(market, search.flow, neighbourhoods.next(), candidates, deadline))


def _branch(search: _Search, wishes: _Wishes) -> None:
    if search.enough(wishes.gap) or wishes.deadline.passed():
        return
    effort = Effort(wishes.gap, SMALL_NODES, wishes.deadline.left_s())
    try:
        found = branch_and_bound(search.market, search.flow, effort)
    except SolverError:
        return
    if found.links is not None:
        search.take(planned(search.market, found.links))
    if found.bound is not None:
        search.bound = max(min(search.bound, found.bound), search.objective)
        search.told(search)
