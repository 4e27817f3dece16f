"""Whole plans from prices: one flow under weights that spread costs over what links carry, then repair and polish.

Method     the weight of an arc is its value less its cost over what it is expected to carry: all it can at first, later
           what its ends want of it on average; links that both ends want get a lower cost. The flow under these weights
           is repaired: the best links of each row stay, what they leave flows again over them, and room that is left is
           offered to further links
Source     D. Kim, P. M. Pardalos (1999), Oper. Res. Letters 24, 195-203, for weights by what is carried
"""

from typing import Final

import numpy as np

from optimizer.linear import Floats
from optimizer.links.ascent import Wanted
from optimizer.links.flows import settled_flow, weighted_flow
from optimizer.links.market import Market, count
from optimizer.problem import Bools, Ints

POLISH: Final = 4
"""Rounds of polish at most; a round that gains less than LITTLE of the worth is the last."""
LITTLE: Final = 1e-5
RARE: Final = 0.02
"""Share of the choices below which a link is not wanted."""


def first_plan(market: Market, cost: Floats) -> Ints:
    """Return a plan; cost (A,) is that of a link with the prices of its ends, spread over all it can carry."""
    return polished(market, repaired(market, weighted_flow(market, market.value - cost / market.most)))


def wanted_plan(market: Market, cost: Floats, wanted: Wanted, leaning: float) -> Ints:
    """Return a plan that leans towards the links both ends wanted, its costs spread over what they wanted there."""
    leant = cost * (1 + leaning * (0.5 - wanted.links))
    carried = np.where(wanted.links > RARE, wanted.flow / np.maximum(wanted.links, RARE), market.most)
    weight = market.value - leant / np.clip(carried, market.lot, market.most)
    return polished(market, repaired(market, weighted_flow(market, weight)))


def repaired(market: Market, flow: Ints) -> Ints:
    """Return a plan that keeps every limit, made of the best links of a flow that keeps those of the rows."""
    links = _admitted(market, flow)
    _raise_to_lots(market, flow, links)
    plan = settled_flow(market, links)
    for _ in range(POLISH):
        dear = (plan > 0) & (market.value * plan <= market.fixed)
        if not dear.any():
            break
        plan = settled_flow(market, (plan > 0) & ~dear)
    return np.where(market.value * plan > market.fixed, plan, 0)


def planned(market: Market, links: Bools) -> Ints:
    """Return a plan over these links or, where they do not keep the limits together, over the best of them."""
    rest = market.beside(np.where(links, market.lot, 0))
    columns = rest.supply, rest.demand, rest.supply_partners, rest.demand_partners, np.array([rest.budget])
    if all(int(column.min(initial=0)) >= 0 for column in columns):
        plan = settled_flow(market, links)
        return np.where(market.value * plan > market.fixed, plan, 0)
    return repaired(market, weighted_flow(market, np.where(links, market.value, 0).astype(np.float64)))


def polished(market: Market, plan: Ints) -> Ints:
    """Return a plan at least as good: links are added where both rows have partners to spare, and dear ones dropped."""
    worth = market.worth(plan)
    spread = market.value - market.fixed / market.most
    for _ in range(POLISH):
        links = plan > 0
        spare = market.beside(plan)
        free = (spare.supply_partners[market.tail] > 0) & (spare.demand_partners[market.head] > 0)
        free &= ~market.budgeted | (spare.budget > 0)
        weight = np.where(links, market.value, np.where(free, spread, 0.0))
        candidate = repaired(market, weighted_flow(market, weight))
        gained = market.worth(candidate) - worth
        if gained <= 0:
            break
        plan, worth = candidate, worth + gained
        if gained <= LITTLE * worth:
            break
    return plan


def _admitted(market: Market, flow: Ints) -> Bools:
    """Return the links of a flow that pay and reach their lot, the best ones of each row and of the budget."""
    gain = market.value * flow - market.fixed
    links = (flow >= market.lot) & (gain > 0)
    keep_best(links, gain, market.tail, market.supply_partners)
    keep_best(links, gain, market.head, market.demand_partners)
    marked = links & market.budgeted
    keep_best(marked, gain, np.zeros(market.arcs, np.int64), np.array([market.budget]))
    return links & (marked | ~market.budgeted)


def _raise_to_lots(market: Market, flow: Ints, links: Bools) -> None:
    """Add to `links` what a flow carries below the lot, the most gainful first, where there is room for the lot."""
    rest = market.beside(np.where(links, flow, 0))
    gain = market.value * rest.most - market.fixed
    arcs = np.flatnonzero((flow > 0) & ~links & rest.may_pay())
    arcs = arcs[np.argsort(-gain[arcs], kind="stable")]
    supply, demand = rest.supply.tolist(), rest.demand.tolist()
    at_supply, at_demand, budget = rest.supply_partners.tolist(), rest.demand_partners.tolist(), rest.budget
    columns = (market.tail, market.head, market.lot, market.budgeted)
    for a, i, j, lot, marked in zip(arcs.tolist(), *(column[arcs].tolist() for column in columns), strict=True):
        fits = lot <= supply[i] and lot <= demand[j] and at_supply[i] > 0 and at_demand[j] > 0
        if fits and (budget > 0 or not marked):
            links[a] = True
            supply[i], demand[j] = supply[i] - lot, demand[j] - lot
            at_supply[i], at_demand[j], budget = at_supply[i] - 1, at_demand[j] - 1, budget - marked


def keep_best(links: Bools, gain: Ints | Floats, node: Ints, most: Ints) -> None:
    """Drop from `links` all but the `most[n]` greatest gains of each node n."""
    arcs = np.flatnonzero(links)
    number = count(node[arcs], len(most))
    if (number <= most).all():
        return
    order = arcs[np.lexsort((-gain[arcs], node[arcs]))]
    rank = np.arange(len(order)) - (np.cumsum(number) - number)[node[order]]
    links[order[rank >= most[node[order]]]] = False
