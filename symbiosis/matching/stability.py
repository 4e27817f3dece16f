"""A plan that stays near the published one, beside the best there could be, and what staying near costs.

Best       what people work on keeps its quantity (`arrays.keep_locks`), the rest is free: the optimum is the bound of
           every plan that keeps the locks, and its prices are those that suggestions are shared by
Stable     the same, but a pair of the published plan keeps an advantage of `plan.switching_cost` per trade unit over
           pairs that are not in it; the advantage counts in no value that is told
Free       every candidate worth suggesting competes, as if nobody worked on anything
Cost       value of the free optimum - true value of the stable plan; all optima are proven
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer import Before, ExchangePlan, ExchangeProblem
from optimizer.problem import exact_dot
from symbiosis.domain.factors import SWITCHING_COST
from symbiosis.domain.ids import ListingId
from symbiosis.matching.answers import before_of, best_before, near_before
from symbiosis.matching.arrays import Kept, exchange_problem
from symbiosis.matching.candidates import Candidates
from symbiosis.matching.overlap import Found
from symbiosis.matching.snapshot import Bools, Ints, Snapshot
from symbiosis.matching.value import MILLICENT_PER_CENT, base_per_trade
from symbiosis.units import CENT_PER_EUR

Solve = Callable[[ExchangeProblem, Before | None], ExchangePlan]
"""Solves and checks a problem, from the answer to a similar one where it is given; or raises."""


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """The plan, with the prices of the best one, and how good it is in thousandths of a cent per year.

    value             true value of plan and locks together
    bound             no plan that keeps the locks is worth more
    free              the optimum if nothing had to be kept
    problem, best     what the locks leave, and its optimum
    near, leant       the optimum of the stable plan's problem, and which candidates have the advantage in it (P,);
                      None where the best plan is the published one, or nothing leans
    """

    plan: ExchangePlan
    value: int
    bound: int
    free: int
    problem: ExchangeProblem
    best: ExchangePlan
    near: ExchangePlan | None
    leant: Bools | None


def decide(snapshot: Snapshot, found: Found, kept: Kept, solve: Solve) -> Decided:
    """Return the plan to publish; what `solve` raises is passed on."""
    candidates, values, wanted = found.candidates, found.values, found.worth.kept
    problem = exchange_problem(snapshot, candidates, values, kept, wanted)
    older = found.overlap if found.overlap is not None and found.overlap.is_near else None
    best = solve(problem, None if older is None else best_before(problem, older))
    locked = exact_dot(values.counted_millicent, kept.quantity)
    bound = best.bound + locked
    published = published_quantity(snapshot, candidates) - kept.quantity
    advantage = advantages(snapshot)
    near = leant = None
    if advantage is not None and snapshot.published is not None:
        leant = (published + kept.quantity > 0) & wanted & (values.counted_millicent > 0)
    if advantage is not None and leant is not None and leant.any():
        if np.array_equal(best.flow, published):
            leant = None
        else:
            leaning = _leaning(problem, leant, advantage)
            before = None if older is None else near_before(leaning, leant, older)
            near = solve(leaning, before)
    flow = _staying(problem, best, best.flow if near is None else near.flow, published)
    free = bound
    if kept.locks:
        nothing = Kept(np.zeros(len(candidates), np.int64), (), ())
        unlocked = exchange_problem(snapshot, candidates, values, nothing, wanted | (kept.quantity > 0))
        free = solve(unlocked, before_of(problem, best, unlocked)).bound
    worth = exact_dot(values.counted_millicent, flow)
    plan = replace(best, flow=flow, objective=worth)
    return Decided(plan, worth + locked, bound, free, problem, best, near, None if near is None else leant)


def _leaning(problem: ExchangeProblem, leant: Bools, advantage: Ints) -> ExchangeProblem:
    """Return the problem in which some candidates count for more, each by the advantage of its supply (S,)."""
    value, rows = problem.value_per_unit.copy(), np.flatnonzero(leant)
    value[rows] += advantage[problem.arc_supply[rows]]
    value.setflags(write=False)
    return problem.valued(value)


def _staying(problem: ExchangeProblem, best: ExchangePlan, flow: Ints, before: Ints) -> Ints:
    """Return a flow with the published one, `before` (P,), in every component where that can stay and is worth as much
    as the best: among equal plans the one that people see.
    """
    carrying = np.flatnonzero(before)
    component = best.component_of_supply[problem.arc_supply[carrying]]
    rows, of_row = carrying[component >= 0], component[component >= 0]
    if not len(rows):
        return flow
    stays = np.ones(best.components, np.bool_)
    stays[of_row[(before[rows] < 0) | (problem.value_per_unit[rows] <= 0)]] = False
    sides = (
        (problem.supply, problem.arc_supply, best.component_of_supply),
        (problem.demand, problem.arc_demand, best.component_of_demand),
    )
    for quantity, arc_rows, component in sides:
        used = np.zeros(len(quantity), np.int64)
        np.add.at(used, arc_rows[rows], before[rows])
        stays[component[(used > quantity) & (component >= 0)]] = False
    rows, of_row = rows[stays[of_row]], of_row[stays[of_row]]
    worth = np.zeros(best.components, np.int64)
    np.add.at(worth, of_row, problem.value_per_unit[rows] * before[rows])
    stays &= worth == best.component_objective
    either = np.flatnonzero((before != 0) | (flow != 0))
    component = best.component_of_supply[problem.arc_supply[either]]
    either = either[(component >= 0) & stays[component]]
    stayed = flow.copy()
    stayed[either] = before[either]
    return stayed


def published_quantity(snapshot: Snapshot, candidates: Candidates) -> Ints:
    """Return what the published plan suggests for each candidate, base units per year (P,)."""
    quantity = np.zeros(len(candidates), np.int64)
    if snapshot.published is None:
        return quantity
    rows = rows_of(snapshot, candidates, [(pair.supply_id, pair.demand_id) for pair in snapshot.published.pairs])
    amounts = np.array([pair.quantity_base_per_year for pair in snapshot.published.pairs], dtype=np.int64)
    quantity[rows[rows >= 0]] = amounts[rows >= 0]
    return quantity


def rows_of(snapshot: Snapshot, candidates: Candidates, pairs: Sequence[tuple[ListingId, ListingId]]) -> Ints:
    """Return the row of each pair among the candidates, -1 where it is none."""
    supplies, demands = snapshot.supplies.row_of, snapshot.demands.row_of
    supply = np.array([supplies.get(supply, -1) for supply, _ in pairs], dtype=np.int64)
    demand = np.array([demands.get(demand, -1) for _, demand in pairs], dtype=np.int64)
    return candidates.rows_of(supply, demand)


def advantages(snapshot: Snapshot) -> Ints | None:
    """Return what a pair of the published plan counts beside its value, by its supply (S,), thousandths of a cent per
    base unit; None where nothing does.
    """
    cost = snapshot.factors.get(SWITCHING_COST)
    if cost is None or cost.value <= 0:
        return None
    millicent = np.rint(cost.value * CENT_PER_EUR * MILLICENT_PER_CENT / base_per_trade(snapshot)).astype(np.int64)
    return np.maximum(millicent, 1)
