"""A graph of sites and flows as a file: GraphML for NetworkX, rustworkx, Gephi or yEd; GeoJSON for maps (RFC 7946).

Nodes and edges are records of plain values with units in their names; what is missing is left out.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from symbiosis.exports.tables import Cell

Record = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Node:
    """A site: its id, its place in degrees (WGS84), and what is said of it."""

    node_id: str
    lat: float
    lon: float
    facts: Record


@dataclass(frozen=True, slots=True)
class Edge:
    """A flow from one site to another, by id, and what is said of it; its own id tells parallel flows apart."""

    edge_id: str
    giver: str
    taker: str
    facts: Record


def graphml_of(nodes: Sequence[Node], edges: Sequence[Edge]) -> bytes:
    """Return a directed multigraph as GraphML; `networkx.read_graphml` and `rustworkx.read_graphml` read it."""
    import networkx as nx  # Slow to import, and asked for seldom.

    graph = nx.MultiDiGraph()
    for node in nodes:
        graph.add_node(node.node_id, lat=node.lat, lon=node.lon, **_present(node.facts))
    for edge in edges:
        graph.add_edge(edge.giver, edge.taker, key=edge.edge_id, **_present(edge.facts))
    content = io.BytesIO()
    nx.write_graphml(graph, content, encoding="utf-8", prettyprint=True)
    return content.getvalue()


def geojson_of(nodes: Sequence[Node], edges: Sequence[Edge]) -> bytes:
    """Return sites as points and flows as lines between them, in longitude and latitude, seven decimals at most."""
    place = {node.node_id: [round(node.lon, 7), round(node.lat, 7)] for node in nodes}
    points = [_feature("Point", place[n.node_id], {"id": n.node_id, **_present(n.facts)}) for n in nodes]
    lines = [
        _feature(
            "LineString",
            [place[e.giver], place[e.taker]],
            {"id": e.edge_id, "giver": e.giver, "taker": e.taker, **_present(e.facts)},
        )
        for e in edges
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": points + lines})


def _feature(kind: str, coordinates: object, properties: Record) -> dict[str, object]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": dict(properties)}


def _present(facts: Record) -> dict[str, Cell]:
    return {name: value for name, value in facts.items() if value is not None}
