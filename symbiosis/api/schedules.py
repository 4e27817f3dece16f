"""When runs are due."""

from typing import Self

import strawberry

from symbiosis.domain.runs import RunKind
from symbiosis.market.schedules import SeenSchedule


@strawberry.type(description="When runs of a kind are due, over all territories.")
class Schedule:
    """When runs of a kind are due."""

    kind: RunKind = strawberry.field(description="Which runs.")
    cron: str = strawberry.field(description="Minute, hour, day of the month, month, weekday: `0 3 * * 1`.")
    time_zone: str = strawberry.field(description="In which it is read, such as Europe/Paris.")
    since: str = strawberry.field(description="Nothing was due before, UTC, ISO-8601.")
    next_due_at: str | None = strawberry.field(
        description="When the next run is due, ISO-8601 in the time zone; null once the schedule is removed."
    )

    @classmethod
    def of(cls, seen: SeenSchedule) -> Self:
        """Return the schedule as the API shows it."""
        kept, following = seen.schedule, seen.next_due_at
        return cls(
            kind=kept.kind,
            cron=kept.cron,
            time_zone=kept.time_zone,
            since=kept.since,
            next_due_at=None if following is None else following.isoformat(),
        )


@strawberry.input(description="When runs of all exchanges are to be due.")
class SetScheduleInput:
    """When runs are to be due."""

    cron: str = strawberry.field(description="Minute, hour, day of the month, month, weekday: `0 3 * * 1`.")
    time_zone: str = strawberry.field(default="Europe/Paris", description="In which it is read.")
