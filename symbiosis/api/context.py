"""What one request carries: who asks, the store, and loaders that fetch each thing once."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import strawberry
from strawberry.dataloader import DataLoader

from symbiosis.analytics.jobs.answers import Answer
from symbiosis.analytics.jobs.asking import answers_of
from symbiosis.analytics.viewed import Analyses
from symbiosis.domain.analyses import Analysis
from symbiosis.domain.consents import Consent
from symbiosis.domain.desk import Delivered, EvidenceId, SynergyEvidence
from symbiosis.domain.ids import ListingId, PersonId, ResourceCode, SiteId, SynergyId
from symbiosis.domain.places import Territory
from symbiosis.domain.resources import Resource
from symbiosis.market import desk, listings, places, synergies
from symbiosis.market.consents import consents_by_synergy
from symbiosis.market.live import Live
from symbiosis.market.outlines import SeenOutline, outlines_by_id
from symbiosis.market.runs import RunLauncher
from symbiosis.market.synergies import SeenSynergy
from symbiosis.policy import Viewer
from symbiosis.store.graph import Graph
from symbiosis.store.listing_parts import NO_PARTS, ListingPart
from symbiosis.store.listings import ListingRow
from symbiosis.store.sites import SiteRow

K = TypeVar("K")
V = TypeVar("V")

BATCH: Final = 500
_ALL: Final = "all"
_PARTS: Final = {"Listing.site": ListingPart.SITE, "Listing.resource": ListingPart.RESOURCE}


@dataclass(frozen=True, slots=True)
class Loaders:
    """One loader for each edge of the graph; made for one request and one viewer."""

    sites: DataLoader[SiteId, SiteRow | None]
    listings: DataLoader[ListingId, ListingRow | None]
    outlines: DataLoader[ListingId, SeenOutline | None]
    consents: DataLoader[SynergyId, tuple[Consent, ...] | None]
    resources: DataLoader[ResourceCode, Resource | None]
    synergies: DataLoader[SynergyId, SeenSynergy | None]
    territories: DataLoader[str, tuple[Territory, ...] | None]
    people: DataLoader[PersonId, str | None]
    evidence: DataLoader[EvidenceId, SynergyEvidence | None]
    delivered: DataLoader[SynergyId, Delivered | None]
    answers: DataLoader[Analysis, Answer | None]

    async def all_territories(self) -> tuple[Territory, ...]:
        """Return all territories, métropoles first."""
        return await self.territories.load(_ALL) or ()


@dataclass(frozen=True, slots=True)
class Context:
    """The request's viewer, store, launcher of runs, loaders, analyses, and the stream it is an event of, if any."""

    graph: Graph
    viewer: Viewer
    launcher: RunLauncher
    loaders: Loaders
    analyses: Analyses
    stream: "Stream | None" = None
    parts: frozenset[ListingPart] = NO_PARTS


@dataclass(slots=True)
class Stream:
    """What a subscription is read on: each of its events is looked at with a context of its own."""

    live: Live
    renew: Callable[["Stream"], Awaitable[Context]]
    context: Context | None = None

    async def renewed(self) -> Context:
        """Return a fresh context, in which the event that comes next is answered; raise what refuses the sign-in."""
        self.context = await self.renew(self)
        return self.context


Info = strawberry.Info[Context, None]


def context_for(
    graph: Graph,
    viewer: Viewer,
    launcher: RunLauncher,
    analyses: Analyses,
    stream: Stream | None = None,
    selected: AbstractSet[str] = frozenset(),
) -> Context:
    """Return the context of one request; `selected` are the fields that its document selects, each as `Type.field`."""
    parts = frozenset(part for field, part in _PARTS.items() if field in selected)

    async def territories(_: Sequence[str]) -> dict[str, tuple[Territory, ...]]:
        return {_ALL: tuple(await places.territories(graph))}

    loaders = Loaders(
        sites=_loader(lambda ids: places.sites_by_id(graph, ids)),
        listings=_loader(lambda ids: listings.listings_by_id(graph, viewer, ids, parts)),
        outlines=_loader(lambda ids: outlines_by_id(graph, viewer, ids)),
        consents=_loader(lambda ids: consents_by_synergy(graph, viewer, ids)),
        resources=_loader(lambda codes: places.resources_by_code(graph, codes)),
        synergies=_loader(lambda ids: synergies.synergies_by_id(graph, viewer, ids)),
        territories=_loader(territories),
        people=_loader(lambda ids: desk.people_names(graph, ids)),
        evidence=_loader(lambda ids: desk.evidence_by_id(graph, ids)),
        delivered=_loader(lambda ids: desk.delivered(graph, ids)),
        answers=_loader(lambda kept: answers_of(graph, kept)),
    )
    return Context(graph, viewer, launcher, loaders, analyses, stream, parts)


def _loader(found: Callable[[Sequence[K]], Coroutine[Any, Any, dict[K, V]]]) -> DataLoader[K, V | None]:
    """Return a loader over a function that returns what it found by key; what is not found is None."""

    async def load(keys: list[K]) -> list[V | None]:
        by_key = await found(keys)
        return [by_key.get(key) for key in keys]

    return DataLoader(load_fn=load, max_batch_size=BATCH)
