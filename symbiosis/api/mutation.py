"""What can be changed: each mutation takes one input and returns what it changed, or why it did not."""

from typing import Annotated

import strawberry

from symbiosis.api.analyses.jobs import JobsMutation
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
from symbiosis.api.listing_inputs import CreateListingInput, UpdateListingInput, WithdrawListingInput
from symbiosis.api.listings import Listing
from symbiosis.api.problems import (
    ConflictProblem,
    InputProblem,
    NotAllowedProblem,
    NotFoundProblem,
    RuleProblem,
    conflict_of,
    problem_of,
)
from symbiosis.api.run_mutation import RunMutation
from symbiosis.api.site_mutation import SiteMutation
from symbiosis.errors import InputError, RuleError, StaleVersionError
from symbiosis.market import keys, listings
from symbiosis.market.listing_updates import update_listing

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


@strawberry.type(description="What can be changed.")
class Mutation(ConsentMutations, DeskMutation, JobsMutation, RunMutation, SiteMutation):
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
