"""The answer to a siting, or what stands in its way."""

from collections.abc import Callable
from dataclasses import dataclass

from optimizer.plan import SolveStatus
from optimizer.problem import Bools, Ints


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps everybody from being served.

    With a `customer`: even with every site open, `short` of its `wanted` finds no room. Without one: the `sites`
    largest sites that may be open hold `short` less than the `wanted` of all; short 0 means that they hold enough,
    but no choice of so few reaches everybody.
    """

    wanted: int
    short: int
    customer: int | None = None
    sites: int | None = None

    def sentence(self, customer: str, amount: Callable[[int], str] = str) -> str:
        """Return the obstacle in words, with the name of the customer and amounts as the reader writes them."""
        if self.customer is not None:
            return (
                f"Even with every site open, {amount(self.short)} of the {amount(self.wanted)} of {customer} cannot be "
                f"served: its arcs, or the capacity of the sites they lead to, fall short."
            )
        if self.short:
            held = amount(self.wanted - self.short)
            return (
                f"The {self.sites} largest sites hold {held}, but the customers have {amount(self.wanted)}: at_most is "
                f"too small."
            )
        return f"No choice of at most {self.sites} sites serves every customer, though all sites together can."


@dataclass(frozen=True, slots=True, eq=False)
class SitingPlan:
    """Which sites to open and who goes where; objective is None where the status is INFEASIBLE or STOPPED.
    It is OPTIMAL where it is within the relative tolerance PROOF of the bound.

    bound           no choice is worth more; None where nothing is known
    flow, sold      (A,) what goes to each site, (B,) what each sells of what it makes, counted as what was treated
    price           (J + D,) prices of customers, then outlets, in a price_unit-th of a money unit, that prove the bound
                    by themselves (bound.py), or None where the bound is that of the branch and bound
    obstacle        what makes it INFEASIBLE, else None
    """

    status: SolveStatus
    opened: Bools
    flow: Ints
    sold: Ints
    objective: int | None
    bound: int | None
    price: Ints | None
    price_unit: int
    obstacle: Obstacle | None
    seconds: float

    @property
    def gap(self) -> float | None:
        """Return how much may be missing, as a share of the bound; None where it is not known."""
        if self.objective is None or self.bound is None:
            return None
        return relative_gap(self.objective, self.bound)


def relative_gap(objective: int, bound: int) -> float:
    """Return (bound - objective) as a share of the greater of the two, whatever their signs; 0 where they agree."""
    return max(0, bound - objective) / max(abs(bound), abs(objective), 1)
