"""What a run takes from the one before it, and what it leaves for the next; both are told in the notes of the run."""

import contextlib
from pathlib import Path

import numpy as np

from symbiosis.domain.ids import RunId
from symbiosis.domain.worth import LeftOut
from symbiosis.matching.answers import NearAnswer, near_answer
from symbiosis.matching.arrays import Kept
from symbiosis.matching.carry import Carried, Column, NotCarriedError, keep, kept, row_hashes
from symbiosis.matching.overlap import Found, found_beside, found_in
from symbiosis.matching.snapshot import Ints, Snapshot
from symbiosis.matching.stability import Decided, advantages
from symbiosis.matching.ways import NO_ROAD


def found_from(snapshot: Snapshot, folder: Path | None) -> tuple[Found, str]:
    """Return what is in an input, carried over from what an older run has left in a folder, and how, in words."""
    if folder is None:
        return found_in(snapshot), ""
    try:
        carried = kept(folder, snapshot)
        found = found_beside(snapshot, carried)
    except NotCarriedError as reason:
        return found_in(snapshot), f"; nothing was carried over: {reason}"
    if found.overlap is None:
        return found, ""
    changed, listings = found.overlap.changed, len(snapshot.supplies) + len(snapshot.demands)
    return found, f"; carried over from {carried.run_id}, {changed} of {listings} listings new or changed"


def leave(folder: Path, run_id: RunId, snapshot: Snapshot, found: Found, made: tuple[Kept, Decided]) -> None:
    """Leave what this run has found for the next; a disk that cannot hold it costs the next run its head start."""
    with contextlib.suppress(OSError):
        keep(folder, snapshot, _carried(run_id, snapshot, found, made))


def _carried(run_id: RunId, snapshot: Snapshot, found: Found, made: tuple[Kept, Decided]) -> Carried:
    decided, candidates, values = made[1], found.candidates, found.values
    best, near = decided.best, _near(snapshot, found, made)
    supply_hash, demand_hash = (
        (row_hashes(snapshot.supplies), row_hashes(snapshot.demands)) if found.overlap is None else found.overlap.hashes
    )
    by_road = np.flatnonzero(values.ways.road_m != NO_ROAD)
    arcs, near_arcs = np.flatnonzero(best.flow), np.flatnonzero(near.flow)
    return Carried(
        run_id=run_id,
        refused=frozenset(snapshot.refused),
        supply_hash=supply_hash,
        demand_hash=demand_hash,
        first=np.searchsorted(candidates.supply, np.arange(len(snapshot.supplies) + 1)),
        demand=candidates.demand.astype(np.int32),
        distance_m=candidates.distance_m,
        vehicle=values.ways.vehicle,
        by_road=by_road,
        road_m=values.ways.road_m[by_road],
        value_cent=_narrow(values.value_cent),
        small=found.worth.out[LeftOut.LEAST_VALUE],
        emits=found.worth.out[LeftOut.LEAST_AVOIDED],
        supply_left=decided.problem.supply,
        demand_left=decided.problem.demand,
        arcs=arcs,
        flow=best.flow[arcs],
        supply_low=best.price_supply_low,
        supply_high=best.price_supply_high,
        demand_low=best.price_demand_low,
        demand_high=best.price_demand_high,
        of_supply=best.component_of_supply,
        of_demand=best.component_of_demand,
        near_arcs=near_arcs,
        near_flow=near.flow[near_arcs],
        near_supply=near.price_supply,
        near_demand=near.price_demand,
        leant=near.leant,
    )


def _narrow(column: Ints) -> Column:
    """Return a column in four bytes a row where that holds it."""
    narrow: Column = column.astype(np.int32)
    return narrow if np.array_equal(narrow, column) else column


def _near(snapshot: Snapshot, found: Found, made: tuple[Kept, Decided]) -> NearAnswer:
    """Return the published plan with the prices that prove it near to itself."""
    kept_, decided = made
    near, best = decided.near, decided.best
    if near is not None and decided.leant is not None:
        return NearAnswer(near.flow, near.price_supply_low, near.price_demand_high, decided.leant)
    advantage = advantages(snapshot)
    if advantage is None:
        nothing = np.zeros(0, np.int64)
        return NearAnswer(best.flow, best.price_supply_low, best.price_demand_high, nothing)
    rows = np.union1d(np.flatnonzero(best.flow), np.flatnonzero(kept_.quantity))
    rows = rows[found.worth.kept[rows] & (found.values.counted_millicent[rows] > 0)]
    return near_answer(decided.problem, best, rows, advantage)
