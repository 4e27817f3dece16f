"""Which synergies, and in which order."""

import strawberry

from symbiosis.api.where import (
    DateWhere,
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
from symbiosis.domain.resources import ResourceKind
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.store.statements import OrderBy, SortDirection
from symbiosis.store.synergy_filters import SynergyField, SynergyOrder
from symbiosis.store.where import Compared, Comparison, Condition
from symbiosis.units import CENT_PER_EUR, GRAM_PER_TONNE, METRE_PER_KM

strawberry.enum(
    SynergyOrder,
    description="By RANK in the current run (what it does not suggest comes last), when CREATED or last UPDATED, "
    "by when anybody last did anything with it (ACTIVITY), or by VALUE, DISTANCE or emissions AVOIDED in the current "
    "run; a value that you may not see counts as the least.",
)


@strawberry.input(description="Conditions on a synergy, all of which must hold; absent or null is no limit.")
class SynergyTerms:
    """Conditions on a synergy, all of which must hold."""

    status: Where[SynergyStatus] | None = strawberry.field(default=None, description="Where it stands.")
    assigned: bool | None = strawberry.field(default=None, description="Whether a facilitator has taken it on.")
    assignee_id: IdWhere | None = strawberry.field(default=None, description="The person who has taken it on.")
    due_on: DateWhere | None = strawberry.field(default=None, description="When the next step is due.")
    last_activity_at: TimeWhere | None = strawberry.field(
        default=None, description="When anybody last did anything with it."
    )
    created_at: TimeWhere | None = strawberry.field(default=None, description="When it was first suggested.")
    updated_at: TimeWhere | None = strawberry.field(default=None, description="When it last changed.")
    listing_id: IdWhere | None = strawberry.field(default=None, description="A listing on either side.")
    site_id: IdWhere | None = strawberry.field(default=None, description="A site on either side.")
    naf: StringWhere | None = strawberry.field(
        default=None, description="The activity code of a site on either side: startsWith 20 is a division."
    )
    resource_code: IdWhere | None = strawberry.field(default=None, description="A resource on either side.")
    resource_kind: Where[ResourceKind] | None = strawberry.field(
        default=None, description="The kind of a resource on either side."
    )
    territory_id: IdWhere | None = strawberry.field(default=None, description="A territory on either side.")
    near: NearWhere | None = strawberry.field(default=None, description="How far a site on either side is.")
    estimated: bool | None = strawberry.field(default=None, description="Whether it rests on estimates.")
    suggested: bool | None = strawberry.field(default=None, description="Whether the current run suggests it.")
    quantity_per_year: QuantityWhere | None = strawberry.field(
        default=None, description="How much the current run suggests."
    )
    distance_km: NumberWhere | None = strawberry.field(default=None, description="How far it travels, in km.")
    value_per_year_eur: NumberWhere | None = strawberry.field(
        default=None, description="Its value in the current run, in EUR per year; holds only where you may see it."
    )
    avoided_tco2e_per_year: NumberWhere | None = strawberry.field(
        default=None, description="Emissions avoided in the current run, in t CO2e per year."
    )

    def terms(self) -> list[Condition]:
        """Return the conditions."""
        fields, quantity = SynergyField, self.quantity_per_year
        flags = (
            (self.assigned, fields.ASSIGNED),
            (self.estimated, fields.ESTIMATED),
            (self.suggested, fields.SUGGESTED),
        )
        numbers = (
            (self.distance_km, fields.DISTANCE, METRE_PER_KM),
            (self.value_per_year_eur, fields.VALUE, CENT_PER_EUR),
            (self.avoided_tco2e_per_year, fields.AVOIDED, GRAM_PER_TONNE),
        )
        return [
            *on_fields(
                (self.status, fields.STATUS),
                (self.assignee_id, fields.ASSIGNEE),
                (self.due_on, fields.DUE),
                (self.last_activity_at, fields.ACTIVITY),
                (self.created_at, fields.CREATED),
                (self.updated_at, fields.UPDATED),
                (self.listing_id, fields.LISTING),
                (self.site_id, fields.SITE),
                (self.naf, fields.NAF),
                (self.resource_code, fields.RESOURCE),
                (self.resource_kind, fields.KIND),
                (self.territory_id, fields.TERRITORY),
            ),
            *(Compared(field, Comparison.EQ, flag) for flag, field in flags if flag is not None),
            *(condition for number, field, per in numbers if number for condition in number.on(field, per)),
            *(quantity.on(fields.QUANTITY, fields.BASE_UNIT) if quantity else []),
            *(self.near.conditions() if self.near else []),
        ]


@strawberry.input(description="Which synergies: all of this must hold.")
class SynergyWhere(SynergyTerms):
    """Which synergies."""

    and_: list[SynergyTerms] | None = strawberry.field(default=None, name="and", description="All of these hold.")
    or_: list[SynergyTerms] | None = strawberry.field(default=None, name="or", description="One of these holds.")
    not_: SynergyTerms | None = strawberry.field(
        default=None,
        name="not",
        description="This is known not to hold: not of what is missing, nor of what is hidden.",
    )

    def condition(self) -> Condition:
        """Return the condition as the store takes it."""
        return combined(self.terms(), self.and_, self.or_, self.not_)


@strawberry.input(description="The order of synergies.")
class SynergyOrderBy:
    """The order of synergies."""

    field: SynergyOrder = strawberry.field(description="What they are sorted by.")
    direction: SortDirection | None = strawberry.field(
        default=None, description="ASC for RANK, ACTIVITY and DISTANCE, DESC for the others, unless given."
    )

    def order(self) -> OrderBy[SynergyOrder]:
        """Return the order as the store takes it."""
        return OrderBy(self.field, self.direction)
