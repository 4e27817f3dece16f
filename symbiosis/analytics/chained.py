"""Cascades and cycles of the flows that a viewer sees: each with its sites by name, and whether its value shows.

A value that does not show counts nothing here, as in every sum (`seen.py`); the quantity of its flow, which shows,
counts. A chain or cycle is told without a value if it goes from one site to another between which any flow that is
looked at has a value that does not show, be it not its own.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from symbiosis.analytics.cascades import Cascade, Rank, cascades
from symbiosis.analytics.cycles import Cycle, cycles
from symbiosis.analytics.seen import Seen
from symbiosis.analytics.viewed import Analyses, Question
from symbiosis.domain.ids import SiteId
from symbiosis.domain.resources import ResourceKind
from symbiosis.policy import Viewer
from symbiosis.store.graph import Graph

MOST: Final = 100
"""At most so many chains, and so many cycles, are told."""
COUNTED: Final = 200_000
LOOKED_AT: Final = 100_000
"""Cycles are counted, and beginnings of chains looked at, up to so many while somebody waits: a tenth and a fifth of
what the command line does.
"""


@dataclass(frozen=True, slots=True)
class SeenCascades:
    """The best cascades, whether these are MOST or all that there are (else the search ended early), the names of their
    sites, and those without a value.
    """

    best: tuple[Cascade, ...]
    is_complete: bool
    names: dict[SiteId, str]
    unvalued: frozenset[Cascade]


@dataclass(frozen=True, slots=True)
class SeenCycles:
    """How many cycles there are by length, whether all were counted (else there are more, and stronger ones may be
    among them), the strongest of those counted, the names of their sites, and those without a value.
    """

    counts: dict[int, int]
    all_counted: bool
    strongest: tuple[Cycle, ...]
    names: dict[SiteId, str]
    unvalued: frozenset[Cycle]


async def seen_cascades(
    analyses: Analyses, graph: Graph, viewer: Viewer, question: Question, rank: Rank
) -> SeenCascades:
    """Return the best cascades of the kind that is asked for, of MATERIAL where none is; raise NotAllowedError or
    SelectionError.
    """
    kind = question.selection.kind or ResourceKind.MATERIAL
    asked = replace(question, selection=replace(question.selection, kind=kind))

    seen = await analyses.seen(graph, viewer, asked)

    async def make() -> SeenCascades:
        return await asyncio.to_thread(_cascades, seen, kind, rank)

    return await analyses.memo.value(graph, ("cascades", asked, rank, viewer), make)


async def seen_cycles(analyses: Analyses, graph: Graph, viewer: Viewer, question: Question) -> SeenCycles:
    """Return the cycles that the viewer sees; raise NotAllowedError or SelectionError."""
    seen = await analyses.seen(graph, viewer, question)

    async def make() -> SeenCycles:
        return await asyncio.to_thread(_cycles, seen)

    return await analyses.memo.value(graph, ("cycles", question, viewer), make)


def _cascades(seen: Seen, kind: ResourceKind, rank: Rank) -> SeenCascades:
    found = cascades(seen.graph, kind, rank=rank, at_most=MOST, most_looked_at=LOOKED_AT)
    hidden = _hidden(seen)
    return SeenCascades(
        best=found.best,
        is_complete=found.is_complete,
        names=_names(seen, [one.site_ids for one in found.best]),
        unvalued=frozenset(
            one for one in found.best if hidden & set(zip(one.site_ids, one.site_ids[1:], strict=False))
        ),
    )


def _cycles(seen: Seen) -> SeenCycles:
    found, hidden = cycles(seen.graph, MOST, most_counted=COUNTED), _hidden(seen)
    return SeenCycles(
        counts=found.counts,
        all_counted=found.all_counted,
        strongest=found.strongest,
        names=_names(seen, [one.site_ids for one in found.strongest]),
        unvalued=frozenset(
            one
            for one in found.strongest
            if hidden & set(zip(one.site_ids, (*one.site_ids[1:], one.site_ids[0]), strict=True))
        ),
    )


def _hidden(seen: Seen) -> set[tuple[SiteId, SiteId]]:
    """Return the giver and taker of every flow whose value does not show; others between the two may show theirs."""
    sites, flows = seen.graph.sites, np.flatnonzero(seen.unvalued)
    ends = zip(seen.graph.giver[flows].tolist(), seen.graph.taker[flows].tolist(), strict=True)
    return {(sites[giver].site_id, sites[taker].site_id) for giver, taker in ends}


def _names(seen: Seen, chains: Sequence[tuple[SiteId, ...]]) -> dict[SiteId, str]:
    wanted = {site_id for chain in chains for site_id in chain}
    return {site.site_id: site.name for site in seen.graph.sites if site.site_id in wanted}
