"""Graphs go out as GraphML and GeoJSON, and read back as they were."""

import io
import json

import networkx as nx
import rustworkx as rx

from symbiosis.analytics.drawn import drawn
from symbiosis.exports.graphs import geojson_of, graphml_of
from tests.analytics.graphs import flow, graph

SEEN = graph(flow("a1", "c1", 1500, 250), flow("a1", "c1", 2000, 100, given="heat"), flow("c1", "d1", 10, 5))


def test_graphml_reads_back_in_networkx() -> None:
    read = nx.read_graphml(io.BytesIO(graphml_of(*drawn(SEEN))))
    assert sorted(read.nodes) == ["a1", "c1", "d1"]
    assert read.number_of_edges("a1", "c1") == 2
    first = read.get_edge_data("a1", "c1")["flow-0"]
    assert (first["resource"], first["quantity_per_year"], first["unit"], first["value_eur_per_year"]) == (
        "slag",
        1.5,
        "t",
        2.5,
    )
    assert "naf" not in read.nodes["d1"]


def test_graphml_reads_back_in_rustworkx(tmp_path: object) -> None:
    file = tmp_path / "flows.graphml"  # type: ignore[operator]
    file.write_bytes(graphml_of(*drawn(SEEN)))
    (read,) = rx.read_graphml(str(file))
    assert (read.num_nodes(), read.num_edges()) == (3, 3)


def test_geojson_has_a_point_a_site_and_a_line_a_flow() -> None:
    read = json.loads(geojson_of(*drawn(SEEN)))
    kinds = [feature["geometry"]["type"] for feature in read["features"]]
    assert (kinds.count("Point"), kinds.count("LineString")) == (3, 3)
    assert read["features"][0]["geometry"]["coordinates"] == [4.8, 45.7]
    assert read["features"][-1]["properties"]["giver"] == "c1"


def test_a_graph_without_flows_is_an_empty_file() -> None:
    assert json.loads(geojson_of(*drawn(graph())))["features"] == []
