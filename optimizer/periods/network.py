"""The time-expanded network of a problem, its best flow, and the exact prices of that flow.

Nodes      supply i in period t, t S + i (+supply[i, t]); demand j in period t, T S + t D + j (-demand[j, t]); one slack
           node Z, which takes what a supply leaves and gives what a demand lacks
Arcs       i, t -> j, t at cost -value; i, t -> i, t + 1 and j, t -> j, t + 1 at the cost of holding; i, t -> Z and
           Z -> j, t at cost 0
Prices     potentials of the residual network relative to Z: least supplies with greatest demands are the distances to
           Z, the other end are those from Z. An arc whose capacity is implied counts as open, and so does Z -> j, t:
           what it could bring beyond the demand, to be kept for later, it can as well bring later
Source     as in optimizer.network and optimizer.prices
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from optimizer.errors import NotProvenError
from optimizer.network import network_flow
from optimizer.periods.problem import PeriodsProblem
from optimizer.problem import Bools, Ints

FAR: Final = 2**62
"""A distance that nothing has bounded yet."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A network with one slack node, the last; costs are those of a minimum. Arcs come as links, stores, slack.

    `limited` says which arcs have a capacity that is not implied; `link_arc` and `link_period` are the arc and period
    of the links, `stores` the nodes from which the store arcs leave.
    """

    tail: Ints
    head: Ints
    capacity: Ints
    cost: Ints
    limited: Bools
    balance: Ints
    link_arc: Ints
    link_period: Ints
    stores: Ints

    def flow(self) -> Ints:
        """Return a flow of least cost over all arcs."""
        flow = np.zeros(len(self.tail), np.int64)
        some = np.flatnonzero(self.capacity > 0)
        ends = self.tail[some], self.head[some]
        flow[some] = network_flow(ends, self.capacity[some], self.cost[some], self.balance)
        return flow

    def distances(self, flow: Ints, *, backwards: bool) -> Ints:
        """Return the distance of every node from the slack node in the residual network; backwards, to it.

        Raises NotProvenError when the residual network holds a gain, that is when the flow is not optimal.
        """
        more, less = np.flatnonzero(~self.limited | (flow < self.capacity)), np.flatnonzero(flow > 0)
        tail = np.concatenate((self.tail[more], self.head[less]))
        head = np.concatenate((self.head[more], self.tail[less]))
        cost = np.concatenate((self.cost[more], -self.cost[less]))
        if backwards:
            tail, head = head, tail
        order = np.argsort(tail, kind="stable")
        starts = np.searchsorted(tail[order], np.arange(len(self.balance) + 1))
        return _shortest(starts, head[order], cost[order])


def _shortest(starts: Ints, head: Ints, cost: Ints) -> Ints:
    """Return the distances from the last node over arcs in stretches: `starts[n] : starts[n + 1]` are those of n."""
    nodes = len(starts) - 1
    far = np.full(nodes, FAR)
    far[-1] = 0
    changed = np.array([nodes - 1])
    for _ in range(nodes + 1):
        if not changed.size:
            return far
        begin, length = starts[changed], starts[changed + 1] - starts[changed]
        offset = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
        arcs = np.repeat(begin, length) + offset
        reached, distance = head[arcs], np.repeat(far[changed], length) + cost[arcs]
        nearer = distance < far[reached]
        reached, distance = reached[nearer], distance[nearer]
        np.minimum.at(far, reached, distance)
        changed = np.unique(reached)
        if far[-1] < 0:
            break
    raise NotProvenError("The flow is not optimal: the residual network still holds a gain.")


def network_of(problem: PeriodsProblem) -> Network:
    """Return the time-expanded network of a problem; links that cannot be worth anything are left out."""
    rows, columns, periods = len(problem.supply), len(problem.demand), problem.periods
    supply_store, demand_store = problem.stores()
    most = problem.most()
    value, own = problem.values(), problem.capacities()
    period, arc = np.nonzero(((value > 0) & (own > 0)).T)
    slack = periods * (rows + columns)
    links = (
        period * rows + problem.arc_supply[arc],
        periods * rows + period * columns + problem.arc_demand[arc],
        np.minimum(most, own)[arc, period],
        -value[arc, period],
    )
    holding_supply, holding_demand = problem.holdings()
    kept = _stores(supply_store, holding_supply, periods, 0)
    waiting = _stores(demand_store, holding_demand, periods, periods * rows)
    supplies, demands = np.arange(periods * rows), np.arange(periods * rows, slack)
    nothing, demand = np.zeros(slack, np.int64), problem.demand.T.ravel()
    # What a supply holds at most in a period: all that came until then.
    reached = np.cumsum(problem.supply, axis=1).T.ravel()
    loose = (
        np.concatenate((supplies, np.full(len(demands), slack))),
        np.concatenate((np.full(len(supplies), slack), demands)),
        np.concatenate((reached, demand)),
        nothing,
    )
    tail, head, capacity, cost = (np.concatenate(parts) for parts in zip(links, kept, waiting, loose, strict=True))
    limited = np.zeros(len(tail), np.bool_)
    limited[: len(arc)] = (own < most)[arc, period]
    limited[len(arc) : len(tail) - slack] = True
    balance = np.concatenate((problem.supply.T.ravel(), -demand, [demand.sum() - problem.supply.sum()]))
    stores = np.concatenate((kept[0], waiting[0]))
    return Network(tail, head, capacity, cost, limited, balance, arc, period, stores)


def _stores(store: Ints, holding: Ints, periods: int, first: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the arcs from each period to the next, of the rows that may keep something."""
    rows, keepers = len(store), np.flatnonzero(store)
    begin = first + (np.arange(max(periods - 1, 0))[:, None] * rows + keepers).ravel()
    each = max(periods - 1, 0)
    return begin, begin + rows, np.tile(store[keepers], each), np.tile(holding[keepers], each)
