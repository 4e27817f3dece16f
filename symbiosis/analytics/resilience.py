"""What stops when a site stops: by deciding again without it, not by deleting edges.

When a site stops, its own exchanges end; its partners turn to others as far as that pays. What is lost is the value of
the plan with the site less the value of the best plan without it; what the others lose is that, less the site's own
share of the plan's value. A partner's listing is orphaned if it exchanged with the site and exchanges nothing at all
afterwards; a stand-by is a site that exchanges more afterwards than before, with the listings of which more is taken.

Source     N-1 and N-2 as in the security of supply of power grids; for networks of industrial symbiosis, Zhu & Ruth
           2013, J. Environ. Manage. 122, 65-75, who delete without deciding again and so overstate the loss.
"""

from bisect import insort
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from optimizer.near import Nearby, NearPlan
from symbiosis.analytics.decided import Decided
from symbiosis.analytics.flow_graph import Bools, Ints
from symbiosis.analytics.progress import Told, untold
from symbiosis.analytics.stop_bounds import most_lost
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction
from symbiosis.matching.snapshot import Side
from symbiosis.matching.value import MILLICENT_PER_CENT
from symbiosis.units import BaseUnit


@dataclass(frozen=True, slots=True)
class Orphan:
    """A listing that exchanged with a site that stopped and now has nobody: what it loses, base units a year."""

    site_id: SiteId
    listing_id: ListingId
    direction: Direction
    resource_code: ResourceCode
    base_unit: BaseUnit
    lost_base_per_year: int


@dataclass(frozen=True, slots=True)
class StandIn:
    """A listing that exchanges more after a stop than before, and how much more, base units a year."""

    site_id: SiteId
    listing_id: ListingId
    direction: Direction
    resource_code: ResourceCode
    base_unit: BaseUnit
    more_base_per_year: int


@dataclass(frozen=True, slots=True)
class Stop:
    """What the stop of some sites costs. Money in cents per year.

    exchanged_cent   value of the exchanges that end with them
    lost_cent        what everybody together loses after the best new plan; the rest is replaced
    replaced_share   1 - lost / exchanged: 1 means that others stand in for everything
    orphans          listings that exchange nothing any more, by id
    standbys         sites whose exchanges are worth more than before, the most first
    stand_ins        listings that exchange more than before, by id
    """

    site_ids: tuple[SiteId, ...]
    partners: int
    exchanged_cent_per_year: int
    lost_cent_per_year: int
    replaced_share: float
    orphans: tuple[Orphan, ...]
    standbys: tuple[SiteId, ...]
    stand_ins: tuple[StandIn, ...]


def stop_of(market: Decided, site_ids: tuple[SiteId, ...]) -> Stop:
    """Return what the stop of some sites costs; a site without open listings costs nothing."""
    return _stop(market, Nearby(market.problem, market.plan), site_ids)


def single_points(
    market: Decided, at_most: int | None = None, *, among: Collection[SiteId] | None = None, told: Told = untold
) -> list[Stop]:
    """Return the stop of each site, or of each of some, that exchanges anything, the costliest first (N-1).

    With `at_most`, only so many are proven to be the costliest and returned: sites are decided again in the order of
    what their stop costs at most (`most_lost`), until no other can be among them. After each, `told` is told the share
    of those decided among all that still can be.
    """
    near, most = Nearby(market.problem, market.plan), most_lost(market)
    looked_at = np.array([among is None or site_id in among for site_id in market.sites], dtype=np.bool_)
    exchanging = np.flatnonzero(looked_at & (market.value_by_site() > 0))
    order = exchanging[np.argsort(-most[exchanging], kind="stable")].tolist()
    wanted, bounds = len(order) if at_most is None else at_most, most[order] // MILLICENT_PER_CENT
    found: list[Stop] = []
    losses: list[int] = []
    hopeful = len(order)
    while len(found) < hopeful:
        found.append(_stop(market, near, (market.sites[order[len(found)]],)))
        insort(losses, found[-1].lost_cent_per_year)
        if 0 < wanted <= len(losses):
            hopeful = max(len(found), int(np.count_nonzero(bounds >= losses[-wanted])))
        told(len(found) / hopeful)
    return _costliest_first(found)[:wanted]


def pairs_of_points(market: Decided, among: list[SiteId], told: Told = untold) -> list[Stop]:
    """Return the stop of every two of some sites at once, the costliest first (N-2); `told` is told after each."""
    near, found = Nearby(market.problem, market.plan), []
    pairs = list(combinations(sorted(among), 2))
    for pair in pairs:
        found.append(_stop(market, near, pair))
        told(len(found) / len(pairs))
    return _costliest_first(found)


def _costliest_first(stops: list[Stop]) -> list[Stop]:
    return sorted(stops, key=lambda stop: (-stop.lost_cent_per_year, stop.site_ids))


@dataclass(frozen=True, slots=True, eq=False)
class _Turn:
    """The plans before and after a stop on the arcs that either may use: ends, flows, and which sites stop (sites,)."""

    market: Decided
    stopped: Bools
    supply: Ints
    demand: Ints
    value: Ints
    before: Ints
    after: Ints

    @property
    def ends(self) -> tuple[Ints, Ints]:
        """Return the row in `sites` of the giver and of the taker of each arc."""
        return self.market.supply_site[self.supply], self.market.demand_site[self.demand]

    @property
    def ending(self) -> Bools:
        """Return the arcs that carried something from or to a site that stops."""
        giver, taker = self.ends
        return (self.stopped[giver] | self.stopped[taker]) & (self.before > 0)

    def sides(self) -> Iterator[tuple[Direction, Side, Ints, Ints]]:
        """Yield supplies and demands: their listings, the row of each arc, and the site of each row."""
        snapshot = self.market.snapshot
        yield Direction.SUPPLY, snapshot.supplies, self.supply, self.market.supply_site
        yield Direction.DEMAND, snapshot.demands, self.demand, self.market.demand_site


def _stop(market: Decided, near: Nearby, site_ids: tuple[SiteId, ...]) -> Stop:
    stopped = np.isin(np.array(market.sites), np.array(site_ids))
    turn = _turn(market, stopped, near.again(*market.quantities_without(stopped)))
    worth = turn.value * turn.before
    exchanged, lost = int(worth[turn.ending].sum()), int(worth.sum()) - int((turn.value * turn.after).sum())
    gain = np.zeros(len(market.sites), np.int64)
    for ends in turn.ends:
        np.add.at(gain, ends, turn.value * (turn.after - turn.before))
    gain[stopped] = 0
    standbys = [row for row in np.argsort(-gain, kind="stable").tolist() if gain[row] > 0]
    orphans, stand_ins = _orphans_and_stand_ins(turn)
    return Stop(
        site_ids=site_ids,
        partners=len(np.setdiff1d(np.concatenate([ends[turn.ending] for ends in turn.ends]), np.flatnonzero(stopped))),
        exchanged_cent_per_year=exchanged // MILLICENT_PER_CENT,
        lost_cent_per_year=lost // MILLICENT_PER_CENT,
        replaced_share=1 - lost / exchanged if exchanged else 1.0,
        orphans=orphans,
        standbys=tuple(market.sites[row] for row in standbys),
        stand_ins=stand_ins,
    )


def _turn(market: Decided, stopped: Bools, after: NearPlan) -> _Turn:
    """Return the arcs that carry something before or after."""
    before = market.plan.flow[after.arcs]
    met = (before > 0) | (after.flow > 0)
    arcs, problem = after.arcs[met], market.problem
    ends = (problem.arc_supply[arcs], problem.arc_demand[arcs])
    return _Turn(market, stopped, *ends, problem.value_per_unit[arcs], before[met], after.flow[met])


def _orphans_and_stand_ins(turn: _Turn) -> tuple[tuple[Orphan, ...], tuple[StandIn, ...]]:
    """Return the partners' listings that exchange nothing any more, and the listings that exchange more than before."""
    orphans: list[Orphan] = []
    stand_ins: list[StandIn] = []
    for direction, side, of_arc, site in turn.sides():
        before, after = np.zeros(len(side), np.int64), np.zeros(len(side), np.int64)
        np.add.at(before, of_arc, turn.before)
        np.add.at(after, of_arc, turn.after)
        partners = np.bincount(of_arc[turn.ending], minlength=len(side)) > 0
        for row in np.flatnonzero(((partners & (after == 0)) | (after > before)) & ~turn.stopped[site]).tolist():
            listing = side.listings[row]
            unit = turn.market.snapshot.resources[listing.resource_code].base_unit
            facts = (listing.site_id, listing.listing_id, direction, listing.resource_code, unit)
            if after[row]:
                stand_ins.append(StandIn(*facts, int(after[row] - before[row])))
            else:
                orphans.append(Orphan(*facts, int(before[row])))
    return (
        tuple(sorted(orphans, key=lambda orphan: orphan.listing_id)),
        tuple(sorted(stand_ins, key=lambda stand_in: stand_in.listing_id)),
    )
