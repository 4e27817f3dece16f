"""Candidates: the pairs of a supply and a demand that may lawfully and physically meet. No loop over pairs.

`join.py` finds the pairs that fit by class and are within reach, in chunks of bounded size; here each rule is asked of
what the rules before it left. Memory holds one chunk and the candidates, whatever the number of pairs.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symbiosis.domain.candidates import Refusal
from symbiosis.domain.transport import TRANSPORT
from symbiosis.matching.classes import KINDS, Classes, classify
from symbiosis.matching.join import Points, chords_squared, metres_apart, on_sphere, pairs_within, points
from symbiosis.matching.rules import AFTER_REACH, Facts, Pairs, facts_of
from symbiosis.matching.snapshot import Ints, Side, Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The pairs that may meet, sorted by supply, then demand; rows of the snapshot's sides.

    distance_m      see the function of that name
    match           number in `classes.MATCHES`
    substitution    row of the snapshot's substitutions, or -1
    compatible      how many pairs fit by resource; each that is no candidate is counted in `refused`
    """

    supply: Ints
    demand: Ints
    distance_m: Ints
    match: NDArray[np.int8]
    substitution: NDArray[np.int32]
    compatible: int
    refused: dict[Refusal, int]

    def __len__(self) -> int:
        return len(self.supply)


def find_candidates(snapshot: Snapshot) -> Candidates:
    """Return every pair that passes all rules, and how many of the compatible pairs each rule refused."""
    classes = classify(snapshot)
    facts = facts_of(snapshot, classes)
    refused = dict.fromkeys(Refusal, 0)
    within, demands = 0, max(1, len(snapshot.demands))
    keys, metres = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
    for near in _within_reach(snapshot, facts):
        within += len(near.supply)
        standing = near
        for rule in AFTER_REACH:
            passed = rule.passes(facts, standing)
            refused[rule.refusal] += int((~passed).sum())
            standing = standing.kept(passed)
        keys.append(standing.supply * demands + standing.demand)
        metres.append(standing.distance_m.astype(np.int32))
    compatible = _compatible(classes)
    refused[Refusal.OUT_OF_REACH] = compatible - within
    supply, demand, distance_m = _sorted(keys, metres, demands)
    class_pair = (classes.of_supply[supply], classes.of_demand[demand])
    return Candidates(
        supply=supply,
        demand=demand,
        distance_m=distance_m,
        match=classes.match.astype(np.int8)[class_pair],
        substitution=classes.substitution.astype(np.int32)[class_pair],
        compatible=compatible,
        refused=refused,
    )


def distance_m(snapshot: Snapshot, supply: Ints, demand: Ints) -> Ints:
    """Return how far the sites of pairs are apart, whole metres: the root mean square of the distance, given that each
    site is somewhere around its position. It is never below the great-circle distance.
    """
    one, other = snapshot.supplies, snapshot.demands
    chords = chords_squared(
        on_sphere(one.lat[supply], one.lon[supply]), on_sphere(other.lat[demand], other.lon[demand])
    )
    return metres_apart(chords, (one.error_m[supply] ** 2 + other.error_m[demand] ** 2).astype(np.float64))


def _sorted(keys: list[Ints], metres: list[NDArray[np.int32]], demands: int) -> tuple[Ints, Ints, Ints]:
    """Return supply, demand and distance of chunks of pairs, sorted; each chunk is given up as it is taken."""
    key, distance_m = np.concatenate(keys), np.concatenate(metres)
    keys.clear()
    metres.clear()
    order = np.argsort(key)
    key = key[order]
    return key // demands, key % demands, distance_m[order].astype(np.int64)


def _compatible(classes: Classes) -> int:
    given = np.bincount(classes.of_supply, minlength=classes.match.shape[0])
    wanted = np.bincount(classes.of_demand, minlength=classes.match.shape[1])
    return int(given @ (classes.match > 0) @ wanted) if classes.match.size else 0


def _within_reach(snapshot: Snapshot, facts: Facts) -> Iterator[Pairs]:
    """Yield the compatible pairs within the reach of their kind, a chunk at a time."""
    classes = facts.classes
    supplies, demands = _points(snapshot.supplies, classes.of_supply), _points(snapshot.demands, classes.of_demand)
    for kind, transport in TRANSPORT.items():
        fits = (classes.match > 0) & (classes.kind_of_supply_class == KINDS.index(kind))[:, None]
        for near in pairs_within(supplies, demands, fits, transport.reach_m):
            yield Pairs(near.supply, near.demand, near.distance_m)


def _points(side: Side, of_class: Ints) -> Points:
    return points(of_class, side.lat, side.lon, side.error_m)
