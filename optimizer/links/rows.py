"""What each row can earn at most on its own, its links chosen exactly among the best ones, all rows at once.

Data       per arc w (A,), what a unit earns its row, and g (A,), what a link costs it; per row a price u of a unit and
           a price k of a link, zero or more, which say how hard its limits press
Loss       what a row falls short of u capacity + k partners: of an arc linked with f units (u - w) f + g + k, of what
           is left u (or k) a unit (or a link). At any prices, the most a row earns is that sum less its least loss
Bound      among the `width` arcs of least loss every set of links within the partner limit is tried, filled in the
           order of w; a set with any other arc loses no less than the first left out and all arcs below zero
Integers   given integers, everything is exact; given floats, it is fast
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimizer.links.market import count
from optimizer.problem import Bools, Ints

SETS: Final = 256
"""Sets of links tried per row at most."""
WIDEST: Final = 24
"""Arcs looked at per row at most."""

Numbers: TypeAlias = NDArray[Any]
"""Float64 or int64."""


@dataclass(frozen=True, slots=True, eq=False)
class Earned:
    """What each row earns at most (N,), and a choice of its arcs that earns about that: flow and link (A,)."""

    most: Numbers
    flow: Numbers
    link: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """One side of a market. `groups` are the rows of one partner limit: (rows, their arcs (n, d) or A, sets (m, t))."""

    node: Ints
    capacity: Ints
    partners: Ints
    lot: Ints
    most: Ints
    groups: tuple[tuple[Ints, Ints, Ints], ...]

    @classmethod
    def of(cls, node: Ints, limits: tuple[Ints, Ints], size: tuple[Ints, Ints], sets: int = SETS) -> "Rows":
        """Return the rows with these (capacity, partners) (N,), met by arcs at `node` with (lot, most) (A,)."""
        capacity, partners = limits
        degree = count(node, len(capacity))
        place = np.arange(len(node)) - (np.cumsum(degree) - degree)[np.sort(node)]
        order = np.argsort(node, kind="stable")
        groups = []
        for limit in np.unique(np.minimum(partners, degree)[degree > 0]).tolist():
            rows = np.flatnonzero((np.minimum(partners, degree) == limit) & (degree > 0))
            number = np.full(len(capacity), -1)
            number[rows] = np.arange(len(rows))
            inside = number[node[order]] >= 0
            arcs = np.full((len(rows), int(degree[rows].max())), len(node))
            arcs[number[node[order]][inside], place[inside]] = order[inside]
            groups.append((rows, arcs, link_sets(arcs.shape[1], limit, sets)))
        return cls(node, capacity, partners, *size, tuple(groups))

    def earned(self, worth: tuple[Numbers, Numbers], price: tuple[Numbers, Numbers]) -> Earned:
        """Return what each row earns at most under w, g (A,), told at prices u, k (N,)."""
        (w, g), (u, k) = worth, price
        unit, link = u[self.node] - w, g + k[self.node]
        loss = link + unit * np.where(unit > 0, self.lot, self.most)
        zero = np.zeros(1, loss.dtype)
        columns = [np.concatenate((column, zero)) for column in (unit, link, loss, self.lot, self.most)]
        columns[2][-1] = _endless(loss)
        columns[3][-1] = int(self.capacity.max(initial=0)) + 1  # An arc that is not there fits no row.
        least = np.zeros(len(self.capacity), loss.dtype)
        flow, linked = np.zeros(len(loss) + 1, loss.dtype), np.zeros(len(loss) + 1, np.bool_)
        for rows, arcs, sets in self.groups:
            group = _Group(self.capacity[rows], self.partners[rows], u[rows], k[rows])
            least[rows], chosen, carried = _least_loss(group, arcs, sets, columns)
            linked[chosen[0]], flow[chosen[0]] = chosen[1], carried
        free = count(self.node, len(self.capacity)) == 0
        most = np.where(free, 0, u * self.capacity + k * self.partners - least)
        return Earned(most, flow[:-1], linked[:-1])


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    capacity: Ints
    partners: Ints
    u: Numbers
    k: Numbers


def _least_loss(
    group: _Group, arcs: Ints, sets: Ints, columns: list[Numbers]
) -> tuple[Numbers, tuple[Ints, Bools], Numbers]:
    """Return for each row of a group a bound on its least loss, (arcs tried, are they linked), and their flow."""
    unit, link, loss, lot, most = columns
    losses = loss[arcs]
    below = np.minimum(losses, 0).sum(axis=1)
    width = sets.shape[1]
    others = np.full(len(arcs), _endless(loss), loss.dtype)
    if width < arcs.shape[1]:
        order = np.argsort(losses, axis=1, kind="stable")
        others = below + np.maximum(np.take_along_axis(losses, order[:, width : width + 1], 1)[:, 0], 0)
        arcs = np.take_along_axis(arcs, order[:, :width], 1)
    arcs = np.take_along_axis(arcs, np.argsort(unit[arcs], axis=1, kind="stable"), 1).T
    d, lots = unit[arcs], lot[arcs]
    room = np.where(d < group.u, most[arcs] - lots, 0)
    # Sums over the arcs of sets are gathered, not multiplied: matrix products would start threads for small pieces.
    members, size = _members(sets), sets.sum(axis=1)[:, None]
    shape = len(sets), len(others)
    total = np.broadcast_to(group.k * (group.partners - size), shape).astype(loss.dtype)
    left = np.broadcast_to(group.capacity, shape).astype(loss.dtype)
    first = link[arcs] + d * lots
    for member in members:
        total[member.sets] += first[member.arcs]
        left[member.sets] -= lots[member.arcs]
    broken = (left < 0) | (size > group.partners)
    np.maximum(left, 0, out=left)
    for member in members:
        more = np.minimum(left[member.sets], room[member.arcs])
        total[member.sets] += d[member.arcs] * more
        left[member.sets] -= more
    total += group.u * left
    total[broken] = _endless(loss)
    best = total.argmin(axis=0)
    least = np.minimum(total[best, np.arange(len(others))], others)
    chosen = sets[best].T
    return least, (arcs, chosen > 0), _filled(group, (lots, room), chosen)


@dataclass(frozen=True, slots=True)
class _Member:
    """The arcs that come at one place of their sets, in order of w: sets from the first that has so many."""

    sets: slice
    arcs: Ints


def _members(sets: Ints) -> list[_Member]:
    """Return the first arcs of all sets that have any, then their second ones, and so on; sets are sorted by size."""
    size = sets.sum(axis=1)
    members = []
    for place in range(int(size[-1])):
        first = int(np.searchsorted(size, place + 1))
        order = np.argsort(-sets[first:], axis=1, kind="stable")
        members.append(_Member(slice(first, None), order[:, place]))
    return members


def _filled(group: _Group, size: tuple[Numbers, Numbers], links: Ints) -> Numbers:
    """Return what each chosen arc (t, n) carries: its lot, and more in order while there is room and it pays."""
    lots, room = size
    flow = lots * links
    left = np.maximum(group.capacity - flow.sum(axis=0), 0)
    for t in range(len(links)):
        more = np.minimum(left, room[t] * links[t])
        flow[t] += more
        left = left - more
    return flow


def link_sets(arcs: int, limit: int, most: int = SETS) -> Ints:
    """Return all sets of up to `limit` of the first arcs, as rows of zeros and ones; as many arcs as `most` allows."""
    width = 0
    while width < min(arcs, WIDEST) and _ways(width + 1, limit) <= most:
        width += 1
    rows = [chosen for size in range(min(limit, width) + 1) for chosen in combinations(range(width), size)]
    sets = np.zeros((len(rows), width), np.int64)
    for row, chosen in enumerate(rows):
        sets[row, list(chosen)] = 1
    return sets


def _ways(arcs: int, limit: int) -> int:
    ways, term = 1, 1
    for size in range(1, min(arcs, limit) + 1):
        term = term * (arcs - size + 1) // size
        ways += term
    return ways


def _endless(like: Numbers) -> float | int:
    return 2**62 if like.dtype == np.int64 else np.inf
