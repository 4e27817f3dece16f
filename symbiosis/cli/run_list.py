"""`symbiosis runs list`, `show` and `sweep`: the runs there are, one of them, and what interrupted ones have left."""

import asyncio
from dataclasses import fields
from typing import Annotated

import typer
from rich.table import Table

from symbiosis.cli.screen import OUT, Shell, print_json
from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run
from symbiosis.errors import NotFoundError
from symbiosis.matching.limits import run_options
from symbiosis.matching.retention import cleared
from symbiosis.settings import Settings
from symbiosis.store.opening import open_graph
from symbiosis.store.run_pages import newest_runs, run_by_id
from symbiosis.store.sweeping import Swept
from symbiosis.units import eur_from_cent


def list_runs(
    ctx: typer.Context,
    *,
    first: Annotated[int, typer.Option(min=1, max=100, help="How many, newest first.")] = 20,
) -> None:
    """List the runs, newest first: failed and running ones too."""
    shell: Shell = ctx.obj
    table = Table("run", "kind", "period", "status", "suggestions", "EUR a year", "s", box=None, pad_edge=False)
    for run in asyncio.run(_newest(shell.settings(), first)):
        value = run.objective_cent_per_year
        table.add_row(
            *(run.run_id, run.kind, run.period, run.status),
            "" if run.suggestions is None else f"{run.suggestions:,}",
            "" if value is None else f"{eur_from_cent(value):,.2f}",
            "" if run.duration_s is None else f"{run.duration_s:.1f}",
        )
    OUT.print(table if table.row_count else "There is no run yet: `symbiosis optimize` makes one.")


def show(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(help="Id of a run, from `symbiosis runs list`.")],
) -> None:
    """Print everything that is kept of a run as one JSON object."""
    shell: Shell = ctx.obj
    found = asyncio.run(_one(shell.settings(), RunId(run)))
    print_json({field.name: getattr(found, field.name) for field in fields(Run)})


def sweep(ctx: typer.Context) -> None:
    """Remove what failed runs have left, and plans beyond SYMBIOSIS_KEEP_RUNS and _DAYS; each run does so too."""
    shell: Shell = ctx.obj
    retired, gone = asyncio.run(_cleared(shell.settings()))
    if retired:
        OUT.print(f"No longer kept: the plans of {', '.join(retired)}. Their figures are.", soft_wrap=True)
    counts = f"{gone.suggestions:,} suggestions, {gone.changes:,} changes and {gone.synergies:,} synergies"
    OUT.print(f"Removed {counts} that nobody had taken up." if gone else "There was nothing to remove.")


async def _newest(settings: Settings, first: int) -> list[Run]:
    async with open_graph(settings) as graph:
        return await graph.read(newest_runs, first)


async def _one(settings: Settings, run_id: RunId) -> Run:
    async with open_graph(settings) as graph:
        found = await graph.read(run_by_id, run_id)
        if found is None:
            raise NotFoundError("run", run_id)
        return found


async def _cleared(settings: Settings) -> tuple[list[RunId], Swept]:
    async with open_graph(settings) as graph:
        return await cleared(graph, run_options(settings).keep)
