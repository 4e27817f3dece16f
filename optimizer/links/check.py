"""Recompute a plan with links with numpy alone: every limit, its value, and the bound that its prices prove.

Nothing of the solver or its market is used: a plan is judged by the problem's arrays only, in integers.
"""

from collections.abc import Iterator

import numpy as np

from optimizer.check import Verdict, Violation, ViolationKind, broken_limits
from optimizer.links.plan import LinksPlan
from optimizer.links.problem import LinksProblem
from optimizer.plan import SolveStatus
from optimizer.problem import Bools, Ints


def check_links(problem: LinksProblem, plan: LinksPlan) -> Verdict:
    """Return the verdict over a plan: shapes, the exchange's limits, those on links, the objective and the bound."""
    base = problem.exchange
    limits = 3 * base.arcs + 2 * (len(base.supply) + len(base.demand)) + 1
    columns = {
        "flow": (plan.flow, base.arcs),
        "prices.supply": (plan.prices.supply, len(base.supply)),
        "prices.demand": (plan.prices.demand, len(base.demand)),
        "prices.supply_link": (plan.prices.supply_link, len(base.supply)),
        "prices.demand_link": (plan.prices.demand_link, len(base.demand)),
    }
    misshapen = tuple(
        Violation(ViolationKind.SHAPE, None, f"{name} is {column.dtype} {column.shape}, not int64 ({length},).")
        for name, (column, length) in columns.items()
        if column.shape != (length,) or column.dtype != np.int64
    )
    if misshapen:
        return Verdict(misshapen, limits)
    found = (*broken_limits(base, plan.flow), *_links(problem, plan.flow), *_worth(problem, plan))
    return Verdict((*found, *_proof(problem, plan)), limits)


def _links(problem: LinksProblem, flow: Ints) -> Iterator[Violation]:
    base = problem.exchange
    linked = flow != 0
    if problem.lot is not None:
        for a in _rows(linked & (flow < problem.lot)):
            text = f"Arc {a} carries {flow[a]}; a lot is {problem.lot[a]}."
            yield Violation(ViolationKind.LOT_BROKEN, a, text)
    for noun, node, most in (
        ("Supply", base.arc_supply, problem.supply_partners),
        ("Demand", base.arc_demand, problem.demand_partners),
    ):
        if most is not None:
            links = np.bincount(node[linked], minlength=len(most))
            for i in _rows(links > most):
                text = f"{noun} {i} has {links[i]} links of at most {most[i]}."
                yield Violation(ViolationKind.PARTNERS_EXCEEDED, i, text)
    if problem.budget is not None:
        marked = int((linked if problem.budgeted is None else linked & problem.budgeted).sum())
        if marked > problem.budget:
            text = f"{marked} links are used under a budget of {problem.budget}."
            yield Violation(ViolationKind.BUDGET_EXCEEDED, None, text)


def _worth(problem: LinksProblem, plan: LinksPlan) -> Iterator[Violation]:
    worth = _dot(problem.exchange.value_per_unit, plan.flow)
    if problem.fixed_cost is not None:
        worth -= _dot(problem.fixed_cost, (plan.flow != 0).astype(np.int64))
    if worth != plan.objective:
        text = f"The plan is worth {worth}, but it says {plan.objective}."
        yield Violation(ViolationKind.OBJECTIVE_WRONG, None, text)
    if plan.objective > plan.bound:
        text = f"The objective {plan.objective} is above the bound {plan.bound}."
        yield Violation(ViolationKind.NOT_OPTIMAL, None, text)
    if plan.status is SolveStatus.OPTIMAL and plan.gap > 1e-6:
        text = f"The plan is called OPTIMAL with objective {plan.objective} and bound {plan.bound}."
        yield Violation(ViolationKind.NOT_OPTIMAL, None, text)


def _proof(problem: LinksProblem, plan: LinksPlan) -> Iterator[Violation]:
    prices = plan.prices
    for noun, column in (
        ("a unit of supply", prices.supply),
        ("a unit of demand", prices.demand),
        ("a link of supply", prices.supply_link),
        ("a link of demand", prices.demand_link),
        ("a link under the budget", np.array([prices.budget])),
    ):
        for i in _rows(column < 0):
            yield Violation(ViolationKind.PRICE_NEGATIVE, i, f"The price of {noun} {i} is {column[i]}.")
    proven = _proven(problem, plan)
    if proven != plan.price_bound:
        text = f"The prices prove a bound of {proven}, but the plan says {plan.price_bound}."
        yield Violation(ViolationKind.BOUND_WRONG, None, text)
    if plan.bound > proven:
        text = f"The bound {plan.bound} is above {proven}, which the prices prove."
        yield Violation(ViolationKind.BOUND_WRONG, None, text)


def _proven(problem: LinksProblem, plan: LinksPlan) -> int:
    """Return the bound that the prices prove: what rows and the budget pay, and what arcs gain beyond that."""
    base, prices = problem.exchange, plan.prices
    zeros = np.zeros(base.arcs, np.int64)
    fixed = zeros if problem.fixed_cost is None else problem.fixed_cost
    lot = np.maximum(zeros if problem.lot is None else problem.lot, 1)
    most = base.capacity()
    marked = np.full(base.arcs, problem.budget is not None) if problem.budgeted is None else problem.budgeted
    supply_partners = _partners(problem.supply_partners, base.arc_supply, len(base.supply))
    demand_partners = _partners(problem.demand_partners, base.arc_demand, len(base.demand))
    total = _dot(prices.supply, base.supply) + _dot(prices.demand, base.demand)
    total += _dot(prices.supply_link, supply_partners) + _dot(prices.demand_link, demand_partners)
    total += prices.budget * (problem.budget or 0)
    possible = (most >= lot) & (base.value_per_unit > 0)
    for a in _rows(possible):
        i, j = int(base.arc_supply[a]), int(base.arc_demand[a])
        if supply_partners[i] and demand_partners[j] and not (marked[a] and problem.budget == 0):
            unit = prices.parts * int(base.value_per_unit[a]) - int(prices.supply[i]) - int(prices.demand[j])
            link = prices.parts * int(fixed[a]) + int(prices.supply_link[i]) + int(prices.demand_link[j])
            link += prices.budget if marked[a] else 0
            total += max(0, unit * int(most[a] if unit > 0 else lot[a]) - link)
    return total // prices.parts


def _partners(given: Ints | None, node: Ints, nodes: int) -> Ints:
    return np.bincount(node, minlength=nodes).astype(np.int64) if given is None else given


def _rows(wrong: Bools) -> list[int]:
    rows: list[int] = np.flatnonzero(wrong).tolist()
    return rows


def _dot(left: Ints, right: Ints) -> int:
    return sum(a * b for a, b in zip(left.tolist(), right.tolist(), strict=True))
