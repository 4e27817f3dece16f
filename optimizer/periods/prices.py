"""Prices of every row in every period, both ends of their interval, and the bound that they prove.

Dual       minimise sum u supply + sum v demand + sum rent store + sum rent capacity, where all are zero or more and in
           every period u + v + rent >= value, u[t] + holding + rent >= u[t + 1] at a supply, and
           v[t + 1] + holding + rent >= v[t] at a demand
Empty      a row that no label reaches has nothing to give (take) in this period or before (after) it: it weighs nothing
           in the bound, and gets the least price that is in line with its neighbours'
"""

from dataclasses import dataclass

import numpy as np

from optimizer.periods.network import FAR, Network
from optimizer.periods.problem import PeriodsProblem
from optimizer.problem import Bools, Ints, exact_dot


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """One dual solution: supply (S, T), demand (D, T)."""

    supply: Ints
    demand: Ints


def prices_of(problem: PeriodsProblem, network: Network, flow: Ints) -> tuple[Prices, Prices]:
    """Return both ends: the least prices of supplies with the greatest of demands, and the reverse.

    Raises NotProvenError when the flow is not optimal.
    """
    to_slack, from_slack = (network.distances(flow, backwards=backwards) for backwards in (True, False))
    supply, demand = _by_period(problem, to_slack)
    first = Prices(-supply, _reached(demand))
    _settle_demands(problem, first, demand == FAR)
    supply, demand = _by_period(problem, from_slack)
    second = Prices(_reached(supply), -demand)
    _settle_supplies(problem, second, supply == FAR)
    return first, second


def proven_bound(problem: PeriodsProblem, prices: Prices) -> int:
    """Return the bound that prices prove, exactly, whatever they are as long as none is below zero."""
    lacking = problem.values() - prices.supply[problem.arc_supply] - prices.demand[problem.arc_demand]
    short = np.maximum(lacking, 0) * (lacking > 0)
    most = np.minimum(problem.capacities(), problem.most())
    bound = exact_dot(prices.supply.ravel(), problem.supply.ravel())
    bound += exact_dot(prices.demand.ravel(), problem.demand.ravel())
    bound += exact_dot(short.ravel(), most.ravel())
    for column, store, holding, sign in zip(
        (prices.supply, prices.demand), problem.stores(), problem.holdings(), (1, -1), strict=True
    ):
        gained = sign * np.diff(column, axis=1) - holding[:, None]
        bound += exact_dot(np.maximum(gained, 0).sum(axis=1), store)
    return bound


def _by_period(problem: PeriodsProblem, label: Ints) -> tuple[Ints, Ints]:
    """Return the labels of supplies (S, T) and demands (D, T)."""
    periods, rows = problem.periods, len(problem.supply)
    supply = label[: periods * rows].reshape(periods, rows).T
    demand = label[periods * rows : -1].reshape(periods, len(problem.demand)).T
    return supply, demand


def _reached(label: Ints) -> Ints:
    reached: Ints = np.where(label == FAR, 0, label)
    return reached


def _settle_demands(problem: PeriodsProblem, prices: Prices, empty: Bools) -> None:
    """Price the empty demands, period after period: what is kept for later is worth no more than it is then."""
    value, holding = problem.values(), problem.holdings()[1]
    stores = problem.stores()[1] > 0
    for t in range(problem.periods):
        arcs = np.flatnonzero(empty[problem.arc_demand, t])
        wanted = value[arcs, t] - prices.supply[problem.arc_supply[arcs], t]
        np.maximum.at(prices.demand[:, t], problem.arc_demand[arcs], wanted)
        if t:
            rows = np.flatnonzero(empty[:, t] & stores)
            least = prices.demand[rows, t - 1] - holding[rows]
            prices.demand[rows, t] = np.maximum(prices.demand[rows, t], least)


def _settle_supplies(problem: PeriodsProblem, prices: Prices, empty: Bools) -> None:
    """Price the empty supplies, last period first: what may be kept is worth no less than it is later."""
    value, holding = problem.values(), problem.holdings()[0]
    stores = problem.stores()[0] > 0
    for t in reversed(range(problem.periods)):
        arcs = np.flatnonzero(empty[problem.arc_supply, t])
        wanted = value[arcs, t] - prices.demand[problem.arc_demand[arcs], t]
        np.maximum.at(prices.supply[:, t], problem.arc_supply[arcs], wanted)
        if t + 1 < problem.periods:
            rows = np.flatnonzero(empty[:, t] & stores)
            least = prices.supply[rows, t + 1] - holding[rows]
            prices.supply[rows, t] = np.maximum(prices.supply[rows, t], least)
