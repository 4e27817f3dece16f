"""How far the prices of a plan reach: for how many units more or less each of them holds at least.

A unit more of a supply travels to where it is used along arcs that cost nothing at its price; as many units as the
widest such path can take are worth that price each. Together with other paths even more may be: what is returned is a
bound from below, exact where it is zero and the next unit is worth another price.

Source     J. E. Ward, R. E. Wendell (1990), Ann. Oper. Res. 27, 3-38, for ranges under degeneracy: each end of a price
           interval has its own
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from optimizer.errors import ProblemError
from optimizer.plan import ExchangePlan, SolveStatus
from optimizer.problem import ExchangeProblem, Ints

NO_END: Final = 2**61
"""A range without an end: no quantity is that large."""


@dataclass(frozen=True, slots=True, eq=False)
class PriceRanges:
    """Units for which each price holds at least, in whole units; NO_END where it holds for any number.

    supply_more (S,)   units more of a supply, each worth price_supply_low
    supply_less (S,)   units less of it, each costing price_supply_high
    demand_more (D,)   units more of a demand, each worth price_demand_low
    demand_less (D,)   units less of it, each costing price_demand_high
    """

    supply_more: Ints
    supply_less: Ints
    demand_more: Ints
    demand_less: Ints


def price_ranges(problem: ExchangeProblem, plan: ExchangePlan) -> PriceRanges:
    """Return for how many units the prices of an optimal plan hold; raises ProblemError for one that is not proven."""
    if plan.status is not SolveStatus.OPTIMAL:
        raise ProblemError(f"The plan is {plan.status}; only the prices of an optimal one have a range.")
    left_supply, left_demand = problem.supply.copy(), problem.demand.copy()
    np.subtract.at(left_supply, problem.arc_supply, plan.flow)
    np.subtract.at(left_demand, problem.arc_demand, plan.flow)
    room = np.full(problem.arcs, NO_END) if problem.arc_capacity is None else problem.arc_capacity - plan.flow
    ends = problem.arc_supply, problem.arc_demand
    low, high = plan.price_supply_low, plan.price_demand_high
    tight = _tight(problem, low, high)
    straight = np.where(low == 0, NO_END, 0), left_demand * (high == 0)
    supply_more, demand_less = _widest(ends, room * tight, plan.flow * tight, straight)
    high, low = plan.price_supply_high, plan.price_demand_low
    tight = _tight(problem, high, low)
    straight = np.where(low == 0, NO_END, 0), left_supply * (high == 0)
    demand_more, supply_less = _widest(ends[::-1], room * tight, plan.flow * tight, straight)
    # A row cannot have less than nothing.
    return PriceRanges(
        supply_more,
        np.minimum(supply_less, problem.supply),
        demand_more,
        np.minimum(demand_less, problem.demand),
    )


def _tight(problem: ExchangeProblem, price_supply: Ints, price_demand: Ints) -> Ints:
    """Return 1 for the arcs (A,) that neither gain nor lose at these prices, else 0."""
    together = price_supply[problem.arc_supply] + price_demand[problem.arc_demand]
    tight: Ints = (together == problem.value_per_unit).astype(np.int64)
    return tight


def _widest(ends: tuple[Ints, Ints], room: Ints, flow: Ints, width: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Return how much each node can pass on to the slack node along one path, (first side, second side).

    A node of the first side passes on over arcs with `room`, one of the second side by giving back `flow`; `width` is
    what each can pass on straight away.
    """
    first, second = width[0].copy(), width[1].copy()
    onward, back = np.flatnonzero(room > 0), np.flatnonzero(flow > 0)
    while True:
        before = first.copy(), second.copy()
        np.maximum.at(second, ends[1][back], np.minimum(flow[back], first[ends[0][back]]))
        np.maximum.at(first, ends[0][onward], np.minimum(room[onward], second[ends[1][onward]]))
        if np.array_equal(before[0], first) and np.array_equal(before[1], second):
            return first, second
