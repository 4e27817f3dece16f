"""Which sites and which resources, and in which order."""

import strawberry

from symbiosis.api.where import IdWhere, NearWhere, StringWhere, Where, combined, on_fields
from symbiosis.domain.resources import ResourceKind
from symbiosis.store.catalogue import ResourceField
from symbiosis.store.sites import SiteField, SiteOrder
from symbiosis.store.statements import OrderBy, SortDirection
from symbiosis.store.where import Condition

strawberry.enum(SiteOrder, description="By NAME whatever the case, or by activity code (NAF; none comes first).")


@strawberry.input(description="Conditions on a site, all of which must hold; absent or null is no limit.")
class SiteTerms:
    """Conditions on a site, all of which must hold."""

    territory_id: IdWhere | None = strawberry.field(default=None, description="A territory that it lies in.")
    insee: IdWhere | None = strawberry.field(default=None, description="INSEE code of its commune.")
    naf: StringWhere | None = strawberry.field(
        default=None, description="Its activity code, NAF rev. 2: startsWith 20 is a division."
    )
    name: StringWhere | None = strawberry.field(default=None, description="Its name, whatever the case.")
    siret: IdWhere | None = strawberry.field(default=None, description="Its SIRET.")
    heading: StringWhere | None = strawberry.field(
        default=None, description="An ICPE heading under which it is known to take waste."
    )
    near: NearWhere | None = strawberry.field(default=None, description="How far it is from another.")

    def terms(self) -> list[Condition]:
        """Return the conditions."""
        return [
            *on_fields(
                (self.territory_id, SiteField.TERRITORY),
                (self.insee, SiteField.INSEE),
                (self.naf, SiteField.NAF),
                (self.name, SiteField.NAME),
                (self.siret, SiteField.SIRET),
                (self.heading, SiteField.HEADING),
            ),
            *(self.near.conditions() if self.near else []),
        ]


@strawberry.input(description="Which sites: all of this must hold.")
class SiteWhere(SiteTerms):
    """Which sites."""

    and_: list[SiteTerms] | None = strawberry.field(default=None, name="and", description="All of these hold.")
    or_: list[SiteTerms] | None = strawberry.field(default=None, name="or", description="One of these holds.")
    not_: SiteTerms | None = strawberry.field(
        default=None,
        name="not",
        description="This is known not to hold: not of what is missing, nor of what is hidden.",
    )

    def condition(self) -> Condition:
        """Return the condition as the store takes it."""
        return combined(self.terms(), self.and_, self.or_, self.not_)


@strawberry.input(description="The order of sites.")
class SiteOrderBy:
    """The order of sites."""

    field: SiteOrder = strawberry.field(description="What they are sorted by.")
    direction: SortDirection | None = strawberry.field(default=None, description="ASC unless given.")

    def order(self) -> OrderBy[SiteOrder]:
        """Return the order as the store takes it."""
        return OrderBy(self.field, self.direction)


@strawberry.input(description="Which resources: all of this must hold; absent or null is no limit.")
class ResourceWhere:
    """Which resources."""

    code: StringWhere | None = strawberry.field(default=None, description="Its code.")
    kind: Where[ResourceKind] | None = strawberry.field(default=None, description="Its kind.")
    name: StringWhere | None = strawberry.field(
        default=None, description="Its name in English or in French, whatever the case."
    )
    waste_code: StringWhere | None = strawberry.field(
        default=None, description="A waste code under which it is thrown away: startsWith 03 is a chapter."
    )

    def condition(self) -> Condition:
        """Return the condition as the store takes it."""
        fields = ResourceField
        return combined(
            on_fields(
                (self.code, fields.CODE),
                (self.kind, fields.KIND),
                (self.name, fields.NAME),
                (self.waste_code, fields.WASTE_CODE),
            )
        )
