"""The rules that make a pair a candidate: one table, asked by the run of all pairs and by the explanation of one.

Each rule has its code, its answer for many pairs at once, and the words for one pair that fails it. The first rules
are about classes of listings and the run asks them once a class (`classes.py`); reach is what it joins by; the rest
it asks in turn, each of what the rules before it left. Every rule can be asked of any pair, whatever the others say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from symbiosis.domain.candidates import Refusal
from symbiosis.domain.transport import TRANSPORT
from symbiosis.matching import words
from symbiosis.matching.classes import KINDS, Classes
from symbiosis.matching.snapshot import Bools, Ints, Side, Snapshot


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
class Facts:
    """What the rules look at: both sides, their classes, the reach of each supply class, site numbers, and the keys of
    the pairs that people turned down.
    """

    supplies: Side
    demands: Side
    classes: Classes
    reach_m: Ints
    supply_site: Ints
    demand_site: Ints
    turned_down: Ints


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
    )


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


def _quality_known(facts: Facts, pairs: Pairs) -> Bools:
    """What the demand limits, the supply states, at the same end."""
    passed = np.ones(len(pairs.supply), np.bool_)
    for column in range(facts.demands.quality_low.shape[1]):
        low, high = facts.supplies.quality_low[pairs.supply, column], facts.supplies.quality_high[pairs.supply, column]
        limited_low = np.isfinite(facts.demands.quality_low[pairs.demand, column])
        limited_high = np.isfinite(facts.demands.quality_high[pairs.demand, column])
        passed &= (np.isfinite(low) | ~limited_low) & (np.isfinite(high) | ~limited_high)
    return passed


def _quality_inside(facts: Facts, pairs: Pairs) -> Bools:
    """What the supply states is inside what the demand accepts; an end that it does not state breaks no limit here."""
    passed = np.ones(len(pairs.supply), np.bool_)
    for column in range(facts.demands.quality_low.shape[1]):
        low, high = facts.supplies.quality_low[pairs.supply, column], facts.supplies.quality_high[pairs.supply, column]
        passed &= (low >= facts.demands.quality_low[pairs.demand, column]) | ~np.isfinite(low)
        passed &= (high <= facts.demands.quality_high[pairs.demand, column]) | ~np.isfinite(high)
    return passed


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
    Rule(Refusal.QUALITY_UNKNOWN, _quality_known, words.quality_unknown),
    Rule(Refusal.QUALITY, _quality_inside, words.quality),
    Rule(Refusal.DATES, _dates_overlap, words.dates),
    Rule(Refusal.REVIEWED, _not_turned_down, words.reviewed),
)
RULES: Final = (*OF_CLASSES, REACH, *AFTER_REACH)
"""All rules, in the order in which they are asked."""
