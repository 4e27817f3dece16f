"""Recompute a plan's objective, every limit and its proof with numpy alone, and name each row that is violated.

Nothing of the solver or of `solve` is used: a plan is judged by the problem's arrays only. Sums are exact: a flow is
first held against its own arc, and what passes that cannot overflow.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from optimizer.plan import ExchangePlan, SolveStatus
from optimizer.problem import Bools, ExchangeProblem, Ints

TOLD: Final = 5
"""How many violations a sentence names before it counts the rest."""
CHUNK: Final = 1 << 16
SAFE: Final = 1 << 62
"""Sums up to this cannot leave 64 bits."""


class ViolationKind(StrEnum):
    """What may be wrong with a plan."""

    SHAPE = "SHAPE"
    FLOW_NEGATIVE = "FLOW_NEGATIVE"
    ARC_EXCEEDED = "ARC_EXCEEDED"
    SUPPLY_EXCEEDED = "SUPPLY_EXCEEDED"
    DEMAND_EXCEEDED = "DEMAND_EXCEEDED"
    WORTHLESS_FLOW = "WORTHLESS_FLOW"
    OBJECTIVE_WRONG = "OBJECTIVE_WRONG"
    PRICE_NEGATIVE = "PRICE_NEGATIVE"
    PRICES_CROSSED = "PRICES_CROSSED"
    PRICE_TOO_LOW = "PRICE_TOO_LOW"
    BOUND_WRONG = "BOUND_WRONG"
    NOT_OPTIMAL = "NOT_OPTIMAL"
    LEAST_MISSED = "LEAST_MISSED"
    QUALITY_BROKEN = "QUALITY_BROKEN"
    LOT_BROKEN = "LOT_BROKEN"
    PARTNERS_EXCEEDED = "PARTNERS_EXCEEDED"
    BUDGET_EXCEEDED = "BUDGET_EXCEEDED"
    STOCK_WRONG = "STOCK_WRONG"
    BALANCE_BROKEN = "BALANCE_BROKEN"
    LIMIT_BROKEN = "LIMIT_BROKEN"


@dataclass(frozen=True, slots=True)
class Violation:
    """One row of the problem (None: the plan as a whole) at which the plan is wrong, in words."""

    kind: ViolationKind
    row: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a check: no violations, or all of them."""

    violations: tuple[Violation, ...]
    limits: int

    @property
    def passed(self) -> bool:
        """Return whether the plan holds."""
        return not self.violations

    def __str__(self) -> str:
        """Return the verdict as one sentence."""
        if self.passed:
            return f"passed: {self.limits} limits hold, objective and bound recomputed without the solver"
        told = " ".join(violation.text for violation in self.violations[:TOLD])
        more = len(self.violations) - TOLD
        return f"failed: {told}" + (f" And {more} more." if more > 0 else "")


def check(problem: ExchangeProblem, plan: ExchangePlan) -> Verdict:
    """Return the verdict over a plan: shapes first, then limits, objective, both dual solutions and the bound."""
    limits = 2 * problem.arcs + len(problem.supply) + len(problem.demand)
    misshapen = tuple(_shapes(problem, plan))
    if misshapen:
        return Verdict(misshapen, limits)
    found = (*broken_limits(problem, plan.flow), *_objective(problem, plan), *_proof(problem, plan))
    return Verdict(found, limits)


def _shapes(problem: ExchangeProblem, plan: ExchangePlan) -> Iterator[Violation]:
    wanted = {
        "flow": problem.arcs,
        "price_supply_low": len(problem.supply),
        "price_supply_high": len(problem.supply),
        "price_demand_low": len(problem.demand),
        "price_demand_high": len(problem.demand),
    }
    for name, length in wanted.items():
        column = getattr(plan, name)
        if column.shape != (length,) or column.dtype != np.int64:
            text = f"{name} is {column.dtype} {column.shape}, not int64 ({length},)."
            yield Violation(ViolationKind.SHAPE, None, text)


def broken_limits(problem: ExchangeProblem, flow: Ints) -> Iterator[Violation]:
    """Return what a flow breaks of the limits on arcs and rows."""
    rows = np.flatnonzero(flow)  # A limit is zero or more, so an arc that carries nothing breaks none.
    tail, head, carried = problem.arc_supply[rows], problem.arc_demand[rows], flow[rows]
    least = np.minimum(problem.supply[tail], problem.demand[head])
    if problem.arc_capacity is not None:
        least = np.minimum(least, problem.arc_capacity[rows])
    for place in broken_rows(carried < 0):
        a = int(rows[place])
        yield Violation(ViolationKind.FLOW_NEGATIVE, a, f"Arc {a} carries {flow[a]}.")
    for place in broken_rows(carried > least):
        a = int(rows[place])
        yield Violation(ViolationKind.ARC_EXCEEDED, a, f"Arc {a} carries {flow[a]} of at most {least[place]}.")
    for place in broken_rows(problem.value_per_unit[rows] <= 0):
        a = int(rows[place])
        text = f"Arc {a} carries {flow[a]} at a value of {problem.value_per_unit[a]}."
        yield Violation(ViolationKind.WORTHLESS_FLOW, a, text)
    possible = np.clip(carried, 0, least)
    for kind, noun, ends, quantity in (
        (ViolationKind.SUPPLY_EXCEEDED, "Supply", tail, problem.supply),
        (ViolationKind.DEMAND_EXCEEDED, "Demand", head, problem.demand),
    ):
        used = np.zeros(len(quantity), np.int64)
        np.add.at(used, ends, possible)
        for i in broken_rows(used > quantity):
            yield Violation(kind, i, f"{noun} {i} has {quantity[i]}, but {used[i]} of it is used.")


def _objective(problem: ExchangeProblem, plan: ExchangePlan) -> Iterator[Violation]:
    worth = plain_dot(problem.value_per_unit, plan.flow)
    if worth != plan.objective:
        text = f"The flow is worth {worth}, but the plan says {plan.objective}."
        yield Violation(ViolationKind.OBJECTIVE_WRONG, None, text)


def _proof(problem: ExchangeProblem, plan: ExchangePlan) -> Iterator[Violation]:
    for noun, low, high in (
        ("supply", plan.price_supply_low, plan.price_supply_high),
        ("demand", plan.price_demand_low, plan.price_demand_high),
    ):
        for i in broken_rows((low < 0) | (high < 0)):
            text = f"The price of {noun} {i} is {low[i]} to {high[i]}."
            yield Violation(ViolationKind.PRICE_NEGATIVE, i, text)
        for i in broken_rows(low > high):
            text = f"The price of {noun} {i} runs from {low[i]} down to {high[i]}."
            yield Violation(ViolationKind.PRICES_CROSSED, i, text)
    yield from _dual("supply low, demand high", problem, plan, (plan.price_supply_low, plan.price_demand_high))
    yield from _dual("supply high, demand low", problem, plan, (plan.price_supply_high, plan.price_demand_low))
    optimal = plan.status is SolveStatus.OPTIMAL
    if plan.objective > plan.bound or (optimal and plan.objective != plan.bound):
        text = f"The plan is {plan.status} with objective {plan.objective} and bound {plan.bound}."
        yield Violation(ViolationKind.NOT_OPTIMAL, None, text)


def _dual(name: str, problem: ExchangeProblem, plan: ExchangePlan, prices: tuple[Ints, Ints]) -> Iterator[Violation]:
    price_supply, price_demand = prices
    bound = plain_dot(price_supply, problem.supply) + plain_dot(price_demand, problem.demand)
    arcs, lacking = _uncovered(problem, prices)
    limited = np.zeros(len(arcs), np.bool_)
    if problem.arc_capacity is not None:
        least = np.minimum(problem.supply[problem.arc_supply[arcs]], problem.demand[problem.arc_demand[arcs]])
        limited = problem.arc_capacity[arcs] < least
        bound += plain_dot(lacking[limited], problem.arc_capacity[arcs[limited]])
    for place in broken_rows(~limited):
        a, value = int(arcs[place]), int(problem.value_per_unit[arcs[place]])
        text = f"Arc {a} is worth {value}, but its prices ({name}) add up to {value - int(lacking[place])}."
        yield Violation(ViolationKind.PRICE_TOO_LOW, a, text)
    if bound != plan.bound:
        text = f"The prices ({name}) prove a bound of {bound}, but the plan says {plan.bound}."
        yield Violation(ViolationKind.BOUND_WRONG, None, text)


def _uncovered(problem: ExchangeProblem, prices: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Return the arcs that are worth more than their two prices, and by how much; a cache's worth of arcs at a time."""
    price_supply, price_demand = prices
    arcs, lacking = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for begin in range(0, problem.arcs, CHUNK):
        some = slice(begin, begin + CHUNK)
        more = problem.value_per_unit[some] - price_supply[problem.arc_supply[some]]
        more -= price_demand[problem.arc_demand[some]]
        rows = np.flatnonzero(more > 0)
        arcs.append(rows + begin)
        lacking.append(more[rows])
    return np.concatenate(arcs), np.concatenate(lacking)


def broken_rows(wrong: Bools) -> list[int]:
    """Return the rows at which a limit is broken."""
    rows: list[int] = np.flatnonzero(wrong).tolist()
    return rows


def plain_dot(left: Ints, right: Ints) -> int:
    """Return the sum of products, exactly, all that are not 0: nothing of the solver's own sum is used."""
    rows = np.flatnonzero(right)
    left, right = left[rows], right[rows]
    if rows.size and int(np.abs(left).max()) * int(np.abs(right).max()) * rows.size < SAFE:
        return int((left * right).sum())
    return sum(a * b for a, b in zip(left.tolist(), right.tolist(), strict=True))
