"""A plan that stays near the published one, beside the best there could be, and what staying near costs.

Best       what people work on keeps its quantity (`arrays.keep_locks`), the rest is free: the optimum is the bound of
           every plan that keeps the locks, and its prices are those that suggestions are shared by
Stable     the same, but a pair of the published plan keeps an advantage of `plan.switching_cost` per trade unit over
           pairs that are not in it; the advantage counts in no value that is told
Free       every candidate worth suggesting competes, as if nobody worked on anything
Cost       value of the free optimum - true value of the stable plan; all optima are proven
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from optimizer import ExchangePlan, ExchangeProblem, Start
from symbiosis.domain.factors import SWITCHING_COST
from symbiosis.matching.arrays import Kept, exchange_problem
from symbiosis.matching.candidates import Candidates
from symbiosis.matching.snapshot import Bools, Ints, Snapshot
from symbiosis.matching.value import MILLICENT_PER_CENT, ArcValues
from symbiosis.units import BASE_PER_TRADE, CENT_PER_EUR

Solve = Callable[[ExchangeProblem, Start | None], ExchangePlan]
"""Solves and checks a problem, repairing the answer to a similar one where it is given; or raises."""


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """The plan, with the prices of the best one, and how good it is in thousandths of a cent per year.

    value             true value of plan and locks together
    bound             no plan that keeps the locks is worth more
    free              the optimum if nothing had to be kept
    """

    plan: ExchangePlan
    value: int
    bound: int
    free: int


def decide(
    snapshot: Snapshot, candidates: Candidates, values: ArcValues, kept: Kept, wanted: Bools, solve: Solve
) -> Decided:
    """Return the plan to publish; what `solve` raises is passed on."""
    problem = exchange_problem(snapshot, candidates, values, kept, wanted)
    best = solve(problem, None)
    locked = _worth(values, kept.quantity)
    bound = best.bound + locked
    flow = best.flow
    advantage = _advantage(snapshot, candidates, values, wanted)
    if advantage is not None and not np.array_equal(flow + kept.quantity, published_quantity(snapshot, candidates)):
        leaning = ExchangeProblem(
            supply=problem.supply,
            demand=problem.demand,
            arc_supply=problem.arc_supply,
            arc_demand=problem.arc_demand,
            value_per_unit=problem.value_per_unit + advantage,
        )
        flow = solve(leaning, None).flow
    free = bound
    if kept.locks:
        nothing = Kept(np.zeros(len(candidates), np.int64), (), ())
        unlocked = exchange_problem(snapshot, candidates, values, nothing, wanted | (kept.quantity > 0))
        free = solve(unlocked, _start(best, problem, unlocked)).bound
    worth = _worth(values, flow)
    return Decided(replace(best, flow=flow, objective=worth), worth + locked, bound, free)


def _start(best: ExchangePlan, before: ExchangeProblem, after: ExchangeProblem) -> Start:
    """Return the answer to one problem as the start of another over the same arcs: what locks take is the change."""
    supply_changed, demand_changed = before.supply != after.supply, before.demand != after.demand
    revalued = np.flatnonzero(before.value_per_unit != after.value_per_unit)
    supply_changed[after.arc_supply[revalued]] = True
    return Start(
        flow=best.flow,
        supply_low=best.price_supply_low,
        supply_high=best.price_supply_high,
        demand_low=best.price_demand_low,
        demand_high=best.price_demand_high,
        supply_changed=supply_changed,
        demand_changed=demand_changed,
    )


def published_quantity(snapshot: Snapshot, candidates: Candidates) -> Ints:
    """Return what the published plan suggests for each candidate, base units per year (P,)."""
    quantity = np.zeros(len(candidates), np.int64)
    if snapshot.published is None:
        return quantity
    pairs = {(pair.supply_id, pair.demand_id): pair.quantity_base_per_year for pair in snapshot.published.pairs}
    rows = rows_of(snapshot, candidates, list(pairs))
    for row, amount in zip(rows, pairs.values(), strict=True):
        if row is not None:
            quantity[row] = amount
    return quantity


def rows_of(snapshot: Snapshot, candidates: Candidates, pairs: list[tuple[str, str]]) -> list[int | None]:
    """Return the row of each pair among the candidates, None where it is none."""
    supplies = {listing.listing_id: row for row, listing in enumerate(snapshot.supplies.listings)}
    demands = {listing.listing_id: row for row, listing in enumerate(snapshot.demands.listings)}
    width = len(demands)
    keys = candidates.supply * width + candidates.demand
    ends = [(supplies.get(supply), demands.get(demand)) for supply, demand in pairs]  # type: ignore[call-overload]
    wanted = np.array([-1 if i is None or j is None else i * width + j for i, j in ends], dtype=np.int64)
    at = np.searchsorted(keys, wanted)
    found = (at < len(keys)) & (wanted >= 0)
    found[found] = keys[at[found]] == wanted[found]
    return [row if there else None for row, there in zip(at.tolist(), found.tolist(), strict=True)]


def _advantage(snapshot: Snapshot, candidates: Candidates, values: ArcValues, wanted: Bools) -> Ints | None:
    """Return what counts for each candidate beside its value (P,), thousandths of a cent per base unit, if anything."""
    cost = snapshot.factors.get(SWITCHING_COST)
    if cost is None or cost.value <= 0 or snapshot.published is None:
        return None
    stays = (published_quantity(snapshot, candidates) > 0) & wanted & (values.counted_millicent > 0)
    resources = [snapshot.resources[listing.resource_code] for listing in snapshot.supplies.listings]
    per_trade = np.array([BASE_PER_TRADE[resource.base_unit] for resource in resources], dtype=np.int64)
    millicent = np.rint(cost.value * CENT_PER_EUR * MILLICENT_PER_CENT / per_trade).astype(np.int64)
    return np.where(stays, np.maximum(millicent[candidates.supply], 1), 0) if stays.any() else None


def _worth(values: ArcValues, quantity: Ints) -> int:
    rows = np.flatnonzero(quantity)
    return sum(a * b for a, b in zip(values.counted_millicent[rows].tolist(), quantity[rows].tolist(), strict=True))
