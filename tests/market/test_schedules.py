"""When runs are due, at both switches of the clock too, and who starts them."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run, RunKind, RunProgress, RunStatus
from symbiosis.domain.schedules import Schedule
from symbiosis.market.runs import RunLauncher
from symbiosis.market.schedules import (
    MOST_TRIES,
    NoScheduleError,
    ScheduleError,
    due,
    due_period,
    next_due,
    set_schedule,
    start_what_is_due,
)
from symbiosis.store.graph import Graph
from symbiosis.store.runs import Lease, fail_run, publish_run, start_run
from symbiosis.store.schedules import PeriodState, remove_schedule, schedules

LONG_AGO: Final = "2020-01-01T00:00:00.000000Z"
MONDAYS: Final = Schedule(RunKind.EXCHANGE, "0 3 * * 1", "Europe/Paris", LONG_AGO)
RUNS: Final[LiteralString] = "MATCH (r:Run) RETURN r.period AS period, r.status AS status ORDER BY period LIMIT 99"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def nightly(cron: str, since: str = LONG_AGO) -> Schedule:
    return Schedule(RunKind.EXCHANGE, cron, "Europe/Paris", since)


@pytest.mark.parametrize(
    ("now", "period"),
    [
        ("2026-11-23T01:59:59.999999", "2026-11-16T02:00:00Z"),
        ("2026-11-23T02:00:00", "2026-11-23T02:00:00Z"),
        ("2026-11-29T23:00:00", "2026-11-23T02:00:00Z"),
        ("2026-07-06T01:00:00", "2026-07-06T01:00:00Z"),
    ],
)
def test_a_period_is_named_after_the_latest_due_instant_in_utc(now: str, period: str) -> None:
    assert due(MONDAYS, at(now)) == period


@pytest.mark.parametrize(
    ("now", "period"),
    [
        ("2026-03-29T00:59:59", "2026-03-28T01:30:00Z"),
        ("2026-03-29T01:00:00", "2026-03-29T01:00:00Z"),
        ("2026-03-29T12:00:00", "2026-03-29T01:00:00Z"),
        ("2026-03-30T00:30:00", "2026-03-30T00:30:00Z"),
    ],
)
def test_half_past_two_of_the_night_that_skips_it_is_due_at_three(now: str, period: str) -> None:
    assert due(nightly("30 2 * * *"), at(now)) == period


@pytest.mark.parametrize("minutes_past_midnight", range(30, 300, 15))
def test_half_past_two_of_the_night_that_has_it_twice_is_due_once(minutes_past_midnight: int) -> None:
    hour, minute = divmod(minutes_past_midnight, 60)
    assert due(nightly("30 2 * * *"), at(f"2026-10-25T{hour:02}:{minute:02}:00")) == "2026-10-25T00:30:00Z"


def test_every_half_hour_of_a_longer_night_is_due() -> None:
    seen = {
        due(nightly("*/30 * * * *"), at(f"2026-10-25T{hour:02}:{minute:02}:01"))
        for hour in range(4)
        for minute in (0, 30)
    }
    assert seen == {f"2026-10-25T{hour:02}:{minute:02}:00Z" for hour in range(4) for minute in (0, 30)}


def test_nothing_was_due_before_the_schedule_was_made() -> None:
    made = nightly("0 3 * * 1", since="2026-11-23T02:00:00.000001Z")
    assert due(made, at("2026-11-25T00:00:00")) is None
    assert due(made, at("2026-11-30T02:00:00")) == "2026-11-30T02:00:00Z"
    following = next_due(made, at("2026-11-25T00:00:00"))
    assert following is not None
    assert following.isoformat() == "2026-11-30T03:00:00+01:00"


@pytest.mark.store
@pytest.mark.parametrize(
    ("cron", "zone", "words"),
    [
        ("0 3 * *", "UTC", "cannot be read"),
        ("61 3 * * 1", "UTC", "cannot be read"),
        ("0 0 30 2 *", "UTC", "cannot be read|never comes"),
        ("0 3 * * 1", "Europe/Lyon", "no time zone 'Europe/Lyon'"),
        ("0 3 * * 1", "../etc/passwd", "no time zone"),
        ("0 3 * * 1", "", "no time zone"),
    ],
)
async def test_a_schedule_that_cannot_be_read_is_refused_in_words(
    graph: Graph, cron: str, zone: str, words: str
) -> None:
    with pytest.raises(ScheduleError, match=words):
        await set_schedule(graph, Schedule(RunKind.EXCHANGE, cron, zone, LONG_AGO))
    assert await graph.read(schedules) == []


@pytest.mark.store
async def test_a_schedule_takes_the_place_of_the_one_before_and_can_be_removed(graph: Graph) -> None:
    with pytest.raises(NoScheduleError, match="No EXCHANGE run has been due yet"):
        await due_period(graph, RunKind.EXCHANGE, at("2026-11-25T00:00:00"))
    await set_schedule(graph, nightly("30 2 * * *"))
    await set_schedule(graph, MONDAYS)
    assert await graph.read(schedules) == [MONDAYS]
    period = await due_period(graph, RunKind.EXCHANGE, at("2026-11-25T00:00:00"))
    assert period == ("2026-11-23T02:00:00Z", PeriodState(published=False, failed=0))
    assert await graph.write(remove_schedule, RunKind.EXCHANGE)
    assert not await graph.write(remove_schedule, RunKind.EXCHANGE)


class Recorded:
    """A run that is recorded and then published, or failed."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails

    async def __call__(
        self, graph: Graph, *, period: str, run_id: RunId | None, on_progress: Callable[[RunProgress], None] | None
    ) -> Run:
        assert run_id is not None
        run = Run(run_id, RunKind.EXCHANGE, period, RunStatus.RUNNING, started_at=LONG_AGO, finished_at=LONG_AGO)
        await graph.write(start_run, run, Lease("elsewhere 1 0.00", LONG_AGO, "2099-01-01T00:00:00.000000Z"), [])
        await asyncio.sleep(0)
        if self.fails:
            await graph.write(fail_run, run_id, "no reason", LONG_AGO)
        else:
            await graph.write(publish_run, run)
        return run


async def periods(graph: Graph) -> list[Any]:
    return [tuple(row.values()) for row in await graph.read(lambda tx: tx.run(RUNS))]


@pytest.mark.store
async def test_of_three_servers_one_makes_the_run_and_a_missed_period_is_caught_up_once(
    graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    """Two of them lose each race, which is nobody's failure, and so is no line in their logs."""
    await set_schedule(graph, MONDAYS)
    launchers = [RunLauncher(Recorded()) for _ in range(3)]
    for now in ("2026-11-02T02:00:01", "2026-11-30T09:00:00", "2026-11-30T10:00:00"):
        await asyncio.gather(*(start_what_is_due(graph, each, at(now)) for each in launchers))
    assert await periods(graph) == [("2026-11-02T02:00:00Z", "PUBLISHED"), ("2026-11-30T02:00:00Z", "PUBLISHED")]
    assert [record.getMessage() for record in caplog.records if record.name == "symbiosis.market.runs"] == []


@pytest.mark.store
async def test_a_few_late_periods_are_made_oldest_first_and_each_once(graph: Graph) -> None:
    """As when a run took longer than its period; what was due before the schedule was made is not late."""
    since = "2026-11-01T00:00:00.000000Z"
    await set_schedule(graph, replace(MONDAYS, since=since))
    launcher = RunLauncher(Recorded())
    made = [await start_what_is_due(graph, launcher, at("2026-11-16T09:00:00")) for _ in range(4)]
    assert [run is not None for run in made] == [True, True, True, False]
    assert [period for period, _ in await periods(graph)] == [f"2026-11-{day}T02:00:00Z" for day in ("02", "09", "16")]
    await start_what_is_due(graph, launcher, at("2026-12-07T09:00:00"))
    assert [period for period, _ in await periods(graph)][3:] == ["2026-11-23T02:00:00Z"]


@pytest.mark.store
async def test_a_period_whose_runs_fail_is_left_alone_until_the_next(graph: Graph) -> None:
    await set_schedule(graph, MONDAYS)
    launcher = RunLauncher(Recorded(fails=True))
    for _ in range(MOST_TRIES + 2):
        await start_what_is_due(graph, launcher, at("2026-11-23T09:00:00"))
    assert await periods(graph) == [("2026-11-23T02:00:00Z", "FAILED")] * MOST_TRIES
    await start_what_is_due(graph, RunLauncher(Recorded()), at("2026-11-30T09:00:00"))
    assert (await periods(graph))[-1] == ("2026-11-30T02:00:00Z", "PUBLISHED")
