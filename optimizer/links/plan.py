"""The answer to a links problem: the flow, its value, and how much more there could be at most."""

from dataclasses import dataclass

import numpy as np

from optimizer.links.relaxation import LinkPrices
from optimizer.plan import SolveStatus
from optimizer.problem import Ints


@dataclass(frozen=True, slots=True)
class LinksPart:
    """How one independent part of a problem ended."""

    arcs: int
    objective: int
    bound: int
    seconds: float

    @property
    def gap(self) -> float:
        """Return how much may be missing, as a share of the bound."""
        return (self.bound - self.objective) / self.bound if self.bound > 0 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class LinksPlan:
    """A plan in the order of the problem's own rows; to link nothing is always a plan.

    flow (A,)    what each arc carries; a link is an arc that carries something
    bound        no plan is worth more: what the prices prove, or less where branch and bound proved it
    price_bound  what the prices alone prove; `check_links` recomputes it
    parts        one per independent part, largest first
    """

    flow: Ints
    objective: int
    bound: int
    status: SolveStatus
    prices: LinkPrices
    price_bound: int
    parts: tuple[LinksPart, ...]
    seconds: float

    @property
    def gap(self) -> float:
        """Return how much may be missing, as a share of the bound: (bound - objective) / bound."""
        return (self.bound - self.objective) / self.bound if self.bound > 0 else 0.0

    @property
    def links(self) -> int:
        """Return how many arcs carry something."""
        return int(np.count_nonzero(self.flow))
