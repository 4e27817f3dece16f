"""Candidates: the pairs of a supply and a demand that may lawfully and physically meet. No loop over pairs.

Supplies are sorted by (class, grid column, grid row); a cell is at least as wide as the reach of the kind of resource,
so all partners of a demand stand in three columns of three rows each, and with rows adjacent in the key that is three
ranges, found by binary search. Pairs are looked at in chunks of bounded size, each rule on what the rules before it
left. Memory holds one chunk and the candidates, whatever the number of pairs.

Territories across the 180th meridian are not served: the grid does not wrap around.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from symbiosis.domain.candidates import Refusal
from symbiosis.domain.resources import ResourceKind
from symbiosis.domain.transport import TRANSPORT
from symbiosis.matching.classes import KINDS, Classes, classify
from symbiosis.matching.rules import AFTER_REACH, REACH, Facts, Pairs, facts_of
from symbiosis.matching.snapshot import Floats, Ints, Side, Snapshot

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius (IUGG); a great circle on the sphere is within 0.6 % of the ellipsoid."""

CHUNK_PAIRS: Final = 1_000_000


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
    match: Ints
    substitution: Ints
    compatible: int
    refused: dict[Refusal, int]

    def __len__(self) -> int:
        return len(self.supply)


def find_candidates(snapshot: Snapshot) -> Candidates:
    """Return every pair that passes all rules, and how many of the compatible pairs each rule refused."""
    classes = classify(snapshot)
    facts = facts_of(snapshot, classes)
    refused = dict.fromkeys(Refusal, 0)
    found: list[Pairs] = []
    within = 0
    for kind in TRANSPORT:
        for near in _within_reach(snapshot, facts, kind):
            within += len(near.supply)
            standing = near
            for rule in AFTER_REACH:
                passed = rule.passes(facts, standing)
                refused[rule.refusal] += int((~passed).sum())
                standing = standing.kept(passed)
            found.append(standing)
    compatible = _compatible(classes)
    refused[Refusal.OUT_OF_REACH] = compatible - within
    supply, demand, distance_m = (
        np.concatenate([*(getattr(pairs, name) for pairs in found), np.zeros(0, np.int64)])
        for name in ("supply", "demand", "distance_m")
    )
    order = np.lexsort((demand, supply))
    supply, demand = supply[order], demand[order]
    class_pair = (classes.of_supply[supply], classes.of_demand[demand])
    return Candidates(
        supply=supply,
        demand=demand,
        distance_m=distance_m[order],
        match=classes.match[class_pair],
        substitution=classes.substitution[class_pair],
        compatible=compatible,
        refused=refused,
    )


def distance_m(snapshot: Snapshot, supply: Ints, demand: Ints) -> Ints:
    """Return how far the sites of pairs are apart, whole metres: the root mean square of the distance, given that each
    site is somewhere around its position. It is never below the great-circle distance.
    """
    from_side, to_side = snapshot.supplies, snapshot.demands
    known = great_circle_m(from_side.lat[supply], from_side.lon[supply], to_side.lat[demand], to_side.lon[demand])
    metres: Ints = np.rint(np.sqrt(known**2 + from_side.error_m[supply] ** 2 + to_side.error_m[demand] ** 2))
    return metres.astype(np.int64)


def great_circle_m(lat: Floats, lon: Floats, other_lat: Floats, other_lon: Floats) -> Ints:
    """Return great-circle distances in whole metres between points in degrees (haversine, R. W. Sinnott 1984)."""
    phi, other_phi = np.radians(lat), np.radians(other_lat)
    half = np.sin((other_phi - phi) / 2) ** 2
    half += np.cos(phi) * np.cos(other_phi) * np.sin(np.radians(other_lon - lon) / 2) ** 2
    metres: Ints = np.rint(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1)))).astype(np.int64)
    return metres


def _compatible(classes: Classes) -> int:
    given = np.bincount(classes.of_supply, minlength=classes.match.shape[0])
    wanted = np.bincount(classes.of_demand, minlength=classes.match.shape[1])
    return int(given @ (classes.match > 0) @ wanted) if classes.match.size else 0


def _within_reach(snapshot: Snapshot, facts: Facts, kind: ResourceKind) -> Iterator[Pairs]:
    """Yield the compatible pairs of one kind within its reach, a chunk at a time."""
    classes = facts.classes
    of_kind = np.flatnonzero(classes.kind_of_supply_class == KINDS.index(kind))
    supplies = np.flatnonzero(np.isin(classes.of_supply, of_kind))
    demand, supply_class = _wanted_classes(classes, of_kind)
    if not len(supplies) or not len(demand):
        return
    grid = _Grid(snapshot, TRANSPORT[kind].reach_m)
    key = grid.key(classes.of_supply[supplies], grid.column(snapshot.supplies), grid.row(snapshot.supplies), supplies)
    order = np.argsort(key, kind="stable")
    key, supplies = key[order], supplies[order]
    middle = grid.key(supply_class, grid.column(snapshot.demands), grid.row(snapshot.demands), demand)
    for step in (-grid.rows, 0, grid.rows):
        begin = np.searchsorted(key, middle + step - 1, "left")
        end = np.searchsorted(key, middle + step + 1, "right")
        for probe, position in _ranges(begin, end):
            i, j = supplies[position], demand[probe]
            near = Pairs(i, j, distance_m(snapshot, i, j))
            yield near.kept(REACH.passes(facts, near))


def _wanted_classes(classes: Classes, of_kind: Ints) -> tuple[Ints, Ints]:
    """Return every demand with each supply class, among those given, that fits it, as two columns."""
    fits = classes.match[of_kind] > 0
    row, column = np.nonzero(fits)
    per_class = np.bincount(column, minlength=fits.shape[1])
    starts = np.cumsum(per_class) - per_class
    fitting = of_kind[row[np.argsort(column, kind="stable")]]
    times = per_class[classes.of_demand]
    demand = np.repeat(np.arange(len(classes.of_demand)), times)
    offset = np.arange(len(demand)) - np.repeat(np.cumsum(times) - times, times)
    return demand, fitting[starts[classes.of_demand[demand]] + offset]


def _ranges(begin: Ints, end: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield (probe, position) for every position of every range, in chunks of about CHUNK_PAIRS."""
    length = end - begin
    total = np.cumsum(length)
    cuts = np.searchsorted(total, np.arange(CHUNK_PAIRS, int(total[-1]) + CHUNK_PAIRS, CHUNK_PAIRS), "left") + 1
    first = 0
    for cut in np.unique(np.minimum(cuts, len(length))):
        part = slice(first, int(cut))
        probe = np.repeat(np.arange(first, int(cut)), length[part])
        offset = np.arange(len(probe)) - np.repeat(np.cumsum(length[part]) - length[part], length[part])
        yield probe, begin[probe] + offset
        first = int(cut)


class _Grid:
    """Cells of degrees, at least as high and as wide as the reach anywhere in the snapshot."""

    def __init__(self, snapshot: Snapshot, reach_m: int) -> None:
        sides = (snapshot.supplies, snapshot.demands)
        self._south = min(float(side.lat.min()) for side in sides)
        self._west = min(float(side.lon.min()) for side in sides)
        north = max(float(side.lat.max()) for side in sides)
        east = max(float(side.lon.max()) for side in sides)
        angle = (reach_m + 1) / EARTH_RADIUS_M
        thinnest = np.cos(np.radians(min(max(abs(self._south), abs(north)), 89.0)))
        self._height = float(np.degrees(angle)) * (1 + 1e-9)
        self._width = float(np.degrees(2 * np.arcsin(min(1.0, np.sin(angle / 2) / thinnest)))) * (1 + 1e-9)
        self._columns = int((east - self._west) / self._width) + 3
        self.rows = int((north - self._south) / self._height) + 3

    def column(self, side: Side) -> Ints:
        """Return the column of each listing, from 1: there is an empty one at either edge."""
        column: Ints = ((side.lon - self._west) / self._width).astype(np.int64) + 1
        return column

    def row(self, side: Side) -> Ints:
        """Return the row of each listing, from 1."""
        row: Ints = ((side.lat - self._south) / self._height).astype(np.int64) + 1
        return row

    def key(self, number: Ints, column: Ints, row: Ints, listings: Ints) -> Ints:
        """Return the sort key (class, column, row) of some listings."""
        key: Ints = (number * self._columns + column[listings]) * self.rows + row[listings]
        return key
