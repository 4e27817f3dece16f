"""Where to put shared plants: facility location, with or without capacities, at most k sites.

Data       fixed_cost, capacity (I,) of the candidate sites; demand (J,) of the customers, that is what each brings or
           needs; arcs a = (i, j), each pair at most once: arc_site, arc_customer (A,), value_per_unit (A,) whole money
           units, any sign (a cost is a negative value); serve_all; at_most, the greatest number of sites, or None.
           All int64, quantities and fixed costs not negative. A site without a limit has the sum of all demands.
           products, if what the sites make is sold: an exchange from the sites (supply = capacity) to outlets; its
           quantities are counted in what is treated to make them, which is what one yield for all sites allows
Variables  open (I,), flow (A,), sold (B,) over the arcs of products, whole units
Model      maximise sum_a value[a] flow[a] + sum_b price[b] sold[b] - sum_i fixed_cost[i] open[i], where
           sum_a(j) flow <= demand[j], with equality if serve_all; sum_a(i) flow <= capacity[i] open[i];
           flow[a] <= demand[j] open[i]; sum_b(i) sold <= sum_a(i) flow; sum_b(d) sold <= wanted[d];
           sum_i open[i] <= at_most
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
    products: ExchangeProblem | None = None

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
        sales = self.sales
        if not np.array_equal(sales.supply, self.capacity) or sales.arc_capacity is not None:
            raise ProblemError("products must have the sites with their capacities as supplies, and no arc_capacity.")
        worth = sum(exact_dot(np.abs(one.value_per_unit), one.capacity()) for one in (whole, sales))
        if sum(exact_sum(one.capacity()) for one in (whole, sales)) > MAX_TOTAL or (
            worth + exact_sum(self.fixed_cost) > MAX_TOTAL
        ):
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
    def sales(self) -> ExchangeProblem:
        """Return the exchange from the sites to the outlets; one without outlets where nothing is sold."""
        nobody = np.zeros(0, np.int64)
        return self.products or ExchangeProblem(self.capacity, nobody, nobody, nobody, nobody)

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

    def best_sale(self) -> Ints:
        """Return what the best outlet of each site pays, zero or more (I,)."""
        best, _ = self.sales.best_values()
        return best

    def objective(self, opened: Bools, flow: Ints, sold: Ints) -> int:
        """Return what a choice of sites and what flows through them are worth, exactly."""
        earned = exact_dot(self.value_per_unit, flow) + exact_dot(self.sales.value_per_unit, sold)
        return earned - exact_sum(self.fixed_cost[opened])
