"""Exchange where a link itself costs something or is scarce: who deals with whom, and how much flows there.

Data       exchange, an ExchangeProblem; per arc fixed_cost (A,), whole money units for using the link at all, and lot
           (A,), the least quantity it carries if it carries any; supply_partners (S,), demand_partners (D,), the most
           links a row may have; budget, the most links among the arcs marked in budgeted (A,) bool. All int64, zero or
           more; None where there is no such limit
Variables  flow (A,), whole units; link[a] = 1 where flow[a] > 0
Model      maximise sum_a value[a] flow[a] - fixed_cost[a] link[a] within the limits of the exchange, where
           lot[a] link[a] <= flow[a] <= capacity[a] link[a], sum_a(i) link <= supply_partners[i],
           sum_a(j) link <= demand_partners[j], sum_budgeted link <= budget
Stable     a plan that keeps last month's links is asked for through the data: lower fixed_cost where there is a link
           already, and raise it where a new one must be set up
Source     W. M. Hirsch, G. B. Dantzig (1968), Naval Res. Logist. Quart. 15, 413-424: the fixed charge problem
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from optimizer.errors import ProblemError, ProblemTooLargeError
from optimizer.problem import Bools, ExchangeProblem, Ints, exact_dot, exact_sum, trivial_bound

MAX_QUANTITY: Final = 2**56
"""Largest sum of supplies or of demands."""
MAX_WORTH: Final = 2**60
"""Largest sum of fixed costs, and largest conceivable value of an exchange with links."""


@dataclass(frozen=True, slots=True, eq=False)
class LinksProblem:
    """A checked problem; its arrays are copies and cannot be written.

    Raises ProblemError when an array has a wrong type, shape or sign, or when arcs are marked without a budget, and
    ProblemTooLargeError when a sum could leave 64 bits.
    """

    exchange: ExchangeProblem
    fixed_cost: Ints | None = None
    lot: Ints | None = None
    supply_partners: Ints | None = None
    demand_partners: Ints | None = None
    budget: int | None = None
    budgeted: Bools | None = None

    def __post_init__(self) -> None:
        base = self.exchange
        sizes = {
            "fixed_cost": base.arcs,
            "lot": base.arcs,
            "supply_partners": len(base.supply),
            "demand_partners": len(base.demand),
        }
        for name, size in sizes.items():
            if getattr(self, name) is not None:
                object.__setattr__(self, name, _limit(name, getattr(self, name), size))
        self._check_budget()
        if max(exact_sum(base.supply), exact_sum(base.demand)) > MAX_QUANTITY:
            raise ProblemTooLargeError(
                "The sum of supply or of demand is above 2^56; state quantities in a coarser unit."
            )
        costs = 0 if self.fixed_cost is None else exact_sum(self.fixed_cost)
        if costs > MAX_WORTH or trivial_bound(base) > MAX_WORTH:
            raise ProblemTooLargeError(
                "The fixed costs, or the most this exchange could be worth, are above 2^60 money units; state money in "
                "a coarser unit."
            )

    def _check_budget(self) -> None:
        if self.budget is not None and self.budget < 0:
            raise ProblemError(f"budget is {self.budget}; give a number of links, zero or more.")
        if self.budgeted is None:
            return
        if self.budget is None:
            raise ProblemError("budgeted marks arcs, but there is no budget; give both or neither.")
        object.__setattr__(self, "budgeted", _marks(self.budgeted, self.exchange.arcs))

    @property
    def arcs(self) -> int:
        """Return the number of arcs."""
        return self.exchange.arcs

    def objective(self, flow: Ints) -> int:
        """Return the value of a flow less the fixed cost of every link it uses, exactly."""
        worth = self.exchange.objective(flow)
        return worth if self.fixed_cost is None else worth - exact_dot(self.fixed_cost, (flow > 0).astype(np.int64))


def _limit(name: str, given: object, size: int) -> Ints:
    if not isinstance(given, np.ndarray) or given.dtype != np.int64:
        kind = given.dtype if isinstance(given, np.ndarray) else type(given).__name__
        raise ProblemError(f"{name} is {kind}; give an int64 array.")
    if given.shape != (size,):
        raise ProblemError(f"{name} has shape {given.shape}, not ({size},).")
    if size and int(given.min()) < 0:
        row = int(np.argmax(given < 0))
        raise ProblemError(f"{name}[{row}] is {given[row]}; give zero or more.")
    column = given.copy()
    column.setflags(write=False)
    return column


def _marks(given: object, size: int) -> Bools:
    if not isinstance(given, np.ndarray) or given.dtype != np.bool_ or given.shape != (size,):
        raise ProblemError(f"budgeted must be a bool array of one entry per arc ({size}).")
    marks = given.copy()
    marks.setflags(write=False)
    return marks
