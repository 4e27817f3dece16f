"""Improve the plan and the bound of one independent part of a market, step by step, until the wishes are met."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from optimizer.deadline import Deadline
from optimizer.errors import SolverError
from optimizer.links.ascent import tightened
from optimizer.links.branch import Effort, branch_and_bound
from optimizer.links.construct import RARE, first_plan, planned, polished, wanted_plan
from optimizer.links.improve import ROWS, Neighbourhoods, candidates_of, replanned
from optimizer.links.market import Market
from optimizer.links.relaxation import LinkPrices, proof_of, sides
from optimizer.problem import Bools, Ints

SMALL: Final = 1_500
"""Arcs up to which branch and bound takes the whole part."""
TINY: Final = 300
"""Arcs up to which the relaxation's prices and plan are enough to begin branch and bound from."""
SMALL_NODES: Final = 20_000
LEANINGS: Final = (0.5, 0.2, 1.0, 2.0)
"""How strongly plans lean towards the links that rows want, as a share of their cost; one plan each."""
PASSES: Final = 6
"""How often each row is freed, on average, before neighbourhoods end."""
PROOF: Final = 1e-6
"""Gap up to which a plan is called OPTIMAL: the tolerance of the branch and bound."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """When a search may end, and what it starts its random choices from."""

    gap: float
    deadline: Deadline
    seed: int


@dataclass(slots=True, eq=False)
class Search:
    """One part with its best plan so far, what that is worth, and the prices that prove a bound.

    proof is the bound that the prices prove, in their parts of a money unit; bound is in whole units, and lower where
    branch and bound proved it. `told` hears by how much the objective rises and the bound falls.
    """

    market: Market
    prices: LinkPrices
    flow: Ints
    proof: int
    bound: int
    told: Callable[[int, int], None]
    objective: int = 0

    @classmethod
    def begin(cls, market: Market, prices: LinkPrices, told: Callable[[int, int], None]) -> Self:
        """Return a search that has no link yet, and the bound of the prices given."""
        proof = proof_of(market, prices, sides(market))
        return cls(market, prices, np.zeros(market.arcs, np.int64), proof, proof // prices.parts, told)

    def enough(self, gap: float) -> bool:
        """Return whether the plan is within this gap of the bound, or proven."""
        return self.bound - self.objective <= max(gap, PROOF) * self.bound

    def take(self, flow: Ints) -> None:
        """Keep a plan if it is better."""
        gained = self.market.worth(flow) - self.objective
        if gained > 0:
            self.flow, self.objective = flow, self.objective + gained
            self.told(gained, 0)

    def hold(self, bound: int) -> None:
        """Keep a bound if it is better; a solver's rounding never puts it below a plan."""
        fallen = self.bound - max(bound, self.objective)
        if fallen > 0:
            self.bound -= fallen
            self.told(0, fallen)

    def improve(self, wishes: Wishes, used: Bools, start: Ints | None) -> None:
        """Improve plan and bound until the wishes are met or the work is done; `used` (A,): by the relaxation."""
        market, deadline = self.market, wishes.deadline
        if start is not None:
            self.take(polished(market, planned(market, start > 0)))
        self.take(first_plan(market, self.prices.link_cost(market)))
        if self.enough(wishes.gap) or deadline.passed():
            return
        candidates = candidates_of(market, self.prices.gain(market), used | (self.flow > 0))
        if market.arcs > TINY:
            candidates |= self._tighten(deadline)
        if market.arcs <= SMALL:
            self._branch(wishes)
            return
        neighbourhoods = Neighbourhoods.over(market, candidates, wishes.seed)
        for _ in range(-(-PASSES * market.rows // ROWS)):
            if self.enough(wishes.gap) or deadline.passed():
                break
            self.take(replanned(market, self.flow, neighbourhoods.next(), candidates, deadline))

    def _tighten(self, deadline: Deadline) -> Bools:
        """Improve the bound, then the plan by what the rows wanted on the way; return the arcs that some wanted."""
        market = self.market
        cost = self.prices.link_cost(market)
        found = tightened(market, self.prices, self.objective, deadline.after_share(0.5))
        if found.proof < self.proof:
            self.prices, self.proof = found.prices, found.proof
            self.hold(found.proof // found.prices.parts)
        for leaning in LEANINGS:
            if deadline.passed():
                break
            self.take(wanted_plan(market, cost, found.wanted, leaning))
        return found.wanted.links > RARE

    def _branch(self, wishes: Wishes) -> None:
        effort = Effort(wishes.gap, SMALL_NODES, wishes.deadline.left_s())
        try:
            found = branch_and_bound(self.market, self.flow, effort)
        except SolverError:
            return
        if found.links is not None:
            self.take(planned(self.market, found.links))
        if found.bound is not None:
            self.hold(found.bound)
