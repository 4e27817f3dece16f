"""Why two listings may not meet, or what their meeting is worth: decided by the code that decides a run.

The pair becomes a snapshot of two rows, and every rule of the table is asked of it. A pair that passes them all is
valued as a candidate of a run is; what a run then suggests for it depends on the others, and is not said here.
"""

from dataclasses import dataclass

import numpy as np

from symbiosis.domain.candidates import Match
from symbiosis.domain.ids import ListingId
from symbiosis.domain.transport import VehicleClass
from symbiosis.domain.worth import Breakdown
from symbiosis.matching.breakdown import breakdowns, factor_ids
from symbiosis.matching.candidates import Candidates, distance_m, find_candidates
from symbiosis.matching.classes import MATCHES, classify
from symbiosis.matching.rules import RULES, Pairs, facts_of
from symbiosis.matching.snapshot import Snapshot
from symbiosis.matching.value import value_candidates
from symbiosis.matching.ways import VEHICLES
from symbiosis.matching.words import Reason, Reviewed, Told
from symbiosis.units import BASE_PER_TRADE, BaseUnit


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the meeting of a candidate pair is: how it fits, its way in metres, and what it is worth.

    `greatest` is for the most that the two could exchange in a year, were there nobody else.
    """

    match: Match
    technique: str | None
    way_m: int
    vehicle: VehicleClass
    per_trade_unit: Breakdown
    greatest: Breakdown
    factor_ids: tuple[str, ...]
    unpriced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Every reason why a pair is no candidate, in the order of the rules; `meeting` if there is none.

    `distance_m` is between the sites, the error of their positions added; None where the two are on one side.
    """

    supply_id: ListingId
    demand_id: ListingId
    base_unit: BaseUnit
    estimated: bool
    distance_m: int | None
    reasons: tuple[Reason, ...]
    meeting: Meeting | None


def why_not(snapshot: Snapshot, supply: int, demand: int, review: Reviewed | None = None) -> tuple[Reason, ...]:
    """Return every reason why the pair of these rows is no candidate, the first one as a run counts it first."""
    given, wanted = snapshot.supplies.listings[supply], snapshot.demands.listings[demand]
    rows, columns = np.array([supply], dtype=np.int64), np.array([demand], dtype=np.int64)
    pair = Pairs(rows, columns, distance_m(snapshot, rows, columns))
    facts = facts_of(snapshot, classify(snapshot))
    told = Told(
        supply=given,
        demand=wanted,
        given=snapshot.resources[given.resource_code],
        wanted=snapshot.resources[wanted.resource_code],
        distance_m=int(pair.distance_m[0]),
        review=review,
    )
    return tuple(reason for rule in RULES if not rule.passes(facts, pair)[0] for reason in rule.words(told))


def explain(snapshot: Snapshot, review: Reviewed | None = None, closed: tuple[Reason, ...] = ()) -> PairExplanation:
    """Return the explanation of the one supply and the one demand of a snapshot.

    `closed` are the reasons why one of them is not open. Raises FactorMissingError if its way cannot be priced.
    """
    supply, demand = snapshot.supplies.listings[0], snapshot.demands.listings[0]
    row = np.zeros(1, np.int64)
    reasons = (*closed, *why_not(snapshot, 0, 0, review))
    return PairExplanation(
        supply_id=supply.listing_id,
        demand_id=demand.listing_id,
        base_unit=snapshot.resources[supply.resource_code].base_unit,
        estimated=supply.estimated or demand.estimated,
        distance_m=int(distance_m(snapshot, row, row)[0]),
        reasons=reasons,
        meeting=None if reasons else _meeting(snapshot),
    )


def _meeting(snapshot: Snapshot) -> Meeting:
    candidates = find_candidates(snapshot)
    values = value_candidates(snapshot, candidates)
    supply, demand = snapshot.supplies.listings[0], snapshot.demands.listings[0]
    per_trade = BASE_PER_TRADE[snapshot.resources[supply.resource_code].base_unit]
    most = min(supply.quantity_base_per_year, demand.quantity_base_per_year)
    one, greatest = breakdowns(snapshot, candidates, values, [0, 0], [per_trade, most])
    unpriced = (("DISPOSAL", values.no_disposal_price), ("PURCHASE", values.no_purchase_price))
    return Meeting(
        match=_match(candidates),
        technique=_technique(snapshot, candidates),
        way_m=int(values.way_m[0]),
        vehicle=VEHICLES[int(values.ways.vehicle[0])].name,
        per_trade_unit=one,
        greatest=greatest,
        factor_ids=factor_ids(greatest),
        unpriced=tuple(name for name, column in unpriced if column[0]),
    )


def _match(candidates: Candidates) -> Match:
    return Match(str(MATCHES[candidates.match[0]]))


def _technique(snapshot: Snapshot, candidates: Candidates) -> str | None:
    treated = int(candidates.substitution[0])
    return snapshot.substitutions[treated].technique if treated >= 0 else None
