"""What a run changed of the plan before it, as far as a viewer may see the synergies."""

from typing import Self

import strawberry

from symbiosis.domain.changes import ChangeCause, ChangeCount, ChangeKind
from symbiosis.store.run_changes import SeenChange

_KIND = strawberry.enum(ChangeKind, description="How a pair's quantity differs from the plan before.")
_CAUSE = strawberry.enum(ChangeCause, description="Why it differs: the first cause that holds, in this order.")


@strawberry.type(description="How many pairs changed in one way for one cause, over the whole plan.")
class RunChangeCount:
    """How many pairs changed in one way for one cause."""

    kind: ChangeKind = strawberry.field(description="How they differ.")
    cause: ChangeCause = strawberry.field(description="Why.")
    pair_count: int = strawberry.field(description="How many.")

    @classmethod
    def all_of(cls, texts: str | None) -> list[Self]:
        """Return the counts that a run keeps."""
        counts = [ChangeCount.from_text(text) for text in (texts or "").split()]
        return [cls(kind=count.kind, cause=count.cause, pair_count=count.pairs) for count in counts]


@strawberry.type(description="A synergy whose quantity is another than in the plan before.")
class RunChange:
    """A synergy whose quantity is another than in the plan before."""

    synergy_id: strawberry.ID = strawberry.field(description="Which synergy; `synergy(id:)` tells it while it is read.")
    kind: ChangeKind = strawberry.field(description="How it differs.")
    cause: ChangeCause = strawberry.field(description="Why.")

    @classmethod
    def of(cls, seen: SeenChange) -> Self:
        """Return the change as the API shows it."""
        return cls(synergy_id=strawberry.ID(seen.synergy_id), kind=seen.kind, cause=seen.cause)
