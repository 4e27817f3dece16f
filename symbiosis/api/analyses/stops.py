"""What the stop of sites costs, as the API shows it."""

from typing import Self

import strawberry

from symbiosis.analytics.jobs import answers
from symbiosis.api.analyses.where import numbered
from symbiosis.api.nodes import After, Connection, First, connection, request
from symbiosis.domain.listings import Direction
from symbiosis.units import TRADE_UNIT, TradeUnit, eur_from_cent, trade_from_base


@strawberry.type(description="A site as it was called when the analysis was made.")
class AnalysedSite:
    """A site as it was called when the analysis was made."""

    site_id: strawberry.ID = strawberry.field(description="Which site.")
    name: str = strawberry.field(description="Its name.")

    @classmethod
    def of(cls, site: answers.NamedSite) -> Self:
        """Return the site as the API shows it."""
        return cls(site_id=strawberry.ID(site.site_id), name=site.name)


@strawberry.type(description="A listing that a stop leaves alone, or of which more is taken then.")
class TouchedListing:
    """A listing that a stop leaves alone, or of which more is taken then."""

    site: AnalysedSite = strawberry.field(description="Where it is listed.")
    listing_id: strawberry.ID = strawberry.field(description="Which listing.")
    direction: Direction = strawberry.field(description="A supply or a demand.")
    resource_code: str = strawberry.field(description="Of which resource.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantity.")
    quantity_per_year: float = strawberry.field(description="By how much less or more, per year, in `unit`.")

    @classmethod
    def of(cls, facts: answers.Touched) -> Self:
        """Return the listing as the API shows it."""
        return cls(
            site=AnalysedSite.of(facts.site),
            listing_id=strawberry.ID(facts.listing_id),
            direction=facts.direction,
            resource_code=facts.resource_code,
            unit=TRADE_UNIT[facts.base_unit],
            quantity_per_year=trade_from_base(facts.quantity_base_per_year, facts.base_unit),
        )


@strawberry.type(
    description="What the stop of one site, or of several at once, costs after the best new plan. Lists are cut to 50; "
    "sites that stand in elsewhere are counted, not named."
)
class SiteStop:
    """What the stop of some sites costs."""

    sites: list[AnalysedSite] = strawberry.field(description="The sites that stop, by id; 10 at most.")
    partner_count: int = strawberry.field(description="With how many sites they exchanged.")
    exchanged_per_year_eur: float = strawberry.field(description="The value of the exchanges that end, EUR a year.")
    lost_per_year_eur: float = strawberry.field(description="What everybody together loses, EUR a year.")
    replaced_share: float = strawberry.field(description="1 - lost / exchanged; 1: others stand in for everything.")
    orphan_count: int = strawberry.field(description="How many listings then exchange nothing any more.")
    orphans: list[TouchedListing] = strawberry.field(description="Those listings, by id.")
    stand_in_count: int = strawberry.field(description="Of how many listings more is exchanged then.")
    stand_ins: list[TouchedListing] = strawberry.field(description="Those of them in your territory, by id.")
    standby_count: int = strawberry.field(description="How many sites exchange for more value then.")
    standbys: list[AnalysedSite] = strawberry.field(description="Those of them in your territory, the most first.")

    @classmethod
    def of(cls, facts: answers.StopRow) -> Self:
        """Return the stop as the API shows it."""
        return cls(
            sites=[AnalysedSite.of(site) for site in facts.sites],
            partner_count=facts.partner_count,
            exchanged_per_year_eur=eur_from_cent(facts.exchanged_cent_per_year),
            lost_per_year_eur=eur_from_cent(facts.lost_cent_per_year),
            replaced_share=facts.replaced_share,
            orphan_count=facts.orphan_count,
            orphans=[TouchedListing.of(one) for one in facts.orphans],
            stand_in_count=facts.stand_in_count,
            stand_ins=[TouchedListing.of(one) for one in facts.stand_ins],
            standby_count=facts.standby_count,
            standbys=[AnalysedSite.of(site) for site in facts.standbys],
        )


@strawberry.type(description="What is lost when sites stop: decided again without them, not by deleting exchanges.")
class StopsResult:
    """What is lost when sites stop."""

    answer: strawberry.Private[answers.StopsAnswer]
    whole_per_year_eur: float = strawberry.field(
        description="What all exchanges are worth while none stops, EUR a year."
    )

    @strawberry.field(description="The stops of one site, the costliest first, then those of two.")
    async def stops(self, first: First, after: After = None) -> Connection[SiteStop]:
        """Return a page of stops."""
        return connection(numbered(self.answer.stops, request(first, after), "LOST"), SiteStop.of)

    @classmethod
    def of(cls, answer: answers.StopsAnswer) -> Self:
        """Return the result as the API shows it."""
        return cls(answer=answer, whole_per_year_eur=eur_from_cent(answer.whole_cent_per_year))
