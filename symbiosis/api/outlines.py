"""Anonymised listings: what is shown of a listing in which at least three firms could be meant."""

from typing import Self

import strawberry

from symbiosis.api.places import Resource
from symbiosis.domain.disclosure import AreaKind
from symbiosis.domain.listings import Direction
from symbiosis.domain.resources import ResourceKind
from symbiosis.market.outlines import OutlineFilter, SeenOutline
from symbiosis.units import TRADE_UNIT, TradeUnit, trade_from_base

strawberry.enum(AreaKind, description="How wide a place is shown: a commune, its métropole (EPCI) or its département.")


@strawberry.type(
    description="An anonymised listing as others see it. It names no site, and the code and the place are as wide as "
    "it takes for at least three firms to be meant by them."
)
class AnonymisedListing:
    """An anonymised listing as others see it."""

    alias: strawberry.ID = strawberry.field(
        description="Its name for you alone: others know it under other names, and no query takes it back."
    )
    direction: Direction = strawberry.field(description="Supply or demand.")
    kind: ResourceKind = strawberry.field(description="The kind of its resource.")
    resource: Resource | None = strawberry.field(
        description="Its resource, where it has no waste code and enough firms list that resource; else null."
    )
    waste_code: str | None = strawberry.field(
        description="The first six, four or two digits of its code in the List of Waste; null where it has none."
    )
    area_kind: AreaKind = strawberry.field(description="How wide the place is.")
    area: strawberry.ID = strawberry.field(
        description="The place: an INSEE code, the id of a métropole, or the number of a département."
    )
    area_name: str = strawberry.field(description="The name of the place; of a département, its number.")
    quantity_low_per_year: float = strawberry.field(
        description="The quantity per year, in `unit`, is at least this: an end of the series 1, 2, 5, 10, ..."
    )
    quantity_high_per_year: float = strawberry.field(
        description="The quantity per year, in `unit`, is below this: the next end of that series."
    )
    unit: TradeUnit = strawberry.field(description="The unit of the quantities.")

    @classmethod
    def of(cls, seen: SeenOutline) -> Self:
        """Return the outline as the API shows it to this viewer."""
        facts = seen.outline
        return cls(
            alias=strawberry.ID(seen.alias),
            direction=facts.direction,
            kind=facts.kind,
            resource=None if seen.resource is None else Resource.of(seen.resource),
            waste_code=facts.waste_code,
            area_kind=facts.area_kind,
            area=strawberry.ID(facts.area),
            area_name=seen.area_name,
            quantity_low_per_year=trade_from_base(facts.low_base, facts.base_unit),
            quantity_high_per_year=trade_from_base(facts.high_base, facts.base_unit),
            unit=TRADE_UNIT[facts.base_unit],
        )


@strawberry.input(description="Which anonymised listings, by what shows of them; what is absent or null is no limit.")
class AnonymisedListingWhere:
    """Which anonymised listings."""

    direction: Direction | None = strawberry.field(default=None, description="Supplies or demands.")
    kind: ResourceKind | None = strawberry.field(default=None, description="Of resources of this kind.")
    waste_code: str | None = strawberry.field(
        default=None, description="Whose code starts so as far as it shows: 15, 1501 or 150101."
    )
    area: strawberry.ID | None = strawberry.field(default=None, description="Whose place shows as just this one.")

    def wanted(self) -> OutlineFilter:
        """Return the filter as the use-case takes it."""
        return OutlineFilter(self.direction, self.kind, self.waste_code, self.area)
