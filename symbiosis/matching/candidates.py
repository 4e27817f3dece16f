"""Candidates: the pairs of a supply and a demand that may lawfully and physically meet. No loop over pairs.

`join.py` finds the pairs that fit by class and are within reach, in chunks of bounded size; here each rule is asked of
what the rules before it left. Memory holds one chunk and the candidates, whatever the number of pairs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from symbiosis.domain.candidates import Refusal
from symbiosis.domain.transport import TRANSPORT
from symbiosis.matching.classes import KINDS, Classes, classify
from symbiosis.matching.join import Points, chords_squared, metres_apart, on_sphere, pairs_within, points
from symbiosis.matching.rules import AFTER_REACH, Facts, Pairs, facts_of
from symbiosis.matching.snapshot import Bools, Ints, Side, Snapshot

Shorts: TypeAlias = NDArray[np.int32]
Found: TypeAlias = tuple[Shorts, Shorts, Shorts]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The pairs that may meet, sorted by supply, then demand; rows of the snapshot's sides.

    distance_m      see the function of that name
    classes         of the listings: what a pair's match is, and which substitution it needs
    compatible      how many pairs fit by resource; each that is no candidate is counted in `refused`, which is empty
                    where candidates were carried over from an older run
    """

    supply: Ints
    demand: Ints
    distance_m: Shorts
    classes: Classes
    compatible: int
    refused: dict[Refusal, int]

    def __len__(self) -> int:
        return len(self.supply)

    def match_of(self, rows: Ints) -> Ints:
        """Return how the two resources of some candidates match: numbers in `classes.MATCHES` (n,)."""
        return self.classes.match[self._classes(rows)].astype(np.int64)

    def substitution_of(self, rows: Ints) -> Ints:
        """Return the rows of the snapshot's substitutions that some candidates need, -1 for none (n,)."""
        return self.classes.substitution[self._classes(rows)].astype(np.int64)

    def rows_of(self, supply: Ints, demand: Ints) -> Ints:
        """Return the row of each pair of a supply and a demand (n,), -1 where it is no candidate: halving."""
        if not len(self):
            return np.full(len(supply), -1, np.int64)
        first = np.searchsorted(self.supply, np.arange(len(self.classes.of_supply) + 1))
        low = first[supply]
        high = end = np.where(supply >= 0, first[supply + 1], low)
        while (low < high).any():
            middle = (low + high) // 2
            less = (low < high) & (self.demand[np.minimum(middle, len(self) - 1)] < demand)
            low, high = np.where(less, middle + 1, low), np.where(less, high, middle)
        found = (low < end) & (self.demand[np.minimum(low, len(self) - 1)] == demand)
        rows: Ints = np.where(found, low, -1)
        return rows

    def _classes(self, rows: Ints) -> tuple[Ints, Ints]:
        return self.classes.of_supply[self.supply[rows]], self.classes.of_demand[self.demand[rows]]


def find_candidates(snapshot: Snapshot) -> Candidates:
    """Return every pair that passes all rules, and how many of the compatible pairs each rule refused."""
    facts = facts_of(snapshot, classify(snapshot))
    refused = dict.fromkeys(Refusal, 0)
    found = _standing(within_reach(snapshot, facts), facts, refused)
    compatible = compatible_pairs(facts.classes)
    refused[Refusal.OUT_OF_REACH] = compatible - len(found[0]) - sum(refused.values())
    pairs = _sorted(found, (len(snapshot.supplies), len(snapshot.demands)))
    return candidates_of(facts.classes, pairs, compatible, refused)


def candidates_of(
    classes: Classes, pairs: tuple[Ints, Ints, Ints | Shorts], compatible: int, refused: dict[Refusal, int]
) -> Candidates:
    """Return sorted pairs (supply, demand, metres) of these classes."""
    supply, demand, distance_m = pairs
    return Candidates(supply, demand, distance_m.astype(np.int32, copy=False), classes, compatible, refused)


def pairs_among(snapshot: Snapshot, facts: Facts, supplies: Bools, demands: Bools) -> tuple[Ints, Ints, Shorts]:
    """Return the pairs that pass all rules and of which one side at least is among those named (S,), (D,): supply,
    demand and metres, sorted.
    """
    every, rest = np.ones(len(demands), np.bool_), ~supplies
    nears = chain(
        within_reach(snapshot, facts, (supplies, every)) if supplies.any() else (),
        within_reach(snapshot, facts, (rest, demands)) if demands.any() else (),
    )
    found = _standing(nears, facts, dict.fromkeys(Refusal, 0))
    return _sorted(found, (len(supplies), len(demands)))


def _standing(nears: Iterable[Pairs], facts: Facts, refused: dict[Refusal, int]) -> Found:
    """Return the pairs that pass every rule after reach; those that do not are counted in `refused`."""
    found = [_short(Pairs(*(np.zeros(0, np.int64),) * 3))]
    for near in nears:
        standing = near
        for rule in AFTER_REACH:
            passed = rule.passes(facts, standing)
            refused[rule.refusal] += int((~passed).sum())
            standing = standing.kept(passed)
        found.append(_short(standing))
    supply, demand, distance_m = (np.concatenate(column) for column in zip(*found, strict=True))
    return supply, demand, distance_m


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


def _sorted(found: Found, shape: tuple[int, int]) -> tuple[Ints, Ints, Shorts]:
    """Return supply, demand and distance of pairs, by supply, then demand: rows of a sparse matrix, which are counted,
    not compared.
    """
    supply, demand, distance_m = found
    rows = csr_array((distance_m, (supply, demand)), shape=shape)
    rows.sort_indices()
    sorted_supply = np.repeat(np.arange(shape[0]), np.diff(rows.indptr))
    return sorted_supply, rows.indices.astype(np.int64), rows.data


def compatible_pairs(classes: Classes) -> int:
    """Return how many pairs fit by resource."""
    given = np.bincount(classes.of_supply, minlength=classes.match.shape[0])
    wanted = np.bincount(classes.of_demand, minlength=classes.match.shape[1])
    return int(given @ (classes.match > 0) @ wanted) if classes.match.size else 0


def within_reach(snapshot: Snapshot, facts: Facts, among: tuple[Bools, Bools] | None = None) -> Iterator[Pairs]:
    """Yield the compatible pairs within the reach of their kind, a chunk at a time; of some rows (S,), (D,) only."""
    classes, sides = facts.classes, (snapshot.supplies, snapshot.demands)
    rows = [np.flatnonzero(x) for x in among] if among else [np.arange(len(side)) for side in sides]
    supplies, demands = (
        _points(side, of_class, some)
        for side, of_class, some in zip(sides, (classes.of_supply, classes.of_demand), rows, strict=True)
    )
    for kind, transport in TRANSPORT.items():
        fits = (classes.match > 0) & (classes.kind_of_supply_class == KINDS.index(kind))[:, None]
        for near in pairs_within(supplies, demands, fits, transport.reach_m):
            yield Pairs(rows[0][near.supply], rows[1][near.demand], near.distance_m)


def _points(side: Side, of_class: Ints, rows: Ints) -> Points:
    return points(of_class[rows], side.lat[rows], side.lon[rows], side.error_m[rows])
