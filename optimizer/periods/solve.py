"""Solve an exchange over several periods: independent parts apart, each as one time-expanded network flow."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimizer.components import BLOCK_ARCS, blocks, split
from optimizer.errors import NotProvenError, ProblemError
from optimizer.periods.network import Network, network_of
from optimizer.periods.plan import PeriodsPart, PeriodsPlan
from optimizer.periods.prices import Prices, prices_of, proven_bound
from optimizer.periods.problem import PeriodsProblem
from optimizer.plan import SolveStatus
from optimizer.problem import Ints, exact_dot

Progress = Callable[[float], None]
"""Called with the share of the arcs that are done, 0 to 1."""


@dataclass(slots=True, eq=False)
class _Draft:
    """The plan while it is put together; all columns are those of the whole problem."""

    flow: Ints
    stocks: tuple[Ints, Ints]
    ends: tuple[Prices, Prices]


def solve_periods(
    problem: PeriodsProblem,
    *,
    time_limit_s: float | None = None,
    on_progress: Progress | None = None,
) -> PeriodsPlan:
    """Return the best plan and its proof; OPTIMAL unless the time limit ended the solve.

    The time limit is looked at between independent parts; what is not solved by then flows nothing and is bounded by
    its best values. Raises ProblemTooLargeError, SolverError or NotProvenError.
    """
    if time_limit_s is not None and not time_limit_s >= 0:
        raise ProblemError(f"The time limit {time_limit_s} s is not a number of zero or more.")
    began = time.perf_counter()
    draft = _draft(problem)
    components = split(problem.whole_time())
    parts: list[PeriodsPart] = []
    done = 0
    for arcs in blocks(components, max(1, BLOCK_ARCS // max(1, problem.periods))):
        late = time_limit_s is not None and time.perf_counter() - began >= time_limit_s
        parts.append(_solve_part(problem, arcs, draft, late=late))
        done += len(arcs)
        if on_progress is not None:
            on_progress(done / len(components.arcs))
    objective, bound = sum(part.objective for part in parts), sum(part.bound for part in parts)
    first, second = draft.ends
    return PeriodsPlan(
        flow=draft.flow,
        supply_stock=draft.stocks[0],
        demand_stock=draft.stocks[1],
        objective=objective,
        bound=bound,
        status=SolveStatus.OPTIMAL if objective == bound else SolveStatus.FEASIBLE,
        price_supply_low=first.supply,
        price_supply_high=second.supply,
        price_demand_low=second.demand,
        price_demand_high=first.demand,
        parts=tuple(parts),
        seconds=time.perf_counter() - began,
    )


def _draft(problem: PeriodsProblem) -> _Draft:
    supply, demand = problem.supply.shape, problem.demand.shape
    ends = [Prices(np.zeros(supply, np.int64), np.zeros(demand, np.int64)) for _ in range(2)]
    stocks = np.zeros(supply, np.int64), np.zeros(demand, np.int64)
    return _Draft(np.zeros((problem.arcs, problem.periods), np.int64), stocks, (ends[0], ends[1]))


def _solve_part(problem: PeriodsProblem, arcs: Ints, draft: _Draft, *, late: bool) -> PeriodsPart:
    """Put the optimum of some arcs into the draft, or nothing where it is late, and say how it ended."""
    began = time.perf_counter()
    part, supplies, demands = problem.part(arcs)
    links = part.arcs * part.periods
    if late:
        prices = _rough_prices(part)
        for end in draft.ends:
            end.supply[supplies], end.demand[demands] = prices.supply, prices.demand
        return PeriodsPart(links, 0, proven_bound(part, prices), time.perf_counter() - began)
    network = network_of(part)
    flow = network.flow()
    gained = -exact_dot(network.cost, flow)
    for end, prices in zip(draft.ends, prices_of(part, network, flow), strict=True):
        end.supply[supplies], end.demand[demands] = prices.supply, prices.demand
        proven = proven_bound(part, prices)
        if proven != gained:
            raise NotProvenError(f"The flow is worth {gained}, but its prices prove no more than a bound of {proven}.")
    count = len(network.link_arc)
    draft.flow[arcs[network.link_arc], network.link_period] = flow[:count]
    for stock, rows, kept in zip(draft.stocks, (supplies, demands), _stocks(part, network, flow), strict=True):
        stock[rows] = kept
    return PeriodsPart(links, gained, gained, time.perf_counter() - began)


def _stocks(part: PeriodsProblem, network: Network, flow: Ints) -> tuple[Ints, Ints]:
    """Return what is kept at the end of each period at the supplies (S, T) and the demands (D, T) of a part."""
    periods, rows = part.periods, len(part.supply)
    stock = np.zeros(len(network.balance) - 1, np.int64)
    begin = len(network.link_arc)
    stock[network.stores] = flow[begin : begin + len(network.stores)]
    cut = periods * rows
    return stock[:cut].reshape(periods, rows).T, stock[cut:].reshape(periods, len(part.demand)).T


def _rough_prices(part: PeriodsProblem) -> Prices:
    """Return prices that need no solve: every supply, or every demand, at its best value of all periods."""
    whole = part.whole_time()
    by_supply, by_demand = whole.best_values()
    nothing = np.zeros(part.supply.shape, np.int64), np.zeros(part.demand.shape, np.int64)
    if exact_dot(by_supply, whole.supply) <= exact_dot(by_demand, whole.demand):
        return Prices(nothing[0] + by_supply[:, None], nothing[1])
    return Prices(nothing[0], nothing[1] + by_demand[:, None])
