"""The answer to a chain problem: flows, stocks, links, prices, and how good it is."""

import math
from dataclasses import dataclass

import numpy as np

from optimizer.chain.problem import ChainProblem
from optimizer.linear import Floats
from optimizer.plan import SolveStatus
from optimizer.problem import Bools, Ints


@dataclass(frozen=True, slots=True)
class Part:
    """One independent part of a problem and how its solve ended."""

    status: SolveStatus
    objective: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """Return how much may be missing, as a share of the larger of bound and objective."""
        return share_missing(self.objective, self.bound)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A least quantity that cannot be met: `limit` names it as `chain.words` reads it, `wanted` of which `missing`."""

    limit: tuple[str, int, int, int]
    wanted: float
    missing: float


@dataclass(frozen=True, slots=True, eq=False)
class ChainPlan:
    """A plan in the order of the problem's own rows; without one, its columns are zeros and objective is NaN.

    flow (A + P, T)            what each arc takes and each processor works through
    stock (K, T)               what each store holds at the end of a period
    used (A + P,)              which arcs and processors carry anything at all
    price_supply (S, T), price_product (Q, T), price_demand (D, T), price_processor (P, T)
                               what one unit more of a limit that binds is worth, one unit more of a product or of
                               an intake at hand; below zero where a least quantity binds. With links to choose, the
                               prices are those of the plan's own links
    price_most, price_least (D + P, K, T)  zero or more: the worth of loosening a quality limit, per unit delivered
    regret (A + P, T)          what a unit on this arc or processor would lose against the plan; below zero: what a
                               unit more of its own capacity, or a link that was not allowed, would gain. On a link that
                               is not used, the cost of setting it up counts, spread over what it can carry
    price_second               what one unit less of second_least is worth: the marginal cost of the second objective
    part_of_supply (S,), part_of_demand (D,), part_of_processor (P,)  the independent part each belongs to; -1: none
    proven_by_prices           whether the bound was recomputed from prices; else it is that of the branch and bound
    shortfalls, obstacles      of an INFEASIBLE one: the least that is missing, and the limits in the way, by name
    """

    status: SolveStatus
    flow: Floats
    stock: Floats
    used: Bools
    objective: float
    bound: float
    second: float
    price_supply: Floats
    price_product: Floats
    price_demand: Floats
    price_processor: Floats
    price_most: Floats
    price_least: Floats
    regret: Floats
    price_second: float
    part_of_supply: Ints
    part_of_demand: Ints
    part_of_processor: Ints
    parts: tuple[Part, ...]
    proven_by_prices: bool
    shortfalls: tuple[Shortfall, ...]
    obstacles: tuple[tuple[str, int, int, int], ...]
    seconds: float

    @property
    def gap(self) -> float:
        """Return how much may be missing, as a share of the larger of bound and objective."""
        return share_missing(self.objective, self.bound)


def share_missing(objective: float, bound: float) -> float:
    """Return (bound - objective) over the larger of the two in size; 0 where both are zero."""
    larger = max(abs(objective), abs(bound))
    if not math.isfinite(larger):
        return math.nan
    return max(0.0, bound - objective) / larger if larger > 0 else 0.0


def empty_plan(problem: ChainProblem, status: SolveStatus) -> ChainPlan:
    """Return a plan without flow, prices or proof."""
    periods, uses = problem.periods, len(problem.uses.value)
    quality = np.zeros((problem.heads, problem.properties, periods))
    return ChainPlan(
        status=status,
        flow=np.zeros((uses, periods)),
        stock=np.zeros((len(problem.stores.node), periods)),
        used=np.zeros(uses, np.bool_),
        objective=float("nan"),
        bound=float("inf"),
        second=float("nan"),
        price_supply=np.zeros(problem.supply.shape),
        price_product=np.zeros((len(problem.product_of), periods)),
        price_demand=np.zeros(problem.demand.shape),
        price_processor=np.zeros((problem.processors, periods)),
        price_most=quality,
        price_least=quality.copy(),
        regret=np.zeros((uses, periods)),
        price_second=0.0,
        part_of_supply=np.full(len(problem.supply), -1, np.int64),
        part_of_demand=np.full(len(problem.demand), -1, np.int64),
        part_of_processor=np.full(problem.processors, -1, np.int64),
        parts=(),
        proven_by_prices=False,
        shortfalls=(),
        obstacles=(),
        seconds=0.0,
    )
