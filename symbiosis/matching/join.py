"""The join behind candidates: all pairs of compatible classes within a reach, a chunk at a time. No loop over pairs.

Data       class and position of both sides; fits (supply classes, demand classes) bool; reach in metres
Method     supplies are sorted by (class, grid column, grid row), and a table says where each cell begins; a demand
           looks, for each class that fits it and each column of the grid in reach, at one contiguous range of rows,
           narrowed by how far the column is from it. What is left is tested by its distance.
Distance   the length of the chord between two points of the unit sphere, in float64: accurate to a nanometre at any
           reach, and three subtractions instead of the haversine's sines. Great circle = 2 R asin(chord / 2).
Memory     the sorted supplies, one table of CELLS cells, one block of probes and one chunk of pairs: however many
           pairs there are. Cells grow where the table would not hold them, which costs time and no pair.
Limits     the grid does not wrap around: territories across the 180th meridian are not served.
Source     chunked sort-merge join on a grid (D. E. Knuth (1998), The Art of Computer Programming 3, sections 5.2, 6.4)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius (IUGG); a great circle on the sphere is within 0.6 % of the ellipsoid."""

CHUNK_PAIRS: Final = 150_000
BLOCK_PROBES: Final = 20_000
"""So many at once: few enough for the processor's cache, enough for a call of numpy to be worth its start."""

CELLS: Final = 1 << 22
COLUMNS_IN_REACH: Final = 1
ROWS_IN_REACH: Final = 8
"""Into how many columns and rows the grid cuts a reach: more of them look at fewer pairs in vain, but at more cells."""

_MARGIN: Final = 1 + 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Listings as points: class (n,), degrees (n,), the square of the error of each position in m2 (n,), and the
    position on the unit sphere (3, n).
    """

    class_: Ints
    lat: Floats
    lon: Floats
    error_m2: Floats
    on_sphere: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Pairs within reach: rows of both sides, and whole metres."""

    supply: Ints
    demand: Ints
    distance_m: Ints


def points(class_: Ints, lat: Floats, lon: Floats, error_m: Ints) -> Points:
    """Return listings as points."""
    return Points(class_, lat, lon, error_m.astype(np.float64) ** 2, on_sphere(lat, lon))


def on_sphere(lat: Floats, lon: Floats) -> Floats:
    """Return points given in degrees on the unit sphere, (3, n)."""
    phi, psi = np.radians(lat), np.radians(lon)
    flat = np.cos(phi)
    placed: Floats = np.stack([flat * np.cos(psi), flat * np.sin(psi), np.sin(phi)])
    return placed


def metres_apart(chord_squared: Floats, error_m2: Floats) -> Ints:
    """Return whole metres: the great circle over a chord, and the root mean square with the errors of both positions.

    Rounded before and after the errors are added, so that it is never below the whole metres of the great circle.
    """
    known = np.rint(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(np.sqrt(chord_squared) / 2, 1.0)))
    whole: Ints = np.rint(np.sqrt(known * known + error_m2)).astype(np.int64)
    return whole


def chords_squared(one: Floats, other: Floats) -> Floats:
    """Return the squares of the chords between points of the unit sphere, (3, n) each."""
    gap = one[0] - other[0]
    total: Floats = gap * gap
    for axis in (1, 2):
        np.subtract(one[axis], other[axis], out=gap)
        gap *= gap
        total += gap
    return total


def pairs_within(supplies: Points, demands: Points, fits: Bools, reach_m: int) -> Iterator[Near]:
    """Yield every pair of classes that fit whose `metres_apart` are at most `reach_m`, each once, in no order."""
    fits = fits & (np.bincount(supplies.class_, minlength=len(fits)) > 0)[:, None]
    fitting = np.nonzero(fits.T)[1]
    per_class = fits.sum(axis=0)
    starts = np.cumsum(per_class) - per_class
    given = np.flatnonzero(np.isin(supplies.class_, np.flatnonzero(fits.any(axis=1))))
    times = per_class[demands.class_]
    wanted = np.flatnonzero(times)
    if not len(given) or not len(wanted):
        return
    index = _Index(supplies, given, demands, reach_m)
    wanted = wanted[np.argsort(index.grid.cell(demands, wanted), kind="stable")]
    for block in _blocks(times[wanted], BLOCK_PROBES):
        demand = wanted[block]
        place = _positions(starts[demands.class_[demand]], times[demand])
        yield from index.near(demands, np.repeat(demand, times[demand]), fitting[place])


class _Grid:
    """Cells in degrees; `columns` x `rows` of them for each class."""

    def __init__(self, supplies: Points, demands: Points, classes: int, reach_m: int) -> None:
        lat, lon = np.concatenate([supplies.lat, demands.lat]), np.concatenate([supplies.lon, demands.lon])
        self.south, self.west = float(lat.min()), float(lon.min())
        high, wide = float(lat.max()) - self.south, float(lon.max()) - self.west
        self._thinnest = max(float(np.cos(np.radians(np.abs(lat).max()))), 1e-9)
        self._half_chord = float(np.sin((reach_m + 1) / EARTH_RADIUS_M / 2)) * _MARGIN
        self.reach_lon = self._degrees(self._half_chord / self._thinnest)
        self.width = self.reach_lon / COLUMNS_IN_REACH
        self.height = self._degrees(self._half_chord) / ROWS_IN_REACH
        while (int(wide / self.width) + 1) * (int(high / self.height) + 1) > max(1, CELLS // classes):
            self.width, self.height = 1.5 * self.width, 1.5 * self.height
        self.columns, self.rows = int(wide / self.width) + 1, int(high / self.height) + 1

    @staticmethod
    def _degrees(half_chord: float) -> float:
        return float(np.degrees(2 * np.arcsin(min(1.0, half_chord)))) * _MARGIN

    def column(self, lon: Floats) -> Ints:
        column: Ints = ((lon - self.west) / self.width).astype(np.int64)
        return column

    def row(self, lat: Floats) -> Ints:
        row: Ints = ((lat - self.south) / self.height).astype(np.int64)
        return row

    def cell(self, listings: Points, rows: Ints) -> Ints:
        """Return the number of the cell of some listings."""
        return self.column(listings.lon[rows]) * self.rows + self.row(listings.lat[rows])

    def reach_lat(self, away_lon: Floats) -> Floats:
        """Return how many degrees of latitude may be between two points that are so many of longitude apart."""
        across = self._thinnest * np.sin(np.radians(np.minimum(away_lon, 180.0)) / 2)
        up = np.sqrt(np.maximum(self._half_chord**2 - across**2, 0.0))
        degrees: Floats = np.degrees(2 * np.arcsin(np.minimum(up, 1.0))) * _MARGIN + 1e-12
        return degrees


class _Index:
    """The supplies of one reach sorted by (class, column, row), and where each cell of the table begins."""

    def __init__(self, supplies: Points, given: Ints, demands: Points, reach_m: int) -> None:
        classes = np.unique(supplies.class_[given])
        self._number = np.zeros(int(classes[-1]) + 1, np.int64)
        self._number[classes] = np.arange(len(classes))
        self.grid = _Grid(supplies, demands, len(classes), reach_m)
        self._cells = self.grid.columns * self.grid.rows
        key = self._number[supplies.class_[given]] * self._cells + self.grid.cell(supplies, given)
        order = np.argsort(key, kind="stable")
        self._supply = given[order]
        self._on_sphere = supplies.on_sphere[:, self._supply]
        self._error_m2 = supplies.error_m2[self._supply]
        self._begin = np.zeros(len(classes) * self._cells + 1, np.int64)
        np.cumsum(np.bincount(key, minlength=len(classes) * self._cells), out=self._begin[1:])
        self._reach_m = reach_m
        self._steps = int(self.grid.reach_lon / self.grid.width) + 1

    def near(self, demands: Points, demand: Ints, class_: Ints) -> Iterator[Near]:
        """Yield the pairs of some probes, each a demand with a class that fits it."""
        number = self._number[class_]
        begin, end = zip(*self._ranges(demands, demand, number), strict=True)
        first, length = np.concatenate(begin), np.concatenate(end) - np.concatenate(begin)
        some = np.flatnonzero(length > 0)
        probe, first, length = np.tile(demand, len(begin))[some], first[some], length[some]
        for part in _blocks(length, CHUNK_PAIRS):
            to = np.repeat(probe[part], length[part])
            yield self._tested(demands, to, _positions(first[part], length[part]))

    def _ranges(self, demands: Points, demand: Ints, number: Ints) -> Iterator[tuple[Ints, Ints]]:
        """Yield for each column in reach where its supplies begin and end; empty where the column is not there."""
        grid = self.grid
        lat, lon = demands.lat[demand] - grid.south, demands.lon[demand]
        own = grid.column(lon)
        for step in range(-self._steps, self._steps + 1):
            column = own + step
            edge = grid.west + (column + (step < 0)) * grid.width
            away = np.abs(edge - lon) if step else np.zeros(len(lon))
            up = grid.reach_lat(away)
            low = np.maximum(np.floor((lat - up) / grid.height).astype(np.int64), 0)
            high = np.minimum(np.floor((lat + up) / grid.height).astype(np.int64), grid.rows - 1)
            there = (column >= 0) & (column < grid.columns) & (away <= grid.reach_lon)
            cell = number * self._cells + np.where(there, column, 0) * grid.rows
            yield self._begin[cell + low], np.where(there, self._begin[cell + high + 1], 0)

    def _tested(self, demands: Points, to: Ints, position: Ints) -> Near:
        """Return those pairs of a demand and a sorted supply that are within reach."""
        squared = chords_squared(self._on_sphere.take(position, axis=1), demands.on_sphere.take(to, axis=1))
        close = np.flatnonzero(squared <= self._farthest)
        position, to = position[close], to[close]
        metres = metres_apart(squared[close], self._error_m2[position] + demands.error_m2[to])
        inside = metres <= self._reach_m
        if not inside.all():
            position, to, metres = position[inside], to[inside], metres[inside]
        return Near(self._supply[position], to, metres)

    @property
    def _farthest(self) -> float:
        return float((2 * np.sin((self._reach_m + 1) / EARTH_RADIUS_M / 2)) ** 2)


def _blocks(length: Ints, at_most: int) -> Iterator[slice]:
    """Yield slices of some ranges, in order, that hold about `at_most` positions each: less than one range more."""
    total = np.cumsum(length)
    whole = int(total[-1]) if len(total) else 0
    cuts = np.searchsorted(total, np.arange(at_most, whole + at_most, at_most), "left") + 1
    first = 0
    for cut in np.unique(np.minimum(cuts, len(length))).tolist():
        yield slice(first, cut)
        first = cut


def _positions(begin: Ints, length: Ints) -> Ints:
    """Return every position of some ranges, range after range."""
    total = np.cumsum(length)
    positions: Ints = np.arange(int(total[-1])) + np.repeat(begin - total + length, length)
    return positions
