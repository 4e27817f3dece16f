"""Schedules in the store, one a kind of run, and how a scheduled period has gone so far."""

from dataclasses import asdict, dataclass
from typing import Final, LiteralString

from symbiosis.domain.runs import RunKind
from symbiosis.domain.schedules import Schedule
from symbiosis.store.graph import Tx

PUT: Final[LiteralString] = "MERGE (schedule:Schedule {kind: $kind}) SET schedule += $facts"

REMOVE: Final[LiteralString] = "MATCH (schedule:Schedule {kind: $kind}) DELETE schedule RETURN count(*) AS removed"

SCHEDULES: Final[LiteralString] = """
MATCH (schedule:Schedule)
RETURN schedule.kind AS kind, schedule.cron AS cron, schedule.time_zone AS time_zone, schedule.since AS since
ORDER BY kind LIMIT $at_most
"""

PUBLISHED: Final[LiteralString] = """
MATCH (run:Run {slot: $slot, status: 'PUBLISHED'})
RETURN count(run) AS runs
"""

FAILED: Final[LiteralString] = """
MATCH (run:Run {status: 'FAILED'})
WHERE run.kind = $kind AND run.period = $period
RETURN count(run) AS runs
"""


@dataclass(frozen=True, slots=True)
class PeriodState:
    """Whether a period has its run, and how many have failed for it."""

    published: bool
    failed: int


async def put_schedule(tx: Tx, schedule: Schedule) -> None:
    """Keep a schedule in the place of the one of its kind."""
    await tx.run(PUT, kind=schedule.kind.value, facts={**asdict(schedule), "kind": schedule.kind.value})


async def remove_schedule(tx: Tx, kind: RunKind) -> bool:
    """Remove the schedule of a kind; return whether there was one."""
    return bool((await tx.run(REMOVE, kind=kind.value))[0]["removed"])


async def schedules(tx: Tx) -> list[Schedule]:
    """Return all schedules, by kind."""
    rows = await tx.run(SCHEDULES, at_most=len(RunKind))
    return [Schedule(RunKind(row["kind"]), row["cron"], row["time_zone"], row["since"]) for row in rows]


async def period_state(tx: Tx, kind: RunKind, period: str) -> PeriodState:
    """Return how a period has gone so far."""
    published = await tx.run(PUBLISHED, slot=f"{kind} {period}")
    failed = await tx.run(FAILED, kind=kind.value, period=period)
    return PeriodState(bool(published[0]["runs"]), int(failed[0]["runs"]))
