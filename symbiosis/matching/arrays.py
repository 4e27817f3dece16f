"""From labels to the optimizer's indices and back, with what people already work on taken out first.

A locked pair (SHORTLISTED to OPERATING) keeps the quantity that people agreed on, or else that of the current plan, as
far as its listings still have it and the pair is still a candidate; the most advanced is served first. What is left of
every listing is the problem that is solved. Its optimum plus the locked value is therefore the best plan among those
that keep the locks, and that is the bound a run states; locked quantities are a decision of people, not of the
optimizer.
"""

from dataclasses import dataclass

import numpy as np

from optimizer import ExchangeProblem
from symbiosis.matching.candidates import Candidates
from symbiosis.matching.snapshot import Bools, Ints, Lock, Snapshot
from symbiosis.matching.value import ArcValues


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What locks take: a quantity on each candidate (P,), and the locks that could not be kept."""

    quantity: Ints
    locks: tuple[Lock, ...]
    lost: tuple[Lock, ...]


def keep_locks(snapshot: Snapshot, candidates: Candidates) -> Kept:
    """Return what each lock keeps, first come first served in the order of the snapshot."""
    place = {
        (snapshot.supplies.listings[i].listing_id, snapshot.demands.listings[j].listing_id): row
        for row, i, j in _rows_of_locks(snapshot, candidates)
    }
    left_supply, left_demand = snapshot.supplies.quantity.copy(), snapshot.demands.quantity.copy()
    quantity = np.zeros(len(candidates), np.int64)
    kept: list[Lock] = []
    lost: list[Lock] = []
    for lock in snapshot.locks:
        row = place.get((lock.supply_id, lock.demand_id))
        if row is None:
            lost.append(lock)
            continue
        i, j = candidates.supply[row], candidates.demand[row]
        takes = min(lock.quantity_base_per_year, int(left_supply[i]), int(left_demand[j]))
        left_supply[i] -= takes
        left_demand[j] -= takes
        quantity[row] = takes
        (kept if takes > 0 else lost).append(lock)
    return Kept(quantity, tuple(kept), tuple(lost))


def exchange_problem(
    snapshot: Snapshot, candidates: Candidates, values: ArcValues, kept: Kept, wanted: Bools
) -> ExchangeProblem:
    """Return the problem of what the locks leave: base units, thousandths of a cent per base unit. A candidate that is
    not `wanted` counts as worth nothing, so nothing flows there but what a lock keeps.
    """
    supply, demand = snapshot.supplies.quantity.copy(), snapshot.demands.quantity.copy()
    rows = np.flatnonzero(kept.quantity)
    np.subtract.at(supply, candidates.supply[rows], kept.quantity[rows])
    np.subtract.at(demand, candidates.demand[rows], kept.quantity[rows])
    value = values.counted_millicent.copy()
    value[~wanted & (value > 0)] = 0
    for column in (candidates.supply, candidates.demand, value):
        column.setflags(write=False)  # So the problem need not copy them.
    return ExchangeProblem(
        supply=supply,
        demand=demand,
        arc_supply=candidates.supply,
        arc_demand=candidates.demand,
        value_per_unit=value,
    )


def _rows_of_locks(snapshot: Snapshot, candidates: Candidates) -> list[tuple[int, int, int]]:
    """Return (candidate row, supply row, demand row) of those candidates whose two listings are in some lock."""
    supplies = {lock.supply_id for lock in snapshot.locks}
    demands = {lock.demand_id for lock in snapshot.locks}
    in_supplies = np.array([x.listing_id in supplies for x in snapshot.supplies.listings], dtype=np.bool_)
    in_demands = np.array([x.listing_id in demands for x in snapshot.demands.listings], dtype=np.bool_)
    rows = np.flatnonzero(in_supplies[candidates.supply] & in_demands[candidates.demand])
    return list(zip(rows.tolist(), candidates.supply[rows].tolist(), candidates.demand[rows].tolist(), strict=True))
