"""What a site states about a listing: new, changed, or withdrawn."""

from typing import Final

import strawberry

from symbiosis.api.listings import EvidenceInput, QualityInput
from symbiosis.api.nodes import ONCE
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction, Provenance, Visibility
from symbiosis.domain.resources import PhysicalState
from symbiosis.market.listing_updates import ListingUpdate
from symbiosis.market.listings import NewListing, Withdrawal
from symbiosis.units import TradeUnit


@strawberry.input(description="A supply or a demand of a site that you manage.")
class CreateListingInput:
    """A supply or a demand of a site."""

    site_id: strawberry.ID = strawberry.field(description="The site that has or needs it.")
    direction: Direction = strawberry.field(description="Supply or demand.")
    resource_code: strawberry.ID = strawberry.field(description="What it is of: the id of a resource.")
    title: str = strawberry.field(description="What it is, in one line of at most 200 characters.")
    quantity_per_year: float | None = strawberry.field(
        default=None, description="How much per year, in `unit`; above zero. Absent or null: a QUICK listing."
    )
    unit: TradeUnit | None = strawberry.field(
        default=None, description="The unit of the quantity: the resource's own. Needed with a quantity."
    )
    visibility: Visibility = strawberry.field(default=Visibility.TERRITORY, description="Who may see it.")
    provenance: Provenance = strawberry.field(default=Provenance.DECLARED, description="DECLARED or METERED.")
    waste_code: str | None = strawberry.field(default=None, description="One of the resource's waste codes.")
    description: str | None = strawberry.field(default=None, description="More about it, at most 4000 characters.")
    price_per_unit_eur: float | None = strawberry.field(
        default=None,
        description="What disposing of (supply) or buying (demand) one `unit` costs today, in EUR. Shown to managers "
        "of the site and facilitators of its territories only. Absent or null: runs take the resource's usual one.",
    )
    available_from: str | None = strawberry.field(default=None, description="First day, ISO date.")
    available_until: str | None = strawberry.field(default=None, description="Last day, ISO date.")
    qualities: list[QualityInput] | None = strawberry.field(default=None, description="What is measured or accepted.")
    minimum_per_year: float | None = strawberry.field(
        default=None, description="The least that goes to, or comes from, one partner per year, in `unit`."
    )
    physical_states: list[PhysicalState] | None = strawberry.field(
        default=None, description="In which a supply arrives (else the usual ones), or a demand can handle (else any)."
    )
    evidence: list[EvidenceInput] | None = strawberry.field(
        default=None, description="What the site of a supply states about its legal status; shown as its statement."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def new(self) -> NewListing:
        """Return the listing as the use-case takes it."""
        return NewListing(
            site_id=SiteId(self.site_id),
            direction=self.direction,
            resource_code=ResourceCode(self.resource_code),
            title=self.title,
            quantity_per_year=self.quantity_per_year,
            unit=self.unit,
            visibility=self.visibility,
            provenance=self.provenance,
            waste_code=self.waste_code,
            description=self.description,
            price_per_unit_eur=self.price_per_unit_eur,
            available_from=self.available_from,
            available_until=self.available_until,
            qualities=tuple(quality.wanted() for quality in self.qualities or ()),
            minimum_per_year=self.minimum_per_year,
            physical_states=tuple(self.physical_states or ()),
            evidence=tuple(evidence.stated() for evidence in self.evidence or ()),
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="What of a listing of yours is to change. What you leave out stays; null clears a field.")
class UpdateListingInput:
    """What of a listing is to change."""

    id: strawberry.ID = strawberry.field(description="The listing.")
    version: int = strawberry.field(description="The version that you read.")
    title: str | None = strawberry.field(default=strawberry.UNSET, description="One line, at most 200 characters.")
    description: str | None = strawberry.field(default=strawberry.UNSET, description="At most 4000 characters.")
    quantity_per_year: float | None = strawberry.field(
        default=strawberry.UNSET, description="How much per year, in the listing's `unit`; an estimate is one no more."
    )
    visibility: Visibility | None = strawberry.field(default=strawberry.UNSET, description="Who may see it.")
    price_per_unit_eur: float | None = strawberry.field(
        default=strawberry.UNSET, description="What one `unit` costs today, in EUR; null: the resource's usual price."
    )
    available_from: str | None = strawberry.field(default=strawberry.UNSET, description="First day, ISO date.")
    available_until: str | None = strawberry.field(default=strawberry.UNSET, description="Last day, ISO date.")
    provenance: Provenance | None = strawberry.field(default=strawberry.UNSET, description="DECLARED or METERED.")
    quantity_low_per_year: float | None = strawberry.field(
        default=strawberry.UNSET, description="The least that may come of it, per year, in the listing's `unit`."
    )
    quantity_high_per_year: float | None = strawberry.field(
        default=strawberry.UNSET, description="The most that may come of it, per year, in the listing's `unit`."
    )
    minimum_per_year: float | None = strawberry.field(
        default=strawberry.UNSET,
        description="The least that goes to, or comes from, one partner per year, in the listing's `unit`.",
    )
    waste_code: str | None = strawberry.field(
        default=strawberry.UNSET, description="One of the resource's waste codes."
    )
    qualities: list[QualityInput] | None = strawberry.field(
        default=strawberry.UNSET, description="What is measured or accepted; takes the place of all that was stated."
    )
    physical_states: list[PhysicalState] | None = strawberry.field(
        default=strawberry.UNSET, description="In which it arrives, or which can be handled; all of them."
    )
    evidence: list[EvidenceInput] | None = strawberry.field(
        default=strawberry.UNSET, description="About the legal status of a supply; takes the place of what was stated."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> ListingUpdate:
        """Return the update as the use-case takes it."""
        named = {name: getattr(self, name) for name in _UPDATABLE}
        changes = {name: _stated(value) for name, value in named.items() if value is not strawberry.UNSET}
        return ListingUpdate(ListingId(self.id), self.version, changes, self.idempotency_key)


_UPDATABLE: Final = (
    *("title", "description", "quantity_per_year", "visibility"),
    *("price_per_unit_eur", "available_from", "available_until", "provenance"),
    *("quantity_low_per_year", "quantity_high_per_year", "minimum_per_year"),
    *("waste_code", "qualities", "physical_states", "evidence"),
)


def _stated(value: object) -> object:
    """Return the value of a field as the use-case takes it."""
    if not isinstance(value, list):
        return value
    return tuple(
        one.wanted() if isinstance(one, QualityInput) else one.stated() if isinstance(one, EvidenceInput) else one
        for one in value
    )


@strawberry.input(description="Which listing to withdraw.")
class WithdrawListingInput:
    """Which listing to withdraw."""

    id: strawberry.ID = strawberry.field(description="The listing.")
    version: int = strawberry.field(description="The version that you read.")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> Withdrawal:
        """Return the withdrawal as the use-case takes it."""
        return Withdrawal(ListingId(self.id), self.version, self.idempotency_key)
