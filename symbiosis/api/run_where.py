"""Which runs, and in which order."""

import strawberry

from symbiosis.api.where import StringWhere, TimeWhere, Where, combined, on_fields
from symbiosis.domain.runs import RunStatus
from symbiosis.store.run_pages import RunField, RunOrder
from symbiosis.store.statements import OrderBy, SortDirection
from symbiosis.store.where import Condition

strawberry.enum(RunOrder, description="When it STARTED.")


@strawberry.input(description="Which runs: all of this must hold; absent or null is no limit.")
class RunWhere:
    """Which runs."""

    status: Where[RunStatus] | None = strawberry.field(default=None, description="Where it stands.")
    started_at: TimeWhere | None = strawberry.field(default=None, description="When it started.")
    period: StringWhere | None = strawberry.field(default=None, description="What it is a run for, e.g. 2026-W47.")

    def condition(self) -> Condition:
        """Return the condition as the store takes it."""
        fields = RunField
        return combined(
            on_fields((self.status, fields.STATUS), (self.started_at, fields.STARTED), (self.period, fields.PERIOD))
        )


@strawberry.input(description="The order of runs.")
class RunOrderBy:
    """The order of runs."""

    field: RunOrder = strawberry.field(description="What they are sorted by.")
    direction: SortDirection | None = strawberry.field(default=None, description="DESC unless given.")

    def order(self) -> OrderBy[RunOrder]:
        """Return the order as the store takes it."""
        return OrderBy(self.field, self.direction)
