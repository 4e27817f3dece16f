"""Analyses as people with a mandate ask for them: permission, what they may see, and what was read lately.

The arithmetic runs beside the event loop. What is read and what takes long is kept for a moment (`memo`).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from symbiosis.analytics.balances import FlowBetween, GroupBalance, GroupBy, balances, flows_between
from symbiosis.analytics.days import Days
from symbiosis.analytics.flow_graph import FlowGraph, Layer
from symbiosis.analytics.indicators import Amounts, Indicators, Records, read_records
from symbiosis.analytics.jobs.working import AnalysisQueue
from symbiosis.analytics.memo import Memo
from symbiosis.analytics.naming import Label, labels_of
from symbiosis.analytics.permitted import permitted_communes, require_analyses
from symbiosis.analytics.potential import read_layer
from symbiosis.analytics.publishing import Publisher
from symbiosis.analytics.seen import Seen, at_the_table, seen_flows, seen_synergies, sees_listing_at, without_a_seat
from symbiosis.analytics.selection import Selection, in_sector
from symbiosis.analytics.structure import GraphShape, shape_of
from symbiosis.analytics.unmatched import Unmatched, UnmatchedSum, read_unmatched, summed
from symbiosis.domain.ids import SiteId, SynergyId, TerritoryId
from symbiosis.domain.places import Territory
from symbiosis.policy import Viewer
from symbiosis.store.flow_columns import FlowResource, FlowSite, flow_resources, flow_sites
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.reserved import Reserved, reserved_listings
from symbiosis.store.sites import territory_list


@dataclass(frozen=True, slots=True)
class Question:
    """Which part of which layer, and when; `selection` fits a flow if it fits either of its ends."""

    layer: Layer
    selection: Selection
    days: Days | None


@dataclass(frozen=True, slots=True)
class SeenFlows:
    """Flows between groups, largest value first, the labels of the groups, and the flows whose value does not show."""

    flows: tuple[FlowBetween, ...]
    labels: Mapping[str, Label]
    unvalued: frozenset[FlowBetween]


@dataclass(frozen=True, slots=True)
class SeenBalances:
    """What groups give, take and exchange within, and the labels of the groups."""

    balances: tuple[GroupBalance, ...]
    labels: Mapping[str, Label]


@dataclass(frozen=True, slots=True)
class SeenShape:
    """The shape of what is seen; of the sites that are named the strength on that side does not show."""

    shape: GraphShape
    unvalued_givers: frozenset[SiteId]
    unvalued_takers: frozenset[SiteId]


@dataclass(frozen=True, slots=True)
class SeenIndicators:
    """Indicators of what is seen, the labels of territories, and the amounts whose value or deliveries do not show."""

    indicators: Indicators
    labels: Mapping[str, Label]
    unvalued: frozenset[Amounts]
    undelivered: frozenset[Amounts]


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    graph: FlowGraph
    reserved: Reserved
    territories: tuple[Territory, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Worked:
    records: Records
    reserved: Reserved
    territories: tuple[Territory, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Rests:
    rests: tuple[Unmatched, ...]
    sites: Mapping[SiteId, FlowSite]
    resources: Mapping[str, FlowResource]
    reserved: Reserved


class Analyses:
    """Answers the questions about flows; one for an app, for what it keeps."""

    def __init__(self, queue: AnalysisQueue | None = None) -> None:
        self.queue = AnalysisQueue() if queue is None else queue
        self.memo = Memo()
        self.publisher = Publisher()

    async def flows(self, graph: Graph, viewer: Viewer, question: Question, by: GroupBy) -> SeenFlows:
        """Return the flows between groups; raise NotAllowedError or SelectionError."""
        seen, layer = await self._seen(graph, viewer, question)
        return await asyncio.to_thread(_flows, seen, layer, by)

    async def balances(self, graph: Graph, viewer: Viewer, question: Question, by: GroupBy) -> SeenBalances:
        """Return what groups give, take and exchange within; raise NotAllowedError or SelectionError."""
        seen, layer = await self._seen(graph, viewer, question)
        rows = await asyncio.to_thread(balances, seen.graph, by)
        return SeenBalances(tuple(rows), labels_of(by, layer.graph.sites, layer.territories))

    async def structure(self, graph: Graph, viewer: Viewer, question: Question) -> SeenShape:
        """Return the shape of what the viewer sees; raise NotAllowedError or SelectionError."""
        seen, _ = await self._seen(graph, viewer, question)

        async def make() -> SeenShape:
            return await asyncio.to_thread(_shape, seen)

        return await self.memo.value(graph, ("shape", question, viewer), make)

    async def unmatched(self, graph: Graph, viewer: Viewer, selection: Selection) -> list[UnmatchedSum]:
        """Return what the current plan leaves of the listings that the viewer sees; refuse as `permitted_communes`."""
        await _require(graph, viewer, selection.territory_id)

        async def make() -> _Rests:
            return await _read_rests(graph)

        read = await self.memo.value(graph, "rests", make)
        return await asyncio.to_thread(_summed, read, viewer, selection)

    async def indicators(
        self, graph: Graph, viewer: Viewer, days: Days, territory_id: TerritoryId | None
    ) -> SeenIndicators:
        """Return the indicators of what gives in the viewer's territories or in one; refuse as `permitted_communes`."""
        await _require(graph, viewer, territory_id)

        async def make() -> _Worked:
            return await graph.read(_read_worked, days)

        worked = await self.memo.value(graph, ("worked", days), make)
        return await asyncio.to_thread(_indicators, worked, viewer, territory_id)

    async def seen(self, graph: Graph, viewer: Viewer, question: Question) -> Seen:
        """Return the flows that are asked for and that the viewer sees; raise NotAllowedError or SelectionError."""
        return (await self._seen(graph, viewer, question))[0]

    async def _seen(self, graph: Graph, viewer: Viewer, question: Question) -> tuple[Seen, _Layer]:
        await _require(graph, viewer, question.selection.territory_id)
        layer = await self._layer(graph, question.layer, question.days)
        if question.layer is Layer.REALISED:
            suggested = None if question.days else (await self._layer(graph, Layer.SUGGESTED, None)).graph
            layer = replace(layer, graph=await asyncio.to_thread(at_the_table, layer.graph, suggested, viewer))
        return await asyncio.to_thread(_selected, layer, viewer, question.selection), layer

    async def _layer(self, graph: Graph, wanted: Layer, days: Days | None) -> _Layer:
        async def make() -> _Layer:
            flows = await read_layer(graph, wanted, days)
            reserved, territories = await graph.read(_beside)
            return _Layer(flows, reserved, territories)

        return await self.memo.value(graph, ("layer", wanted, days), make)


async def _require(graph: Graph, viewer: Viewer, territory_id: TerritoryId | None) -> None:
    """Return if the viewer is shown analyses, of this territory if one is named; raise as `permitted_communes` does."""
    if territory_id is None:
        require_analyses(viewer)
    else:
        await permitted_communes(graph, viewer, territory_id)


async def _beside(tx: Tx) -> tuple[Reserved, tuple[Territory, ...]]:
    return await reserved_listings(tx), tuple(await territory_list(tx))


def _selected(layer: _Layer, viewer: Viewer, selection: Selection) -> Seen:
    seen = seen_flows(layer.graph, layer.reserved, viewer)
    return seen.kept(selection.flows(seen.graph))


def _flows(seen: Seen, layer: _Layer, by: GroupBy) -> SeenFlows:
    rows = flows_between(seen.graph, by)
    hidden = {_key(row) for row in flows_between(seen.graph.kept(seen.unvalued), by)}
    return SeenFlows(
        flows=tuple(rows),
        labels=labels_of(by, layer.graph.sites, layer.territories),
        unvalued=frozenset(row for row in rows if _key(row) in hidden),
    )


def _key(row: FlowBetween) -> tuple[str, str, str, str]:
    return row.giver, row.taker, row.kind, row.base_unit


def _shape(seen: Seen) -> SeenShape:
    sites, flows = seen.graph.sites, seen.graph
    givers, takers = (np.unique(end[seen.unvalued]).tolist() for end in (flows.giver, flows.taker))
    return SeenShape(
        shape=shape_of(flows),
        unvalued_givers=frozenset(sites[row].site_id for row in givers),
        unvalued_takers=frozenset(sites[row].site_id for row in takers),
    )


async def _read_worked(tx: Tx, days: Days) -> _Worked:
    return _Worked(await read_records(tx, days), *await _beside(tx))


def _indicators(worked: _Worked, viewer: Viewer, territory_id: TerritoryId | None) -> SeenIndicators:
    records = worked.records
    given = {
        site.site_id
        for site in records.sites
        if site.insee in viewer.facilitated | viewer.analysed and territory_id in {None, *site.territory_ids}
    }
    seen, unvalued = seen_synergies(records.synergies, records.sites, worked.reserved, viewer)
    ours, closed = without_a_seat([one for one in seen if one.giver_id in given], records.sites, viewer)
    found = records.indicators(ours, without=closed)

    def rows_with(some: frozenset[SynergyId]) -> frozenset[Amounts]:
        """Return the rows in which one of these synergies could count."""
        keys = {
            _amounts_key(row) for row in records.indicators([one for one in ours if one.synergy_id in some]).amounts
        }
        return frozenset(row for row in found.amounts if _amounts_key(row) in keys)

    labels = labels_of(GroupBy.TERRITORY, (), worked.territories)
    return SeenIndicators(found, labels, unvalued=rows_with(unvalued), undelivered=rows_with(closed))


def _amounts_key(row: Amounts) -> tuple[str, str, str, str, str]:
    return row.metropole, row.kind, row.chapter, row.treatment, row.base_unit


async def _read_rests(graph: Graph) -> _Rests:
    rests = await read_unmatched(graph)

    async def read(tx: Tx) -> _Rests:
        return _Rests(
            tuple(rests),
            {site.site_id: site for site in await flow_sites(tx)},
            {resource.code: resource for resource in await flow_resources(tx)},
            await reserved_listings(tx),
        )

    return await graph.read(read)


def _summed(read: _Rests, viewer: Viewer, selection: Selection) -> list[UnmatchedSum]:
    return summed([rest for rest in read.rests if _counts(rest, read, viewer, selection)])


def _counts(rest: Unmatched, read: _Rests, viewer: Viewer, selection: Selection) -> bool:
    site = read.sites[rest.site_id]
    return (
        sees_listing_at(viewer, read.reserved, site, rest.listing_id)
        and (selection.territory_id is None or selection.territory_id in site.territory_ids)
        and (selection.sector is None or in_sector(site.naf, selection.sector))
        and (selection.kind is None or read.resources[rest.resource_code].kind is selection.kind)
    )
