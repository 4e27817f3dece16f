"""A flow repaired after a change: what no longer fits is sent along shortest paths, the rest stays as it was.

Given      a block, and a flow and one dual solution that were optimal before some rows and arcs changed
Prices     rows that changed get the least price that covers their arcs; then u[i] + v[j] >= value[a] on every arc again
Flow       what flows on arcs that are not tight any more, or beyond a row's quantity, is taken back
Repair     a row with a remainder and a price above zero sends its remainder along a shortest path of reduced costs to
           where the other side has room, or to where leaving a remainder costs least; prices move by the distances, so
           that reduced costs stay at zero or above. When no such row is left the flow is optimal
Cost       one search a path, over the rows nearer than its end: it follows the change, not the size of the block
Source     J. Edmonds, R. M. Karp (1972), J. ACM 19, 248-264; R. K. Ahuja, T. L. Magnanti, J. B. Orlin (1993), Network
           Flows, 9.7
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from optimizer.problem import Bools, ExchangeProblem, Ints

_FAR: Final = 2**62
LEAST_SCANS: Final = 5_000
ARCS_A_SCAN: Final = 20
"""A repair is given up when it has looked at more rows than this, or will have if it goes on as it began: a new solve
takes as long for so many arcs.
"""
FORECAST_AFTER: Final = 5
"""So many rows are settled before the rest is forecast from them."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """An older answer in the order of a problem's rows: its flow (A,), 0 on new arcs; both ends of its prices, 0 for
    new rows; which supplies (S,) and demands (D,) have changed or have an arc that is new, gone or of another value.

    Components without such a row carry the answer over, unless `carry` is false: then all are repaired, and only rows
    whose prices must be found anew need to be named.
    """

    flow: Ints
    supply_low: Ints
    supply_high: Ints
    demand_low: Ints
    demand_high: Ints
    supply_changed: Bools
    demand_changed: Bools
    carry: bool = True

    def of(self, arcs: Ints, supplies: Ints, demands: Ints) -> "Start":
        """Return the part of some arcs and rows."""
        return Start(
            self.flow[arcs],
            self.supply_low[supplies],
            self.supply_high[supplies],
            self.demand_low[demands],
            self.demand_high[demands],
            self.supply_changed[supplies],
            self.demand_changed[demands],
            self.carry,
        )


class _TooFarError(Exception):
    """The repair looks at more rows than a new solve is worth."""


@dataclass(slots=True, eq=False)
class _Rows:
    """One side: prices, remainders, the arcs of each row that carry something, and all its arcs in stretches, with the
    row of the other side that each leads to and its value.
    """

    price: Ints
    left: Ints
    of_arc: Ints
    carrying: list[set[int]]
    arcs: Ints
    leads_to: Ints
    value: Ints
    starts: list[int]


@dataclass(slots=True, eq=False)
class _Found:
    """Where a search ended: at a row of the other side with room, or at one of its own side that gives up as much."""

    distance: int
    end: int
    own_side: bool
    seen: dict[int, tuple[int, int]] = field(default_factory=dict)


def repaired_flow(block: ExchangeProblem, start: Start) -> Ints | None:
    """Return an optimal flow (A,) near that of the start, or None where a new solve is cheaper, arcs have limits of
    their own, or the start names less than what has changed.

    Every arc of the block must be useful. The caller proves the answer: nothing here is taken on trust.
    """
    if block.limited().any():
        return None
    price_supply, price_demand = _covering(block, start)
    if (price_supply[block.arc_supply] + price_demand[block.arc_demand] < block.value_per_unit).any():
        return None
    flow = _still_tight(block, start.flow, price_supply, price_demand)
    ends = block.arc_supply, block.arc_demand
    given = _rows((price_supply, block.supply), ends, block.value_per_unit, flow)
    wanted = _rows((price_demand, block.demand), ends[::-1], block.value_per_unit, flow)
    repair = _Repair(flow, LEAST_SCANS + block.arcs // ARCS_A_SCAN)
    try:
        repair.settle_all(given, wanted)
        repair.settle_all(wanted, given)
    except _TooFarError:
        return None
    return flow


def _covering(block: ExchangeProblem, start: Start) -> tuple[Ints, Ints]:
    """Return prices that cover the value of every arc: those of changed rows anew, the others as they were."""
    price_supply, price_demand = start.supply_low.copy(), start.demand_high.copy()
    tail, head, value = block.arc_supply, block.arc_demand, block.value_per_unit
    tail_changed, head_changed = start.supply_changed[tail], start.demand_changed[head]
    price_supply[start.supply_changed] = 0
    price_demand[start.demand_changed] = 0
    arcs = np.flatnonzero(head_changed & ~tail_changed)
    np.maximum.at(price_demand, head[arcs], value[arcs] - price_supply[tail[arcs]])
    arcs = np.flatnonzero(tail_changed)
    np.maximum.at(price_supply, tail[arcs], value[arcs] - price_demand[head[arcs]])
    return price_supply, price_demand


def _still_tight(block: ExchangeProblem, flow: Ints, price_supply: Ints, price_demand: Ints) -> Ints:
    """Return what may stay of a flow: on arcs that neither gain nor lose, within the quantities of their rows."""
    carrying = np.flatnonzero(flow)
    tail, head = block.arc_supply[carrying], block.arc_demand[carrying]
    tight = price_supply[tail] + price_demand[head] == block.value_per_unit[carrying]
    kept = np.zeros(block.arcs, np.int64)
    kept[carrying] = np.where(tight, flow[carrying], 0)
    for rows, quantity in ((block.arc_supply, block.supply), (block.arc_demand, block.demand)):
        arcs = carrying[np.argsort(rows[carrying], kind="stable")]
        row = rows[arcs]
        before = np.cumsum(kept[arcs]) - kept[arcs]
        first = np.searchsorted(row, row)
        kept[arcs] = np.clip(quantity[row] - (before - before[first]), 0, kept[arcs])
    return kept


def _rows(side: tuple[Ints, Ints], ends: tuple[Ints, Ints], value: Ints, flow: Ints) -> _Rows:
    (price, quantity), (of_arc, other) = side, ends
    left = quantity.copy()
    np.subtract.at(left, of_arc, flow)
    carrying: list[set[int]] = [set() for _ in range(len(price))]
    used = np.flatnonzero(flow)
    for row, arc in zip(of_arc[used].tolist(), used.tolist(), strict=True):
        carrying[row].add(arc)
    shape = (len(price), max(1, len(flow)))
    by_row = csr_array((np.ones(len(flow), np.int8), (of_arc, np.arange(len(flow)))), shape=shape)
    arcs = by_row.indices.astype(np.int64)
    return _Rows(price, left, of_arc, carrying, arcs, other[arcs], value[arcs], by_row.indptr.tolist())


class _Repair:
    """The repair under way; it changes the flow it is given."""

    def __init__(self, flow: Ints, scans: int) -> None:
        self._flow, self._scans_left = flow, scans

    def settle_all(self, own: _Rows, other: _Rows) -> None:
        """Leave no row of one side with a remainder and a price above zero."""
        reached, via = np.full(len(other.price), _FAR), np.zeros(len(other.price), np.int64)
        rows = np.flatnonzero((own.left > 0) & (own.price > 0)).tolist()
        began = self._scans_left
        for settled, row in enumerate(rows):
            if settled >= FORECAST_AFTER and (began - self._scans_left) * (len(rows) - settled) > (
                self._scans_left * settled
            ):
                raise _TooFarError
            while own.left[row] > 0 and own.price[row] > 0:
                labelled: list[Ints] = [np.zeros(0, np.int64)]
                found = self._search(own, other, row, (reached, via, labelled))
                marked = np.concatenate(labelled)
                self._move_prices(own, other, found, (marked, reached))
                self._push(own, other, row, found, via)
                reached[marked] = _FAR

    def _search(self, own: _Rows, other: _Rows, row: int, labels: tuple[Ints, Ints, list[Ints]]) -> _Found:
        """Return the nearest end for the remainder of a row; fills the labels of the other side."""
        found = _Found(int(own.price[row]), row, own_side=True)
        found.seen[row] = (0, -1)
        heap: list[tuple[int, int]] = []
        self._scan(own, other, (row, 0), found, (*labels, heap))
        reached = labels[0]
        while heap:
            distance, there = heappop(heap)
            if distance >= found.distance:
                break
            if distance > reached[there]:
                continue
            for arc in sorted(other.carrying[there]):
                back = int(own.of_arc[arc])
                if back in found.seen:
                    continue
                found.seen[back] = (distance, arc)
                if distance + int(own.price[back]) < found.distance:
                    found.distance, found.end, found.own_side = distance + int(own.price[back]), back, True
                self._scan(own, other, (back, distance), found, (*labels, heap))
        return found

    def _scan(
        self,
        own: _Rows,
        other: _Rows,
        at: tuple[int, int],
        found: _Found,
        labels: tuple[Ints, Ints, list[Ints], list[tuple[int, int]]],
    ) -> None:
        """Label what a row of one side reaches on the other below the best end known."""
        self._scans_left -= 1
        if self._scans_left < 0:
            raise _TooFarError
        reached, via, labelled, heap = labels
        row, distance = at
        stretch = slice(own.starts[row], own.starts[row + 1])
        there = own.leads_to[stretch]
        now = other.price[there] - own.value[stretch]
        now += int(own.price[row]) + distance
        nearer = ((now < found.distance) & (now < reached[there])).nonzero()[0]
        if not nearer.size:
            return
        there, now = there[nearer], now[nearer]
        reached[there], via[there] = now, own.arcs[stretch][nearer]
        labelled.append(there)
        room = (other.left[there] > 0).nonzero()[0]
        if room.size:
            best = room[np.argmin(now[room])]
            found.distance, found.end, found.own_side = int(now[best]), int(there[best]), False
            there, now = there[now < found.distance], now[now < found.distance]
        for label in zip(now.tolist(), there.tolist(), strict=True):
            heappush(heap, label)

    def _move_prices(self, own: _Rows, other: _Rows, found: _Found, labels: tuple[Ints, Ints]) -> None:
        """Move the prices of all that is nearer than the end, so that every path to it costs nothing."""
        marked, reached = labels
        nearer = marked[reached[marked] < found.distance]
        other.price[nearer] = other.price[nearer] + (found.distance - reached[nearer])
        for row, (distance, _) in found.seen.items():
            own.price[row] -= max(0, found.distance - distance)

    def _push(self, own: _Rows, other: _Rows, row: int, found: _Found, via: Ints) -> None:
        """Send as much as fits along the path that was found."""
        if found.own_side and found.end == row:
            return
        forth: list[int] = []
        back: list[int] = []
        at = found.end
        if found.own_side:
            back.append(found.seen[at][1])
            at = int(other.of_arc[back[0]])
        while True:
            forth.append(int(via[at]))
            came = int(own.of_arc[forth[-1]])
            if came == row:
                break
            back.append(found.seen[came][1])
            at = int(other.of_arc[back[-1]])
        amount = min([int(own.left[row]), *(int(self._flow[arc]) for arc in back)])
        if not found.own_side:
            amount = min(amount, int(other.left[found.end]))
        self._carry(own, other, forth, amount)
        self._carry(own, other, back, -amount)
        own.left[row] -= amount
        if found.own_side:
            own.left[found.end] += amount
        else:
            other.left[found.end] -= amount

    def _carry(self, own: _Rows, other: _Rows, arcs: list[int], amount: int) -> None:
        for arc in arcs:
            self._flow[arc] += amount
            keep = set.add if self._flow[arc] > 0 else set.discard
            for side in (own, other):
                keep(side.carrying[int(side.of_arc[arc])], arc)
