"""Better prices: each step looks where supplies and demands disagree about an arc, and moves its worth between them.

A supply and a demand each choose links that earn the most for them alone. Where one wants an arc more than the other
does, its value counts a little less for the one and a little more for the other: a subgradient step on the bound.

Source     M. Held, P. Wolfe, H. P. Crowder (1974), Math. Programming 6, 62-88, for the length of a step; B. T. Polyak
           (1964), USSR Comput. Math. Math. Phys. 4, 1-17, for the momentum; F. Barahona, R. Anbil (2000), Math.
           Programming 87, 385-399, for what the averages of the choices tell
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from optimizer.deadline import Deadline
from optimizer.linear import Floats
from optimizer.links.market import Market
from optimizer.links.relaxation import LinkPrices, parted, proof_of, sides
from optimizer.links.rows import SETS, Earned

STEPS: Final = 40
LENGTH: Final = 0.05
"""First length of a step, as a share of the way to the target."""
MOMENTUM: Final = 0.7
PATIENCE: Final = 8
"""Steps without a better bound before the length is cut to SHORTER of it."""
SHORTER: Final = 0.6
TARGET: Final = 0.3
"""Where between the objective known and the best bound a step aims."""
PROGRESS: Final = 2e-6
"""Share of the bound that counts as better."""
FADING: Final = 0.9
"""What a choice counts in the averages one step later."""


@dataclass(slots=True, eq=False)
class Wanted:
    """How the ends of each arc chose on average, later steps first: links (A,) 0 to 1, and flow (A,)."""

    links: Floats
    flow: Floats
    weight: float = 0.0

    def add(self, here: Earned, there: Earned) -> None:
        """Count one more choice of both ends."""
        self.weight = FADING * self.weight + 1.0
        share = 1.0 / self.weight
        self.links += share * ((here.link + there.link.astype(np.float64)) / 2 - self.links)
        self.flow += share * ((here.flow + there.flow) / 2 - self.flow)


@dataclass(frozen=True, slots=True, eq=False)
class Tightened:
    """Better prices, the bound they prove in their parts of a money unit, and what the rows wanted on the way."""

    prices: LinkPrices
    proof: int
    wanted: Wanted


def tightened(market: Market, prices: LinkPrices, objective: int, deadline: Deadline, sets: int = SETS) -> Tightened:
    """Return better prices, begun from those given; `objective` is the worth of a plan. Stops at the deadline."""
    supplies, demands = rows = sides(market, sets)
    most, parts = market.most.astype(np.float64), prices.parts
    price = [column / parts for column in (prices.supply, prices.supply_link, prices.demand, prices.demand_link)]
    (value, cost), (all_value, all_cost) = _money(market, prices)
    best, kept = np.inf, (value, cost)
    length, since = LENGTH, 0
    wanted = Wanted(np.zeros(market.arcs), np.zeros(market.arcs))
    push_value, push_cost = np.zeros(market.arcs), np.zeros(market.arcs)
    for _ in range(STEPS):
        here = supplies.earned((value, cost), (price[0], price[1]))
        there = demands.earned((all_value - value, all_cost - cost), (price[2], price[3]))
        bound = float(here.most.sum() + there.most.sum()) + prices.budget / parts * market.budget
        wanted.add(here, there)
        since = 0 if bound < best * (1 - PROGRESS) else since + 1
        if bound < best:
            best, kept = bound, (value, cost)
        if deadline.passed() or best - objective <= PROGRESS * best:
            break
        if since >= PATIENCE:
            length, since = length * SHORTER, 0
            (value, cost), push_value, push_cost = kept, 0 * push_value, 0 * push_cost
            continue
        wish_value, wish_cost = _disagreement(here, there, most)
        push_value, push_cost = wish_value + MOMENTUM * push_value, wish_cost + MOMENTUM * push_cost
        aim = bound - (objective + TARGET * (best - objective))
        step = length * aim / max(float(push_value @ push_value + push_cost @ push_cost), 1e-9)
        value, cost = value - step * push_value / most, cost - step * push_cost
    whole = [np.rint(column * parts).astype(np.int64) for column in kept]
    better = replace(prices, arc_value=whole[0], arc_cost=whole[1])
    return Tightened(better, proof_of(market, better, rows), wanted)


def _money(market: Market, prices: LinkPrices) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return (A,) value and cost that count for supplies, and both as a whole, in money units."""
    (value, cost), (rest_value, rest_cost) = parted(market, prices)
    parts = prices.parts
    return (value / parts, cost / parts), ((value + rest_value) / parts, (cost + rest_cost) / parts)


def _disagreement(here: Earned, there: Earned, most: Floats) -> tuple[Floats, Floats]:
    """Return by how much supplies want more of each arc than demands do: shares of `most`, and links with minus."""
    links: Floats = there.link.astype(np.float64) - here.link
    return (here.flow - there.flow) / most, links
