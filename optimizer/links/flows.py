"""Flows through a market: the best under given weights, and the best over given links."""

from typing import Final

import numpy as np

from optimizer.linear import Floats
from optimizer.links.market import Market
from optimizer.network import best_flow
from optimizer.problem import Bools, ExchangeProblem, Ints

FINEST: Final = 2.0**22
"""Steps into which the greatest weight is divided when weights become whole numbers."""
LARGEST: Final = 2.0**59
"""Sum of weights times quantities that whole numbers may reach."""


def weighted_flow(market: Market, weight: Floats) -> Ints:
    """Return a flow (A,) that is best for weights per unit (A,), all limits on links set aside."""
    arcs = np.flatnonzero(weight > 0)
    flow = np.zeros(market.arcs, np.int64)
    if not len(arcs):
        return flow
    greatest = float(weight[arcs].max())
    total = float(min(market.supply.sum(), market.demand.sum()))
    scale = min(FINEST, LARGEST / max(total, 1.0)) / greatest
    whole = np.maximum(np.rint(weight[arcs] * scale), 1.0).astype(np.int64)
    flow[arcs] = _flow(market.take(arcs), whole, market.supply, market.demand)
    return flow


def settled_flow(market: Market, links: Bools) -> Ints:
    """Return the best flow that uses every one of these links, each with its lot or more.

    The lots must fit the rows together: those of any flow that keeps the limits do.
    """
    flow = np.where(links, market.lot, 0)
    rest = market.beside(flow)
    more = np.minimum(market.most - flow, rest.most)
    arcs = np.flatnonzero(links & (more > 0))
    if len(arcs):
        flow[arcs] += _flow(market.take(arcs), market.value[arcs], rest.supply, rest.demand, more[arcs])
    return flow


def _flow(chosen: Market, value: Ints, supply: Ints, demand: Ints, most: Ints | None = None) -> Ints:
    block = ExchangeProblem(
        supply=supply,
        demand=demand,
        arc_supply=chosen.tail,
        arc_demand=chosen.head,
        value_per_unit=value,
        arc_capacity=chosen.most if most is None else most,
    )
    return best_flow(block)
