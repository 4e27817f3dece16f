"""Marginal values, as the API shows them."""

from typing import Self

import strawberry

from symbiosis.analytics.jobs import answers
from symbiosis.api.analyses.stops import AnalysedSite
from symbiosis.api.analyses.where import numbered
from symbiosis.api.nodes import After, Connection, First, connection, request
from symbiosis.domain.listings import Direction
from symbiosis.units import TRADE_UNIT, TradeUnit, eur_from_cent, trade_from_base


@strawberry.type(description="What one unit more, or less, of a listing is worth to everybody together.")
class MarginalValue:
    """What one unit more, or less, of a listing is worth to everybody together."""

    site: AnalysedSite = strawberry.field(description="Where it is listed.")
    listing_id: strawberry.ID = strawberry.field(description="Which listing.")
    direction: Direction = strawberry.field(description="A supply or a demand.")
    resource_code: str = strawberry.field(description="Of which resource.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantities.")
    more_eur_per_unit: float = strawberry.field(description="What one more adds, EUR per `unit`.")
    less_eur_per_unit: float = strawberry.field(description="What one less costs, EUR per `unit`.")
    more_up_to_per_year: float | None = strawberry.field(
        description="For how many more that holds at least, per year, in `unit`; null: for any number."
    )
    less_up_to_per_year: float | None = strawberry.field(
        description="For how many less that holds at least, per year, in `unit`; null: for any number."
    )

    @classmethod
    def of(cls, row: answers.MarginalRow) -> Self:
        """Return the marginal value as the API shows it."""
        facts = row.marginal

        def quantity(base: int | None) -> float | None:
            return None if base is None else trade_from_base(base, facts.base_unit)

        return cls(
            site=AnalysedSite.of(row.site),
            listing_id=strawberry.ID(facts.listing_id),
            direction=facts.direction,
            resource_code=facts.resource_code,
            unit=TRADE_UNIT[facts.base_unit],
            more_eur_per_unit=eur_from_cent(facts.more_cent),
            less_eur_per_unit=eur_from_cent(facts.less_cent),
            more_up_to_per_year=quantity(facts.more_up_to_base_per_year),
            less_up_to_per_year=quantity(facts.less_up_to_base_per_year),
        )


@strawberry.type(description="Marginal values of the listings of your territory, from the dual prices of the optimum.")
class MarginalsResult:
    """Marginal values of listings."""

    answer: strawberry.Private[answers.MarginalsAnswer]
    listing_count: int = strawberry.field(description="How many of its listings have one.")

    @strawberry.field(description="The marginal values, the most valuable first; as many as were asked for.")
    async def marginals(self, first: First, after: After = None) -> Connection[MarginalValue]:
        """Return a page of marginal values."""
        return connection(numbered(self.answer.marginals, request(first, after), "MARGINAL"), MarginalValue.of)

    @classmethod
    def of(cls, answer: answers.MarginalsAnswer) -> Self:
        """Return the result as the API shows it."""
        return cls(answer=answer, listing_count=answer.listing_count)
