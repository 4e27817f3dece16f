"""The flow graph: who gives what to whom in a year, read once, in columns.

Sites are the nodes, flows the edges, on one of three layers:

POTENTIAL   every pair of open listings that may meet and pays: with all that its two sides could exchange. A listing
            stands in many such pairs, so sums over this layer count it again and again: count pairs, not tonnes
SUGGESTED   what the current run suggests
REALISED    synergies that operate, with the quantity that was agreed, at the current run's worth of the pair

A period of days narrows each layer, quantities staying those of a year:

POTENTIAL   pairs both of whose listings are available on some day of it
SUGGESTED   the same, of the run that was published last by its end
REALISED    what was delivered in it, by the days of the deliveries that stand, whatever the synergy's status is by
            now; as the rate of a year: times 365 / days
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symbiosis.analytics.days import Days
from symbiosis.domain.ids import ListingId, SiteId, SynergyId
from symbiosis.domain.runs import RunKind
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.store.flow_columns import Flow, FlowResource, FlowSite, flow_resources, flow_sites, suggested_flows
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.realised import WorkedOn, deliveries_between, worked_on
from symbiosis.units import BaseUnit

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

UNITS: Final = tuple(BaseUnit)
_COLUMNS: Final = (
    "giver",
    "taker",
    "supply",
    "demand",
    "given",
    "wanted",
    "quantity_base",
    "value_cent",
    "avoided_gco2e",
    "distance_m",
    "waste_code",
)


class Layer(StrEnum):
    """How real a flow is."""

    POTENTIAL = "POTENTIAL"
    SUGGESTED = "SUGGESTED"
    REALISED = "REALISED"


@dataclass(frozen=True, slots=True, eq=False)
class FlowGraph:
    """Sites, resources and listings by id, and flows in columns of one length F.

    giver, taker        rows of `sites`
    supply, demand      rows of `listings`
    given, wanted       rows of `resources`; they differ where one stands in for the other
    quantity_base       in the base unit of the resource that is given, per year
    value_cent          cents per year; avoided_gco2e grams CO2e per year; distance_m metres
    waste_code          of each flow, "" where the supply states none
    """

    layer: Layer
    sites: tuple[FlowSite, ...]
    resources: tuple[FlowResource, ...]
    listings: tuple[ListingId, ...]
    giver: Ints
    taker: Ints
    supply: Ints
    demand: Ints
    given: Ints
    wanted: Ints
    quantity_base: Ints
    value_cent: Ints
    avoided_gco2e: Ints
    distance_m: Ints
    waste_code: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.giver)

    @property
    def unit(self) -> Ints:
        """Return the row in UNITS of each flow's base unit."""
        of_resource = np.array([UNITS.index(resource.base_unit) for resource in self.resources], dtype=np.int64)
        rows: Ints = of_resource[self.given]
        return rows

    def kept(self, flows: Bools) -> "FlowGraph":
        """Return the graph of some of its flows; its sites and resources stay."""
        return replace(self, **{name: getattr(self, name)[flows] for name in _COLUMNS})


@dataclass(frozen=True, slots=True)
class Read:
    """What one transaction read: sites, resources, and the flows of a layer."""

    sites: list[FlowSite]
    resources: list[FlowResource]
    flows: list[Flow]


async def read_flow_graph(graph: Graph, layer: Layer, days: Days | None = None) -> FlowGraph:
    """Return the suggested or the realised flow graph, of a period where one is given, read in one transaction."""
    read = await graph.read(_read, layer, days)
    return flow_graph_of(layer, read.sites, read.resources, read.flows)


async def site_names(graph: Graph) -> dict[SiteId, str]:
    """Return the name of every site."""
    return {site.site_id: site.name for site in await graph.read(flow_sites)}


def flow_graph_of(
    layer: Layer, sites: Sequence[FlowSite], resources: Sequence[FlowResource], flows: Sequence[Flow]
) -> FlowGraph:
    """Return flows as a graph; their sites and resources have to be among those that are given."""
    site_row: Mapping[str, int] = {site.site_id: row for row, site in enumerate(sites)}
    resource_row: Mapping[str, int] = {resource.code: row for row, resource in enumerate(resources)}
    listings = tuple(sorted({listing_id for flow in flows for listing_id in (flow.supply_id, flow.demand_id)}))
    listing_row: Mapping[str, int] = {listing_id: row for row, listing_id in enumerate(listings)}
    return FlowGraph(
        layer=layer,
        sites=tuple(sites),
        resources=tuple(resources),
        listings=listings,
        giver=_ints(site_row[flow.giver_id] for flow in flows),
        taker=_ints(site_row[flow.taker_id] for flow in flows),
        supply=_ints(listing_row[flow.supply_id] for flow in flows),
        demand=_ints(listing_row[flow.demand_id] for flow in flows),
        given=_ints(resource_row[flow.given] for flow in flows),
        wanted=_ints(resource_row[flow.wanted] for flow in flows),
        quantity_base=_ints(flow.quantity_base_per_year for flow in flows),
        value_cent=_ints(flow.value_cent_per_year for flow in flows),
        avoided_gco2e=_ints(flow.avoided_gco2e_per_year for flow in flows),
        distance_m=_ints(flow.distance_m for flow in flows),
        waste_code=np.array([flow.waste_code or "" for flow in flows], dtype=np.str_),
    )


async def _read(tx: Tx, layer: Layer, days: Days | None) -> Read:
    if layer is Layer.SUGGESTED:
        flows = await suggested_flows(tx, RunKind.EXCHANGE, None if days is None else days.ended)
        flows = [flow for flow in flows if days is None or days.meet(flow.from_day, flow.until_day)]
    elif days is None:
        operating = [one for one in await worked_on(tx) if one.status is SynergyStatus.OPERATING]
        flows = [realised(one, _agreed(one)) for one in operating]
    else:
        flows = await _delivered(tx, days)
    return Read(await flow_sites(tx), await flow_resources(tx), flows)


async def _delivered(tx: Tx, days: Days) -> list[Flow]:
    """Return what was delivered in a period, as the rate of a year."""
    sums: Counter[SynergyId] = Counter()
    for delivery in await deliveries_between(tx, days.first.isoformat(), days.last.isoformat()):
        sums[delivery.synergy_id] += delivery.quantity_base
    return [realised(one, days.a_year(sums[one.synergy_id])) for one in await worked_on(tx) if one.synergy_id in sums]


def _agreed(one: WorkedOn) -> int:
    """Return what was agreed, else what the run suggests, base units a year."""
    return (one.quantity_base_per_year or 0) if one.agreed_base_per_year is None else one.agreed_base_per_year


def realised(one: WorkedOn, quantity: int) -> Flow:
    """Return so much of a synergy a year as a flow, at the run's worth."""
    year = one.quantity_base_per_year or 0
    return Flow(
        synergy_id=one.synergy_id,
        status=one.status,
        supply_id=one.supply_id,
        demand_id=one.demand_id,
        giver_id=one.giver_id,
        taker_id=one.taker_id,
        given=one.given,
        wanted=one.wanted,
        waste_code=one.waste_code,
        quantity_base_per_year=quantity,
        value_cent_per_year=quantity * (one.value_cent_per_year or 0) // year if year else 0,
        avoided_gco2e_per_year=quantity * (one.avoided_gco2e_per_year or 0) // year if year else 0,
        distance_m=one.distance_m or 0,
        estimated=bool(one.estimated),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)
