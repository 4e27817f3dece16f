"""The answer to an exchange over several periods, with its proof."""

from dataclasses import dataclass

from optimizer.plan import SolveStatus
from optimizer.problem import Ints


@dataclass(frozen=True, slots=True)
class PeriodsPart:
    """One solve of the whole: its links (an arc in a period), what it is worth, its bound and its seconds."""

    links: int
    objective: int
    bound: int
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class PeriodsPlan:
    """A plan in the order of the problem's own rows and periods; quantities and money are its whole units.

    flow (A, T)                        what each arc carries in each period
    supply_stock (S, T), demand_stock (D, T)  what is kept at the end of each period; nothing after the last
    price_supply_low, price_supply_high (S, T), price_demand_low, price_demand_high (D, T)
        what one unit more of a row in a period is worth at the margin. Two dual solutions stand behind the ends:
        (supply low, demand high) and (supply high, demand low); each proves the bound
    bound                              no plan is worth more
    """

    flow: Ints
    supply_stock: Ints
    demand_stock: Ints
    objective: int
    bound: int
    status: SolveStatus
    price_supply_low: Ints
    price_supply_high: Ints
    price_demand_low: Ints
    price_demand_high: Ints
    parts: tuple[PeriodsPart, ...]
    seconds: float

    @property
    def gap(self) -> float:
        """Return (bound - objective) / bound: 0 where the optimum is proven."""
        return (self.bound - self.objective) / self.bound if self.bound > 0 else 0.0
