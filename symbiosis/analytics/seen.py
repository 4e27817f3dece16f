"""What of the flows a viewer may see, as `symbiosis.policy` says it of one synergy: all flows at once.

A flow is seen if an end lies where the viewer facilitates or analyses, and both listings show as listed: they are
shown to their territory, or the viewer facilitates there, manages the site, or has its consent. Of other flows no exact
amount may be told, so no sum counts them. The value of a flow is seen where no price that a site states could be worked
out from it; of other flows it counts nothing, and `unvalued` names them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from symbiosis.analytics.flow_graph import Bools, FlowGraph, Ints
from symbiosis.domain.ids import ListingId, SiteId, SynergyId
from symbiosis.policy import Viewer
from symbiosis.store.flow_columns import FlowSite
from symbiosis.store.realised import WorkedOn
from symbiosis.store.reserved import Reserved


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The flows that a viewer sees, value 0 where it does not show; `unvalued` says of which flows that is."""

    graph: FlowGraph
    unvalued: Bools

    def kept(self, flows: Bools) -> "Seen":
        """Return some of the flows."""
        return Seen(self.graph.kept(flows), self.unvalued[flows])


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Who gives and who takes: rows of sites and of listings, one of each a flow."""

    giver: Ints
    taker: Ints
    supply: Ints
    demand: Ints


def seen_flows(graph: FlowGraph, reserved: Reserved, viewer: Viewer) -> Seen:
    """Return the flows of a graph that a viewer sees."""
    ends = Ends(graph.giver, graph.taker, graph.supply, graph.demand)
    shown, valued = shown_between(viewer, reserved, graph.sites, graph.listings, ends)
    masked = replace(graph, value_cent=np.where(valued, graph.value_cent, 0))
    return Seen(masked.kept(shown), ~valued[shown])


def seen_synergies(
    synergies: Sequence[WorkedOn], sites: Sequence[FlowSite], reserved: Reserved, viewer: Viewer
) -> tuple[list[WorkedOn], frozenset[SynergyId]]:
    """Return the synergies that a viewer sees, worth 0 where that does not show, and those of which it does not."""
    site_row: Mapping[SiteId, int] = {site.site_id: row for row, site in enumerate(sites)}
    listings = tuple({listing_id: None for one in synergies for listing_id in (one.supply_id, one.demand_id)})
    listing_row: Mapping[ListingId, int] = {listing_id: row for row, listing_id in enumerate(listings)}
    ends = Ends(
        np.array([site_row[one.giver_id] for one in synergies], np.int64),
        np.array([site_row[one.taker_id] for one in synergies], np.int64),
        np.array([listing_row[one.supply_id] for one in synergies], np.int64),
        np.array([listing_row[one.demand_id] for one in synergies], np.int64),
    )
    shown, valued = shown_between(viewer, reserved, sites, listings, ends)
    made = [
        one if is_valued else replace(one, value_cent_per_year=0)
        for one, is_shown, is_valued in zip(synergies, shown.tolist(), valued.tolist(), strict=True)
        if is_shown
    ]
    unvalued = [synergies[row].synergy_id for row in np.flatnonzero(shown & ~valued).tolist()]
    return made, frozenset(unvalued)


def sees_listing_at(viewer: Viewer, reserved: Reserved, site: FlowSite, listing_id: ListingId) -> bool:
    """Say whether a listing counts in what a viewer is told of single listings: as a facilitator, or as an analyst."""
    if site.insee in viewer.facilitated:
        return True
    return site.insee in viewer.analysed and (listing_id not in reserved.closed or listing_id in viewer.consented)


def shown_between(
    viewer: Viewer, reserved: Reserved, sites: Sequence[FlowSite], listings: Sequence[ListingId], ends: Ends
) -> tuple[Bools, Bools]:
    """Return of which flows a viewer sees the exact amounts, and of which the value."""
    brokers, mandated, own = (
        _flags([site.insee in viewer.facilitated for site in sites]),
        _flags([site.insee in viewer.facilitated | viewer.analysed for site in sites]),
        _flags([site.site_id in viewer.site_ids for site in sites]),
    )
    closed = _flags([one in reserved.closed and one not in viewer.consented for one in listings])
    priced = _flags([one in reserved.priced for one in listings])
    whole = [
        ~closed[listing] | brokers[site] | own[site]
        for listing, site in ((ends.supply, ends.giver), (ends.demand, ends.taker))
    ]
    brokered = brokers[ends.giver] | brokers[ends.taker]
    disposal = own[ends.giver] | ~priced[ends.supply]
    purchase = own[ends.taker] | ~priced[ends.demand]
    shown: Bools = whole[0] & whole[1] & (mandated[ends.giver] | mandated[ends.taker])
    valued: Bools = brokered | (disposal & purchase)
    return shown, valued


def _flags(values: Sequence[bool]) -> Bools:
    return np.array(values, dtype=np.bool_)
