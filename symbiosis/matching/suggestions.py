"""The optimizer's plan as suggestions with labels, whole cents and a fair split.

The split   Each listing's unit is worth the midpoint of its dual price interval: the mean of two dual solutions is one
            too, so what a pair's two sides get adds up to the pair's value, and no group of sites could do better
            alone (G. Owen 1975, Math. Programming 9, 358-370). A pair that only a lock or the switching cost keeps may
            be worth less than its two prices say; both sides then bear the difference in proportion to their prices.
Rounding    Every line of a year's breakdown is rounded half to even to a cent or a gram; the value is the sum of its
            five lines, and the plan's objective is the sum of the values. It differs from the optimum that was proven
            (in thousandths of a cent) by at most three cents a suggestion.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from optimizer import ExchangePlan
from symbiosis.domain.ids import RunId, synergy_id_of
from symbiosis.domain.synergies import Proposal, Suggestion
from symbiosis.domain.worth import Breakdown
from symbiosis.matching.arrays import Kept
from symbiosis.matching.breakdown import breakdowns, factor_ids, halved
from symbiosis.matching.candidates import Candidates
from symbiosis.matching.classes import MATCHES
from symbiosis.matching.snapshot import Snapshot
from symbiosis.matching.value import ArcValues
from symbiosis.matching.ways import VEHICLES


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """Everything that suggestions are made of."""

    snapshot: Snapshot
    candidates: Candidates
    values: ArcValues
    kept: Kept
    plan: ExchangePlan


def proposals(work: Worked, run_id: RunId) -> list[Proposal]:
    """Return the suggestions of a plan, the most valuable first; ties by the ids of their listings."""
    flow = work.plan.flow + work.kept.quantity
    rows = np.flatnonzero(flow).tolist()
    worths = breakdowns(work.snapshot, work.candidates, work.values, rows, flow[rows].tolist())
    made = [_proposal(work, run_id, row, worth) for row, worth in zip(rows, worths, strict=True)]
    made.sort(key=lambda p: (-p.suggestion.value_cent_per_year, p.supply_id, p.demand_id))
    return [_ranked(proposal, rank) for rank, proposal in enumerate(made, start=1)]


def plan_sha256(made: Sequence[Proposal]) -> str:
    """Return the hash of a plan: every fact of every suggestion, sorted by pair, without the run that made it."""
    names = [field.name for field in fields(Suggestion) if field.name not in {"run_id", "synergy_id", "rank"}]
    content = sorted([proposal.supply_id, proposal.demand_id, *_facts(proposal.suggestion, names)] for proposal in made)
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _facts(suggestion: Suggestion, names: Sequence[str]) -> list[object]:
    return [
        [line.as_text() for line in suggestion.lines] if name == "lines" else getattr(suggestion, name)
        for name in names
    ]


def split(value_cent: int, supply_price: int, demand_price: int) -> tuple[int, int]:
    """Return the shares of supplier and receiver in proportion to their prices; they add up to the value."""
    both = supply_price + demand_price
    supplier = halved(value_cent * supply_price, both) if both else halved(value_cent, 2)
    return supplier, value_cent - supplier


def _proposal(work: Worked, run_id: RunId, row: int, worth: Breakdown) -> Proposal:
    snapshot, plan = work.snapshot, work.plan
    i, j = int(work.candidates.supply[row]), int(work.candidates.demand[row])
    supply, demand = snapshot.supplies.listings[i], snapshot.demands.listings[j]
    supplier, receiver = split(
        worth.value_cent,
        int(plan.price_supply_low[i] + plan.price_supply_high[i]),
        int(plan.price_demand_low[j] + plan.price_demand_high[j]),
    )
    treated = int(work.candidates.substitution[row])
    suggestion = Suggestion(
        run_id=run_id,
        synergy_id=synergy_id_of(supply.listing_id, demand.listing_id),
        rank=0,
        quantity_base_per_year=worth.quantity_base,
        distance_m=int(work.values.way_m[row]),
        value_cent_per_year=worth.value_cent,
        avoided_disposal_cent_per_year=worth.avoided_disposal_cent,
        avoided_purchase_cent_per_year=worth.avoided_purchase_cent,
        transport_cent_per_year=worth.transport_cent,
        treatment_cent_per_year=worth.treatment_cent,
        supplier_share_cent_per_year=supplier,
        receiver_share_cent_per_year=receiver,
        avoided_gco2e_per_year=worth.avoided_gco2e,
        match=str(MATCHES[work.candidates.match[row]]),
        technique=snapshot.substitutions[treated].technique if treated >= 0 else None,
        estimated=supply.estimated or demand.estimated,
        value_low_cent_per_year=worth.value_low_cent,
        value_high_cent_per_year=worth.value_high_cent,
        avoided_low_gco2e_per_year=worth.avoided_low_gco2e,
        avoided_high_gco2e_per_year=worth.avoided_high_gco2e,
        vehicle=VEHICLES[int(work.values.ways.vehicle[row])].name,
        lines=worth.lines,
        factor_ids=factor_ids(worth),
        unpriced=_unpriced(work.values, row),
    )
    return Proposal(supply.listing_id, demand.listing_id, f"{supply.version}:{demand.version}", suggestion)


def _unpriced(values: ArcValues, row: int) -> tuple[str, ...]:
    names = (("DISPOSAL", values.no_disposal_price), ("PURCHASE", values.no_purchase_price))
    return tuple(name for name, column in names if column[row])


def _ranked(proposal: Proposal, rank: int) -> Proposal:
    return replace(proposal, suggestion=replace(proposal.suggestion, rank=rank))
