"""What an older run has found, carried over to the candidates of this input; only pairs of changed listings are sought.

A pair is carried over if the rows of both its listings are what they were; its value, if the way between them is, too.
Everything else goes through the same functions as in a run that carries nothing over, so the columns are the same.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from symbiosis.domain.worth import LeftOut
from symbiosis.matching.candidates import (
    Candidates,
    Shorts,
    candidates_of,
    compatible_pairs,
    find_candidates,
    pairs_among,
)
from symbiosis.matching.carry import Carried, Column, NotCarriedError, row_hashes
from symbiosis.matching.classes import classify
from symbiosis.matching.readings import readings_of
from symbiosis.matching.rules import facts_of
from symbiosis.matching.snapshot import Bools, Ints, Snapshot
from symbiosis.matching.value import ArcValues, arc_values, figures_of, value_candidates
from symbiosis.matching.ways import NO_ROAD, vehicles_of, ways_by
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
    """How older columns of candidates become new ones.

    gone, new       the older rows that are no more, and the rows that are new
    at              before which row of what is left each new one stands
    pieces          what stays in one piece: from which row, to which row, how many
    """

    gone: Ints
    at: Ints
    new: Ints
    count: int
    pieces: tuple[tuple[int, int, int], ...]

    @classmethod
    def between(cls, count: int, gone: Ints, at: Ints) -> "Splice":
        """Return how `count` older rows lose those that are gone and get new ones, each `at` a row of what is left."""
        ahead = at + np.searchsorted(gone - np.arange(len(gone)), at, side="right")
        cuts = np.unique(np.concatenate(([0, count], gone, gone + 1, ahead)))
        begin, long = cuts[:-1], np.diff(cuts)
        stays = ~np.isin(begin, gone)
        begin, long = begin[stays], long[stays]
        to = _moved(begin, gone, at)
        pieces = zip(begin.tolist(), to.tolist(), long.tolist(), strict=True)
        return cls(gone, at, at + np.arange(len(at)), count - len(gone) + len(at), tuple(pieces))

    def placed(self, older: Column) -> tuple[Ints, Bools]:
        """Return where those of some older rows are that are not gone, and which these are (n,)."""
        there: Bools = ~np.isin(older, self.gone)
        return _moved(older[there], self.gone, self.at), there

    def of(self, column: Column, new: Column | int, kind: type[np.integer[Any]] | None = None) -> Column:
        """Return an older column (P,) without what is gone and with what is new, of another kind if one is given."""
        spliced: Column = np.empty(self.count, kind or column.dtype)
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
    redone                              rows of the candidates that are new or of which the way is another
    """

    carried: Carried
    hashes: tuple[Column, Column]
    supply_was: Ints
    demand_was: Ints
    supply_is: Ints
    demand_is: Ints
    splice: Splice
    redone: Ints

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
    splice, pairs = _spliced(carried, (supply_was, demand_was), (supply_is, demand_is), new)
    candidates = candidates_of(facts.classes, pairs, compatible_pairs(facts.classes), {})
    values, rows = _values(snapshot, candidates, carried, splice)
    out = {LeftOut.LEAST_VALUE: splice.of(carried.small, 0), LeftOut.LEAST_AVOIDED: splice.of(carried.emits, 0)}
    for rule, found in left_out(snapshot, candidates, values, rows).items():
        out[rule][rows] = found
    overlap = Overlap(carried, hashes, supply_was, demand_was, supply_is, demand_is, splice, rows)
    return Found(candidates, values, Worthwhile(out), overlap)


def _spliced(
    carried: Carried, was: tuple[Ints, Ints], is_: tuple[Ints, Ints], new: tuple[Ints, Ints, Shorts]
) -> tuple[Splice, tuple[Ints, Ints, Shorts]]:
    """Return how the older candidates become those of now, and their supplies, demands and metres."""
    supply_is, demand_is = is_
    size, each = len(was[0]), np.diff(carried.first)
    gone = np.flatnonzero(np.repeat(supply_is < 0, each) | (demand_is < 0)[carried.demand])
    there = np.flatnonzero(supply_is >= 0)
    left = np.zeros(size, np.int64)
    left[supply_is[there]] = (each - np.bincount(carried.supply_of(gone), minlength=len(each)))[there]
    at = (np.cumsum(left) - left)[new[0]] + _behind(carried, is_, gone, new)
    splice = Splice.between(len(carried.demand), gone, at)
    supply = np.repeat(np.arange(size), left + np.bincount(new[0], minlength=size))
    demand = demand_is[splice.of(carried.demand, 0)]
    demand[splice.new] = new[1]
    return splice, (supply, demand, splice.of(carried.distance_m, new[2]))


def _behind(carried: Carried, is_: tuple[Ints, Ints], gone: Ints, new: tuple[Ints, Ints, Shorts]) -> Ints:
    """Return how many of the older candidates of its supply that are left stand before each new pair (n,)."""
    supply_is, demand_is = is_
    asked = np.isin(supply_is, new[0])
    rows = np.flatnonzero(np.repeat(asked, np.diff(carried.first)))
    rows = rows[~np.isin(rows, gone)]
    width = 1 + max(demand_is.max(initial=-1), new[1].max(initial=-1))
    keys = supply_is[carried.supply_of(rows)] * width + demand_is[carried.demand[rows]]
    behind: Ints = np.searchsorted(keys, new[0] * width + new[1]) - np.searchsorted(keys, new[0] * width)
    return behind


def _moved(rows: Column, gone: Ints, at: Ints) -> Ints:
    """Return where older rows that are not gone are now."""
    left = rows - np.searchsorted(gone, rows)
    moved: Ints = left + np.searchsorted(at, left, side="right")
    return moved


def _values(snapshot: Snapshot, candidates: Candidates, carried: Carried, splice: Splice) -> tuple[ArcValues, Ints]:
    """Return what candidates are worth, and the rows of those that an older run had not found so."""
    new = splice.new
    driven = vehicles_of(snapshot, candidates.supply[new], candidates.demand[new])
    ways = ways_by(snapshot, candidates, splice.of(carried.vehicle, driven))
    rows = new
    if snapshot.roads or len(carried.by_road):
        redone = ways.road_m != splice.of(carried.roads(), NO_ROAD)
        redone[new] = True
        rows = np.flatnonzero(redone)
    figures = ways, readings_of(snapshot, ways)
    value_cent = splice.of(carried.value_cent, 0, np.int64)
    value_cent[rows] = figures_of(candidates, figures, rows)[0]
    return arc_values(snapshot, candidates, figures, (value_cent, None)), rows


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
