"""What stays unmatched and why, as the API shows it."""

from typing import Self

import strawberry

from symbiosis.analytics.unmatched import UnmatchedSum as SumFacts
from symbiosis.domain.listings import Direction
from symbiosis.units import TRADE_UNIT, TradeUnit, trade_from_base


@strawberry.type(
    description="What the current plan leaves over of open listings of one direction, for one reason, in one unit."
)
class UnmatchedSum:
    """What the current plan leaves over, for one reason."""

    direction: Direction = strawberry.field(description="Supplies or demands.")
    reason: str = strawberry.field(
        description="Why, by the pair that came furthest: NO_COUNTERPART, OUT_OF_REACH, a refusal, NOT_WORTH, LEFT_OUT "
        "or TAKEN; see docs/analyses.md."
    )
    unit: TradeUnit = strawberry.field(description="The unit of the quantity.")
    listing_count: int = strawberry.field(description="How many listings have something left for this reason.")
    rest_per_year: float = strawberry.field(description="What they have left, per year, in `unit`.")

    @classmethod
    def of(cls, facts: SumFacts) -> Self:
        """Return the row as the API shows it."""
        return cls(
            direction=facts.direction,
            reason=facts.reason,
            unit=TRADE_UNIT[facts.base_unit],
            listing_count=facts.listings,
            rest_per_year=trade_from_base(facts.rest_base_per_year, facts.base_unit),
        )
