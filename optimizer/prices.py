"""Exact dual prices of an optimal flow, both ends of their interval, by shortest paths over the residual network.

Dual       minimise sum_i u[i] supply[i] + sum_j v[j] demand[j] + sum_a r[a] capacity[a], where u, v, r >= 0 and
           u[i] + v[j] + r[a] >= value[a]; the rent r[a] is zero unless an arc has a capacity of its own that binds
Optimal    u[i] = 0 where supply is left, v[j] = 0 where demand is left, u[i] + v[j] >= value[a] where the arc can
           carry more, u[i] + v[j] <= value[a] where it carries something
Ends       those conditions describe a lattice: one solution has every u greatest and every v least, one the reverse.
           Both are shortest-path labels from (to) the slack node; they depend on the problem only, not on which of
           several optimal flows is given
Source     R. K. Ahuja, T. L. Magnanti, J. B. Orlin (1993), Network Flows, 9.2-9.4; L. S. Shapley, M. Shubik (1971),
           Int. J. Game Theory 1, 111-130, for the lattice
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from optimizer.errors import NotProvenError
from optimizer.problem import Bools, ExchangeProblem, Ints

_FREE: Final = 2**61
"""A label that nothing has bounded yet."""


@dataclass(frozen=True, slots=True, eq=False)
class PriceInterval:
    """Marginal values per unit: supply (S,), demand (D,), least and greatest."""

    supply_low: Ints
    supply_high: Ints
    demand_low: Ints
    demand_high: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Fan:
    """The arcs of each node in one stretch: `arcs[starts[n] : starts[n + 1]]` are those of node n."""

    arcs: Ints
    starts: Ints

    def of(self, nodes: Ints) -> Ints:
        """Return the arcs of several nodes, one node after the other."""
        begin, length = self.starts[nodes], self.starts[nodes + 1] - self.starts[nodes]
        offset = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
        arcs: Ints = self.arcs[np.repeat(begin, length) + offset]
        return arcs


def price_interval(block: ExchangeProblem, flow: Ints) -> PriceInterval:
    """Return both ends of the price interval of an optimal flow; every arc of the block must be useful.

    Raises NotProvenError when the residual network holds a gain, that is when the flow is not optimal.
    """
    open_arcs = np.ones(block.arcs, np.bool_)
    if block.arc_capacity is not None:
        open_arcs = ~block.limited() | (flow < block.capacity())
    left_supply, left_demand = block.supply.copy(), block.demand.copy()
    np.subtract.at(left_supply, block.arc_supply, flow)
    np.subtract.at(left_demand, block.arc_demand, flow)
    tail, head, value = block.arc_supply, block.arc_demand, block.value_per_unit
    demand_low, supply_high = _settle(head, tail, value, (open_arcs, flow > 0), (left_demand > 0, left_supply > 0))
    supply_low, demand_high = _settle(tail, head, value, (open_arcs, flow > 0), (left_supply > 0, left_demand > 0))
    return PriceInterval(supply_low, supply_high, demand_low, demand_high)


def rents(problem: ExchangeProblem, price_supply: Ints, price_demand: Ints) -> Ints:
    """Return what one unit more of each arc's own capacity is worth (A,); zero where the arc has none that is stricter
    than its supply and demand.
    """
    lacking = problem.value_per_unit - price_supply[problem.arc_supply] - price_demand[problem.arc_demand]
    rent: Ints = np.where(problem.limited(), np.maximum(lacking, 0), 0)
    return rent


def _settle(
    rising: Ints, falling: Ints, value: Ints, residual: tuple[Bools, Bools], left: tuple[Bools, Bools]
) -> tuple[Ints, Ints]:
    """Return the least labels of the `rising` side and the greatest of the `falling` side, both (nodes,).

    `rising`, `falling` (A,) are the nodes of each arc, `residual` says which arcs can carry more and which carry
    something, `left` which nodes of the two sides keep a remainder. From least to greatest:
        rise[r] = max(0, value - fall[f] over arcs that can carry more)
        fall[f] = min(0 where something is left, value - rise[r] over arcs that carry something)
    Only arcs of nodes that have just changed are looked at.
    """
    can_carry_more, carries = residual
    rise = np.zeros(len(left[0]), np.int64)
    fall = np.where(left[1], 0, _FREE)
    more_of = _fan(falling, can_carry_more, len(fall))
    carried_of = _fan(rising, carries, len(rise))
    carrying = carried_of.arcs
    np.minimum.at(fall, falling[carrying], value[carrying])
    changed = np.flatnonzero(fall < _FREE)
    while changed.size:
        arcs = more_of.of(changed)
        wanted = value[arcs] - fall[falling[arcs]]
        higher = wanted > rise[rising[arcs]]
        np.maximum.at(rise, rising[arcs[higher]], wanted[higher])
        arcs = carried_of.of(_marked(rising[arcs[higher]], len(rise)))
        allowed = value[arcs] - rise[rising[arcs]]
        lower = allowed < fall[falling[arcs]]
        np.minimum.at(fall, falling[arcs[lower]], allowed[lower])
        changed = _marked(falling[arcs[lower]], len(fall))
        if changed.size and int(fall[changed].min()) < 0:
            raise NotProvenError("The flow is not optimal: the residual network still holds a gain.")
    if (fall < 0).any() or (rise[left[0]] > 0).any():
        raise NotProvenError("The flow is not optimal: a row with a remainder has a price above zero.")
    return rise, fall


def _marked(nodes: Ints, size: int) -> Ints:
    """Return the nodes, each once and in order: faster than by sorting them."""
    there = np.zeros(size, np.bool_)
    there[nodes] = True
    return np.flatnonzero(there)


def _fan(node: Ints, chosen: Bools, nodes: int) -> _Fan:
    arcs = np.flatnonzero(chosen)
    order = np.argsort(node[arcs], kind="stable")
    starts = np.searchsorted(node[arcs][order], np.arange(nodes + 1))
    return _Fan(arcs[order], starts.astype(np.int64))
