"""What a run changed of the plan before it, as far as a viewer may see the synergies."""

from typing import Self

import strawberry

from symbiosis.api.context import Info
from symbiosis.api.listings import Listing
from symbiosis.api.synergies import Synergy
from symbiosis.domain.changes import ChangeCause, ChangeCount, ChangeKind
from symbiosis.domain.ids import ListingId, SynergyId
from symbiosis.store.run_changes import SeenChange
from symbiosis.units import eur_from_cent

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
    supply_id: strawberry.ID | None = strawberry.field(
        description="Of a preview, whose synergy may not be there yet: the supply, if you see it whole; else null."
    )
    demand_id: strawberry.ID | None = strawberry.field(
        description="Of a preview: the demand, if you see it whole; else null."
    )
    value_change_per_year_eur: float | None = strawberry.field(
        description="Of a preview: what the pair is worth more, EUR per year, if you facilitate at both sites; else "
        "null. Below zero if it is worth less."
    )

    @strawberry.field(description="The synergy; null where there is none yet, or you may not see it any more.")
    async def synergy(self, info: Info) -> Synergy | None:
        """Return the synergy."""
        seen = await info.context.loaders.synergies.load(SynergyId(self.synergy_id))
        return None if seen is None else Synergy.of(seen)

    @strawberry.field(description="Of a preview: the supply, if you see it whole; else null.")
    async def supply(self, info: Info) -> Listing | None:
        """Return the supply."""
        return await _listing(info, self.supply_id)

    @strawberry.field(description="Of a preview: the demand, if you see it whole; else null.")
    async def demand(self, info: Info) -> Listing | None:
        """Return the demand."""
        return await _listing(info, self.demand_id)

    @classmethod
    def of(cls, seen: SeenChange) -> Self:
        """Return the change as the API shows it."""
        value = seen.value_change_cent_per_year
        return cls(
            synergy_id=strawberry.ID(seen.synergy_id),
            kind=seen.kind,
            cause=seen.cause,
            supply_id=None if seen.supply_id is None else strawberry.ID(seen.supply_id),
            demand_id=None if seen.demand_id is None else strawberry.ID(seen.demand_id),
            value_change_per_year_eur=None if value is None else eur_from_cent(value),
        )


async def _listing(info: Info, listing_id: str | None) -> Listing | None:
    row = None if listing_id is None else await info.context.loaders.listings.load(ListingId(listing_id))
    return None if row is None else Listing.of(row)
