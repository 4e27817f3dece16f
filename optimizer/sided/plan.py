"""The answer to an exchange with side rows: flow, prices, and the bound that the prices prove."""

from dataclasses import dataclass

import numpy as np

from optimizer.linear import Floats
from optimizer.plan import SolveStatus
from optimizer.sided.problem import SidedProblem


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A least quantity that cannot be met: `kind` is supply, demand or arc, `row` its number."""

    kind: str
    row: int
    missing: float
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class SidedPlan:
    """A plan in the order of the problem's own rows; without one, flow and prices are zeros and objective is NaN.
    It is OPTIMAL where objective and bound are equal to 1e-9 of what is traded and priced.

    flow (A,)                         what each arc takes from its supply
    price_supply (S,), price_demand (D,)  what one unit more of a limit that binds is worth; below zero where a least
                                      quantity binds: what a unit less of it would be worth
    price_most, price_least (D, K)    zero or more: the worth of loosening a quality limit, per unit delivered
    regret (A,)                       what a unit on this arc would lose against the plan; below zero: what a unit more
                                      of the arc's own capacity would gain
    shortfalls, obstacles             of an INFEASIBLE one: the least that is missing, and what stands in the way
    bound                             no plan is worth more; recomputed from the prices, never the solver's word
    """

    status: SolveStatus
    flow: Floats
    objective: float
    bound: float
    price_supply: Floats
    price_demand: Floats
    price_most: Floats
    price_least: Floats
    regret: Floats
    shortfalls: tuple[Shortfall, ...]
    obstacles: tuple[str, ...]
    seconds: float

    @property
    def gap(self) -> float:
        """Return (bound - objective) over the larger of the two; 0 where both are zero."""
        larger = max(abs(self.bound), abs(self.objective))
        return (self.bound - self.objective) / larger if larger > 0 else 0.0


def empty_plan(problem: SidedProblem, status: SolveStatus) -> SidedPlan:
    """Return a plan without flow, prices or proof."""
    base = problem.exchange
    quality = np.zeros((len(base.demand), problem.properties))
    return SidedPlan(
        status=status,
        flow=np.zeros(base.arcs),
        objective=float("nan"),
        bound=float("inf"),
        price_supply=np.zeros(len(base.supply)),
        price_demand=np.zeros(len(base.demand)),
        price_most=quality,
        price_least=quality.copy(),
        regret=np.zeros(base.arcs),
        shortfalls=(),
        obstacles=(),
        seconds=0.0,
    )
