"""The potential layer: every pair of open listings that may meet and pays, with all that both could exchange."""

import asyncio
from collections.abc import Mapping, Sequence

import numpy as np

from symbiosis.analytics.days import Days
from symbiosis.analytics.flow_graph import Bools, FlowGraph, Ints, Layer, read_flow_graph
from symbiosis.domain.runs import RunKind
from symbiosis.matching.candidates import Candidates, find_candidates
from symbiosis.matching.snapshot import Side, Snapshot, snapshot_of
from symbiosis.matching.value import MILLICENT_PER_CENT, value_candidates
from symbiosis.store.flow_columns import FlowResource, FlowSite, flow_resources, flow_sites
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.snapshot import StoredMarket, read_market
from symbiosis.units import BASE_PER_TRADE


async def read_layer(graph: Graph, layer: Layer, days: Days | None = None) -> FlowGraph:
    """Return the flow graph of a layer, of a period where one is given, read in one transaction."""
    if layer is not Layer.POTENTIAL:
        return await read_flow_graph(graph, layer, days)
    sites, resources, market = await graph.read(_read)
    return await asyncio.to_thread(potential_of, sites, resources, snapshot_of(market), days)


def potential_of(
    sites: Sequence[FlowSite], resources: Sequence[FlowResource], snapshot: Snapshot, days: Days | None = None
) -> FlowGraph:
    """Return the candidates of a snapshot that pay, as flows between the sites and of the resources that are given; of
    a period, those whose listings are both available on some day of it.

    Values are exact to the thousandth of a cent a base unit, then cut to cents; emissions to the gram.
    """
    candidates = find_candidates(snapshot)
    values = value_candidates(snapshot, candidates)
    pays = np.flatnonzero((values.millicent_per_base > 0) & _available(snapshot, candidates, days))
    supply, demand = candidates.supply[pays], candidates.demand[pays]
    quantity = np.minimum(snapshot.supplies.quantity[supply], snapshot.demands.quantity[demand])
    site_row: dict[str, int] = {site.site_id: row for row, site in enumerate(sites)}
    resource_row: dict[str, int] = {resource.code: row for row, resource in enumerate(resources)}
    per_trade = np.array([BASE_PER_TRADE[resource.base_unit] for resource in resources], dtype=np.int64)
    given = _of(snapshot.supplies, resource_row, "resource_code")[supply]
    codes = np.array([listing.waste_code or "" for listing in snapshot.supplies.listings], dtype=np.str_)
    return FlowGraph(
        layer=Layer.POTENTIAL,
        sites=tuple(sites),
        resources=tuple(resources),
        listings=tuple(one.listing_id for side in (snapshot.supplies, snapshot.demands) for one in side.listings),
        giver=_of(snapshot.supplies, site_row, "site_id")[supply],
        taker=_of(snapshot.demands, site_row, "site_id")[demand],
        supply=supply.astype(np.int64),
        demand=demand.astype(np.int64) + len(snapshot.supplies),
        given=given,
        wanted=_of(snapshot.demands, resource_row, "resource_code")[demand],
        quantity_base=quantity,
        value_cent=values.millicent_per_base[pays] * quantity // MILLICENT_PER_CENT,
        avoided_gco2e=values.gco2e[pays] * quantity // per_trade[given],
        distance_m=values.way_m[pays],
        waste_code=codes[supply],
    )


def _available(snapshot: Snapshot, candidates: Candidates, days: Days | None) -> Bools:
    """Return which candidates have a day of the period on which both listings are available."""
    if days is None:
        return np.ones(len(candidates), np.bool_)
    given, wanted = snapshot.supplies, snapshot.demands
    first = np.maximum(given.from_day[candidates.supply], wanted.from_day[candidates.demand])
    last = np.minimum(given.until_day[candidates.supply], wanted.until_day[candidates.demand])
    return (first <= days.last.toordinal()) & (last >= days.first.toordinal())


def _of(side: Side, rows: Mapping[str, int], name: str) -> Ints:
    """Return the row of each listing's site or resource."""
    return np.array([rows[getattr(listing, name)] for listing in side.listings], dtype=np.int64)


async def _read(tx: Tx) -> tuple[list[FlowSite], list[FlowResource], StoredMarket]:
    return await flow_sites(tx), await flow_resources(tx), await read_market(tx, RunKind.EXCHANGE)
