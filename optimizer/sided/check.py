"""Recompute an exchange plan with side rows with numpy alone: value, every limit and the bound its prices prove.

Nothing of the solver or its model is used. A limit holds when it is broken by no more than 1e-9 of what meets there.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from optimizer.check import Verdict, Violation, ViolationKind, broken_rows
from optimizer.linear import Floats
from optimizer.plan import SolveStatus
from optimizer.problem import Ints
from optimizer.sided.plan import SidedPlan
from optimizer.sided.problem import SidedProblem

TOLERANCE: Final = 1e-9
ROUNDING: Final = 1e-5
"""Share at which the products that cancel in a reduced value count: a billionth of it is what rounding may leave."""


def check_sided(problem: SidedProblem, plan: SidedPlan) -> Verdict:
    """Return the verdict over a plan; one without a flow (INFEASIBLE, STOPPED) has no limits to keep."""
    if plan.status not in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
        return Verdict((), 0)
    base = problem.exchange
    shapes: dict[str, tuple[int, ...]] = {
        "flow": (base.arcs,),
        "price_supply": (len(base.supply),),
        "price_demand": (len(base.demand),),
    }
    for name in ("price_most", "price_least"):
        shapes[name] = (len(base.demand), problem.properties)
    misshapen = tuple(
        Violation(ViolationKind.SHAPE, None, f"{name} is {getattr(plan, name).shape}, not {shape}, or not finite.")
        for name, shape in shapes.items()
        if getattr(plan, name).shape != shape or not np.isfinite(getattr(plan, name)).all()
    )
    limits = 2 * (base.arcs + len(base.supply) + len(base.demand))
    limits += sum(int(np.isfinite(x).sum()) for x in (problem.quality_most, problem.quality_least) if x is not None)
    if misshapen:
        return Verdict(misshapen, limits)
    found = (*_arcs(problem, plan.flow), *_rows(problem, plan.flow), *_quality(problem, plan.flow))
    return Verdict((*found, *_proof(problem, plan)), limits)


def _arcs(problem: SidedProblem, flow: Floats) -> Iterator[Violation]:
    least, capacity = problem.least("arc_least"), problem.exchange.arc_capacity
    for a in broken_rows(flow < least - TOLERANCE * np.maximum(least, 1)):
        kind = ViolationKind.FLOW_NEGATIVE if flow[a] < 0 else ViolationKind.LEAST_MISSED
        yield Violation(kind, a, f"Arc {a} carries {flow[a]} of at least {least[a]:g}.")
    if capacity is not None:
        for a in broken_rows(flow > capacity + TOLERANCE * np.maximum(capacity, 1)):
            yield Violation(ViolationKind.ARC_EXCEEDED, a, f"Arc {a} carries {flow[a]} of at most {capacity[a]}.")


def _rows(problem: SidedProblem, flow: Floats) -> Iterator[Violation]:
    base = problem.exchange
    taken = np.bincount(base.arc_supply, flow, len(base.supply))
    delivered = np.bincount(base.arc_demand, flow * problem.yields(), len(base.demand))
    for noun, kind, total, most, least in (
        ("Supply", ViolationKind.SUPPLY_EXCEEDED, taken, base.supply, problem.least("supply_least")),
        ("Demand", ViolationKind.DEMAND_EXCEEDED, delivered, base.demand, problem.least("demand_least")),
    ):
        for i in broken_rows(total > most + TOLERANCE * np.maximum(most, 1)):
            yield Violation(kind, i, f"{noun} {i} has {most[i]}, but {total[i]} of it is used.")
        for i in broken_rows(total < least - TOLERANCE * np.maximum(least, 1)):
            text = f"{noun} {i} must reach {least[i]:g}, but only {total[i]} is exchanged."
            yield Violation(ViolationKind.LEAST_MISSED, i, text)


def _quality(problem: SidedProblem, flow: Floats) -> Iterator[Violation]:
    base = problem.exchange
    if problem.concentration is None:
        return
    delivered = flow * problem.yields()
    for limit, sign, words in ((problem.quality_most, 1, "at most"), (problem.quality_least, -1, "at least")):
        for k in range(problem.properties if limit is not None else 0):
            allowed = np.where(np.isfinite(limit[:, k]), limit[:, k], 0)  # type: ignore[index]
            there = np.bincount(base.arc_demand, delivered * problem.concentration[:, k], len(base.demand))
            size = np.bincount(base.arc_demand, np.abs(delivered * problem.concentration[:, k]), len(base.demand))
            total = np.bincount(base.arc_demand, delivered, len(base.demand))
            over = sign * (there - allowed * total)
            broken = np.isfinite(limit[:, k]) & (over > TOLERANCE * np.maximum(size + np.abs(allowed) * total, 1))  # type: ignore[index]
            for j in broken_rows(broken):
                mean = there[j] / total[j] if total[j] else 0.0
                text = f"Demand {j} takes property {k} {words} at {allowed[j]:g}, but its mix has {mean:g}."
                yield Violation(ViolationKind.QUALITY_BROKEN, j, text)


def _proof(problem: SidedProblem, plan: SidedPlan) -> Iterator[Violation]:
    base = problem.exchange
    objective = float(base.value_per_unit @ plan.flow)
    size = float(np.abs(base.value_per_unit) @ np.abs(plan.flow)) + 1e-9
    if abs(objective - plan.objective) > TOLERANCE * size:
        text = f"The flow is worth {objective}, but the plan says {plan.objective}."
        yield Violation(ViolationKind.OBJECTIVE_WRONG, None, text)
    for name in ("price_most", "price_least"):
        for j, _ in np.argwhere(getattr(plan, name) < 0).tolist():
            yield Violation(ViolationKind.PRICE_NEGATIVE, j, f"A {name} of demand {j} is below zero.")
    bound, terms = _bound(problem, plan)
    size = max(size, terms)
    if abs(bound - plan.bound) > TOLERANCE * size:
        text = f"The prices prove a bound of {bound}, but the plan says {plan.bound}."
        yield Violation(ViolationKind.BOUND_WRONG, None, text)
    if objective - bound > TOLERANCE * size or (
        plan.status is SolveStatus.OPTIMAL and bound - objective > 2 * TOLERANCE * size
    ):
        text = f"The plan is {plan.status} with objective {objective} and bound {bound}."
        yield Violation(ViolationKind.NOT_OPTIMAL, None, text)


def _bound(problem: SidedProblem, plan: SidedPlan) -> tuple[float, float]:
    """Return the bound of the plan's prices, and the size of the sums behind it."""
    base = problem.exchange
    per_delivered = plan.price_demand[base.arc_demand]
    cancelled = np.abs(per_delivered)
    if problem.concentration is not None:
        for limit, price, sign in (
            (problem.quality_most, plan.price_most, 1),
            (problem.quality_least, plan.price_least, -1),
        ):
            if limit is not None:
                over = sign * (problem.concentration - np.where(np.isfinite(limit), limit, 0)[base.arc_demand])
                counted = np.where(np.isfinite(limit), np.maximum(price, 0), 0)[base.arc_demand]
                per_delivered = per_delivered + (over * counted).sum(axis=1)
                cancelled = cancelled + np.abs(over * counted).sum(axis=1)
    reduced = base.value_per_unit - plan.price_supply[base.arc_supply] - problem.yields() * per_delivered
    terms = np.concatenate(
        (
            _weigh(plan.price_supply, base.supply, problem.least("supply_least")),
            _weigh(plan.price_demand, base.demand, problem.least("demand_least")),
            np.maximum(reduced, 0) * problem.most_on_arcs(),
            np.minimum(reduced, 0) * problem.least("arc_least"),
        )
    )
    rounded = np.abs(base.value_per_unit) + np.abs(plan.price_supply)[base.arc_supply] + problem.yields() * cancelled
    return float(terms.sum()), float(np.abs(terms).sum() + ROUNDING * (rounded @ problem.most_on_arcs()))


def _weigh(price: Floats, most: Ints, least: Floats) -> Floats:
    weighed: Floats = np.maximum(price, 0) * most + np.minimum(price, 0) * least
    return weighed
