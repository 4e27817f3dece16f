"""Cascades: chains of exchanges in which each site takes from the one before and gives, of the same kind, to the next.

A cascade has two to four exchanges between different sites, of one kind of resource and one unit. An exchange is
`treated` where what is given is not what was wanted: a treatment turns the by-product of one into the input of the
next. What goes `through` is the least quantity along the chain: no more can pass it from end to end. Its value is
that of so much on every exchange, so that a large exchange does not make every chain that touches it large. Whether
the same matter leaves a site again is not known from listings: a cascade is what could be used again, at most.

Source     T. Sirkin, M. ten Houten (1994), Resour. Conserv. Recycl. 10, 213-276 (the cascade chain: what is left of one
           use serves the next, at a lower quality)
Search     best first, with what a chain could reach at most (the best walk from its end on, sites repeated or not): so
           chains come out in their order, and only those that are near the best are looked at; those that cannot reach
           the worth of as many as are wanted, found already, are not even kept
"""

from dataclasses import dataclass
from enum import StrEnum
from heapq import heappop, heappush
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symbiosis.analytics.flow_graph import UNITS, FlowGraph, Ints
from symbiosis.domain.ids import ResourceCode, SiteId
from symbiosis.domain.resources import ResourceKind
from symbiosis.units import BaseUnit

LONGEST: Final = 4
SHORTEST: Final = 2
MOST_LOOKED_AT: Final = 500_000
"""Beginnings of chains that are looked at: some ten seconds. Where they do not suffice, fewer chains come out, and
`Cascades` says so.
"""
NOISE: Final = 1e-9

Floats: TypeAlias = NDArray[np.float64]


class Rank(StrEnum):
    """What cascades are ordered by: the value of what goes through, or its quantity."""

    VALUE = "VALUE"
    QUANTITY = "QUANTITY"


@dataclass(frozen=True, slots=True)
class Cascade:
    """One chain: its sites, what each gives to the next, how many of its exchanges are treated, and, in base units and
    cents a year, what can go through all of it.
    """

    site_ids: tuple[SiteId, ...]
    given: tuple[ResourceCode, ...]
    treated: int
    base_unit: BaseUnit
    through_base_per_year: int
    value_cent_per_year: int

    @property
    def exchanges(self) -> int:
        """Return the number of exchanges."""
        return len(self.given)


@dataclass(frozen=True, slots=True)
class Cascades:
    """The best cascades, the best first, and whether these are as many as were asked for, or all that there are."""

    best: tuple[Cascade, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Links:
    """Exchanges from site to site of one resource for another, (L,) each, by giver: `starts` (sites + 1,) cut them.

    rate (L,)                       the value of one unit of an exchange
    reach (LONGEST, sites, units)   the greatest sum of values of a unit over walks of at most so many exchanges
    """

    giver: Ints
    taker: Ints
    given: Ints
    wanted: Ints
    unit: Ints
    quantity: Ints
    value: Ints
    rate: Floats
    starts: Ints
    reach: Floats


class _Begun(NamedTuple):
    """A chain that is begun, or `done`: what it could reach at most (negated), its exchanges, what goes through, and
    the sum of its values of a unit.
    """

    most: float
    links: tuple[int, ...]
    through: int
    rate: float
    done: bool = False


def cascades(
    graph: FlowGraph,
    kind: ResourceKind,
    *,
    rank: Rank = Rank.VALUE,
    at_most: int = 30,
    shortest: int = SHORTEST,
    most_looked_at: int = MOST_LOOKED_AT,
) -> Cascades:
    """Return the best cascades of a kind, the best first; fewer where so many beginnings are looked at."""
    links = _links(graph, kind)
    search = _Search(links, rank, at_most)
    every = np.arange(len(links.giver))
    search.wait_for(_Begun(0.0, (), int(links.quantity.max(initial=0)), 0.0), every)
    found: list[Cascade] = []
    looked_at = 0
    while search.waiting and len(found) < at_most and looked_at < most_looked_at:
        looked_at += 1
        best = heappop(search.waiting)
        if best.done:
            found.append(_cascade(graph, links, best.links))
            continue
        if len(best.links) >= shortest:
            search.end(best)
        if len(best.links) < LONGEST:
            search.wait_for(best, _next(links, best))
    return Cascades(tuple(found), is_complete=len(found) == at_most or not search.waiting)


class _Search:
    """Chains that wait to be looked at, best first. Who cannot reach the worth of as many chains as are wanted, found
    already, is left out.
    """

    def __init__(self, links: _Links, rank: Rank, wanted: int) -> None:
        self.waiting: list[_Begun] = []
        self._links, self._by_value, self._wanted = links, rank is Rank.VALUE, wanted
        self._ended: list[float] = []

    def wait_for(self, begun: _Begun, rows: Ints) -> None:
        """Let a chain wait with each of some exchanges more."""
        links = self._links
        through = np.minimum(begun.through, links.quantity[rows])
        rate = begun.rate + links.rate[rows]
        reach = links.reach[LONGEST - len(begun.links) - 1, links.taker[rows], links.unit[rows]]
        most = through * (rate + reach) if self._by_value else through.astype(np.float64)
        hopeful = np.flatnonzero(most >= self._least())
        ends = (one[hopeful].tolist() for one in (rows, through, rate, most))
        for row, amount, value, bound in zip(*ends, strict=True):
            heappush(self.waiting, _Begun(-bound, (*begun.links, row), amount, value))

    def end(self, begun: _Begun) -> None:
        """Let a chain wait as it is, for its own worth."""
        worth = begun.through * (begun.rate if self._by_value else 1.0)
        if worth >= self._least():
            heappush(self.waiting, begun._replace(most=-worth, done=True))
            heappush(self._ended, worth)
            if len(self._ended) > self._wanted:
                heappop(self._ended)

    def _least(self) -> float:
        """Return what a chain has to reach to be among those that are wanted, less what sums of floats may be off."""
        return self._ended[0] - NOISE * abs(self._ended[0]) if len(self._ended) == self._wanted else -np.inf


def _next(links: _Links, begun: _Begun) -> Ints:
    """Return the exchanges that a chain can go on with: of the same unit, and to a site that is not in it."""
    end = begun.links[-1]
    here = int(links.taker[end])
    rows = np.arange(links.starts[here], links.starts[here + 1])
    fits = links.unit[rows] == links.unit[end]
    for link in begun.links:
        fits &= links.taker[rows] != links.giver[link]
    fitting: Ints = rows[fits]
    return fitting


def _cascade(graph: FlowGraph, links: _Links, chain: tuple[int, ...]) -> Cascade:
    rows = list(chain)
    sites = [int(links.giver[rows[0]]), *links.taker[rows].tolist()]
    through = int(links.quantity[rows].min())
    return Cascade(
        site_ids=tuple(graph.sites[site].site_id for site in sites),
        given=tuple(graph.resources[row].code for row in links.given[rows].tolist()),
        treated=int((links.given[rows] != links.wanted[rows]).sum()),
        base_unit=UNITS[links.unit[rows[0]]],
        through_base_per_year=through,
        value_cent_per_year=sum(int(links.value[row]) * through // int(links.quantity[row]) for row in rows),
    )


def _links(graph: FlowGraph, kind: ResourceKind) -> _Links:
    """Return the exchanges of a kind, those of one resource for another between two sites taken together."""
    of_kind = np.array([resource.kind is kind for resource in graph.resources], dtype=np.bool_)
    flows = graph.kept(of_kind[graph.given] & (graph.giver != graph.taker) & (graph.quantity_base > 0))
    keys, row = np.unique(np.stack([flows.giver, flows.taker, flows.given, flows.wanted]), axis=1, return_inverse=True)
    quantity, value = np.zeros(keys.shape[1], np.int64), np.zeros(keys.shape[1], np.int64)
    np.add.at(quantity, row.ravel(), flows.quantity_base)
    np.add.at(value, row.ravel(), flows.value_cent)
    giver, taker, given, wanted = keys
    unit = np.array([UNITS.index(resource.base_unit) for resource in graph.resources], dtype=np.int64)[given]
    rate = value / quantity
    sites = len(graph.sites)
    starts = np.searchsorted(giver, np.arange(sites + 1))
    reach = np.zeros((LONGEST, sites, len(UNITS)))
    for left in range(1, LONGEST):
        np.maximum.at(reach[left], (giver, unit), rate + reach[left - 1][taker, unit])
    return _Links(giver, taker, given, wanted, unit, quantity, value, rate, starts, reach)
