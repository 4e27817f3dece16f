"""The shape of small graphs that can be counted by hand, and of random ones against networkx."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given

from symbiosis.analytics.flow_graph import FlowGraph
from symbiosis.analytics.structure import shape_of
from tests.analytics.graphs import flow, graph, graphs


def test_a_star_has_its_hub_between_everything() -> None:
    shape = shape_of(graph(flow("a1", "a0"), flow("a2", "a0"), flow("a0", "b1", 1, 500), flow("a0", "b2", 1, 700)))
    hub = shape.shapes[0]
    assert (hub.site_id, hub.gives_to, hub.takes_from) == ("a0", 2, 2)
    assert (hub.out_strength_cent_per_year, hub.in_strength_cent_per_year) == (1200, 200)
    assert hub.betweenness_share == pytest.approx(4 / 12)
    assert (shape.sites, shape.edges, shape.connectance_share) == (5, 4, 4 / 20)
    assert (shape.cyclicity, shape.loops, shape.parts, shape.largest_part) == (0.0, 0, 1, 5)


def test_a_loop_of_three_has_cyclicity_one() -> None:
    shape = shape_of(graph(flow("a1", "a2"), flow("a2", "a3"), flow("a3", "a1"), flow("c1", "c2")))
    assert shape.cyclicity == pytest.approx(1.0)
    assert (shape.loops, shape.largest_loop, shape.parts, shape.communities) == (1, 3, 2, 2)


def test_a_flow_within_a_site_is_no_edge() -> None:
    assert shape_of(graph(flow("a1", "a1"))).sites == 0


def test_two_circles_that_touch_once_are_two_communities() -> None:
    one = [flow(x, y) for x, y in (("a1", "a2"), ("a2", "a3"), ("a3", "a1"))]
    other = [flow(x, y) for x, y in (("b1", "b2"), ("b2", "b3"), ("b3", "b1"))]
    shape = shape_of(graph(*one, *other, flow("a1", "b1", 1, 1)))
    assert shape.communities == 2
    assert {s.site_id[0]: s.community for s in shape.shapes} == {"a": 1, "b": 2}


def test_cyclicity_is_not_taken_for_known_where_one_step_happens_to_change_little() -> None:
    ends = ("a0 a1", "a0 b0", "a1 a0", "a2 a1", "b0 a0", "b0 a2")
    seen = shape_of(graph(*(flow(*pair.split(), 1, 0) for pair in ends)))
    assert seen.cyclicity == pytest.approx(1.5537739740, abs=1e-9)


@given(graphs)
def test_the_shape_is_what_networkx_says(seen: FlowGraph) -> None:
    shape = shape_of(seen)
    peer = nx.DiGraph()
    for giver, taker in zip(seen.giver.tolist(), seen.taker.tolist(), strict=True):
        if giver != taker:
            peer.add_edge(giver, taker)
    assert (shape.sites, shape.edges) == (peer.number_of_nodes(), peer.number_of_edges())
    if not shape.sites:
        return
    between = nx.betweenness_centrality(peer)
    row = {site.site_id: number for number, site in enumerate(seen.sites)}
    for site in shape.shapes:
        assert site.betweenness_share == pytest.approx(between[row[site.site_id]])
    loops = [peer.subgraph(part) for part in nx.strongly_connected_components(peer) if len(part) > 1]
    radius = max((max(abs(np.linalg.eigvals(nx.to_numpy_array(loop)))) for loop in loops), default=0.0)
    assert shape.cyclicity == pytest.approx(radius, abs=1e-6)
    assert shape.parts == nx.number_weakly_connected_components(peer)
