"""Recompute a chain plan with numpy alone: objective, balances, limits, quality, lots, partners and budget.

Nothing of the programme or of the solver is used. A limit holds when it is broken by no more than 1e-9 of what meets
there.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from optimizer.chain.plan import ChainPlan
from optimizer.chain.problem import ChainProblem
from optimizer.check import Verdict, Violation, ViolationKind
from optimizer.linear import Floats
from optimizer.plan import SolveStatus
from optimizer.problem import Bools

TOLERANCE: Final = 1e-9
PROOF: Final = 1e-6
"""Largest gap of an OPTIMAL plan, as a share of what is traded: that of a branch and bound."""


def check_chain(problem: ChainProblem, plan: ChainPlan) -> Verdict:
    """Return the verdict over a plan; one without a flow (INFEASIBLE, STOPPED) has no limits to keep."""
    if plan.status not in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
        return Verdict((), 0)
    limits = 3 * plan.flow.size + problem.supply.size + problem.demand.size + 2 * plan.stock.size
    limits += problem.periods * int(np.isfinite(problem.quality.most).sum() + np.isfinite(problem.quality.least).sum())
    shapes = {"flow": problem.uses.value.shape, "stock": (len(problem.stores.node), problem.periods)}
    for name, shape in shapes.items():
        column = getattr(plan, name)
        if column.shape != shape or not np.isfinite(column).all():
            text = f"{name} is {column.shape}, not {shape}, or not finite."
            return Verdict((Violation(ViolationKind.SHAPE, None, text),), limits)
    found = (
        *_uses(problem, plan.flow),
        *_stores(problem, plan),
        *_nodes(problem, plan),
        *_quality(problem, plan.flow),
        *_links(problem, plan.flow),
        *_worth(problem, plan),
    )
    return Verdict(found, limits)


def _loose(size: Floats) -> Floats:
    return TOLERANCE * np.maximum(np.abs(size), 1)


def _uses(problem: ChainProblem, flow: Floats) -> Iterator[Violation]:
    uses = problem.uses
    for n, t in _where(flow < -_loose(flow * 0)):
        yield Violation(ViolationKind.FLOW_NEGATIVE, n, f"Use {n} carries {flow[n, t]} in period {t}.")
    for n, t in _where(flow < uses.least - _loose(uses.least)):
        text = f"Use {n} carries {flow[n, t]} of at least {uses.least[n, t]:g} in period {t}."
        yield Violation(ViolationKind.LEAST_MISSED, n, text)
    capacity = np.where(np.isfinite(uses.capacity), uses.capacity, 0)
    for n, t in _where(np.isfinite(uses.capacity) & (flow > capacity + _loose(capacity))):
        text = f"Use {n} carries {flow[n, t]} of at most {capacity[n, t]:g} in period {t}."
        yield Violation(ViolationKind.ARC_EXCEEDED, n, text)
    lot = uses.lot[:, None]
    for n, t in _where((flow > _loose(lot)) & (flow < lot - _loose(lot))):
        text = f"Use {n} carries {flow[n, t]} in period {t}, less than its lot of {uses.lot[n]:g}."
        yield Violation(ViolationKind.LOT_BROKEN, n, text)


def _stores(problem: ChainProblem, plan: ChainPlan) -> Iterator[Violation]:
    stores, stock = problem.stores, plan.stock
    full = np.where(np.isfinite(stores.capacity), stores.capacity, np.inf)[:, None]
    for k, t in _where((stock < -TOLERANCE) | (stock > full + TOLERANCE * np.maximum(np.abs(stock), 1))):
        text = f"Store {k} holds {stock[k, t]} of at most {stores.capacity[k]:g} after period {t}."
        yield Violation(ViolationKind.STOCK_WRONG, k, text)
    for k in np.flatnonzero(stock[:, -1] < stores.final - _loose(stores.final)).tolist() if len(stock) else []:
        text = f"Store {k} ends at {stock[k, -1]}, but must end at {stores.final[k]:g}."
        yield Violation(ViolationKind.STOCK_WRONG, k, text)


def _nodes(problem: ChainProblem, plan: ChainPlan) -> Iterator[Violation]:
    """Compare what leaves and what arrives with what is there, made and needed."""
    arcs, supplies, demands = problem.arcs, len(problem.supply), len(problem.demand)
    leaves, arrives = np.zeros((problem.tails, problem.periods)), np.zeros((problem.heads, problem.periods))
    np.add.at(leaves, problem.arc_tail, plan.flow[:arcs])
    np.add.at(arrives, problem.arc_head, plan.flow[:arcs] * problem.arc_yield[:, None])
    for i, t in _where(leaves[:supplies] < problem.supply_least - _loose(problem.supply_least)):
        text = f"Supply {i} must ship {problem.supply_least[i, t]:g} in period {t}, but only {leaves[i, t]} leaves."
        yield Violation(ViolationKind.LEAST_MISSED, i, text)
    for k, node in enumerate(problem.stores.node.tolist()):
        start, stock = problem.stores.initial[k], plan.stock[k]
        kept = np.concatenate(([start], stock[:-1] * (1 - problem.stores.loss[k])))
        if problem.stores.at_head[k]:
            arrives[node] += kept - stock
        else:
            leaves[node] += stock - kept
    made = plan.flow[arcs:][problem.product_of] * problem.product_yield[:, None]
    there = np.vstack((problem.supply, made))
    for i, t in _where(leaves > there + _loose(there)):
        noun = f"Supply {i}" if i < supplies else f"Product {i - supplies}"
        text = f"{noun} has {there[i, t]} in period {t}, but {leaves[i, t]} of it is used."
        yield Violation(ViolationKind.SUPPLY_EXCEEDED, i, text)
    lost = problem.product_all[:, None] & (leaves[supplies:] < made - _loose(made))
    for q, t in _where(lost):
        text = f"Product {q} must all be taken, but {made[q, t] - leaves[supplies + q, t]} is left in period {t}."
        yield Violation(ViolationKind.LEAST_MISSED, supplies + q, text)
    served = arrives[:demands]
    for j, t in _where(served > problem.demand + _loose(problem.demand)):
        text = f"Demand {j} takes {problem.demand[j, t]:g} in period {t}, but gets {served[j, t]}."
        yield Violation(ViolationKind.DEMAND_EXCEEDED, j, text)
    for j, t in _where(served < problem.demand_least - _loose(problem.demand_least)):
        text = f"Demand {j} must get {problem.demand_least[j, t]:g} in period {t}, but gets only {served[j, t]}."
        yield Violation(ViolationKind.LEAST_MISSED, j, text)
    worked = plan.flow[arcs:]
    for p, t in _where(np.abs(worked - arrives[demands:]) > _loose(worked)):
        text = f"Processor {p} works through {worked[p, t]} in period {t}, but {arrives[demands + p, t]} is at hand."
        yield Violation(ViolationKind.BALANCE_BROKEN, p, text)


def _quality(problem: ChainProblem, flow: Floats) -> Iterator[Violation]:
    quality = problem.quality
    delivered = flow[: problem.arcs] * problem.arc_yield[:, None]
    for limit, sign, words in ((quality.most, 1, "at most"), (quality.least, -1, "at least")):
        for head, k in _where(np.isfinite(limit)):
            arcs = np.flatnonzero(problem.arc_head == head)
            there = quality.concentration[arcs, k] @ delivered[arcs]
            size = np.abs(quality.concentration[arcs, k]) @ delivered[arcs]
            total = delivered[arcs].sum(axis=0)
            over = sign * (there - limit[head, k] * total)
            for t in np.flatnonzero(over > _loose(size + np.abs(limit[head, k]) * total)).tolist():
                mean = there[t] / total[t] if total[t] else 0.0
                text = (
                    f"Head {head} takes property {k} {words} at {limit[head, k]:g}, but in period {t} it is {mean:g}."
                )
                yield Violation(ViolationKind.QUALITY_BROKEN, head, text)


def _links(problem: ChainProblem, flow: Floats) -> Iterator[Violation]:
    used = (flow[: problem.arcs] > 0).any(axis=1)
    for noun, node, most in (
        ("Tail", problem.arc_tail, problem.links.tail_most),
        ("Head", problem.arc_head, problem.links.head_most),
    ):
        count = np.bincount(node[used], minlength=len(most))
        for n in np.flatnonzero(count > most).tolist():
            text = f"{noun} {n} has {count[n]} links, but may have only {most[n]:g}."
            yield Violation(ViolationKind.PARTNERS_EXCEEDED, n, text)
    marked = int((used & problem.links.budgeted).sum())
    if marked > problem.links.budget:
        text = f"{marked} marked links are used, but the budget is {problem.links.budget:g}."
        yield Violation(ViolationKind.BUDGET_EXCEEDED, None, text)


def _worth(problem: ChainProblem, plan: ChainPlan) -> Iterator[Violation]:
    uses, flow = problem.uses, plan.flow
    runs = flow > 0
    terms = (
        uses.value * flow,
        -uses.each_cost[:, None] * runs,
        -uses.once_cost * runs.any(axis=1),
        -problem.stores.cost[:, None] * plan.stock,
    )
    objective = sum(float(term.sum()) for term in terms)
    size = sum(float(np.abs(term).sum()) for term in terms) + 1e-9
    if abs(objective - plan.objective) > TOLERANCE * size:
        text = f"The plan is worth {objective}, but it says {plan.objective}."
        yield Violation(ViolationKind.OBJECTIVE_WRONG, None, text)
    over = objective - plan.bound > TOLERANCE * size
    if over or (plan.status is SolveStatus.OPTIMAL and plan.bound - objective > PROOF * max(size, abs(plan.bound))):
        text = f"The plan is {plan.status} with objective {objective} and bound {plan.bound}."
        yield Violation(ViolationKind.NOT_OPTIMAL, None, text)
    if uses.second is not None:
        second, weight = float((uses.second * flow).sum()), float(np.abs(uses.second * flow).sum()) + 1
        if second < problem.second_least - TOLERANCE * max(weight, abs(problem.second_least)):
            text = f"The second objective is {second}, but must reach {problem.second_least}."
            yield Violation(ViolationKind.LEAST_MISSED, None, text)


def _where(wrong: Bools) -> list[list[int]]:
    rows: list[list[int]] = np.argwhere(wrong).tolist()
    return rows
