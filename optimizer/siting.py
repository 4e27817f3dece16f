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
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from optimizer.errors import ProblemError, ProblemTooLargeError
from optimizer.plan import SolveStatus
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
    customer_price  (J,) prices that prove the bound by themselves (siting_bound.py), or None where the bound is that
                    of the branch and bound
    obstacle        what makes it INFEASIBLE, else None
    """

    status: SolveStatus
    opened: Bools
    flow: Ints
    objective: int | None
    bound: int | None
    customer_price: Ints | None
    obstacle: Obstacle | None
    seconds: float

    @property
    def gap(self) -> float | None:
        """Return how much may be missing, as a share of the bound; None where it is not known."""
        if self.objective is None or self.bound is None:
            return None
        return relative_gap(self.objective, self.bound)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock; None is never."""

    moment_s: float | None

    def passed(self) -> bool:
        """Return whether the moment is over."""
        return self.moment_s is not None and time.perf_counter() >= self.moment_s

    def left_s(self) -> float | None:
        """Return the seconds that are left, zero or more, or None where there is no limit."""
        return None if self.moment_s is None else max(0.0, self.moment_s - time.perf_counter())

    def halfway(self) -> Self:
        """Return the moment at which half of what is left of the time is gone."""
        left = self.left_s()
        return self if left is None else type(self)(time.perf_counter() + left / 2)


NEVER: Final = Deadline(None)


def relative_gap(objective: int, bound: int) -> float:
    """Return (bound - objective) as a share of the greater of the two, whatever their signs; 0 where they agree."""
    return max(0, bound - objective) / max(abs(bound), abs(objective), 1)


def check_siting(problem: SitingProblem, plan: SitingPlan) -> tuple[str, ...]:
    """Return what is wrong with a plan, in sentences; empty when it holds. Plain integers, no solver, no numpy sums."""
    if plan.opened.shape != (problem.sites,) or plan.flow.shape != (problem.arcs,):
        return (f"The plan has {plan.opened.shape} sites and {plan.flow.shape} arcs.",)
    faults = []
    if plan.objective is not None:
        faults += _limits(problem, plan)
        worth = sum(v * f for v, f in zip(problem.value_per_unit.tolist(), plan.flow.tolist(), strict=True))
        worth -= sum(cost for cost, is_open in zip(problem.fixed_cost.tolist(), plan.opened, strict=True) if is_open)
        if worth != plan.objective:
            faults.append(f"The plan is worth {worth}, but it says {plan.objective}.")
        if plan.bound is not None and plan.objective > plan.bound:
            faults.append(f"The objective {plan.objective} is above the bound {plan.bound}.")
    if plan.customer_price is not None and plan.bound is not None:
        proven = _proven(problem, plan.customer_price.tolist())
        if proven != plan.bound or (not problem.serve_all and min(plan.customer_price, default=0) < 0):
            faults.append(f"The customers' prices prove a bound of {proven}, but the plan says {plan.bound}.")
    return tuple(faults)


def _limits(problem: SitingProblem, plan: SitingPlan) -> list[str]:
    faults = []
    treated, served = [0] * problem.sites, [0] * len(problem.demand)
    for a, (i, j, flow) in enumerate(
        zip(problem.arc_site.tolist(), problem.arc_customer.tolist(), plan.flow.tolist(), strict=True)
    ):
        treated[i] += flow
        served[j] += flow
        if flow < 0:
            faults.append(f"Arc {a} carries {flow}.")
    for i, used in enumerate(treated):
        limit = int(problem.capacity[i]) if plan.opened[i] else 0
        if used > limit:
            faults.append(f"Site {i} may treat {limit}, but {used} goes there.")
    for j, used in enumerate(served):
        wanted = int(problem.demand[j])
        if used > wanted or (problem.serve_all and used < wanted):
            faults.append(f"Customer {j} has {wanted}, but {used} is served.")
    if int(plan.opened.sum()) > problem.most_open:
        faults.append(f"{int(plan.opened.sum())} sites are open, but at most {problem.most_open} may be.")
    return faults


def _proven(problem: SitingProblem, price: list[int]) -> int:
    """Return the bound that customers' prices prove: what they pay, and what the best sites gain beyond it."""
    arcs_of: list[list[tuple[int, int]]] = [[] for _ in range(problem.sites)]
    rows = zip(problem.arc_site.tolist(), problem.arc_customer.tolist(), problem.value_per_unit.tolist(), strict=True)
    for i, j, value in rows:
        arcs_of[i].append((value - price[j], int(problem.demand[j])))
    gains = []
    for i, arcs in enumerate(arcs_of):
        left, gain = int(problem.capacity[i]), -int(problem.fixed_cost[i])
        for reduced, demand in sorted(arcs, reverse=True):
            if reduced > 0:
                gain += reduced * min(left, demand)
                left -= min(left, demand)
        gains.append(gain)
    gains.sort(reverse=True)
    best = [gain for n, gain in enumerate(gains[: problem.most_open]) if gain > 0 or n < problem.least_open]
    paid: int = sum(p * d for p, d in zip(price, problem.demand.tolist(), strict=True))
    return paid + sum(best)
