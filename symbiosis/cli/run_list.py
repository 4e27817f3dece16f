"""`symbiosis runs list`, `show`, `watch` and `sweep`: the runs there are, one of them, and what is cleared away."""

import asyncio
from collections.abc import Sequence
from dataclasses import fields
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Column, Table

from symbiosis.cli.screen import OUT, Shell, print_json
from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run, RunProgress, RunStatus
from symbiosis.errors import NotFoundError
from symbiosis.matching.limits import run_options
from symbiosis.matching.retention import cleared
from symbiosis.settings import Settings
from symbiosis.store.opening import open_graph
from symbiosis.store.run_pages import newest_runs
from symbiosis.store.run_progress import RunRow, run_with_progress
from symbiosis.store.sweeping import Swept
from symbiosis.units import eur_from_cent

PERCENT: Final = 100
FAILED: Final = 3
WHOLE_IDS: Final = 120
"""Characters of a line of the list at least, however narrow the screen: an id that is cut could not be pasted."""


def list_runs(
    ctx: typer.Context,
    *,
    first: Annotated[int, typer.Option(min=1, max=100, help="How many, newest first.")] = 20,
) -> None:
    """List the runs, newest first: failed and running ones too."""
    shell: Shell = ctx.obj
    show_runs(asyncio.run(_newest(shell.settings(), first)))


def show_runs(runs: Sequence[Run]) -> None:
    """Print runs as a table with their ids whole, however narrow the screen is."""
    figures = [Column(name, justify="right", no_wrap=True) for name in ("suggestions", "EUR a year", "s")]
    named = [Column(name, no_wrap=True) for name in ("run", "kind", "status")]
    table = Table(*named, *figures, Column("period", overflow="fold"), box=None, pad_edge=False)
    for run in runs:
        value = run.objective_cent_per_year
        table.add_row(
            *(run.run_id, run.kind, run.status),
            "" if run.suggestions is None else f"{run.suggestions:,}",
            "" if value is None else f"{eur_from_cent(value):,.2f}",
            "" if run.duration_s is None else f"{run.duration_s:.1f}",
            run.period,
        )
    if not table.row_count:
        OUT.print("There is no run yet: `symbiosis optimize` makes one.")
        return
    Console(width=max(OUT.width, WHOLE_IDS), highlight=False).print(table)


def show(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(help="Id of a run, from `symbiosis runs list`.")],
) -> None:
    """Print everything that is kept of a run as one JSON object; while it runs, where it stands."""
    shell: Shell = ctx.obj
    found = asyncio.run(_one(shell.settings(), RunId(run)))
    facts = {field.name: getattr(found.run, field.name) for field in fields(Run)}
    now = found.progress
    progress = None if now is None else {field.name: getattr(now, field.name) for field in fields(RunProgress)}
    print_json({**facts, "progress": progress})


def watch(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(help="Id of a run, from `symbiosis runs list`.")],
    *,
    every: Annotated[float, typer.Option(min=0.1, help="How often to look, in seconds.")] = 1.0,
) -> None:
    """Say where a run stands, whichever process makes it, until it has ended; exit 3 if it failed."""
    shell: Shell = ctx.obj
    ended = asyncio.run(_watched(shell.settings(), RunId(run), every))
    raise typer.Exit(FAILED if ended.status is RunStatus.FAILED else 0)


def sweep(ctx: typer.Context) -> None:
    """Remove what failed runs have left, and plans beyond SYMBIOSIS_KEEP_RUNS and _DAYS; each run does so too."""
    shell: Shell = ctx.obj
    retired, gone = asyncio.run(_cleared(shell.settings()))
    if retired:
        OUT.print(f"No longer kept: the plans of {', '.join(retired)}. Their figures are.", soft_wrap=True)
    counts = f"{gone.suggestions:,} suggestions, {gone.changes:,} changes and {gone.synergies:,} synergies"
    removed = f"Removed {counts} that nobody had taken up, and the records of {gone.failed_runs:,} failed runs."
    OUT.print(removed if gone else "There was nothing to remove.", soft_wrap=True)


async def _newest(settings: Settings, first: int) -> list[Run]:
    async with open_graph(settings) as graph:
        return await graph.read(newest_runs, first)


async def _watched(settings: Settings, run_id: RunId, every_s: float) -> Run:
    """Return a run once it has ended; print where it stands whenever that has changed."""
    shown = ""
    async with open_graph(settings) as graph:
        while True:
            found = await graph.read(run_with_progress, run_id)
            if found is None:
                raise NotFoundError("run", run_id)
            said = _stands(found)
            if said != shown:
                OUT.print(said, soft_wrap=True, markup=False)
                shown = said
            if found.run.status is not RunStatus.RUNNING:
                return found.run
            await asyncio.sleep(every_s)


def _stands(row: RunRow) -> str:
    run, now = row.run, row.progress
    if run.status is RunStatus.FAILED:
        return f"failed: {run.failure}"
    if run.status is not RunStatus.RUNNING:
        value = eur_from_cent(run.objective_cent_per_year or 0)
        return f"{run.status.lower()}: {run.suggestions or 0:,} suggestions, {value:,.2f} EUR a year"
    if now is None:
        return "running"
    said = f"{now.done_share * PERCENT:3.0f} %  {now.phase.lower()}: {now.message}"
    if now.best_cent_per_year is None or now.bound_cent_per_year is None or now.gap_share is None:
        return said
    best, bound = eur_from_cent(now.best_cent_per_year), eur_from_cent(now.bound_cent_per_year)
    return f"{said}; {best:,.2f} of at most {bound:,.2f} EUR a year, gap {now.gap_share * PERCENT:.2f} %"


async def _one(settings: Settings, run_id: RunId) -> RunRow:
    async with open_graph(settings) as graph:
        found = await graph.read(run_with_progress, run_id)
        if found is None:
            raise NotFoundError("run", run_id)
        return found


async def _cleared(settings: Settings) -> tuple[list[RunId], Swept]:
    async with open_graph(settings) as graph:
        return await cleared(graph, run_options(settings).keep)
