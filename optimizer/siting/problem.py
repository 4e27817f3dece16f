"""Where to put shared plants: facility location, with or without capacities, at most k sites.

Data       fixed_cost, capacity (I,) of the candidate sites; demand (J,) of the customers, that is what each brings or
           needs; arcs a = (i, j), each pair at most once: arc_site, arc_customer (A,), value_per_unit (A,) whole money
           units, any sign (a cost is a negative value); serve_all; at_most, the greatest number of sites, or None.
           All int64, quantities and fixed costs not negative. A site without a limit has the sum of all demands
Variables  open (I,), flow (A,) whole units
Model      maximise sum_a value[a] flow[a] - sum_i fixed_cost[i] open[i], where
           sum_a(j) flow <= demand[j], with equality if serve_all; sum_a(i) flow <= capacity[i] open[i];
           flow[a] <= demand[j] open[i]; sum_i open[i] <= at_most
Source     M. L. Balinski (1965), Management Sci. 12, 253-313
"""

import itertools
from dataclasses import dataclass

import numpy as np

from optimizer.errors import ProblemError, ProblemTooLargeError
from optimizer.problem import MAX_TOTAL, Bools, ExchangeProblem, Ints, exact_dot, exact_sum


@dataclass(frozen=True, slots=True, eq=False)
class SitingProblem:
    """A checked problem; raises ProblemError or ProblemTooLargeError."""

    fixed_cost: Ints
    capacity: Ints
    demand: Ints
    arc_site: Ints
    arc_customer: Ints
    value_per_unit: Ints
    serve_all: bool
    at_most: int | None = None

    def __post_init__(self) -> None:
        # With all sites open this is an exchange, whose checks of shape, sign, index and range all apply.
        try:
            whole = ExchangeProblem(self.capacity, self.demand, self.arc_site, self.arc_customer, self.value_per_unit)
        except ProblemError as refused:
            raise type(refused)(f"As an exchange from sites (supply) to customers (demand): {refused}") from refused
        for name, column in (
            ("capacity", whole.supply),
            ("demand", whole.demand),
            ("arc_site", whole.arc_supply),
            ("arc_customer", whole.arc_demand),
            ("value_per_unit", whole.value_per_unit),
        ):
            object.__setattr__(self, name, column)
        if self.fixed_cost.shape != self.capacity.shape or self.fixed_cost.dtype != np.int64:
            raise ProblemError("fixed_cost must be int64, one entry per site.")
        for row in np.flatnonzero(self.fixed_cost < 0):
            raise ProblemError(f"fixed_cost[{row}] is {self.fixed_cost[row]}; a site costs zero or more.")
        if self.at_most is not None and self.at_most < 1:
            raise ProblemError(f"at_most is {self.at_most}; at least one site may be opened.")
        size = whole.capacity()
        worth = exact_dot(np.abs(self.value_per_unit), size) + exact_sum(self.fixed_cost)
        if exact_sum(size) > MAX_TOTAL or worth > MAX_TOTAL:
            raise ProblemTooLargeError("All arcs together carry or cost more than 2^61 units; state coarser units.")

    @property
    def sites(self) -> int:
        """Return the number of candidate sites."""
        return len(self.capacity)

    @property
    def arcs(self) -> int:
        """Return the number of arcs."""
        return len(self.arc_site)

    @property
    def most_open(self) -> int:
        """Return how many sites may be open."""
        return self.sites if self.at_most is None else min(self.at_most, self.sites)

    @property
    def least_open(self) -> int:
        """Return how many sites must be open at least: as many of the largest as hold all demand, if all is served."""
        needed = sum(self.demand.tolist()) if self.serve_all else 0
        held = itertools.accumulate(sorted(self.capacity.tolist(), reverse=True), initial=0)
        return min(sum(1 for so_far in held if so_far < needed), self.sites)

    def size(self) -> Ints:
        """Return what each arc can carry at most (A,)."""
        least: Ints = np.minimum(self.capacity[self.arc_site], self.demand[self.arc_customer])
        return least

    def objective(self, opened: Bools, flow: Ints) -> int:
        """Return what a choice of sites and a flow are worth, exactly."""
        return exact_dot(self.value_per_unit, flow) - exact_sum(self.fixed_cost[opened])
