"""The overview of a whole store: what was loaded, how good the current plan is, and its best suggestions."""

from dataclasses import dataclass

from symbiosis.domain.runs import Run, RunKind
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.overview import (
    BestSuggestion,
    ListingCount,
    TerritoryCount,
    best_suggestions,
    listing_counts,
    site_and_organisation_count,
    territory_counts,
)
from symbiosis.store.runs import current_run


@dataclass(frozen=True, slots=True)
class Overview:
    """One consistent reading of the store; `run` is None before the first published run."""

    sites: int
    organisations: int
    territories: tuple[TerritoryCount, ...]
    listings: tuple[ListingCount, ...]
    run: Run | None
    best: tuple[BestSuggestion, ...]

    @property
    def listing_total(self) -> int:
        """Return the number of open listings."""
        return sum(count.listings for count in self.listings)

    @property
    def estimated_total(self) -> int:
        """Return how many open listings are estimated from the sector, not declared by the site."""
        return sum(count.estimated for count in self.listings)


async def _read(tx: Tx, at_most: int) -> Overview:
    sites, organisations = await site_and_organisation_count(tx)
    return Overview(
        sites=sites,
        organisations=organisations,
        territories=tuple(await territory_counts(tx)),
        listings=tuple(await listing_counts(tx)),
        run=await current_run(tx, RunKind.EXCHANGE),
        best=tuple(await best_suggestions(tx, at_most)),
    )


async def overview(graph: Graph, *, best: int = 10) -> Overview:
    """Return what the store holds and the `best` most valuable suggestions of its current run."""
    return await graph.read(_read, best)
