"""The rules that make a pair a candidate: one table, asked by the run of all pairs and by the explanation of one.

Each rule has its code, its answer for many pairs at once, and the words for one pair that fails it. The first rules
are about classes of listings and the run asks them once a class (`classes.py`); reach is what it joins by; the rest
it asks in turn, each of what the rules before it left. Every rule can be asked of any pair, whatever the others say.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from symbiosis.domain.candidates import Refusal
from symbiosis.domain.resources import RESTORES_STATE, End, PhysicalState, Resource
from symbiosis.domain.transport import TRANSPORT
from symbiosis.matching import words
from symbiosis.matching.classes import KINDS, Classes
from symbiosis.matching.law import Law, law_of
from symbiosis.matching.snapshot import QUALITIES, Bools, Floats, Ints, Side, Snapshot
from symbiosis.store.snapshot import OpenListing


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of rows of the snapshot's sides, and how far apart they are."""

    supply: Ints
    demand: Ints
    distance_m: Ints

    def kept(self, passed: Bools) -> "Pairs":
        """Return those that passed."""
        return Pairs(self.supply[passed], self.demand[passed], self.distance_m[passed])


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """One end of a quality: what supplies state (n,) and the least that demands accept (m,), both negated for a high
    end, minus infinity where nothing is said; and which substitutions mend it (k + 1,), the last being no treatment.
    """

    given: Floats
    least: Floats
    mends: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What the rules look at: both sides, their classes, the reach of each supply class, site numbers, the keys of the
    pairs that people turned down, and:

    given_states (n,), taken_states (m,)   bits of the physical states; 0 is not known, and any
    given_least (n,), taken_least (m,)     least base units a year from or to one partner
    mends_state (k + 1,)                   whether a substitution makes the state right; the last is no treatment
    limits                                 the ends of qualities that any demand limits
    """

    supplies: Side
    demands: Side
    classes: Classes
    reach_m: Ints
    supply_site: Ints
    demand_site: Ints
    turned_down: Ints
    given_states: Ints
    taken_states: Ints
    given_least: Ints
    taken_least: Ints
    mends_state: Bools
    limits: tuple[Limit, ...]
    law: Law

    def treatment(self, pairs: Pairs) -> Ints:
        """Return the row of the substitution behind each pair, -1 where there is none."""
        classes = self.classes
        rows: Ints = classes.substitution[classes.of_supply[pairs.supply], classes.of_demand[pairs.demand]]
        return rows


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `passes` says for each pair whether it passes; `words` say why one pair that fails does not."""

    refusal: Refusal
    passes: Callable[[Facts, Pairs], Bools]
    words: Callable[[words.Told], tuple[words.Reason, ...]]


def facts_of(snapshot: Snapshot, classes: Classes) -> Facts:
    """Return what the rules look at in a snapshot."""
    supplies, demands = snapshot.supplies, snapshot.demands
    sites = sorted({listing.site_id for side in (supplies, demands) for listing in side.listings})
    number = {site_id: row for row, site_id in enumerate(sites)}
    row_of = {listing.listing_id: row for side in (supplies, demands) for row, listing in enumerate(side.listings)}
    turned_down = [row_of[supply] * len(demands) + row_of[demand] for supply, demand in snapshot.refused]
    reach_m = [TRANSPORT[KINDS[kind]].reach_m for kind in classes.kind_of_supply_class.tolist()]
    return Facts(
        supplies=supplies,
        demands=demands,
        classes=classes,
        reach_m=np.array(reach_m, dtype=np.int64),
        supply_site=np.array([number[listing.site_id] for listing in supplies.listings], dtype=np.int64),
        demand_site=np.array([number[listing.site_id] for listing in demands.listings], dtype=np.int64),
        turned_down=np.array(sorted(turned_down), dtype=np.int64),
        given_states=_states(states_of(listing, snapshot.resources) for listing in supplies.listings),
        taken_states=_states(listing.physical_states for listing in demands.listings),
        given_least=_least(supplies),
        taken_least=_least(demands),
        mends_state=_mends(snapshot, RESTORES_STATE),
        limits=_limits(snapshot),
        law=law_of(snapshot),
    )


def states_of(supply: OpenListing, resources: Mapping[str, Resource]) -> tuple[PhysicalState, ...]:
    """Return the states in which a supply arrives: its own, else the usual ones of its resource."""
    return supply.physical_states or resources[supply.resource_code].physical_states


def _states(listings: Iterable[tuple[PhysicalState, ...]]) -> Ints:
    place = {state: 1 << bit for bit, state in enumerate(PhysicalState)}
    each = list(listings)
    known = {states: sum(place[state] for state in states) for states in set(each)}
    return np.array([known[states] for states in each], dtype=np.int64)


def _least(side: Side) -> Ints:
    return np.array([listing.minimum_base_per_year or 0 for listing in side.listings], dtype=np.int64)


def _mends(snapshot: Snapshot, name: str) -> Bools:
    """Return which substitutions restore what is named, (k + 1,); the last is no treatment and restores nothing."""
    return np.array([*(name in row.restores for row in snapshot.substitutions), False], dtype=np.bool_)


def _of_class(refusal: Refusal) -> Callable[[Facts, Pairs], Bools]:
    """Return the answer that was found for the classes of a pair."""

    def passes(facts: Facts, pairs: Pairs) -> Bools:
        classes = facts.classes
        return classes.passed[refusal][classes.of_supply[pairs.supply], classes.of_demand[pairs.demand]]

    return passes


def _within_reach(facts: Facts, pairs: Pairs) -> Bools:
    passed: Bools = pairs.distance_m <= facts.reach_m[facts.classes.of_supply[pairs.supply]]
    return passed


def _other_site(facts: Facts, pairs: Pairs) -> Bools:
    passed: Bools = facts.supply_site[pairs.supply] != facts.demand_site[pairs.demand]
    return passed


def _state_fits(facts: Facts, pairs: Pairs) -> Bools:
    """The demand can handle every state in which the supply may arrive, which is known; or the treatment mends it."""
    given, taken = facts.given_states[pairs.supply], facts.taken_states[pairs.demand]
    passed: Bools = (taken == 0) | ((given != 0) & (given & ~taken == 0)) | facts.mends_state[facts.treatment(pairs)]
    return passed


def _quality_known(facts: Facts, pairs: Pairs) -> Bools:
    """What the demand limits, the supply states, at the same end, or the treatment mends it."""
    passed, treatment = np.ones(len(pairs.supply), np.bool_), facts.treatment(pairs)
    for limit in facts.limits:
        stated = np.isfinite(limit.given[pairs.supply]) | ~np.isfinite(limit.least[pairs.demand])
        passed &= stated | limit.mends[treatment]
    return passed


def _quality_inside(facts: Facts, pairs: Pairs) -> Bools:
    """What the supply states is inside what the demand accepts, or the treatment mends it; an end that it does not
    state breaks no limit here.
    """
    passed, treatment = np.ones(len(pairs.supply), np.bool_), facts.treatment(pairs)
    for limit in facts.limits:
        given = limit.given[pairs.supply]
        passed &= (given >= limit.least[pairs.demand]) | ~np.isfinite(given) | limit.mends[treatment]
    return passed


def _limits(snapshot: Snapshot) -> tuple[Limit, ...]:
    """Return the ends of qualities that any demand limits, in the order of QUALITIES."""
    given, wanted, found = snapshot.supplies, snapshot.demands, []
    for column, quality in enumerate(QUALITIES):
        for end, sign, stated, accepted in (
            (End.LOW, 1, given.quality_low, wanted.quality_low),
            (End.HIGH, -1, given.quality_high, wanted.quality_high),
        ):
            if np.isfinite(accepted[:, column]).any():
                mends = _mends(snapshot, f"{quality}:{end}")
                found.append(Limit(sign * stated[:, column], sign * accepted[:, column], mends))
    return tuple(found)


def _lot_large_enough(facts: Facts, pairs: Pairs) -> Bools:
    """The most that the two could exchange is not below the least that either of them states."""
    most = np.minimum(facts.supplies.quantity[pairs.supply], facts.demands.quantity[pairs.demand])
    least = np.maximum(facts.given_least[pairs.supply], facts.taken_least[pairs.demand])
    passed: Bools = most >= least
    return passed


def _lawful(facts: Facts, pairs: Pairs) -> Bools:
    law = facts.law
    operation = law.of_substitution[facts.treatment(pairs)]
    return ~law.barred[law.of_supply[pairs.supply], law.of_demand[pairs.demand], operation]


def _dates_overlap(facts: Facts, pairs: Pairs) -> Bools:
    begin = np.maximum(facts.supplies.from_day[pairs.supply], facts.demands.from_day[pairs.demand])
    end = np.minimum(facts.supplies.until_day[pairs.supply], facts.demands.until_day[pairs.demand])
    passed: Bools = begin <= end
    return passed


def _not_turned_down(facts: Facts, pairs: Pairs) -> Bools:
    return ~np.isin(pairs.supply * len(facts.demands) + pairs.demand, facts.turned_down)


OF_CLASSES: Final = (
    Rule(Refusal.RESOURCE, _of_class(Refusal.RESOURCE), words.resource),
    Rule(Refusal.KIND, _of_class(Refusal.KIND), words.kind),
    Rule(Refusal.UNIT, _of_class(Refusal.UNIT), words.unit),
)
REACH: Final = Rule(Refusal.OUT_OF_REACH, _within_reach, words.out_of_reach)
AFTER_REACH: Final = (
    Rule(Refusal.SAME_SITE, _other_site, words.same_site),
    Rule(Refusal.PHYSICAL_STATE, _state_fits, words.physical_state),
    Rule(Refusal.QUALITY_UNKNOWN, _quality_known, words.quality_unknown),
    Rule(Refusal.QUALITY, _quality_inside, words.quality),
    Rule(Refusal.MINIMUM_LOT, _lot_large_enough, words.minimum_lot),
    Rule(Refusal.DATES, _dates_overlap, words.dates),
    Rule(Refusal.HAZARDOUS_WASTE, _lawful, words.hazardous_waste),
    Rule(Refusal.REVIEWED, _not_turned_down, words.reviewed),
)
RULES: Final = (*OF_CLASSES, REACH, *AFTER_REACH)
"""All rules, in the order in which they are asked."""
