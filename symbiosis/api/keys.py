"""API keys as their person sees them; the text of a key is shown when it is made, and never again."""

from typing import Annotated, Self

import strawberry

from symbiosis.api.nodes import ONCE, Node
from symbiosis.api.problems import (
    ConflictProblem,
    InputProblem,
    NotAllowedProblem,
    NotFoundProblem,
    RuleProblem,
)
from symbiosis.domain import keys
from symbiosis.domain.keys import KeyId, KeyScope
from symbiosis.market.keys import MadeKey, NewKey, Revocation


@strawberry.type(description="How a program of yours signs in.")
class ApiKey(Node):
    """How a program of a person's signs in."""

    label: str = strawberry.field(description="What it is for, in your words.")
    scopes: list[KeyScope] = strawberry.field(description="What it may change.")
    created_at: str = strawberry.field(description="UTC, ISO-8601.")
    expires_at: str = strawberry.field(description="UTC, ISO-8601; from then on it signs nobody in.")
    revoked_at: str | None = strawberry.field(description="UTC, ISO-8601; null while it is not revoked.")
    version: int = strawberry.field(description="Counts the changes; give it back with the next change.")

    @classmethod
    def of(cls, facts: keys.ApiKey) -> Self:
        """Return the key as the API shows it to its person."""
        return cls(
            id=strawberry.ID(facts.key_id),
            label=facts.label,
            scopes=sorted(facts.scopes),
            created_at=facts.created_at,
            expires_at=facts.expires_at,
            revoked_at=facts.revoked_at,
            version=facts.version,
        )


@strawberry.type(description="A key that was just made.")
class NewApiKey:
    """A key that was just made."""

    api_key: ApiKey = strawberry.field(description="The key.")
    text: str | None = strawberry.field(
        description="What the program sends as `Authorization: Bearer`. Shown this once: keep it. Null where the same "
        "request under the same idempotency key comes again."
    )

    @classmethod
    def of(cls, made: MadeKey) -> Self:
        """Return the new key with its text."""
        return cls(api_key=ApiKey.of(made.key), text=made.text)


@strawberry.input(description="A key for a program of yours.")
class CreateApiKeyInput:
    """A key for a program."""

    label: str = strawberry.field(description="What it is for, in one line of at most 100 characters.")
    days: int = strawberry.field(description="How many days it lives, 1 to 366.")
    scopes: list[KeyScope] = strawberry.field(
        default_factory=list, description="What it may change; it reads what you may read in any case."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def new(self) -> NewKey:
        """Return the key as the use-case takes it."""
        return NewKey(self.label, tuple(sorted(set(self.scopes))), self.days, self.idempotency_key)


@strawberry.input(description="Which key to revoke.")
class RevokeApiKeyInput:
    """Which key to revoke."""

    id: strawberry.ID = strawberry.field(description="The key.")
    version: int = strawberry.field(description="The version that you read.")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> Revocation:
        """Return the revocation as the use-case takes it."""
        return Revocation(KeyId(self.id), self.version, self.idempotency_key)


CreateApiKeyResult = Annotated[
    NewApiKey | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union("CreateApiKeyResult", description="The new key with its text, or why there is none."),
]
RevokeApiKeyResult = Annotated[
    ApiKey | InputProblem | NotFoundProblem | NotAllowedProblem | ConflictProblem | RuleProblem,
    strawberry.union("RevokeApiKeyResult", description="The key, revoked, or why it is not."),
]
