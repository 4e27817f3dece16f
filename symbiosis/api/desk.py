"""The desk: a facilitator's synergies in numbers, which of them wait longest, and who could take them."""

from typing import Self

import strawberry

from symbiosis.api.context import Info
from symbiosis.api.desk_fields import Colleague
from symbiosis.api.synergies import Synergy
from symbiosis.domain.ids import SynergyId
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.market import desk
from symbiosis.store.desk import StatusCount


@strawberry.type(
    description="How many synergies stand in a status; `synergies(where: {status: {eq: …}})` lists them, with "
    "`assigned: false` those that nobody has, with `assigneeId` yours, with `dueOn: {lt: …}` those overdue."
)
class DeskCount:
    """How many synergies stand in a status."""

    status: SynergyStatus = strawberry.field(description="The status.")
    synergy_count: int = strawberry.field(description="How many; of SUGGESTED, those of the current run.")
    unassigned_count: int = strawberry.field(description="How many of them nobody has.")
    mine_count: int = strawberry.field(description="How many of them you have.")
    overdue_count: int = strawberry.field(description="How many of them were due before today.")

    @classmethod
    def of(cls, count: StatusCount) -> Self:
        """Return the count as the API shows it."""
        return cls(
            status=count.status,
            synergy_count=count.synergies,
            unassigned_count=count.unassigned,
            mine_count=count.mine,
            overdue_count=count.overdue,
        )


@strawberry.type(description="A facilitator's synergies in numbers.")
class Desk:
    """A facilitator's synergies in numbers."""

    counts: list[DeskCount] = strawberry.field(description="By status, in the order of the life cycle.")
    facilitators: list[Colleague] = strawberry.field(description="To whom they can be assigned, by name.")
    waiting: strawberry.Private[tuple[SynergyId, ...]]

    @strawberry.field(
        description="At most ten synergies from SHORTLISTED to OPERATING to which nothing has happened for longest."
    )
    async def waiting_longest(self, info: Info) -> list[Synergy]:
        """Return the synergies that wait longest."""
        found = await info.context.loaders.synergies.load_many(self.waiting)
        return [Synergy.of(seen) for seen in found if seen is not None]

    @classmethod
    def of(cls, facts: desk.Desk) -> Self:
        """Return the desk as the API shows it."""
        return cls(
            counts=[DeskCount.of(count) for count in facts.counts],
            facilitators=[Colleague(id=strawberry.ID(f.person_id), name=f.name) for f in facts.facilitators],
            waiting=facts.waiting,
        )
