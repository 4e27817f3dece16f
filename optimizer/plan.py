"""The answer to an exchange problem, with the proof of how good it is."""

from dataclasses import dataclass
from enum import StrEnum

from optimizer.problem import Ints


class SolveStatus(StrEnum):
    """How a solve ended. An exchange problem is never infeasible: to exchange nothing is always allowed."""

    OPTIMAL = "OPTIMAL"
    """The objective equals the bound: proven in integers, no plan is worth more."""
    FEASIBLE = "FEASIBLE"
    """Every limit holds, but the time or the accepted gap ended the solve: `gap` says how much may be missing."""


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
    seconds: float

    @property
    def gap(self) -> float:
        """Return (bound - objective) / bound: 0 where the optimum is proven."""
        return (self.bound - self.objective) / self.bound if self.bound > 0 else 0.0
