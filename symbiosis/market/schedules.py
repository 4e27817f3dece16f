"""When runs are due, and the task of the app that starts them.

A scheduled period is named after the instant at which it is due, in UTC, so that everybody names it alike: of several
servers and timers exactly one makes its run, for a kind has one run a period. A server makes up to LATE periods that
were missed, oldest first, as when a run took longer than its period; after a longer silence it makes only the newest.
"""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunKind
from symbiosis.domain.schedules import Schedule
from symbiosis.domain.times import utc_now, utc_text
from symbiosis.errors import InputError, RuleError, StoreError, SymbiosisError
from symbiosis.market.runs import RunLauncher
from symbiosis.policy import Action, Viewer, require
from symbiosis.store.graph import Graph
from symbiosis.store.schedules import PeriodState, period_state, put_schedule, remove_schedule, schedules

LOOK_EVERY_S: Final = 10.0
LATE: Final = 2
MOST_TRIES: Final = 3
"""After so many failed runs a period is left alone: the next one is tried again."""

_log: Final = logging.getLogger(__name__)


class ScheduleError(InputError):
    """A cron expression or a time zone that cannot be read."""

    code = "SCHEDULE"


class NoScheduleError(RuleError):
    """A scheduled period was asked for, but there is no schedule, or nothing has been due yet."""

    code = "NO_SCHEDULE"

    def __init__(self, kind: RunKind) -> None:
        super().__init__(
            f'No {kind} run has been due yet: make a schedule with `symbiosis runs schedule "0 3 * * 1"`, '
            "or name the period."
        )
        self.kind = kind


def due(schedule: Schedule, now: datetime) -> str | None:
    """Return the period that was due last at a moment, such as `2026-11-23T02:00:00Z`, or None.

    An hour that the clock skips counts from its end, one that it repeats counts once, as Debian's cron has it.
    """
    zone = ZoneInfo(schedule.time_zone)
    back = next(CronSim(schedule.cron, _second_after(now).astimezone(zone), reverse=True), None)
    if back is None:
        return None
    last = back.astimezone(UTC)
    for later in CronSim(schedule.cron, last.astimezone(zone)):  # Backwards, a repeated hour is skipped.
        if later.astimezone(UTC) > now:
            break
        last = later.astimezone(UTC)
    return last.isoformat().replace("+00:00", "Z") if utc_text(last) > schedule.since else None


def next_due(schedule: Schedule, now: datetime) -> datetime | None:
    """Return when the next run is due after a moment, in the schedule's time zone, or None if never."""
    return next(CronSim(schedule.cron, now.astimezone(ZoneInfo(schedule.time_zone))), None)


def due_periods(schedule: Schedule, now: datetime) -> Iterator[str]:
    """Yield the periods that were due at a moment, the newest first."""
    period = due(schedule, now)
    while period is not None:
        yield period
        period = due(schedule, datetime.fromisoformat(period) - timedelta(seconds=1))


async def set_schedule(graph: Graph, schedule: Schedule) -> Schedule:
    """Return the schedule that is kept from now on for its kind of run; raise ScheduleError if it cannot be read."""
    if schedule.kind is not RunKind.EXCHANGE:
        raise ScheduleError(f"Runs of the kind {schedule.kind} are made when they are asked for; schedule EXCHANGE.")
    try:
        zone = ZoneInfo(schedule.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ScheduleError(
            f"There is no time zone {schedule.time_zone!r}: write one such as Europe/Paris or UTC."
        ) from unknown
    try:
        never = next(CronSim(schedule.cron, datetime.now(zone)), None) is None
    except CronSimError as unread:
        raise ScheduleError(
            f"{schedule.cron!r} cannot be read ({unread}): write minute, hour, day of the month, month and weekday, "
            "such as `0 3 * * 1` for Mondays at three."
        ) from unread
    if never:
        raise ScheduleError(f"{schedule.cron!r} never comes: name days that are in the calendar.")
    await graph.write(put_schedule, schedule)
    return schedule


@dataclass(frozen=True, slots=True)
class SeenSchedule:
    """A schedule, and when its next run is due: in its time zone, None if never."""

    schedule: Schedule
    next_due_at: datetime | None


async def seen_schedules(graph: Graph, viewer: Viewer) -> list[SeenSchedule]:
    """Return the schedules, by kind of run, to people with a mandate."""
    require(viewer, Action.READ_RUNS, None, noun="schedule", key="")
    return [_seen(each) for each in await graph.read(schedules)]


async def change_schedule(graph: Graph, viewer: Viewer, cron: str, time_zone: str) -> SeenSchedule:
    """Return the schedule of the runs of all exchanges as a facilitator sets it.

    Raises NotAllowedError, or ScheduleError if it cannot be read.
    """
    require(viewer, Action.SET_SCHEDULE, None, noun="schedule", key=RunKind.EXCHANGE)
    return _seen(await set_schedule(graph, Schedule(RunKind.EXCHANGE, cron.strip(), time_zone.strip(), utc_now())))


async def drop_schedule(graph: Graph, viewer: Viewer) -> SeenSchedule:
    """Return the schedule of the runs of all exchanges, removed; raise NotAllowedError or NoScheduleError."""
    require(viewer, Action.SET_SCHEDULE, None, noun="schedule", key=RunKind.EXCHANGE)
    kept = [each for each in await graph.read(schedules) if each.kind is RunKind.EXCHANGE]
    if not kept or not await graph.write(remove_schedule, RunKind.EXCHANGE):
        raise NoScheduleError(RunKind.EXCHANGE)
    return SeenSchedule(kept[0], None)


def _seen(schedule: Schedule) -> SeenSchedule:
    return SeenSchedule(schedule, next_due(schedule, datetime.now(UTC)))


async def due_period(graph: Graph, kind: RunKind, now: datetime) -> tuple[str, PeriodState]:
    """Return the newest period that is due and how it has gone so far; raise NoScheduleError if there is none."""
    for schedule in await graph.read(schedules):
        period = due(schedule, now) if schedule.kind is kind else None
        if period is not None:
            return period, await graph.read(period_state, kind, period)
    raise NoScheduleError(kind)


async def _unmade(graph: Graph, now: datetime) -> str | None:
    """Return the period that must be made first: the oldest of a few late ones, else the newest; None if none must."""
    for schedule in await graph.read(schedules):
        if schedule.kind is not RunKind.EXCHANGE:
            continue
        periods = list(itertools.islice(due_periods(schedule, now), LATE + 2))
        for place, period in enumerate(periods):
            state = await graph.read(period_state, RunKind.EXCHANGE, period)
            if state.published or state.failed >= MOST_TRIES:
                return periods[place - 1] if place else None
        return (periods[0] if len(periods) == LATE + 2 else periods[-1]) if periods else None
    return None


async def start_what_is_due(graph: Graph, launcher: RunLauncher, now: datetime) -> RunId | None:
    """Return the run that was started for a due period, or None if none needs one, or another has it."""
    period = await _unmade(graph, now)
    try:
        return None if period is None else await launcher.start(graph, period)
    except RuleError:
        return None


async def keep_to_schedule(graph: Graph, launcher: RunLauncher, every_s: float = LOOK_EVERY_S) -> None:
    """Start what is due, look after look, until cancelled; of a store that does not answer the next look may know."""
    while True:
        try:
            await start_what_is_due(graph, launcher, datetime.now(UTC))
        except StoreError as away:
            _log.warning("The schedule could not be looked at: %s", away)
        except SymbiosisError as refused:
            _log.warning("A scheduled run was not started: %s", refused)
        await asyncio.sleep(every_s)


@contextlib.asynccontextmanager
async def schedule_kept(graph: Graph, launcher: RunLauncher) -> AsyncIterator[None]:
    """Keep to the schedule beside the block, for as long as it lasts."""
    keeping = asyncio.create_task(keep_to_schedule(graph, launcher))
    try:
        yield
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


def _second_after(now: datetime) -> datetime:
    return now.replace(microsecond=0) + timedelta(seconds=1)
