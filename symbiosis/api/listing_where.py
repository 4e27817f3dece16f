"""Which listings, and in which order."""

from typing import Final

import strawberry

from symbiosis.api.where import (
    IdWhere,
    NearWhere,
    NumberWhere,
    QuantityWhere,
    StringWhere,
    TimeWhere,
    Where,
    combined,
    on_fields,
)
from symbiosis.domain.listings import Direction, ListingStatus, Provenance, Visibility
from symbiosis.domain.resources import ResourceKind
from symbiosis.store.listing_queries import ListingField, ListingOrder
from symbiosis.store.statements import OrderBy, SortDirection
from symbiosis.store.where import Compared, Comparison, Condition
from symbiosis.units import CENT_PER_EUR

strawberry.enum(SortDirection, description="ASC: smallest first. DESC: largest first. Equal ones go by id.")
strawberry.enum(
    ListingOrder,
    description="When it was CREATED or last UPDATED, by TITLE whatever the case, or by QUANTITY (compared in kg, L, "
    "kWh, m2 or h per year; none counts as 0).",
)


@strawberry.input(description="Conditions on a listing, all of which must hold; absent or null is no limit.")
class ListingTerms:
    """Conditions on a listing, all of which must hold."""

    status: Where[ListingStatus] | None = strawberry.field(default=None, description="Its status.")
    direction: Where[Direction] | None = strawberry.field(default=None, description="Supply or demand.")
    visibility: Where[Visibility] | None = strawberry.field(default=None, description="Who may see it.")
    provenance: Where[Provenance] | None = strawberry.field(default=None, description="Where its quantity comes from.")
    site_id: IdWhere | None = strawberry.field(default=None, description="Its site.")
    resource_code: IdWhere | None = strawberry.field(default=None, description="Its resource.")
    resource_kind: Where[ResourceKind] | None = strawberry.field(default=None, description="The kind of its resource.")
    territory_id: IdWhere | None = strawberry.field(default=None, description="A territory that its site lies in.")
    title: StringWhere | None = strawberry.field(default=None, description="Its title, whatever the case.")
    waste_code: StringWhere | None = strawberry.field(
        default=None, description="Its waste code, six digits: startsWith 03 is a chapter."
    )
    quantity_per_year: QuantityWhere | None = strawberry.field(default=None, description="How much per year.")
    price_per_unit_eur: NumberWhere | None = strawberry.field(
        default=None, description="What one unit costs its site, in EUR; holds only where you may see that price."
    )
    created_at: TimeWhere | None = strawberry.field(default=None, description="When it was listed.")
    updated_at: TimeWhere | None = strawberry.field(default=None, description="When it last changed.")
    near: NearWhere | None = strawberry.field(default=None, description="How far its site is from another.")

    def terms(self) -> list[Condition]:
        """Return the conditions."""
        fields = ListingField
        quantity, price = self.quantity_per_year, self.price_per_unit_eur
        return [
            *on_fields(
                (self.status, fields.STATUS),
                (self.direction, fields.DIRECTION),
                (self.visibility, fields.VISIBILITY),
                (self.provenance, fields.PROVENANCE),
                (self.site_id, fields.SITE),
                (self.resource_code, fields.RESOURCE),
                (self.resource_kind, fields.KIND),
                (self.territory_id, fields.TERRITORY),
                (self.title, fields.TITLE),
                (self.waste_code, fields.WASTE_CODE),
                (self.created_at, fields.CREATED),
                (self.updated_at, fields.UPDATED),
            ),
            *(quantity.on(fields.QUANTITY, fields.BASE_UNIT) if quantity else []),
            *(price.on(fields.PRICE, CENT_PER_EUR) if price else []),
            *(self.near.conditions() if self.near else []),
        ]


_OPEN: Final = Compared(ListingField.STATUS, Comparison.EQ, ListingStatus.OPEN.value)


@strawberry.input(
    description="Which listings: all of this must hold. Open ones only, unless `status` is given: null is any."
)
class ListingWhere(ListingTerms):
    """Which listings."""

    status: Where[ListingStatus] | None = strawberry.field(
        default=strawberry.UNSET, description="Its status; absent: OPEN; null: any."
    )
    and_: list[ListingTerms] | None = strawberry.field(default=None, name="and", description="All of these hold.")
    or_: list[ListingTerms] | None = strawberry.field(default=None, name="or", description="One of these holds.")
    not_: ListingTerms | None = strawberry.field(
        default=None,
        name="not",
        description="This is known not to hold: not of what is missing, nor of what is hidden.",
    )

    def condition(self) -> Condition:
        """Return the condition as the store takes it."""
        own = self.terms()
        if self.status is strawberry.UNSET:
            own.append(_OPEN)
        return combined(own, self.and_, self.or_, self.not_)


@strawberry.input(description="The order of listings.")
class ListingOrderBy:
    """The order of listings."""

    field: ListingOrder = strawberry.field(description="What they are sorted by.")
    direction: SortDirection | None = strawberry.field(
        default=None, description="DESC for CREATED, UPDATED and QUANTITY, ASC for TITLE, unless given."
    )

    def order(self) -> OrderBy[ListingOrder]:
        """Return the order as the store takes it."""
        return OrderBy(self.field, self.direction)
