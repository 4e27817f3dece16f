"""The shape of the flow graph: hubs, what lies between, groups that hold together, loops, and cascades.

Sites are nodes; all flows from one site to another are one edge, whose strength is the value of its flows in cents a
year. Definitions, as the literature of industrial symbiosis has them:

degree         number of partners that a site gives to (out) or takes from (in)
strength       sum of the strengths of those edges; the hub is the site of the highest out-strength
connectance    edges / (n (n - 1)) among the n sites that exchange anything (Hardy & Graedel 2002,
               J. Ind. Ecol. 6, 29-38)
betweenness    share of shortest paths between other sites that pass through a site (Freeman 1977; Brandes 2001), not
               counting how strong edges are; as in Chopra & Khanna 2014, J. Environ. Manage. 141, 86-94
community      Louvain groups of greatest modularity of the undirected graph, seeded (Blondel et al. 2008)
cyclicity      spectral radius of the adjacency matrix: 0 without any loop, 1 for simple loops, more where loops share
               sites (Fath & Halnes 2007; Layton, Bras & Weissburg 2016, J. Ind. Ecol. 20)
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import rustworkx as rx
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from symbiosis.analytics.flow_graph import FlowGraph, Ints
from symbiosis.domain.ids import SiteId

SEED: Final = 1
POWER_STEPS: Final = 5000
POWER_NEAR: Final = 1e-9


@dataclass(frozen=True, slots=True)
class SiteShape:
    """Where a site stands in the graph. Strengths in cents a year; `community` counts from 1, the largest first."""

    site_id: SiteId
    name: str
    gives_to: int
    takes_from: int
    out_strength_cent_per_year: int
    in_strength_cent_per_year: int
    betweenness_share: float
    community: int


@dataclass(frozen=True, slots=True)
class GraphShape:
    """The graph as a whole; `sites` are those that exchange anything, and the shape of each, the strongest giver first.

    `largest_loop` is the number of sites of the largest strongly connected part: within it, everything can come round.
    """

    sites: int
    edges: int
    flows: int
    connectance_share: float
    cyclicity: float
    parts: int
    largest_part: int
    loops: int
    largest_loop: int
    communities: int
    modularity_share: float
    shapes: tuple[SiteShape, ...]


def shape_of(graph: FlowGraph) -> GraphShape:
    """Return the shape of a graph; all zero where nothing flows."""
    nodes, edges = edges_of(graph)
    n = len(nodes)
    if n == 0:
        return GraphShape(0, 0, 0, 0.0, 0.0, 0, 0, 0, 0, 0, 0.0, ())
    digraph = rx.PyDiGraph(multigraph=False)
    digraph.add_nodes_from(list(range(n)))
    digraph.add_edges_from(
        [(int(giver), int(taker), None) for giver, taker in zip(edges.giver, edges.taker, strict=True)]
    )
    adjacency = csr_array((np.ones(len(edges.giver)), (edges.giver, edges.taker)), shape=(n, n))
    parts, part = connected_components(adjacency, directed=False)
    strong = [len(some) for some in rx.strongly_connected_components(digraph) if len(some) > 1]
    community, modularity = _communities(n, edges)
    return GraphShape(
        sites=n,
        edges=len(edges.giver),
        flows=len(graph),
        connectance_share=len(edges.giver) / (n * (n - 1)),
        cyclicity=_spectral_radius(adjacency),
        parts=int(parts),
        largest_part=int(np.bincount(part).max()),
        loops=len(strong),
        largest_loop=max(strong, default=0),
        communities=int(community.max()),
        modularity_share=modularity,
        shapes=_shapes(graph, nodes, edges, digraph, community),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Edges between sites that exchange, as rows of the nodes, sorted; strength in cents a year."""

    giver: Ints
    taker: Ints
    strength: Ints


def edges_of(graph: FlowGraph) -> tuple[Ints, Edges]:
    """Return the rows of the sites that exchange with another, and the edges between them."""
    apart = graph.giver != graph.taker
    ends = np.stack([graph.giver[apart], graph.taker[apart]])
    nodes = np.unique(ends)
    pairs, row = np.unique(np.searchsorted(nodes, ends), axis=1, return_inverse=True)
    strength = np.zeros(pairs.shape[1], np.int64)
    np.add.at(strength, row.ravel(), graph.value_cent[apart])
    return nodes, Edges(pairs[0], pairs[1], strength)


def _shapes(
    graph: FlowGraph, nodes: Ints, edges: Edges, digraph: "rx.PyDiGraph[int, None]", community: Ints
) -> tuple[SiteShape, ...]:
    n = len(nodes)
    out_strength, in_strength = np.zeros(n, np.int64), np.zeros(n, np.int64)
    np.add.at(out_strength, edges.giver, edges.strength)
    np.add.at(in_strength, edges.taker, edges.strength)
    between = rx.digraph_betweenness_centrality(digraph, normalized=True)
    gives, takes = np.bincount(edges.giver, minlength=n), np.bincount(edges.taker, minlength=n)
    shapes = [
        SiteShape(
            site_id=graph.sites[row].site_id,
            name=graph.sites[row].name,
            gives_to=int(gives[i]),
            takes_from=int(takes[i]),
            out_strength_cent_per_year=int(out_strength[i]),
            in_strength_cent_per_year=int(in_strength[i]),
            betweenness_share=float(between[i]),
            community=int(community[i]),
        )
        for i, row in enumerate(nodes.tolist())
    ]
    return tuple(sorted(shapes, key=lambda s: (-s.out_strength_cent_per_year, -s.gives_to, s.site_id)))


def _communities(n: int, edges: Edges) -> tuple[Ints, float]:
    """Return the Louvain community of each node (1 the largest) and the modularity; no edge counts less than a cent."""
    import networkx as nx  # Half a second that only this question should wait for.

    undirected = nx.Graph()
    undirected.add_nodes_from(range(n))
    for giver, taker, strength in zip(edges.giver.tolist(), edges.taker.tolist(), edges.strength.tolist(), strict=True):
        earlier = undirected.get_edge_data(giver, taker, {"weight": 0})["weight"]
        undirected.add_edge(giver, taker, weight=earlier + max(strength, 1))
    groups = nx.community.louvain_communities(undirected, weight="weight", seed=SEED)
    community = np.zeros(n, np.int64)
    for number, group in enumerate(sorted(groups, key=lambda group: (-len(group), min(group))), start=1):
        community[sorted(group)] = number
    return community, float(nx.community.modularity(undirected, groups, weight="weight"))


def _spectral_radius(adjacency: "csr_array[np.float64]") -> float:
    """Return the largest eigenvalue of a matrix that is not negative: that of its strongly connected parts."""
    parts, part = connected_components(adjacency, directed=True, connection="strong")
    sizes = np.bincount(part, minlength=parts)
    loops = (np.flatnonzero(part == number) for number in np.flatnonzero(sizes > 1).tolist())
    return max((_radius_of_loop(adjacency[rows][:, rows]) for rows in loops), default=0.0)


def _radius_of_loop(adjacency: "csr_array[np.float64]") -> float:
    """Return the largest eigenvalue of a strongly connected part, by powers of it plus one.

    Adding the identity keeps loops of one length from swinging (Perron-Frobenius). The eigenvalue lies between the
    least and the greatest growth of an entry (L. Collatz 1942, Math. Z. 48; H. Wielandt 1950, Math. Z. 52): it is known
    once the two meet, or is the middle of them after POWER_STEPS.
    """
    vector = np.ones(adjacency.shape[0])
    low, high = 0.0, np.inf
    for _ in range(POWER_STEPS):
        after = adjacency @ vector + vector
        growth = after / vector
        low, high = float(growth.min()), float(growth.max())
        if high - low < POWER_NEAR:
            break
        vector = after / after.max()
    return (low + high) / 2 - 1
