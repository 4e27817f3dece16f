"""Cascades and cycles of graphs that a person can follow, and of random ones against networkx and brute force."""

from itertools import permutations

import networkx as nx
import pytest
from hypothesis import given, settings

from symbiosis.analytics.cascades import LONGEST, Rank, cascades
from symbiosis.analytics.cycles import Cycles, cycles
from symbiosis.analytics.flow_graph import FlowGraph
from symbiosis.domain.resources import ResourceKind
from tests.analytics.graphs import flow, graph, graphs

SLAG = ResourceKind.MATERIAL


def test_a_chain_carries_no_more_than_its_least_exchange_at_that_value() -> None:
    seen = cascades(graph(flow("a0", "b0", 1000, 300), flow("b0", "c0", 400, 200)), SLAG).best
    assert [one.site_ids for one in seen] == [("a0", "b0", "c0")]
    assert (seen[0].exchanges, seen[0].treated, seen[0].through_base_per_year) == (2, 0, 400)
    assert seen[0].value_cent_per_year == 300 * 400 // 1000 + 200


def test_a_chain_never_changes_its_kind() -> None:
    assert cascades(graph(flow("a0", "b0"), flow("b0", "c0", given="heat")), SLAG).best == ()


def test_a_chain_has_at_most_four_exchanges_and_no_site_twice() -> None:
    ring = graph(*(flow(f"a{n}", f"a{(n + 1) % 6}") for n in range(6)))
    seen = cascades(ring, SLAG, at_most=100).best
    assert sorted({one.exchanges for one in seen}) == [2, 3, 4]
    assert len(seen) == 6 * 3
    assert all(len(set(one.site_ids)) == one.exchanges + 1 for one in seen)


def test_the_shortest_chain_can_be_asked_for() -> None:
    line = graph(*(flow(f"a{n}", f"a{n + 1}") for n in range(4)))
    assert [one.exchanges for one in cascades(line, SLAG, shortest=4).best] == [4]


def test_a_search_that_is_cut_short_says_so() -> None:
    line = graph(*(flow(f"a{n}", f"a{n + 1}") for n in range(4)))
    whole = cascades(line, SLAG)
    assert (len(whole.best), whole.is_complete) == (6, True)
    assert cascades(line, SLAG, at_most=6).is_complete
    cut = cascades(line, SLAG, most_looked_at=4)
    assert (cut.best, cut.is_complete) == (whole.best[: len(cut.best)], False)


@pytest.mark.parametrize("rank", Rank)
@settings(max_examples=60)
@given(graphs)
def test_chains_come_out_best_first_and_none_is_missed(rank: Rank, flows: FlowGraph) -> None:
    seen = cascades(flows, SLAG, rank=rank, at_most=10**6).best
    ways = {one.site_ids for one in seen}
    assert ways == _paths(flows)
    if rank is Rank.QUANTITY:
        quantities = [one.through_base_per_year for one in seen]
        assert quantities == sorted(quantities, reverse=True)
    few = cascades(flows, SLAG, rank=rank, at_most=3).best
    assert few == seen[:3]


def test_two_sites_that_give_to_each_other_are_a_cycle() -> None:
    seen = cycles(graph(flow("a0", "b0", 1, 300), flow("b0", "a0", 1, 100), flow("b0", "c0", 1, 900)))
    assert seen.counts == {2: 1, 3: 0, 4: 0, 5: 0}
    assert [(one.site_ids, one.weakest_cent_per_year, one.value_cent_per_year) for one in seen.strongest] == [
        (("a0", "b0"), 100, 400)
    ]


def test_counting_stops_and_says_so() -> None:
    full = graph(*(flow(f"a{i}", f"a{j}") for i, j in permutations(range(5), 2)))
    seen = cycles(full, 3, most_counted=7)
    assert (sum(seen.counts.values()), seen.all_counted, len(seen.strongest)) == (7, False, 3)
    assert cycles(full).counts == {2: 10, 3: 20, 4: 30, 5: 24}


@settings(max_examples=60)
@given(graphs)
def test_cycles_are_those_that_networkx_finds(flows: FlowGraph) -> None:
    digraph = nx.DiGraph(
        (giver, taker)
        for giver, taker in zip(flows.giver.tolist(), flows.taker.tolist(), strict=True)
        if giver != taker
    )
    found = [len(cycle) for cycle in nx.simple_cycles(digraph, length_bound=5)]
    seen: Cycles = cycles(flows)
    assert seen.counts == {length: found.count(length) for length in range(2, 6)}
    assert seen.all_counted


@pytest.mark.parametrize("rank", Rank)
@given(graphs)
def test_the_few_best_are_the_first_of_all(rank: Rank, flows: FlowGraph) -> None:
    every = cascades(flows, SLAG, rank=rank, at_most=10**6)
    few = cascades(flows, SLAG, rank=rank, at_most=3)
    assert (few.best, few.is_complete) == (every.best[:3], True)


def _paths(flows: FlowGraph) -> set[tuple[str, ...]]:
    """Return the simple paths of two to four exchanges of slag, by trying all."""
    slag = {
        (flows.sites[giver].site_id, flows.sites[taker].site_id)
        for giver, taker, given_ in zip(flows.giver.tolist(), flows.taker.tolist(), flows.given.tolist(), strict=True)
        if flows.resources[given_].kind is SLAG
    }
    found: set[tuple[str, ...]] = set()
    paths: set[tuple[str, ...]] = {ends for ends in slag if ends[0] != ends[1]}
    for _ in range(LONGEST - 1):
        paths = {(*path, taker) for path in paths for giver, taker in slag if giver == path[-1] and taker not in path}
        found |= paths
    return found
