"""What the stop of each site costs at most, without deciding again: what its partners can do at once.

Each listing that exchanged with the site turns, for as much as it gains, to one that has something left, or to one that
then leaves its own partner alone: the most gain first. That keeps every limit, so the best new plan is worth no less,
and the stop costs no more than what ends with the site less those gains. On markets of many sites the bound is a few
per cent above the loss itself; what it leaves out is that a partner left alone may find another in turn.
"""

from dataclasses import dataclass

import numpy as np

from symbiosis.analytics.decided import Decided
from symbiosis.analytics.flow_graph import Bools, Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Fan:
    """Arcs in one stretch for each row: `arcs[starts[r] : starts[r + 1]]` are those of row r."""

    arcs: Ints
    starts: Ints

    def of(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return the arcs of several rows, one row after the other, and how many each has."""
        length = self.starts[rows + 1] - self.starts[rows]
        offset = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
        arcs: Ints = self.arcs[np.repeat(self.starts[rows], length) + offset]
        return arcs, length


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One side of the market: the row and the row of the partner of each arc, the sites of both, the arcs that pay by
    row, those that carry something by partner, and what each partner has left. `first` numbers what is left apart from
    that of the other side.
    """

    own: Ints
    partner: Ints
    own_site: Ints
    partner_site: Ints
    paying: _Fan
    carried: _Fan
    left: Ints
    first: int


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """Ways to make up for what a row lost, the most gain first: its row, where it takes from (the arc that is given up
    for it, or below zero: what a partner has left), how much is there, and the gain a unit.
    """

    own: Ints
    source: Ints
    there: Ints
    gain: Ints


def most_lost(market: Decided) -> Ints:
    """Return what the stop of each site costs at most, (sites,), thousandths of a cent."""
    worth, sides = market.problem.value_per_unit * market.plan.flow, _sides(market)
    carrying = np.flatnonzero(market.plan.flow)
    giver, taker = (ends[carrying] for ends in market.sites_of_arcs())
    most = np.zeros(len(market.sites), np.int64)
    for site in np.union1d(giver, taker).tolist():
        ending = carrying[(giver == site) | (taker == site)]
        used: dict[int, int] = {}
        gained = sum(_made_up(market, side, ending[side.own_site[side.own[ending]] != site], used) for side in sides)
        most[site] = int(worth[ending].sum()) - gained
    return most


def _sides(market: Decided) -> tuple[_Side, _Side]:
    """Return the demands, whose partners are supplies, and the supplies."""
    problem, flow = market.problem, market.plan.flow
    tail, head = problem.arc_supply, problem.arc_demand
    paying, carrying = np.flatnonzero(problem.value_per_unit > 0), np.flatnonzero(flow)
    sides = []
    for own, partner, own_site, partner_site, quantity, first in (
        (head, tail, market.demand_site, market.supply_site, problem.supply, 0),
        (tail, head, market.supply_site, market.demand_site, problem.demand, len(problem.supply)),
    ):
        left = quantity.copy()
        np.subtract.at(left, partner, flow)
        by_row, by_partner = _fan(own, paying, len(own_site)), _fan(partner, carrying, len(partner_site))
        sides.append(_Side(own, partner, own_site, partner_site, by_row, by_partner, left, first))
    return sides[0], sides[1]


def _made_up(market: Decided, side: _Side, ending: Ints, used: dict[int, int]) -> int:
    """Return what the rows of one side gain that lose some arcs; `used` says what is left of each source."""
    if not ending.size:
        return 0
    rows, number = np.unique(side.own[ending], return_inverse=True)
    lost = np.zeros(len(rows), np.int64)
    np.add.at(lost, number, market.plan.flow[ending])
    lacking = dict(zip(rows.tolist(), lost.tolist(), strict=True))
    ways = _ways(market, side, rows, int(side.partner_site[side.partner[ending[0]]]))
    columns = (ways.own.tolist(), ways.source.tolist(), ways.there.tolist(), ways.gain.tolist())
    gained, waiting = 0, len(lacking)
    for own, source, there, gain in zip(*columns, strict=True):
        rest = used.get(source, there)
        amount = min(lacking[own], rest)
        if amount:
            used[source], lacking[own], gained = rest - amount, lacking[own] - amount, gained + amount * gain
            waiting -= lacking[own] == 0
        if not waiting:
            break
    return gained


def _ways(market: Decided, side: _Side, rows: Ints, site: int) -> _Ways:
    """Return the ways of some rows that gain something, without a site."""
    value, flow = market.problem.value_per_unit, market.plan.flow
    arcs = side.paying.of(rows)[0]
    arcs = arcs[side.partner_site[side.partner[arcs]] != site]
    free = arcs[side.left[side.partner[arcs]] > 0]
    given_up, length = side.carried.of(side.partner[arcs])
    instead = np.repeat(arcs, length)
    stays: Bools = side.own_site[side.own[given_up]] != site
    given_up, instead = given_up[stays], instead[stays]
    gain = np.concatenate([value[free], value[instead] - value[given_up]])
    order = np.argsort(-gain, kind="stable")
    order = order[gain[order] > 0]
    partner = side.partner[free]
    return _Ways(
        np.concatenate([side.own[free], side.own[instead]])[order],
        np.concatenate([-1 - side.first - partner, given_up])[order],
        np.concatenate([side.left[partner], flow[given_up]])[order],
        gain[order],
    )


def _fan(row: Ints, arcs: Ints, rows: int) -> _Fan:
    order = arcs[np.argsort(row[arcs], kind="stable")]
    return _Fan(order, np.searchsorted(row[order], np.arange(rows + 1)))
