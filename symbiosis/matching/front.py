"""The front between value and emissions avoided, over the candidates of a run, what people work on kept.

Points     evenly spaced in emissions between the plan of the most value and the plan that avoids the most, each the
           optimum of the value under that least (epsilon-constraint), proven by prices and checked without the solver
Counted    every candidate but those that pay and are left out as too small or emitting: a pair that costs money may
           carry something where emissions ask for it
Rounding   a point mixes two plans in whole units, so that its emissions are met to the unit; its sums are rounded here
           to whole cents and grams, the value down and the bound up
"""

import asyncio
import math
from typing import Final, cast

import numpy as np

from optimizer import ExchangeProblem, FrontProblem, OptimizerError, PointPlan, ProblemError, check_point, solve_front
from optimizer.problem import exact_dot
from symbiosis.domain.fronts import FEWEST, MOST, FrontPoint, FrontPointsError
from symbiosis.domain.runs import RunKind
from symbiosis.matching.arrays import Kept, keep_locks
from symbiosis.matching.candidates import Candidates, find_candidates
from symbiosis.matching.compute import PlanRefusedError, Report, UnsolvableError
from symbiosis.matching.limits import Limits
from symbiosis.matching.snapshot import Ints, Snapshot, snapshot_of
from symbiosis.matching.value import MILLICENT_PER_CENT, ArcValues, value_candidates
from symbiosis.matching.worker import NO_LIMITS, ComputeIn, work_beside
from symbiosis.matching.worth import worthwhile
from symbiosis.store.front import keep_front
from symbiosis.store.graph import Graph
from symbiosis.store.snapshot import read_market
from symbiosis.units import BASE_PER_TRADE, GRAM_PER_TONNE

MILLIGRAM_PER_GRAM: Final = 1000


def front_of(snapshot: Snapshot, points: int) -> tuple[FrontPoint, ...]:
    """Return that many points, from the most value to the least emissions; all alike where the two do not differ.

    Raises FrontPointsError, UnsolvableError, PlanRefusedError or FactorMissingError.
    """
    if not FEWEST <= points <= MOST:
        raise FrontPointsError(points)
    candidates = find_candidates(snapshot)
    values = value_candidates(snapshot, candidates)
    kept = keep_locks(snapshot, candidates)
    avoided_mg = _milligrams(snapshot, candidates, values)
    try:
        problem = _problem(snapshot, (candidates, values, kept), avoided_mg)
        found = solve_front(problem, points)
    except ProblemError as refused:
        raise UnsolvableError(f"The front cannot be computed: {refused}") from refused
    except OptimizerError as failed:
        raise PlanRefusedError(f"The front was not proven: {failed}") from failed
    for plan in found.points:
        verdict = check_point(problem, plan)
        if not verdict.passed:
            raise PlanRefusedError(f"A point of the front failed its check: {verdict}")
    locked = exact_dot(values.millicent_per_base, kept.quantity), exact_dot(avoided_mg, kept.quantity)
    return tuple(_point(plan, *locked) for plan in found.points)


async def front_beside(
    snapshot: Snapshot, points: int, where: ComputeIn = ComputeIn.PROCESS, limits: Limits = NO_LIMITS
) -> tuple[FrontPoint, ...]:
    """Return the front of a snapshot, computed beside the event loop; nothing for no points.

    Raises what `front_of` raises, and, of a process that goes beyond its limits, RunTimeError or RunMemoryError.
    """
    if points == 0:
        return ()
    if where is ComputeIn.THREAD:
        return await asyncio.to_thread(front_of, snapshot, points)
    return cast("tuple[FrontPoint, ...]", await work_beside(_drawn, (snapshot, points), _unheard, limits))


def _drawn(_: Report, snapshot: Snapshot, points: int) -> tuple[FrontPoint, ...]:
    return front_of(snapshot, points)


def _unheard(*_: object) -> None:
    """Take no note: a front says nothing before it is drawn."""


async def keep_front_of(graph: Graph, points: int, limits: Limits = NO_LIMITS) -> tuple[tuple[FrontPoint, ...], bool]:
    """Return the front over what the store holds now, and whether it was kept with the current run.

    It is kept only if that run decided over the same input, which its hash says. Drawn in a process of its own, which
    is ended with RunTimeError or RunMemoryError when it goes beyond its limits.
    """
    snapshot = snapshot_of(await graph.read(read_market, RunKind.EXCHANGE))
    front = await front_beside(snapshot, points, limits=limits)
    return front, await graph.write(keep_front, snapshot.sha256(), front)


def _milligrams(snapshot: Snapshot, candidates: Candidates, values: ArcValues) -> Ints:
    """Return what a base unit avoids on each candidate, in milligrams (P,)."""
    units = [snapshot.resources[listing.resource_code].base_unit for listing in snapshot.supplies.listings]
    per_trade = np.array([BASE_PER_TRADE[unit] for unit in units], dtype=np.int64)
    milligrams: Ints = values.gco2e * MILLIGRAM_PER_GRAM // per_trade[candidates.supply]
    return milligrams


def _problem(snapshot: Snapshot, found: tuple[Candidates, ArcValues, Kept], avoided_mg: Ints) -> FrontProblem:
    candidates, values, kept = found
    worth = worthwhile(snapshot, candidates, values).kept
    arcs = np.flatnonzero(np.where(values.millicent_per_base > 0, worth, avoided_mg > 0))
    supply, demand = snapshot.supplies.quantity.copy(), snapshot.demands.quantity.copy()
    np.subtract.at(supply, candidates.supply, kept.quantity)
    np.subtract.at(demand, candidates.demand, kept.quantity)
    exchange = ExchangeProblem(
        supply=supply,
        demand=demand,
        arc_supply=candidates.supply[arcs],
        arc_demand=candidates.demand[arcs],
        value_per_unit=values.millicent_per_base[arcs],
    )
    return FrontProblem(exchange, avoided_mg[arcs])


def _point(plan: PointPlan, locked_millicent: int, locked_mg: int) -> FrontPoint:
    return FrontPoint(
        avoided_gco2e_per_year=math.floor((plan.second + locked_mg) / MILLIGRAM_PER_GRAM),
        value_cent_per_year=math.floor((plan.objective + locked_millicent) / MILLICENT_PER_CENT),
        bound_cent_per_year=math.ceil((plan.bound + locked_millicent) / MILLICENT_PER_CENT),
        marginal_cent_per_t=round(plan.price_second * GRAM_PER_TONNE * MILLIGRAM_PER_GRAM / MILLICENT_PER_CENT),
    )
