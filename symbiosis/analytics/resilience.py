"""What stops when a site stops: by deciding again without it, not by deleting edges.

When a site stops, its own exchanges end; its partners turn to others as far as that pays. What is lost is the value of
the plan with the site less the value of the best plan without it; what the others lose is that, less the site's own
share of the plan's value. A partner's listing is orphaned if it exchanged with the site and exchanges nothing at all
afterwards; a stand-by is a site that exchanges more afterwards than before.

Source     N-1 and N-2 as in the security of supply of power grids; for networks of industrial symbiosis, Zhu & Ruth
           2013, J. Environ. Manage. 122, 65-75, who delete without deciding again and so overstate the loss.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from optimizer import ExchangePlan
from symbiosis.analytics.decided import Decided
from symbiosis.analytics.flow_graph import Bools
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction
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
class Stop:
    """What the stop of some sites costs. Money in cents per year.

    exchanged_cent   value of the exchanges that end with them
    lost_cent        what everybody together loses after the best new plan; the rest is replaced
    replaced_share   1 - lost / exchanged: 1 means that others stand in for everything
    orphans          listings that exchange nothing any more, by id
    standbys         sites that exchange more than before, most value first
    """

    site_ids: tuple[SiteId, ...]
    partners: int
    exchanged_cent_per_year: int
    lost_cent_per_year: int
    replaced_share: float
    orphans: tuple[Orphan, ...]
    standbys: tuple[SiteId, ...]


def stop_of(market: Decided, site_ids: tuple[SiteId, ...]) -> Stop:
    """Return what the stop of some sites costs; a site without open listings costs nothing."""
    stopped = np.isin(np.array(market.sites), np.array(site_ids))
    after = market.without(stopped)
    giver, taker = market.sites_of_arcs()
    touched = stopped[giver] | stopped[taker]
    worth = market.problem.value_per_unit * market.plan.flow
    exchanged = int(worth[touched].sum())
    lost = market.plan.objective - after.objective
    ends = np.concatenate([giver[touched & (market.plan.flow > 0)], taker[touched & (market.plan.flow > 0)]])
    partners = np.setdiff1d(ends, np.flatnonzero(stopped))
    before_by_site, after_by_site = market.value_by_site(), market.value_by_site(after)
    gain = np.where(stopped, 0, after_by_site - before_by_site)
    standbys = [row for row in np.argsort(-gain, kind="stable").tolist() if gain[row] > 0]
    return Stop(
        site_ids=site_ids,
        partners=len(partners),
        exchanged_cent_per_year=exchanged // MILLICENT_PER_CENT,
        lost_cent_per_year=lost // MILLICENT_PER_CENT,
        replaced_share=1 - lost / exchanged if exchanged else 1.0,
        orphans=_orphans(market, after, touched, stopped),
        standbys=tuple(market.sites[row] for row in standbys),
    )


def single_points(market: Decided, at_most: int | None = None) -> list[Stop]:
    """Return the stop of each site that exchanges anything, the costliest first (N-1).

    With `at_most`, only that many are decided again: a stop never costs more than what ends with the site, so sites
    are tried in that order until no other can be among the costliest.
    """
    by_site = market.value_by_site()
    order = [row for row in np.argsort(-by_site, kind="stable").tolist() if by_site[row] > 0]
    wanted = len(order) if at_most is None else at_most
    found: list[Stop] = []
    for row in order:
        least = found[wanted - 1].lost_cent_per_year if 0 < wanted <= len(found) else -1
        if by_site[row] // MILLICENT_PER_CENT < least:
            break
        found.append(stop_of(market, (market.sites[row],)))
        found.sort(key=lambda stop: (-stop.lost_cent_per_year, stop.site_ids))
    return found[:wanted]


def pairs_of_points(market: Decided, among: list[SiteId]) -> list[Stop]:
    """Return the stop of every two of some sites at once, the costliest first (N-2)."""
    stops = [stop_of(market, pair) for pair in combinations(sorted(among), 2)]
    return sorted(stops, key=lambda stop: (-stop.lost_cent_per_year, stop.site_ids))


def _orphans(market: Decided, after: ExchangePlan, touched: Bools, stopped: Bools) -> tuple[Orphan, ...]:
    """Return the listings of partners that exchanged on a touched arc and exchange nothing in the plan afterwards."""
    found = []
    for direction, side, of_arc, site in (
        (Direction.SUPPLY, market.snapshot.supplies, market.problem.arc_supply, market.supply_site),
        (Direction.DEMAND, market.snapshot.demands, market.problem.arc_demand, market.demand_site),
    ):
        before, later = (np.bincount(of_arc, plan.flow, len(side)) for plan in (market.plan, after))
        partners = np.bincount(of_arc, touched & (market.plan.flow > 0), len(side)) > 0
        for row in np.flatnonzero(partners & (later == 0) & ~stopped[site]).tolist():
            listing = side.listings[row]
            unit = market.snapshot.resources[listing.resource_code].base_unit
            found.append(
                Orphan(listing.site_id, listing.listing_id, direction, listing.resource_code, unit, int(before[row]))
            )
    return tuple(sorted(found, key=lambda orphan: orphan.listing_id))
