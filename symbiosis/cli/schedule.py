"""`symbiosis runs schedule`: when the server, or a timer outside, makes the next plan."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from symbiosis.cli.screen import OUT, Shell
from symbiosis.domain.runs import RunKind
from symbiosis.domain.schedules import Schedule
from symbiosis.domain.times import utc_now
from symbiosis.market.schedules import due_period, next_due, set_schedule
from symbiosis.settings import Settings
from symbiosis.store.opening import open_graph
from symbiosis.store.schedules import remove_schedule, schedules


def schedule(
    ctx: typer.Context,
    cron: Annotated[
        str | None, typer.Argument(help='Minute, hour, day, month, weekday: "0 3 * * 1" is Mondays at three.')
    ] = None,
    *,
    time_zone: Annotated[str, typer.Option(help="In which the expression is read.")] = "Europe/Paris",
    kind: Annotated[RunKind, typer.Option(help="Which runs.", case_sensitive=False)] = RunKind.EXCHANGE,
    show: Annotated[bool, typer.Option("--list", help="Print the schedules; so without an expression.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the schedule of this kind.")] = False,
) -> None:
    """Say when runs are due: `serve` makes them, or a timer that calls `symbiosis optimize --period auto`."""
    if cron is not None and (show or remove):
        raise typer.BadParameter("Name an expression, or --list, or --remove: one of them.")
    shell: Shell = ctx.obj
    wanted = None if cron is None else Schedule(kind, cron, time_zone, utc_now())
    for sentence in asyncio.run(_schedule(shell.settings(), wanted, kind if remove else None)):
        OUT.print(sentence, markup=False, soft_wrap=True)


async def _schedule(settings: Settings, wanted: Schedule | None, removed: RunKind | None) -> list[str]:
    async with open_graph(settings) as graph:
        if wanted is not None:
            return [_told(await set_schedule(graph, wanted))]
        if removed is not None:
            gone = await graph.write(remove_schedule, removed)
            return [f"{removed} runs have no schedule any more." if gone else f"{removed} runs had no schedule."]
        return [_told(each) for each in await graph.read(schedules)] or ["There is no schedule."]


def _told(kept: Schedule) -> str:
    following = next_due(kept, datetime.now(UTC))
    told = "never" if following is None else following.isoformat(sep=" ", timespec="minutes")
    return f"{kept.kind} runs: {kept.cron} ({kept.time_zone}); the next one is due {told}."


async def named_period(settings: Settings, period: str | None) -> tuple[str, bool]:
    """Return the name of the period to run, and whether it has its run already; `auto` is the newest due one."""
    if period != "auto":
        return period or utc_now(), False
    async with open_graph(settings) as graph:
        due, state = await due_period(graph, RunKind.EXCHANGE, datetime.now(UTC))
        return due, state.published
