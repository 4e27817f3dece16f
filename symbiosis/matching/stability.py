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
from symbiosis.matching.snapshot import Ints, Snapshot
from symbiosis.matching.value import MILLICENT_PER_CENT, base_per_trade
from symbiosis.units import CENT_PER_EUR

Solve = Callable[[ExchangeProblem, Before | None], ExchangePlan]
"""Solves and checks a problem, from the answer to a similar one where it is given; or raises."""
Carries = tuple[Ints, Ints]
"""Rows of candidates, least first, and what each carries: base units per year."""


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """The plan, with the prices of the best one, and how good it is in thousandths of a cent per year.

    value             true value of plan and locks together
    bound             no plan that keeps the locks is worth more
    free              the optimum if nothing had to be kept
    problem, best     what the locks leave, and its optimum
    near, leant       the optimum of the stable plan's problem, and the candidates that have the advantage in it; None
                      where the best plan is the published one, or nothing leans
    published_at      the candidate of each pair of the published plan, -1 where it is none
    """

    plan: ExchangePlan
    value: int
    bound: int
    free: int
    problem: ExchangeProblem
    best: ExchangePlan
    near: ExchangePlan | None
    leant: Ints | None
    published_at: Ints


def decide(snapshot: Snapshot, found: Found, kept: Kept, solve: Solve) -> Decided:
    """Return the plan to publish; what `solve` raises is passed on."""
    candidates, values, wanted = found.candidates, found.values, found.worth.kept
    problem = exchange_problem(snapshot, candidates, values, kept, wanted)
    older = found.overlap if found.overlap is not None and found.overlap.is_near else None
    best = solve(problem, None if older is None else best_before(problem, older))
    locked = exact_dot(values.counted_millicent, kept.quantity)
    bound = best.bound + locked
    published_at = _published_at(snapshot, candidates)
    published = _published(snapshot, published_at)
    before = _beside(published, kept)
    advantage = advantages(snapshot)
    near = leant = None
    if advantage is not None:
        rows = published[0]
        rows = rows[wanted[rows] & (values.counted_millicent[rows] > 0)]
        if len(rows) and not _is_same(best.flow, before):
            leant = rows
            leaning = _leaning(problem, leant, advantage)
            near = solve(leaning, None if older is None else near_before(leaning, leant, older))
    flow = _staying(problem, best, best.flow if near is None else near.flow, before)
    free = bound
    if kept.locks:
        nothing = Kept(np.zeros(len(candidates), np.int64), (), ())
        unlocked = exchange_problem(snapshot, candidates, values, nothing, wanted | (kept.quantity > 0))
        free = solve(unlocked, before_of(problem, best, unlocked)).bound
    worth = exact_dot(values.counted_millicent, flow)
    plan = replace(best, flow=flow, objective=worth)
    return Decided(plan, worth + locked, bound, free, problem, best, near, leant, published_at)


def _leaning(problem: ExchangeProblem, leant: Ints, advantage: Ints) -> ExchangeProblem:
    """Return the problem in which some candidates count for more, each by the advantage of its supply (S,)."""
    value = problem.value_per_unit.copy()
    value[leant] += advantage[problem.arc_supply[leant]]
    value.setflags(write=False)
    return problem.valued(value)


def _beside(published: Carries, kept: Kept) -> Carries:
    """Return how much more a plan carries than locks keep, where that is not 0."""
    locked = np.flatnonzero(kept.quantity)
    rows = np.union1d(published[0], locked)
    amount = np.zeros(len(rows), np.int64)
    amount[np.searchsorted(rows, published[0])] = published[1]
    amount[np.searchsorted(rows, locked)] -= kept.quantity[locked]
    return rows[amount != 0], amount[amount != 0]


def _is_same(flow: Ints, carries: Carries) -> bool:
    rows = np.flatnonzero(flow)
    return np.array_equal(rows, carries[0]) and np.array_equal(flow[rows], carries[1])


def _staying(problem: ExchangeProblem, best: ExchangePlan, flow: Ints, before: Carries) -> Ints:
    """Return a flow (P,) with the published one, `before`, in every component where that can stay and is worth as much
    as the best: among equal plans the one that people see.
    """
    component = best.component_of_supply[problem.arc_supply[before[0]]]
    rows, amount, of_row = before[0][component >= 0], before[1][component >= 0], component[component >= 0]
    if not len(rows):
        return flow
    stays = np.ones(best.components, np.bool_)
    stays[of_row[(amount < 0) | (problem.value_per_unit[rows] <= 0)]] = False
    sides = (
        (problem.supply, problem.arc_supply, best.component_of_supply),
        (problem.demand, problem.arc_demand, best.component_of_demand),
    )
    for quantity, arc_rows, component in sides:
        used = np.zeros(len(quantity), np.int64)
        np.add.at(used, arc_rows[rows], amount)
        stays[component[(used > quantity) & (component >= 0)]] = False
    some = stays[of_row]
    rows, amount, of_row = rows[some], amount[some], of_row[some]
    worth = np.zeros(best.components, np.int64)
    np.add.at(worth, of_row, problem.value_per_unit[rows] * amount)
    stays &= worth == best.component_objective
    some, used = stays[of_row], np.flatnonzero(flow)
    component = best.component_of_supply[problem.arc_supply[used]]
    old, new = used[(component >= 0) & stays[component]], rows[some]
    if np.array_equal(old, new) and np.array_equal(flow[old], amount[some]):
        return flow
    stayed = flow.copy()
    stayed[old] = 0
    stayed[new] = amount[some]
    return stayed


def _published_at(snapshot: Snapshot, candidates: Candidates) -> Ints:
    pairs = () if snapshot.published is None else snapshot.published.pairs
    supplies, demands = snapshot.supplies.row_of, snapshot.demands.row_of
    supply = np.array([supplies.get(pair.supply_id, -1) for pair in pairs], dtype=np.int64)
    demand = np.array([demands.get(pair.demand_id, -1) for pair in pairs], dtype=np.int64)
    return candidates.rows_of(supply, demand)


def _published(snapshot: Snapshot, at: Ints) -> Carries:
    """Return the candidates of the published plan and what it suggests for each."""
    pairs = () if snapshot.published is None else snapshot.published.pairs
    amounts = np.array([pair.quantity_base_per_year for pair in pairs], dtype=np.int64)
    order = np.argsort(at)
    order = order[(at[order] >= 0) & (amounts[order] > 0)]
    return at[order], amounts[order]


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
