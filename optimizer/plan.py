"""The answer to an exchange problem, with the proof of how good it is."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Ints


class SolveStatus(StrEnum):
    """How a solve ended, for every kind of problem. A pure exchange always has a plan: to exchange nothing."""

    OPTIMAL = "OPTIMAL"
    """No plan is worth more: objective and bound are equal, or equal to the precision that its kind states."""
    FEASIBLE = "FEASIBLE"
    """Every limit holds, but the time or the accepted gap ended the solve: `gap` says how much may be missing."""
    INFEASIBLE = "INFEASIBLE"
    """No plan keeps every limit; the plan says which limits stand in the way."""
    STOPPED = "STOPPED"
    """The time or the method ended with neither a plan nor a proof that there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class ExchangePlan:
    """A plan in the order of the problem's own rows. Money and quantities are the problem's whole units.

    flow (A,)                what each arc carries
    price_supply_low, price_supply_high (S,), price_demand_low, price_demand_high (D,)
        what one unit more of a row is worth at the margin. Two dual solutions stand behind the ends:
        (supply low, demand high) and (supply high, demand low). Any mix of the two, such as the midpoint, is one
        as well; the two lows together are not.
    bound                    no plan is worth more: sum u s + sum v d + sum rent c, equal for both dual solutions
    component_of_supply (S,), component_of_demand (D,)
        which independent part of the problem a row belongs to; -1 for a row that no useful arc touches
    component_objective, component_bound, component_seconds (components,)
        what each part is worth, its bound, and the seconds of the solve it was in (small ones share one; 0: not solved)
    """

    flow: Ints
    objective: int
    bound: int
    status: SolveStatus
    price_supply_low: Ints
    price_supply_high: Ints
    price_demand_low: Ints
    price_demand_high: Ints
    component_of_supply: Ints
    component_of_demand: Ints
    components: int
    component_objective: Ints
    component_bound: Ints
    component_seconds: NDArray[np.float64]
    seconds: float

    @property
    def gap(self) -> float:
        """Return (bound - objective) / bound: 0 where the optimum is proven."""
        return (self.bound - self.objective) / self.bound if self.bound > 0 else 0.0
