"""Candidates: the pairs of a supply and a demand that may lawfully and physically meet. No loop over pairs.

`join.py` finds the pairs that fit by class and are within reach, in chunks of bounded size; here each rule is asked of
what the rules before it left. Memory holds one chunk and the candidates, whatever the number of pairs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from symbiosis.domain.candidates import Refusal
from symbiosis.domain.transport import TRANSPORT
from symbiosis.matching.classes import KINDS, Classes, classify
from symbiosis.matching.join import Points, chords_squared, metres_apart, on_sphere, pairs_within, points
from symbiosis.matching.rules import AFTER_REACH, Facts, Pairs, facts_of
from symbiosis.matching.snapshot import Ints, Side, Snapshot

Shorts: TypeAlias = NDArray[np.int32]
Found: TypeAlias = tuple[Shorts, Shorts, Shorts]


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
    substitution: Shorts
    compatible: int
    refused: dict[Refusal, int]

    def __len__(self) -> int:
        return len(self.supply)


def find_candidates(snapshot: Snapshot) -> Candidates:
    """Return every pair that passes all rules, and how many of the compatible pairs each rule refused."""
    classes = classify(snapshot)
    facts = facts_of(snapshot, classes)
    refused = dict.fromkeys(Refusal, 0)
    within = 0
    found = [_short(Pairs(*(np.zeros(0, np.int64),) * 3))]
    for near in within_reach(snapshot, facts):
        within += len(near.supply)
        standing = near
        for rule in AFTER_REACH:
            passed = rule.passes(facts, standing)
            refused[rule.refusal] += int((~passed).sum())
            standing = standing.kept(passed)
        found.append(_short(standing))
    compatible = _compatible(classes)
    refused[Refusal.OUT_OF_REACH] = compatible - within
    supply, demand, distance_m = _sorted(found, (len(snapshot.supplies), len(snapshot.demands)))
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


def _short(pairs: Pairs) -> Found:
    return pairs.supply.astype(np.int32), pairs.demand.astype(np.int32), pairs.distance_m.astype(np.int32)


def _sorted(found: list[Found], shape: tuple[int, int]) -> tuple[Ints, Ints, Ints]:
    """Return supply, demand and distance of chunks of pairs, by supply, then demand: rows of a sparse matrix, which are
    counted, not compared. The chunks are given up as they are taken.
    """
    supply, demand, distance_m = (np.concatenate(column) for column in zip(*found, strict=True))
    found.clear()
    rows = csr_array((distance_m, (supply, demand)), shape=shape)
    rows.sort_indices()
    sorted_supply = np.repeat(np.arange(shape[0]), np.diff(rows.indptr))
    return sorted_supply, rows.indices.astype(np.int64), rows.data.astype(np.int64)


def _compatible(classes: Classes) -> int:
    given = np.bincount(classes.of_supply, minlength=classes.match.shape[0])
    wanted = np.bincount(classes.of_demand, minlength=classes.match.shape[1])
    return int(given @ (classes.match > 0) @ wanted) if classes.match.size else 0


def within_reach(snapshot: Snapshot, facts: Facts) -> Iterator[Pairs]:
    """Yield the compatible pairs within the reach of their kind, a chunk at a time."""
    classes = facts.classes
    supplies, demands = _points(snapshot.supplies, classes.of_supply), _points(snapshot.demands, classes.of_demand)
    for kind, transport in TRANSPORT.items():
        fits = (classes.match > 0) & (classes.kind_of_supply_class == KINDS.index(kind))[:, None]
        for near in pairs_within(supplies, demands, fits, transport.reach_m):
            yield Pairs(near.supply, near.demand, near.distance_m)


def _points(side: Side, of_class: Ints) -> Points:
    return points(of_class, side.lat, side.lon, side.error_m)
