"""Cycles: sites that give to each other all the way round, over at most five exchanges.

A cycle is counted once, whatever site it is begun at; all flows from one site to another are one exchange, of any
kind (select a kind to see loops of matter, or of water, alone). It is as strong as its weakest exchange, by value. Two
sites that give to each other are a cycle of two.

Source     cycles as what sets industrial webs apart from chains: B. D. Fath, G. Halnes (2007), Ecol. Modell. 208,
           17-24; A. Layton, B. Bras, M. Weissburg (2016), J. Ind. Ecol. 20
Search     from each site over sites of higher number only, and only to those from which it can be reached back in the
           exchanges that are left: A. Gupta, T. Suzumura (2021), arXiv:2105.10094
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappush, heappushpop
from typing import Final

from symbiosis.analytics.flow_graph import FlowGraph
from symbiosis.analytics.structure import Edges, edges_of
from symbiosis.domain.ids import SiteId

LONGEST: Final = 5
SHORTEST: Final = 2
MOST_COUNTED: Final = 2_000_000
"""Cycles up to which they are counted: some ten seconds."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle, begun at the site of the first id; its weakest exchange and all together, cents a year."""

    site_ids: tuple[SiteId, ...]
    weakest_cent_per_year: int
    value_cent_per_year: int


@dataclass(frozen=True, slots=True)
class Cycles:
    """How many cycles there are by number of exchanges (2 to 5), whether all were counted, and the strongest."""

    counts: dict[int, int]
    all_counted: bool
    strongest: tuple[Cycle, ...]


def cycles(graph: FlowGraph, at_most: int = 30, *, most_counted: int = MOST_COUNTED) -> Cycles:
    """Return the cycles of at most five exchanges, the strongest first; at most so many of them."""
    nodes, edges = edges_of(graph)
    strength = _strengths(edges)
    counts = dict.fromkeys(range(SHORTEST, LONGEST + 1), 0)
    best: list[tuple[int, tuple[int, ...]]] = []
    all_counted = True
    for cycle in _cycles(strength):
        if sum(counts.values()) == most_counted:
            all_counted = False
            break
        counts[len(cycle)] += 1
        entry = (min(_around(strength, cycle)), tuple(-site for site in cycle))
        if len(best) < at_most:
            heappush(best, entry)
        else:
            heappushpop(best, entry)
    strongest = [
        Cycle(
            tuple(graph.sites[nodes[-site]].site_id for site in cycle),
            weakest,
            sum(_around(strength, tuple(-site for site in cycle))),
        )
        for weakest, cycle in sorted(best, reverse=True)
    ]
    return Cycles(counts, all_counted, tuple(strongest))


def _strengths(edges: Edges) -> dict[int, dict[int, int]]:
    """Return the strength of each exchange, by giver and taker."""
    of_site: dict[int, dict[int, int]] = {}
    for giver, taker, strength in zip(edges.giver.tolist(), edges.taker.tolist(), edges.strength.tolist(), strict=True):
        of_site.setdefault(giver, {})[taker] = strength
        of_site.setdefault(taker, {})
    return of_site


def _around(strength: dict[int, dict[int, int]], cycle: tuple[int, ...]) -> list[int]:
    """Return the strengths of the exchanges of a cycle."""
    return [strength[giver][taker] for giver, taker in zip(cycle, (*cycle[1:], cycle[0]), strict=True)]


def _cycles(strength: dict[int, dict[int, int]]) -> Iterator[tuple[int, ...]]:
    """Yield every cycle of at most LONGEST exchanges once, begun at its site of the lowest number."""
    givers: dict[int, list[int]] = {site: [] for site in strength}
    for giver, takers in strength.items():
        for taker in takers:
            givers[taker].append(giver)
    for root in sorted(strength):
        yield from _cycles_at(root, strength, _back(givers, root))


def _cycles_at(root: int, strength: dict[int, dict[int, int]], back: dict[int, int]) -> Iterator[tuple[int, ...]]:
    """Yield every cycle of at most LONGEST exchanges that begins at a site and has none of lower number.

    Of the sites that a site gives to only those are looked at from which few enough exchanges lead back; each such list
    is made once.
    """
    nearer: dict[tuple[int, int], list[int]] = {}

    def onwards(site: int, left: int) -> Iterator[int]:
        key = (site, left)
        if key not in nearer:
            nearer[key] = sorted(taker for taker in strength[site] if back.get(taker, LONGEST) <= left)
        return iter(nearer[key])

    path = [root]
    ways = [onwards(root, LONGEST - 1)]
    while ways:
        site = next(ways[-1], None)
        if site is None:
            ways.pop()
            path.pop()
        elif site == root:
            yield tuple(path)
        elif site not in path:
            path.append(site)
            ways.append(onwards(site, LONGEST - len(path)))


def _back(givers: dict[int, list[int]], root: int) -> dict[int, int]:
    """Return how few exchanges lead from each site of higher number back to the root, as far as they are few enough."""
    back, edge = {root: 0}, [root]
    for steps in range(1, LONGEST):
        edge = sorted({giver for site in edge for giver in givers[site] if giver > root and giver not in back})
        back.update(dict.fromkeys(edge, steps))
    return back
