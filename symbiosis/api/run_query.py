"""What can be asked of runs beside the plan: previews, and when the next run is due."""

import strawberry

from symbiosis.api.context import Info
from symbiosis.api.runs import Run
from symbiosis.api.schedules import Schedule
from symbiosis.market import previews
from symbiosis.market.schedules import seen_schedules


@strawberry.type
class RunQuery:
    """What can be asked of runs beside the plan."""

    @strawberry.field(
        description="The previews that you have asked for, newest first; 10 that have ended are kept. For people with "
        "a mandate."
    )
    async def previews(self, info: Info) -> list[Run]:
        """Return the viewer's previews."""
        context = info.context
        return [
            Run.of(seen.run, seen) for seen in await previews.previews(context.graph, context.launcher, context.viewer)
        ]

    @strawberry.field(description="When runs of all exchanges are due; empty without a schedule. With a mandate.")
    async def schedules(self, info: Info) -> list[Schedule]:
        """Return the schedules."""
        return [Schedule.of(seen) for seen in await seen_schedules(info.context.graph, info.context.viewer)]
