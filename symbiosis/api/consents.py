"""Consents of the two sides of a synergy to be known to each other."""

from typing import Annotated, Self

import strawberry

from symbiosis.api.context import Info
from symbiosis.api.nodes import ONCE, Node
from symbiosis.api.problems import (
    ConflictProblem,
    InputProblem,
    NotAllowedProblem,
    NotFoundProblem,
    RuleProblem,
    conflict_of,
    problem_of,
)
from symbiosis.domain import consents
from symbiosis.domain.ids import ListingId, SynergyId
from symbiosis.domain.listings import Direction
from symbiosis.domain.times import utc_now
from symbiosis.errors import InputError, RuleError, StaleVersionError
from symbiosis.market.consents import ConsentRevocation, NewConsent, grant_consent, revoke_consent


@strawberry.type(
    description="That one side of a synergy lets the other know who it is. While both sides' consents are live, each "
    "sees the listing of the other whole, but its price; as soon as one ends, neither does."
)
class Consent(Node):
    """That one side of a synergy lets the other know who it is."""

    synergy_id: strawberry.ID = strawberry.field(description="The synergy, and so the one partner, that it is for.")
    side: Direction = strawberry.field(description="Which side consents: that of the supply or of the demand.")
    live: bool = strawberry.field(description="Whether it is live now.")
    given_at: str = strawberry.field(description="UTC, ISO-8601.")
    live_until: str = strawberry.field(description="UTC, ISO-8601; from then on it shows nothing.")
    revoked_at: str | None = strawberry.field(description="UTC, ISO-8601; null unless it was taken back.")
    version: int = strawberry.field(description="Counts the changes; give it back with the next change.")

    @classmethod
    def of(cls, facts: consents.Consent) -> Self:
        """Return the consent as the API shows it."""
        return cls(
            id=strawberry.ID(facts.consent_id),
            synergy_id=strawberry.ID(facts.synergy_id),
            side=facts.side,
            live=facts.is_live(utc_now()),
            given_at=facts.given_at,
            live_until=facts.live_until,
            revoked_at=facts.revoked_at,
            version=facts.version,
        )


@strawberry.input(description="A consent of a site that you manage.")
class GrantConsentInput:
    """A consent of a site."""

    synergy_id: strawberry.ID = strawberry.field(description="The synergy that it is for, and no other.")
    listing_id: strawberry.ID = strawberry.field(description="The listing of yours in it.")
    until: str = strawberry.field(description="Last day, ISO date; at most 366 days from now.")
    version: int = strawberry.field(
        default=0, description="The version of the consent that you read; 0 where there was none yet."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def new(self) -> NewConsent:
        """Return the consent as the use-case takes it."""
        synergy_id, listing_id = SynergyId(self.synergy_id), ListingId(self.listing_id)
        return NewConsent(synergy_id, listing_id, self.until, self.version, self.idempotency_key)


@strawberry.input(description="Which consent of a site that you manage to take back.")
class RevokeConsentInput:
    """Which consent to take back."""

    synergy_id: strawberry.ID = strawberry.field(description="The synergy that it is for.")
    listing_id: strawberry.ID = strawberry.field(description="The listing of yours in it.")
    version: int = strawberry.field(description="The version of the consent that you read.")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> ConsentRevocation:
        """Return the revocation as the use-case takes it."""
        synergy_id, listing_id = SynergyId(self.synergy_id), ListingId(self.listing_id)
        return ConsentRevocation(synergy_id, listing_id, self.version, self.idempotency_key)


GrantConsentResult = Annotated[
    Consent | InputProblem | NotFoundProblem | NotAllowedProblem | ConflictProblem | RuleProblem,
    strawberry.union("GrantConsentResult", description="The consent, live, or why it is not."),
]
RevokeConsentResult = Annotated[
    Consent | InputProblem | NotFoundProblem | NotAllowedProblem | ConflictProblem | RuleProblem,
    strawberry.union("RevokeConsentResult", description="The consent, taken back, or why it is not."),
]


@strawberry.type
class ConsentMutations:
    """What can be changed about consents."""

    @strawberry.mutation(description="Consent, for a site that you manage, to be known to the other side of a synergy.")
    async def grant_consent(self, info: Info, input: GrantConsentInput) -> GrantConsentResult:  # noqa: A002
        """Return the consent, or the problem."""
        try:
            return Consent.of(await grant_consent(info.context.graph, info.context.viewer, input.new()))
        except StaleVersionError as stale:
            return conflict_of(stale)
        except (InputError, RuleError) as refused:
            return problem_of(refused)

    @strawberry.mutation(description="Take back a consent of a site that you manage; it ends at once.")
    async def revoke_consent(self, info: Info, input: RevokeConsentInput) -> RevokeConsentResult:  # noqa: A002
        """Return the consent, or the problem."""
        try:
            return Consent.of(await revoke_consent(info.context.graph, info.context.viewer, input.stated()))
        except StaleVersionError as stale:
            return conflict_of(stale)
        except (InputError, RuleError) as refused:
            return problem_of(refused)
