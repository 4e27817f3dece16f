"""The flow graph with names and outside units, ready to be drawn: nodes and edges, the bands of a Sankey diagram."""

import re
from textwrap import shorten
from typing import Final

from symbiosis.analytics.balances import UNKNOWN, GroupBy, flows_between
from symbiosis.analytics.flow_graph import FlowGraph
from symbiosis.exports.graphs import Edge, Node
from symbiosis.exports.sankey import Band
from symbiosis.ingest.tables import nace
from symbiosis.units import SYMBOL, TRADE_UNIT, eur_from_cent, km_from_m, tco2e_from_g, trade_from_base

LABEL: Final = 18


def drawn(graph: FlowGraph) -> tuple[list[Node], list[Edge]]:
    """Return the sites that exchange anything, and every flow between them; numbers per year."""
    met = sorted({*graph.giver.tolist(), *graph.taker.tolist()})
    sites = [graph.sites[row] for row in met]
    nodes = [
        Node(
            site.site_id,
            site.lat,
            site.lon,
            {"name": site.name, "naf": site.naf, "commune": site.commune, "metropole": site.metropole_id},
        )
        for site in sites
    ]
    return nodes, [_edge(graph, row) for row in range(len(graph))]


def value_bands(graph: FlowGraph, by: GroupBy) -> list[Band]:
    """Return bands from giving groups to kinds of resources, and on to taking groups, in thousands of euros a year.

    Flows without value have no width and no band.
    """
    sums: dict[tuple[int, str, str], int] = {}
    for flow in flows_between(graph, by):
        kind = flow.kind.capitalize()
        for key in ((0, _label(flow.giver, by), kind), (1, kind, _label(flow.taker, by))):
            sums[key] = sums.get(key, 0) + max(0, flow.value_cent_per_year)
    return [Band(*key, eur_from_cent(cent) / 1000) for key, cent in sorted(sums.items()) if cent]


def _label(group: str, by: GroupBy) -> str:
    """Return a group by its name as far as it is short: sections and divisions of NACE have one."""
    if by not in {GroupBy.SECTION, GroupBy.DIVISION} or group == UNKNOWN:
        return group
    name = re.split("[,;]", nace()[group].label_en)[0]
    return f"{group} {shorten(name, LABEL, placeholder='…')}"


def _edge(graph: FlowGraph, row: int) -> Edge:
    given, wanted = graph.resources[graph.given[row]], graph.resources[graph.wanted[row]]
    return Edge(
        f"flow-{row}",
        graph.sites[graph.giver[row]].site_id,
        graph.sites[graph.taker[row]].site_id,
        {
            "resource": given.code,
            "replaces": wanted.code,
            "kind": str(given.kind),
            "waste_code": str(graph.waste_code[row]) or None,
            "quantity_per_year": trade_from_base(int(graph.quantity_base[row]), given.base_unit),
            "unit": SYMBOL[TRADE_UNIT[given.base_unit]],
            "value_eur_per_year": eur_from_cent(int(graph.value_cent[row])),
            "avoided_tco2e_per_year": tco2e_from_g(int(graph.avoided_gco2e[row])),
            "distance_km": km_from_m(int(graph.distance_m[row])),
        },
    )
