"""Recompute a point of a front with numpy alone: every limit, both sums, and the bound its prices prove.

A limit holds when it is broken by no more than 1e-9 of what meets there.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from optimizer.check import Verdict, Violation, ViolationKind, broken_rows
from optimizer.fronts.plan import PointPlan
from optimizer.fronts.problem import FrontProblem
from optimizer.linear import Floats
from optimizer.plan import SolveStatus
from optimizer.problem import Ints

TOLERANCE: Final = 1e-9
OPTIMAL_GAP: Final = 1e-7


def check_point(problem: FrontProblem, plan: PointPlan) -> Verdict:
    """Return the verdict over a point; one without a flow (INFEASIBLE) has no limits to keep."""
    if plan.status is not SolveStatus.OPTIMAL and plan.status is not SolveStatus.FEASIBLE:
        return Verdict((), 0)
    base = problem.exchange
    limits = 2 * (2 * base.arcs + len(base.supply) + len(base.demand) + 1)
    wanted = {"flow": base.arcs, "whole_flow": base.arcs}
    wanted |= {"price_supply": len(base.supply), "price_demand": len(base.demand)}
    misshapen = tuple(
        Violation(ViolationKind.SHAPE, None, f"{name} is {getattr(plan, name).shape}, not ({size},), or not finite.")
        for name, size in wanted.items()
        if getattr(plan, name).shape != (size,) or not np.isfinite(getattr(plan, name)).all()
    )
    if misshapen:
        return Verdict(misshapen, limits)
    mixed = (plan.flow, plan.objective, plan.second)
    whole = (plan.whole_flow.astype(np.float64), float(plan.whole_objective), float(plan.whole_second))
    found = (*_kept(problem, plan.second_least, mixed), *_kept(problem, plan.second_least, whole))
    return Verdict((*found, *_proof(problem, plan)), limits)


def _kept(problem: FrontProblem, least: int, told: tuple[Floats, float, float]) -> Iterator[Violation]:
    """Return what a flow breaks, and where its sums are not those that are told with it."""
    base, (flow, objective, second) = problem.exchange, told
    for a in broken_rows(flow < 0):
        yield Violation(ViolationKind.FLOW_NEGATIVE, a, f"Arc {a} carries {flow[a]}.")
    if base.arc_capacity is not None:
        for a in broken_rows(flow > base.arc_capacity * (1 + TOLERANCE)):
            yield Violation(
                ViolationKind.ARC_EXCEEDED, a, f"Arc {a} carries {flow[a]} of at most {base.arc_capacity[a]}."
            )
    for noun, kind, rows, most in (
        ("Supply", ViolationKind.SUPPLY_EXCEEDED, base.arc_supply, base.supply),
        ("Demand", ViolationKind.DEMAND_EXCEEDED, base.arc_demand, base.demand),
    ):
        used = np.bincount(rows, flow, len(most))
        for i in broken_rows(used > most * (1 + TOLERANCE)):
            yield Violation(kind, i, f"{noun} {i} has {most[i]}, but {used[i]} of it is used.")
    for name, per_unit, said in (
        ("value", base.value_per_unit, objective),
        ("second", problem.second_per_unit, second),
    ):
        size = float(np.abs(per_unit) @ flow) + TOLERANCE
        if abs(float(per_unit @ flow) - said) > TOLERANCE * size:
            text = f"The flow has {per_unit @ flow} of {name}, but the plan says {said}."
            yield Violation(ViolationKind.OBJECTIVE_WRONG, None, text)
    if float(problem.second_per_unit @ flow) < least - TOLERANCE * float(np.abs(problem.second_per_unit) @ flow):
        text = f"The second objective is {problem.second_per_unit @ flow}, less than {least}."
        yield Violation(ViolationKind.LEAST_MISSED, None, text)


def _proof(problem: FrontProblem, plan: PointPlan) -> Iterator[Violation]:
    base, price = problem.exchange, plan.price_second
    for noun, column in (("supply", plan.price_supply), ("demand", plan.price_demand)):
        for i in broken_rows(column < 0):
            yield Violation(ViolationKind.PRICE_NEGATIVE, i, f"The price of {noun} {i} is {column[i]}.")
    if price < 0:
        yield Violation(ViolationKind.PRICE_NEGATIVE, None, f"The price of the second objective is {price}.")
    worth = base.value_per_unit + price * problem.second_per_unit
    lacking = np.maximum(worth - plan.price_supply[base.arc_supply] - plan.price_demand[base.arc_demand], 0)
    terms = (
        plan.price_supply * base.supply,
        plan.price_demand * base.demand,
        lacking * _most(problem),
        np.array([-price * plan.second_least]),
    )
    bound, size = sum(float(one.sum()) for one in terms), sum(float(np.abs(one).sum()) for one in terms)
    if abs(bound - plan.bound) > TOLERANCE * size:
        text = f"The prices prove a bound of {bound}, but the plan says {plan.bound}."
        yield Violation(ViolationKind.BOUND_WRONG, None, text)
    missing, larger = plan.bound - plan.objective, max(abs(plan.bound), abs(plan.objective))
    optimal = plan.status is SolveStatus.OPTIMAL
    if missing < -TOLERANCE * larger or (optimal and missing > 2 * OPTIMAL_GAP * larger):
        text = f"The plan is {plan.status} with objective {plan.objective} and bound {plan.bound}."
        yield Violation(ViolationKind.NOT_OPTIMAL, None, text)


def _most(problem: FrontProblem) -> Ints:
    base = problem.exchange
    most: Ints = np.minimum(base.supply[base.arc_supply], base.demand[base.arc_demand])
    return most if base.arc_capacity is None else np.minimum(most, base.arc_capacity)
