"""What of the flows a viewer may see, as `symbiosis.policy` says it of one synergy: all flows at once.

A flow is seen if an end lies where the viewer facilitates or analyses, and both listings show as listed: they are
shown to their territory, or the viewer facilitates there, manages the site, or has its consent. Of other flows no exact
amount may be told, so no sum counts them. The value of a flow is seen where no price that a site states could be worked
out from it; of other flows it counts nothing, and `unvalued` names them.

What was agreed and delivered is of those who sit at the table: the two sites and the facilitators of either. To others,
analysts, a synergy that operates counts with what the current run suggests for it, and no delivery counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

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


def at_the_table(graph: FlowGraph, suggested: FlowGraph | None, viewer: Viewer) -> FlowGraph:
    """Return realised flows with what a viewer without a seat may know of them: what is suggested for the pair.

    Flows that are not suggested, and all of them where `suggested` is None, are left out for such a viewer.
    """
    seat = _flags([site.insee in viewer.facilitated or site.site_id in viewer.site_ids for site in graph.sites])
    seated = seat[graph.giver] | seat[graph.taker]
    if suggested is None or seated.all():
        return graph.kept(seated)
    rows = {pair: row for row, pair in enumerate(_pairs(suggested))}
    row = np.array([rows.get(pair, -1) for pair in _pairs(graph)], np.int64)
    columns: dict[str, Any] = {
        name: np.where(seated | (row < 0), getattr(graph, name), getattr(suggested, name)[row] if len(rows) else 0)
        for name in ("quantity_base", "value_cent", "avoided_gco2e")
    }
    return replace(graph, **columns).kept(seated | (row >= 0))


def without_a_seat(
    synergies: Sequence[WorkedOn], sites: Sequence[FlowSite], viewer: Viewer
) -> tuple[list[WorkedOn], frozenset[SynergyId]]:
    """Return synergies without what was agreed where the viewer has no seat at their table, and which these are."""
    seats = {site.site_id for site in sites if site.insee in viewer.facilitated or site.site_id in viewer.site_ids}
    closed = frozenset(one.synergy_id for one in synergies if not {one.giver_id, one.taker_id} & seats)
    made = [
        replace(one, agreed_base_per_year=None, jobs_tenth_fte=None) if one.synergy_id in closed else one
        for one in synergies
    ]
    return made, closed


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


def _pairs(graph: FlowGraph) -> list[tuple[ListingId, ListingId]]:
    ends = zip(graph.supply.tolist(), graph.demand.tolist(), strict=True)
    return [(graph.listings[supply], graph.listings[demand]) for supply, demand in ends]


def _flags(values: Sequence[bool]) -> Bools:
    return np.array(values, dtype=np.bool_)
