"""`symbiosis optimize`: one run, from snapshot to published plan."""

import asyncio
from typing import Annotated, Final

import typer

from symbiosis.analytics.overview import Overview, overview
from symbiosis.cli.preview import preview_shown
from symbiosis.cli.schedule import named_period
from symbiosis.cli.screen import OUT, Shell, print_json, progress_display
from symbiosis.cli.tables import overview_json, show_overview
from symbiosis.domain.fronts import MOST
from symbiosis.matching.cluster import Cluster
from symbiosis.matching.limits import run_options
from symbiosis.matching.run import run_exchange
from symbiosis.matching.worker import ComputeIn
from symbiosis.settings import Settings
from symbiosis.store.opening import open_graph
from symbiosis.store.roads import forget_roads as forget_roads_of

FORGOTTEN_AT_ONCE: Final = 500

IsPreview = Annotated[
    bool, typer.Option("--preview", help="Decide and publish nothing: say what would change, and why.")
]
Territory = Annotated[str | None, typer.Option(help="Of a preview: decide anew only the pairs within this territory.")]
FrontPoints = Annotated[
    int, typer.Option(min=0, max=MOST, help="Of a preview: how many points of the front to draw; 0 for none.")
]


def optimize(
    ctx: typer.Context,
    *,
    period: Annotated[
        str | None,
        typer.Option(
            help="Name of the period, one run each; auto: the newest that is due.  [default: the time of now]"
        ),
    ] = None,
    forget_roads: Annotated[
        bool, typer.Option("--forget-roads", help="Forget the known distances by road first, and ask for them again.")
    ] = False,
    cluster: Annotated[
        str | None, typer.Option(help="Solve components on the Dask cluster whose scheduler is at this address.")
    ] = None,
    preview: IsPreview = False,
    territory: Territory = None,
    front: FrontPoints = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,
) -> None:
    """Find the best exchanges among all open listings, check the plan, and publish it."""
    shell: Shell = ctx.obj
    if preview:
        if period is not None or forget_roads or cluster is not None:
            raise typer.BadParameter("A preview has no --period, --forget-roads or --cluster; leave them out.")
        asyncio.run(preview_shown(shell.settings(), territory, front, as_json=as_json))
        return
    if territory is not None or front:
        raise typer.BadParameter("Only a preview has --territory and --front; add --preview.")
    named, done = asyncio.run(named_period(shell.settings(), period))
    if done:
        OUT.print(f"The period {named} is already run.")
        return
    compute_in = ComputeIn.PROCESS if cluster is None else Cluster(cluster)
    seen = asyncio.run(_optimize(shell.settings(), named, compute_in, quiet=as_json, forgetting=forget_roads))
    if as_json:
        print_json(overview_json(seen))
    else:
        show_overview(OUT, seen)


async def _optimize(
    settings: Settings, period: str, compute_in: ComputeIn | Cluster, *, quiet: bool, forgetting: bool
) -> Overview:
    async with open_graph(settings) as graph:
        while forgetting and await graph.write(forget_roads_of, FORGOTTEN_AT_ONCE) == FORGOTTEN_AT_ONCE:
            pass
        with progress_display(quiet=quiet) as report:
            await run_exchange(
                graph,
                period=period,
                on_progress=lambda p: report("run", p.done_share, f"{p.phase.lower()}: {p.message}"),
                compute_in=compute_in,
                options=run_options(settings),
            )
        return await overview(graph)
