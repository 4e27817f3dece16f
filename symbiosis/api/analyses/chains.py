"""Cascades and cycles, as the API shows them."""

from typing import Annotated, Self

import strawberry

from symbiosis.analytics.cascades import Cascade as CascadeFacts
from symbiosis.analytics.cascades import Rank
from symbiosis.analytics.chained import SeenCascades, SeenCycles
from symbiosis.analytics.cycles import Cycle as CycleFacts
from symbiosis.api.analyses.flows import HIDDEN
from symbiosis.api.analyses.where import numbered
from symbiosis.api.nodes import After, Connection, First, connection, request
from symbiosis.domain.ids import SiteId
from symbiosis.units import TRADE_UNIT, TradeUnit, eur_from_cent, trade_from_base

strawberry.enum(
    Rank, name="CascadeRank", description="What the best cascades have most of: value, or quantity, that goes through."
)
ByRank = Annotated[Rank, strawberry.argument(description="What the best have most of.")]


@strawberry.type(description="A site on a chain of exchanges.")
class ChainedSite:
    """A site on a chain of exchanges."""

    site_id: strawberry.ID = strawberry.field(description="Which site.")
    name: str = strawberry.field(description="Its name.")

    @classmethod
    def of(cls, names: dict[SiteId, str], site_id: SiteId) -> Self:
        """Return a site as the API shows it."""
        return cls(site_id=strawberry.ID(site_id), name=names[site_id])


@strawberry.type(
    description="A chain of exchanges of one kind, each site giving what it takes on to the next, at most: whether the "
    "same matter leaves a site again is not known."
)
class Cascade:
    """A chain of exchanges of one kind."""

    sites: list[ChainedSite] = strawberry.field(description="Its sites, the first giver first; 5 at most.")
    given: list[str] = strawberry.field(description="The resource that each of them but the last gives; 4 at most.")
    exchange_count: int = strawberry.field(description="How many exchanges, 2 to 4.")
    treated_count: int = strawberry.field(description="How many of them turn what is given into what was wanted.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantity.")
    through_per_year: float = strawberry.field(description="What can go through all of it, per year, in `unit`.")
    value_per_year_eur: float | None = strawberry.field(
        description="The value of so much on every exchange, EUR per year." + HIDDEN
    )

    @classmethod
    def of(cls, seen: SeenCascades, facts: CascadeFacts) -> Self:
        """Return the chain as the API shows it."""
        return cls(
            sites=[ChainedSite.of(seen.names, site_id) for site_id in facts.site_ids],
            given=list(facts.given),
            exchange_count=facts.exchanges,
            treated_count=facts.treated,
            unit=TRADE_UNIT[facts.base_unit],
            through_per_year=trade_from_base(facts.through_base_per_year, facts.base_unit),
            value_per_year_eur=None if facts in seen.unvalued else eur_from_cent(facts.value_cent_per_year),
        )


@strawberry.type(description="The best cascades. Definition and source: docs/analyses.md.")
class CascadesFound:
    """The best cascades."""

    seen: strawberry.Private[SeenCascades]
    is_complete: bool = strawberry.field(
        description="Whether these are the best 100, or all. False: the search ended early; ask of one territory."
    )

    @strawberry.field(description="The cascades, the best first.")
    async def cascades(self, first: First, after: After = None) -> Connection[Cascade]:
        """Return a page of cascades."""
        page = numbered(self.seen.best, request(first, after), "RANK")
        return connection(page, lambda facts: Cascade.of(self.seen, facts))

    @classmethod
    def of(cls, seen: SeenCascades) -> Self:
        """Return what was found as the API shows it."""
        return cls(seen=seen, is_complete=seen.is_complete)


@strawberry.type(description="Sites that give to each other all the way round.")
class Cycle:
    """Sites that give to each other all the way round."""

    sites: list[ChainedSite] = strawberry.field(description="Each gives to the next, the last to the first; 5 at most.")
    weakest_per_year_eur: float | None = strawberry.field(
        description="The value of its weakest exchange, EUR per year." + HIDDEN
    )
    value_per_year_eur: float | None = strawberry.field(
        description="The value of all its exchanges, EUR per year." + HIDDEN
    )

    @classmethod
    def of(cls, seen: SeenCycles, facts: CycleFacts) -> Self:
        """Return the cycle as the API shows it."""
        hidden = facts in seen.unvalued
        return cls(
            sites=[ChainedSite.of(seen.names, site_id) for site_id in facts.site_ids],
            weakest_per_year_eur=None if hidden else eur_from_cent(facts.weakest_cent_per_year),
            value_per_year_eur=None if hidden else eur_from_cent(facts.value_cent_per_year),
        )


@strawberry.type(description="How many cycles have so many exchanges.")
class CycleCount:
    """How many cycles have so many exchanges."""

    exchange_count: int = strawberry.field(description="So many exchanges, 2 to 5.")
    cycle_count: int = strawberry.field(description="So many cycles.")


@strawberry.type(description="The cycles of at most five exchanges. Definition and source: docs/analyses.md.")
class CyclesFound:
    """The cycles of at most five exchanges."""

    seen: strawberry.Private[SeenCycles]
    counts: list[CycleCount] = strawberry.field(description="How many there are, by number of exchanges; 4 lengths.")
    all_counted: bool = strawberry.field(description="False: there are more; the counting ended early.")

    @strawberry.field(description="The strongest cycles, by their weakest exchange; 100 at most.")
    async def strongest(self, first: First, after: After = None) -> Connection[Cycle]:
        """Return a page of cycles."""
        page = numbered(self.seen.strongest, request(first, after), "WEAKEST")
        return connection(page, lambda facts: Cycle.of(self.seen, facts))

    @classmethod
    def of(cls, seen: SeenCycles) -> Self:
        """Return what was found as the API shows it."""
        counts = [CycleCount(exchange_count=length, cycle_count=count) for length, count in seen.counts.items()]
        return cls(seen=seen, counts=counts, all_counted=seen.all_counted)
