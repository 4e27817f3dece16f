"""Recompute a plan with links with numpy alone: every limit, its value, and the bound that its prices prove.

Nothing of the solver or its market is used: a plan is judged by the problem's arrays only, in integers.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np

from optimizer.check import Verdict, Violation, ViolationKind, broken_limits, broken_rows, plain_dot
from optimizer.links.plan import LinksPlan
from optimizer.links.problem import LinksProblem
from optimizer.links.rows import link_sets
from optimizer.plan import SolveStatus
from optimizer.problem import Ints


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
        "prices.arc_value": (plan.prices.arc_value, base.arcs),
        "prices.arc_cost": (plan.prices.arc_cost, base.arcs),
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
        for a in broken_rows(linked & (flow < problem.lot)):
            text = f"Arc {a} carries {flow[a]}; a lot is {problem.lot[a]}."
            yield Violation(ViolationKind.LOT_BROKEN, a, text)
    for noun, node, most in (
        ("Supply", base.arc_supply, problem.supply_partners),
        ("Demand", base.arc_demand, problem.demand_partners),
    ):
        if most is not None:
            links = np.bincount(node[linked], minlength=len(most))
            for i in broken_rows(links > most):
                text = f"{noun} {i} has {links[i]} links of at most {most[i]}."
                yield Violation(ViolationKind.PARTNERS_EXCEEDED, i, text)
    if problem.budget is not None:
        marked = int((linked if problem.budgeted is None else linked & problem.budgeted).sum())
        if marked > problem.budget:
            text = f"{marked} links are used under a budget of {problem.budget}."
            yield Violation(ViolationKind.BUDGET_EXCEEDED, None, text)


def _worth(problem: LinksProblem, plan: LinksPlan) -> Iterator[Violation]:
    worth = plain_dot(problem.exchange.value_per_unit, plan.flow)
    if problem.fixed_cost is not None:
        worth -= plain_dot(problem.fixed_cost, (plan.flow != 0).astype(np.int64))
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
        for i in broken_rows(column < 0):
            yield Violation(ViolationKind.PRICE_NEGATIVE, i, f"The price of {noun} {i} is {column[i]}.")
    proven = _proven(problem, plan)
    if proven > plan.price_bound:
        text = f"The prices prove a bound of {proven}, but the plan says {plan.price_bound}."
        yield Violation(ViolationKind.BOUND_WRONG, None, text)
    if plan.bound > plan.price_bound:
        text = f"The bound {plan.bound} is above {plan.price_bound}, which the prices prove."
        yield Violation(ViolationKind.BOUND_WRONG, None, text)


def _proven(problem: LinksProblem, plan: LinksPlan) -> int:
    """Return the bound that the prices prove: the budget's price, and what each row can earn at most on its own."""
    base, prices = problem.exchange, plan.prices
    zeros = np.zeros(base.arcs, np.int64)
    fixed = zeros if problem.fixed_cost is None else problem.fixed_cost
    lot = np.maximum(zeros if problem.lot is None else problem.lot, 1)
    most = base.capacity()
    marked = np.full(base.arcs, problem.budget is not None) if problem.budgeted is None else problem.budgeted
    supply_partners = _partners(problem.supply_partners, base.arc_supply, len(base.supply))
    demand_partners = _partners(problem.demand_partners, base.arc_demand, len(base.demand))
    possible = (most >= lot) & (np.maximum(base.value_per_unit, 0) * most > fixed)
    possible &= (supply_partners[base.arc_supply] > 0) & (demand_partners[base.arc_demand] > 0)
    possible &= ~marked | (problem.budget != 0)
    arcs = np.flatnonzero(possible)
    cost = (prices.parts * fixed + np.where(marked, prices.budget, 0))[arcs]
    value = (prices.parts * base.value_per_unit)[arcs]
    tail, head = base.arc_supply[arcs], base.arc_demand[arcs]
    by_supply = prices.arc_value[arcs], prices.arc_cost[arcs], lot[arcs], most[arcs]
    by_demand = value - prices.arc_value[arcs], cost - prices.arc_cost[arcs], lot[arcs], most[arcs]
    total = prices.budget * min(problem.budget or 0, int(marked[arcs].sum()))
    total += _earned((tail, head), by_supply, (base.supply, supply_partners, prices.supply, prices.supply_link))
    total += _earned((head, tail), by_demand, (base.demand, demand_partners, prices.demand, prices.demand_link))
    return total // prices.parts


def _earned(ends: tuple[Ints, Ints], arcs: tuple[Ints, ...], rows: tuple[Ints, ...]) -> int:
    """Return the sum of what rows earn at most: arcs are (value, cost, lot, most), rows (quantity, partners, u, k)."""
    order = np.lexsort((ends[1], ends[0]))
    node = ends[0][order]
    columns = [column[order] for column in arcs]
    cuts = np.searchsorted(node, np.arange(len(rows[0]) + 1))
    total = 0
    for i in np.unique(node).tolist():
        own = slice(int(cuts[i]), int(cuts[i + 1]))
        row = [int(column[i]) for column in rows]
        total += _row_earns([column[own] for column in columns], row)
    return total


def _row_earns(arcs: list[Ints], row: list[int]) -> int:
    """Return what one row earns at most: every set of its best links tried, any other set bounded from above."""
    value, cost, lot, most = arcs
    quantity, partners, u, k = row
    partners = min(partners, len(value))
    unit, link = u - value, cost + k
    loss = link + unit * np.where(unit > 0, lot, most)
    by_loss = np.argsort(loss, kind="stable")
    sets = _link_sets(len(value), partners)
    tried, left_out = by_loss[: sets.shape[1]], by_loss[sets.shape[1] :]
    tried = tried[np.argsort(unit[tried], kind="stable")]
    left = quantity - sets @ lot[tried]
    lost = sets @ (link + unit * lot)[tried] + k * (partners - sets.sum(axis=1))
    possible = left >= 0
    left = np.maximum(left, 0)
    for t, a in enumerate(tried.tolist()):
        if unit[a] < u:
            more = np.minimum(left, sets[:, t] * (most[a] - lot[a]))
            lost, left = lost + unit[a] * more, left - more
    least = int((lost + u * left)[possible].min())
    if len(left_out):
        least = min(least, int(np.minimum(loss, 0).sum()) + max(0, int(loss[left_out[0]])))
    return u * quantity + k * partners - least


@cache
def _link_sets(arcs: int, partners: int) -> Ints:
    return link_sets(arcs, partners)


def _partners(given: Ints | None, node: Ints, nodes: int) -> Ints:
    return np.bincount(node, minlength=nodes).astype(np.int64) if given is None else given
