"""The optimizer's plan as suggestions with labels, whole cents and a fair split.

The split   Each listing's unit is worth the midpoint of its dual price interval: the mean of two dual solutions is one
            too, so what a pair's two sides get adds up to the pair's value, and no group of sites could do better
            alone (G. Owen 1975, Math. Programming 9, 358-370). A pair that only a lock or the switching cost keeps may
            be worth less than its two prices say; both sides then bear the difference in proportion to their prices.
Rounding    Every line of a year's breakdown is rounded half to even to a cent or a gram; the value is the sum of its
            five lines, and the plan's objective is the sum of the values. It differs from the optimum that was proven
            (in thousandths of a cent) by at most three cents a suggestion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from optimizer import ExchangePlan
from symbiosis.domain.ids import RunId
from symbiosis.matching.arrays import Kept
from symbiosis.matching.breakdown import MOST, Whole, halved, worths
from symbiosis.matching.candidates import Candidates
from symbiosis.matching.planned import Suggestions
from symbiosis.matching.snapshot import Bools, Ints, Side, Snapshot
from symbiosis.matching.value import ArcValues

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """Everything that suggestions are made of."""

    snapshot: Snapshot
    candidates: Candidates
    values: ArcValues
    kept: Kept
    plan: ExchangePlan


def proposals(work: Worked, run_id: RunId) -> Suggestions:
    """Return the suggestions of a plan, the most valuable first; ties by the ids of their listings."""
    snapshot, candidates, values, plan = work.snapshot, work.candidates, work.values, work.plan
    rows = np.union1d(np.flatnonzero(plan.flow), np.flatnonzero(work.kept.quantity))
    worth = worths(snapshot, candidates, values, rows, plan.flow[rows] + work.kept.quantity[rows])
    order = np.argsort(-worth.value_cent, kind="stable")
    rows, worth = rows[order], worth.of(order)
    sides = snapshot.supplies, snapshot.demands
    i, j = candidates.supply[rows], candidates.demand[rows]
    return Suggestions(
        run_id=run_id,
        pairs=_both((i, j), [[x.listing_id for x in side.listings] for side in sides]),
        versions=_both((i, j), [[x.version for x in side.listings] for side in sides]),
        candidate=rows,
        worths=worth,
        supplier_cent=split(
            worth.value_cent,
            plan.price_supply_low[i] + plan.price_supply_high[i],
            plan.price_demand_low[j] + plan.price_demand_high[j],
        ),
        distance_m=values.way_m_of(rows),
        match=candidates.match_of(rows),
        technique=candidates.substitution_of(rows),
        techniques=tuple(row.technique for row in snapshot.substitutions),
        vehicle=values.ways.vehicle[rows].astype(np.int64),
        unpriced=~values.disposal_priced[i] + 2 * ~values.purchase_priced[j],
        estimated=_estimated(snapshot.supplies)[i] | _estimated(snapshot.demands)[j],
    )


def _both(rows: tuple[Ints, Ints], facts: Sequence[Sequence[Fact]]) -> tuple[tuple[Fact, Fact], ...]:
    """Return a fact of both listings of each pair."""
    ends = [np.array(each, dtype=np.object_)[some].tolist() for each, some in zip(facts, rows, strict=True)]
    return tuple(zip(*ends, strict=True))


def _estimated(side: Side) -> Bools:
    return np.array([listing.estimated for listing in side.listings], dtype=np.bool_)


def split(value_cent: Whole, supply_price: Ints, demand_price: Ints) -> Whole:
    """Return what suppliers get of values in proportion to the prices of both sides, half where both are 0; receivers
    get the rest.
    """
    both = supply_price + demand_price
    largest = int(np.abs(value_cent).max(initial=0)) * int(both.max(initial=0))
    value = value_cent.astype(object) if largest > MOST else value_cent
    return halved(np.where(both > 0, value * supply_price, value), np.where(both > 0, both, 2))
