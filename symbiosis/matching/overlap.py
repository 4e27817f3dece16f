"""What an older run has found, carried over to the candidates of this input; only pairs of changed listings are sought.

A pair is carried over if the rows of both its listings are what they were; its value, if the way between them is, too.
Everything else goes through the same functions as in a run that carries nothing over, so the columns are the same.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from symbiosis.domain.worth import LeftOut
from symbiosis.matching.candidates import Candidates, candidates_of, compatible_pairs, find_candidates, pairs_among
from symbiosis.matching.carry import Carried, Column, NotCarriedError, row_hashes
from symbiosis.matching.classes import classify
from symbiosis.matching.readings import readings_of
from symbiosis.matching.rules import facts_of
from symbiosis.matching.snapshot import Bools, Ints, Snapshot
from symbiosis.matching.value import ArcValues, arc_values, figures_of, value_candidates
from symbiosis.matching.ways import vehicles_of, ways_by
from symbiosis.matching.worth import Worthwhile, left_out, worthwhile

MOST_CHANGED: Final = 0.05
"""The share of listings that may have changed: beyond, all candidates are as quickly found anew."""
FEW_CHANGED: Final = 0.001
ANY_FEW: Final = 100
"""The share of listings, and so many in any case, whose change the older answer is repaired for: with 1,000 changes of
100,000 a repair took 38 s of the processor, and solving anew 20 s.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Splice:
    """How older columns of candidates become new ones: the rows that are gone, those that are new, and what stays in
    one piece: from which row, to which row, how many.
    """

    gone: Ints
    new: Ints
    count: int
    pieces: tuple[tuple[int, int, int], ...]

    @classmethod
    def between(cls, count: int, gone: Ints, at: Ints) -> "Splice":
        """Return how `count` older rows lose those that are gone and get new ones, each `at` a row of what is left."""
        new = at + np.arange(len(at))
        stays, fresh = np.ones(count, np.bool_), np.ones(count - len(gone) + len(new), np.bool_)
        stays[gone] = fresh[new] = False
        begin, to = np.flatnonzero(stays), np.flatnonzero(fresh)
        first = np.flatnonzero((np.diff(begin, prepend=-2) != 1) | (np.diff(to, prepend=-2) != 1))
        long = np.diff(first, append=len(begin))
        pieces = zip(begin[first].tolist(), to[first].tolist(), long.tolist(), strict=True)
        return cls(gone, new, len(fresh), tuple(pieces))

    def of(self, column: Column, new: Column | int) -> Column:
        """Return an older column (P,) without what is gone and with what is new."""
        spliced: Column = np.empty(self.count, column.dtype)
        for begin, to, long in self.pieces:
            spliced[to : to + long] = column[begin : begin + long]
        spliced[self.new] = new
        return spliced


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """Which rows of an older run are rows of this input.

    hashes                              those of the listings of this input, of both sides
    supply_was (S,), demand_was (D,)    the older row of each listing, -1 where it is new or another now
    supply_is, demand_is                of the older listings the row now, -1 where there is none
    redone (P,)                         candidates that are new or of which the way is another
    """

    carried: Carried
    hashes: tuple[Column, Column]
    supply_was: Ints
    demand_was: Ints
    supply_is: Ints
    demand_is: Ints
    splice: Splice
    redone: Bools

    @property
    def changed(self) -> int:
        """Return how many listings of this input are new or another."""
        return int((self.supply_was < 0).sum() + (self.demand_was < 0).sum())

    @property
    def is_near(self) -> bool:
        """Say whether so little has changed that repairing the older answer is quicker than solving anew."""
        return self.changed <= max(ANY_FEW, FEW_CHANGED * (len(self.supply_was) + len(self.demand_was)))


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The candidates of an input, what they are worth, which are left out, and what of it an older run had found."""

    candidates: Candidates
    values: ArcValues
    worth: Worthwhile
    overlap: Overlap | None = None


def found_in(snapshot: Snapshot) -> Found:
    """Return what is in an input, all found anew; raise FactorMissingError if a way cannot be priced."""
    candidates = find_candidates(snapshot)
    values = value_candidates(snapshot, candidates)
    return Found(candidates, values, worthwhile(snapshot, candidates, values))


def found_beside(snapshot: Snapshot, carried: Carried) -> Found:
    """Return the same, with what an older run has found carried over; raise NotCarriedError where that is little."""
    hashes = row_hashes(snapshot.supplies), row_hashes(snapshot.demands)
    supply_was, demand_was = _rows_before(snapshot, carried, hashes)
    changed = int((supply_was < 0).sum() + (demand_was < 0).sum())
    if changed > max(ANY_FEW, MOST_CHANGED * (len(supply_was) + len(demand_was))):
        raise NotCarriedError("more than one listing in twenty is new or another")
    supply_is, demand_is = _turned(supply_was, len(carried.supply_hash)), _turned(demand_was, len(carried.demand_hash))
    facts = facts_of(snapshot, classify(snapshot))
    new = pairs_among(snapshot, facts, supply_was < 0, demand_was < 0)
    gone = np.flatnonzero((supply_is < 0)[carried.supply] | (demand_is < 0)[carried.demand])
    width = len(snapshot.demands)
    left = supply_is[np.delete(carried.supply, gone)] * width + demand_is[np.delete(carried.demand, gone)]
    splice = Splice.between(len(carried.supply), gone, np.searchsorted(left, new[0] * width + new[1]))
    supply, demand = splice.of(supply_is[carried.supply], new[0]), splice.of(demand_is[carried.demand], new[1])
    pairs = supply, demand, splice.of(carried.distance_m, new[2]).astype(np.int64)
    candidates = candidates_of(facts.classes, pairs, compatible_pairs(facts.classes), {})
    values, redone = _values(snapshot, candidates, carried, splice)
    rows = np.flatnonzero(redone)
    out = {LeftOut.LEAST_VALUE: splice.of(carried.small, 0), LeftOut.LEAST_AVOIDED: splice.of(carried.emits, 0)}
    for rule, found in left_out(snapshot, candidates, values, rows).items():
        out[rule][rows] = found
    overlap = Overlap(carried, hashes, supply_was, demand_was, supply_is, demand_is, splice, redone)
    return Found(candidates, values, Worthwhile(out), overlap)


def _values(snapshot: Snapshot, candidates: Candidates, carried: Carried, splice: Splice) -> tuple[ArcValues, Bools]:
    """Return what candidates are worth, and which of them an older run had not found so (P,)."""
    new = splice.new
    driven = vehicles_of(snapshot, candidates.supply[new], candidates.demand[new])
    ways = ways_by(snapshot, candidates, splice.of(carried.vehicle, driven).astype(np.int64))
    redone: Bools = ways.road_m != splice.of(carried.roads(), 0)
    redone[new] = True
    rows = np.flatnonzero(redone)
    figures = ways, readings_of(snapshot, ways)
    value_cent = splice.of(carried.value_cent, 0).astype(np.int64)
    value_cent[rows] = figures_of(candidates, figures, rows)[0]
    return arc_values(snapshot, candidates, figures, (value_cent, None)), redone


def _rows_before(snapshot: Snapshot, carried: Carried, hashes: tuple[Column, Column]) -> tuple[Ints, Ints]:
    """Return the older row of each listing (S,), (D,), -1 for one that is new, that states something else now, or of
    which a pair was turned down or is no longer.
    """
    supply_was = _matched(hashes[0], carried.supply_hash)
    demand_was = _matched(hashes[1], carried.demand_hash)
    judged = {supply for supply, _ in carried.refused.symmetric_difference(snapshot.refused)}
    if judged:
        supply_was[[x.listing_id in judged for x in snapshot.supplies.listings]] = -1
    return supply_was, demand_was


def _matched(now: Column, before: Column) -> Ints:
    """Return where each hash stood before, -1 for one that did not."""
    if not len(before):
        return np.full(len(now), -1, np.int64)
    old, new = (np.ascontiguousarray(side).view("<i8")[:, 0] for side in (before, now))
    order = np.argsort(old, kind="stable")
    at = order[np.minimum(np.searchsorted(old[order], new), len(old) - 1)]
    matched: Ints = np.where((before[at] == now).all(axis=1), at, -1)
    return matched


def _turned(was: Ints, older: int) -> Ints:
    """Return the row now of each older row, -1 where it is not there."""
    now = np.full(older, -1, np.int64)
    there = np.flatnonzero(was >= 0)
    now[was[there]] = there
    return now
