"""Why two listings may not meet, or what their meeting is worth: decided by the code that decides a run.

The pair becomes a snapshot of two rows, and every rule of the table is asked of it. A pair that passes them all is
valued as a candidate of a run is; what a run then suggests for it depends on the others, and is not said here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symbiosis.domain.candidates import Match
from symbiosis.domain.ids import ListingId
from symbiosis.domain.legal import LegalPath
from symbiosis.domain.listings import Visibility
from symbiosis.domain.transport import VehicleClass
from symbiosis.domain.worth import Breakdown, LeftOut
from symbiosis.matching.breakdown import breakdowns, factor_ids
from symbiosis.matching.candidates import Candidates, distance_m, find_candidates
from symbiosis.matching.checks import CheckResult, Notice, notices_of, results
from symbiosis.matching.classes import MATCHES, classify
from symbiosis.matching.law import path_of
from symbiosis.matching.rules import RULES, Facts, Pairs, facts_of, states_of
from symbiosis.matching.snapshot import Ints, Snapshot
from symbiosis.matching.value import ArcValues, value_candidates
from symbiosis.matching.ways import VEHICLES
from symbiosis.matching.words import Reason, Reviewed, Told
from symbiosis.matching.worth import worthwhile
from symbiosis.units import BASE_PER_TRADE, BaseUnit


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the meeting of a candidate pair is: how it fits, its way in metres, and what it is worth.

    `greatest` is for the most that the two could exchange in a year, were there nobody else. `left_out` names the
    rules by which a run would not suggest it all the same.
    """

    match: Match
    technique: str | None
    way_m: int
    vehicle: VehicleClass
    per_trade_unit: Breakdown
    greatest: Breakdown
    factor_ids: tuple[str, ...]
    unpriced: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Every reason why a pair is no candidate, in the order of the rules; `meeting` if there is none.

    `distance_m` is between the sites, the error of their positions added; `path` is the legal path. Both are None where
    the two are on one side.
    """

    supply_id: ListingId
    demand_id: ListingId
    base_unit: BaseUnit
    estimated: bool
    distance_m: int | None
    reasons: tuple[Reason, ...]
    notices: tuple[Notice, ...]
    path: LegalPath | None
    meeting: Meeting | None

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """Return how each check came out; none where the two are on one side."""
        return results(self.reasons, self.notices) if self.path is not None else ()


def why_not(snapshot: Snapshot, supply: int, demand: int, review: Reviewed | None = None) -> tuple[Reason, ...]:
    """Return every reason why the pair of these rows is no candidate, the first one as a run counts it first."""
    facts, pair, told = _told(snapshot, supply, demand, review)
    return _reasons(facts, pair, told)


def _reasons(facts: Facts, pair: Pairs, told: Told) -> tuple[Reason, ...]:
    return tuple(reason for rule in RULES if not rule.passes(facts, pair)[0] for reason in rule.words(told))


def _told(snapshot: Snapshot, supply: int, demand: int, review: Reviewed | None) -> tuple[Facts, Pairs, Told]:
    """Return one pair as the rules see it, and as their words do."""
    given, wanted = snapshot.supplies.listings[supply], snapshot.demands.listings[demand]
    rows, columns = np.array([supply], dtype=np.int64), np.array([demand], dtype=np.int64)
    pair = Pairs(rows, columns, distance_m(snapshot, rows, columns))
    facts = facts_of(snapshot, classify(snapshot))
    row = int(facts.treatment(pair)[0])
    treatment = snapshot.substitutions[row] if row >= 0 else None
    told = Told(
        supply=given,
        demand=wanted,
        given=snapshot.resources[given.resource_code],
        wanted=snapshot.resources[wanted.resource_code],
        distance_m=int(pair.distance_m[0]),
        states=states_of(given, snapshot.resources),
        treatment=treatment,
        path=path_of(given, wanted, snapshot.resources, treatment),
        review=review,
    )
    return facts, pair, told


def explain(
    snapshot: Snapshot,
    review: Reviewed | None = None,
    closed: tuple[Reason, ...] = (),
    visibilities: tuple[Visibility, ...] = (),
) -> PairExplanation:
    """Return the explanation of the one supply and the one demand of a snapshot.

    `closed` are the reasons why one of them is not open, `visibilities` to whom they show. Raises FactorMissingError if
    its way cannot be priced.
    """
    supply, demand = snapshot.supplies.listings[0], snapshot.demands.listings[0]
    facts, pair, told = _told(snapshot, 0, 0, review)
    reasons = (*closed, *_reasons(facts, pair, told))
    return PairExplanation(
        supply_id=supply.listing_id,
        demand_id=demand.listing_id,
        base_unit=snapshot.resources[supply.resource_code].base_unit,
        estimated=supply.estimated or demand.estimated,
        distance_m=told.distance_m,
        reasons=reasons,
        notices=notices_of(told, visibilities),
        path=told.path,
        meeting=None if reasons else _meeting(snapshot),
    )


def _meeting(snapshot: Snapshot) -> Meeting:
    candidates = find_candidates(snapshot)
    return meetings(snapshot, candidates, value_candidates(snapshot, candidates), [0])[0]


def meetings(snapshot: Snapshot, candidates: Candidates, values: ArcValues, rows: Sequence[int]) -> list[Meeting]:
    """Return what the meetings of some candidates are, in that order."""
    picked = np.array(rows, dtype=np.int64)
    supplies = snapshot.supplies.listings
    units = [snapshot.resources[supplies[at].resource_code].base_unit for at in candidates.supply[picked]]
    most = most_exchanged(snapshot, candidates, picked)
    ones = breakdowns(snapshot, candidates, values, rows, [BASE_PER_TRADE[unit] for unit in units])
    greatest = breakdowns(snapshot, candidates, values, rows, most.tolist())
    left_out = worthwhile(snapshot, candidates, values).out
    unpriced = (("DISPOSAL", values.no_disposal_price), ("PURCHASE", values.no_purchase_price))
    return [
        Meeting(
            match=Match(str(MATCHES[int(candidates.match_of(np.array([row]))[0])])),
            technique=_technique(snapshot, candidates, row),
            way_m=int(values.way_m_of(np.array([row]))[0]),
            vehicle=VEHICLES[int(values.ways.vehicle[row])].name,
            per_trade_unit=one,
            greatest=whole,
            factor_ids=factor_ids(whole),
            unpriced=tuple(name for name, column in unpriced if column[row]),
            left_out=tuple(rule for rule, out in left_out.items() if out[row]),
        )
        for row, one, whole in zip(rows, ones, greatest, strict=True)
    ]


def most_exchanged(snapshot: Snapshot, candidates: Candidates, rows: Ints) -> Ints:
    """Return the most that some candidates could exchange in a year, were there no others (base units)."""
    supplies, demands = snapshot.supplies, snapshot.demands
    most: Ints = np.minimum(supplies.quantity[candidates.supply[rows]], demands.quantity[candidates.demand[rows]])
    return most


def _technique(snapshot: Snapshot, candidates: Candidates, row: int) -> str | None:
    treated = int(candidates.substitution_of(np.array([row]))[0])
    return snapshot.substitutions[treated].technique if treated >= 0 else None
