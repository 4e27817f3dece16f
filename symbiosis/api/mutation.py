"""What can be changed: each mutation takes one input and returns what it changed, or why it did not."""

from typing import Annotated, Final

import strawberry

from symbiosis.api.consents import ConsentMutations
from symbiosis.api.context import Info
from symbiosis.api.desk_mutation import DeskMutation
from symbiosis.api.keys import (
    ApiKey,
    CreateApiKeyInput,
    CreateApiKeyResult,
    NewApiKey,
    RevokeApiKeyInput,
    RevokeApiKeyResult,
)
from symbiosis.api.listings import EvidenceInput, Listing, QualityInput
from symbiosis.api.nodes import ONCE
from symbiosis.api.problems import (
    ConflictProblem,
    InputProblem,
    NotAllowedProblem,
    NotFoundProblem,
    RuleProblem,
    conflict_of,
    problem_of,
)
from symbiosis.api.runs import Run
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction, Provenance, Visibility
from symbiosis.domain.resources import PhysicalState
from symbiosis.errors import InputError, RuleError, StaleVersionError
from symbiosis.market import keys, listings, runs
from symbiosis.market.listing_updates import ListingUpdate, update_listing
from symbiosis.market.listings import NewListing, Withdrawal
from symbiosis.units import TradeUnit


@strawberry.input(description="A supply or a demand of a site that you manage.")
class CreateListingInput:
    """A supply or a demand of a site."""

    site_id: strawberry.ID = strawberry.field(description="The site that has or needs it.")
    direction: Direction = strawberry.field(description="Supply or demand.")
    resource_code: strawberry.ID = strawberry.field(description="What it is of: the id of a resource.")
    title: str = strawberry.field(description="What it is, in one line of at most 200 characters.")
    quantity_per_year: float = strawberry.field(description="How much per year, in `unit`; above zero.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantity: the resource's own.")
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
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> ListingUpdate:
        """Return the update as the use-case takes it."""
        named = {name: getattr(self, name) for name in _UPDATABLE}
        changes = {name: value for name, value in named.items() if value is not strawberry.UNSET}
        return ListingUpdate(ListingId(self.id), self.version, changes, self.idempotency_key)


_UPDATABLE: Final = (
    *("title", "description", "quantity_per_year", "visibility"),
    *("price_per_unit_eur", "available_from", "available_until"),
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


@strawberry.input(description="A run to start.")
class StartRunInput:
    """A run to start."""

    period: str | None = strawberry.field(
        default=None, description="What it is a run for, e.g. 2026-W47; one run each. The time of now unless given."
    )


CreateListingResult = Annotated[
    Listing | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union("CreateListingResult", description="The new listing, or why there is none."),
]
UpdateListingResult = Annotated[
    Listing | InputProblem | NotFoundProblem | NotAllowedProblem | ConflictProblem | RuleProblem,
    strawberry.union("UpdateListingResult", description="The listing as changed, or why it is not."),
]
WithdrawListingResult = Annotated[
    Listing | InputProblem | NotFoundProblem | NotAllowedProblem | ConflictProblem | RuleProblem,
    strawberry.union("WithdrawListingResult", description="The listing, withdrawn, or why it is not."),
]
StartRunResult = Annotated[
    Run | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union("StartRunResult", description="The run, under way: ask `run` for it again. Or why there is none."),
]


@strawberry.type(description="What can be changed.")
class Mutation(ConsentMutations, DeskMutation):
    """What can be changed."""

    @strawberry.mutation(description="List a supply or a demand of a site that you manage.")
    async def create_listing(self, info: Info, input: CreateListingInput) -> CreateListingResult:  # noqa: A002
        """Return the new listing, or the problem."""
        try:
            row = await listings.create_listing(info.context.graph, info.context.viewer, input.new())
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return Listing.of(row)

    @strawberry.mutation(description="Change a listing of a site that you manage.")
    async def update_listing(self, info: Info, input: UpdateListingInput) -> UpdateListingResult:  # noqa: A002
        """Return the changed listing, or the problem."""
        try:
            row = await update_listing(info.context.graph, info.context.viewer, input.stated())
        except StaleVersionError as stale:
            return conflict_of(stale)
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return Listing.of(row)

    @strawberry.mutation(description="Withdraw a listing of a site that you manage; no run sees it any more.")
    async def withdraw_listing(self, info: Info, input: WithdrawListingInput) -> WithdrawListingResult:  # noqa: A002
        """Return the withdrawn listing, or the problem."""
        context = info.context
        try:
            row = await listings.withdraw_listing(context.graph, context.viewer, input.stated())
        except StaleVersionError as stale:
            return conflict_of(stale)
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return Listing.of(row)

    @strawberry.mutation(description="Start a run, as a facilitator; it goes on in the background.")
    async def start_run(self, info: Info, input: StartRunInput | None = None) -> StartRunResult:  # noqa: A002
        """Return the run under way, or the problem."""
        context = info.context
        period = None if input is None else input.period
        try:
            facts = await runs.start_run(context.graph, context.launcher, context.viewer, period)
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return Run.of(facts, context.launcher.progress(facts.run_id))

    @strawberry.mutation(
        description="Make an API key for a program of yours; 20 live ones at most, and no key makes keys."
    )
    async def create_api_key(self, info: Info, input: CreateApiKeyInput) -> CreateApiKeyResult:  # noqa: A002
        """Return the new key with its text, or the problem."""
        try:
            made = await keys.create_key(info.context.graph, info.context.viewer, input.new())
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return NewApiKey.of(made)

    @strawberry.mutation(description="Revoke an API key of yours; it signs nobody in from now on.")
    async def revoke_api_key(self, info: Info, input: RevokeApiKeyInput) -> RevokeApiKeyResult:  # noqa: A002
        """Return the revoked key, or the problem."""
        try:
            key = await keys.revoke_key(info.context.graph, info.context.viewer, input.stated())
        except StaleVersionError as stale:
            return conflict_of(stale)
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return ApiKey.of(key)
