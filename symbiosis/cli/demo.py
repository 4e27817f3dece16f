"""`symbiosis demo`: the whole loop on real sites, in one command."""

import asyncio
import time
from typing import Annotated

import typer
from rich.markup import escape

from symbiosis.analytics.overview import Overview, overview
from symbiosis.api.tokens import development_token
from symbiosis.app import create_app
from symbiosis.cli.screen import ERR, OUT, Shell, print_json, progress_display
from symbiosis.cli.serving import Listening, listen
from symbiosis.cli.tables import overview_json, show_overview
from symbiosis.domain.times import utc_now
from symbiosis.ingest.load import load_demo_territory
from symbiosis.market.people import DemoPerson, ensure_demo_people
from symbiosis.matching.limits import RunOptions
from symbiosis.matching.run import is_up_to_date, run_exchange
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph
from symbiosis.store.opening import open_graph

TOKEN_TTL_S = 12 * 3600


def demo(
    ctx: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once", help="Print the summary and end, without serving.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
    port: Annotated[int | None, typer.Option(help="Port to serve on; 0 takes a free one.  [default: 8000]")] = None,
) -> None:
    """Load the real sites of Lyon and Saint-Étienne, find the best exchanges, and serve them.

    Quantities are estimated from the sector, not declared by the sites: nobody publishes them.
    """
    shell: Shell = ctx.obj
    settings = shell.settings(dev_tokens=True, port=port)
    listening = None if once else listen(settings.host, settings.port)
    try:
        asyncio.run(_demo(settings, listening, as_json=as_json))
    finally:
        if listening is not None:
            listening.close()


async def _demo(settings: Settings, listening: Listening | None, *, as_json: bool) -> None:
    began = time.monotonic()
    async with open_graph(settings) as graph:
        await _load_and_run(graph, settings.osrm_url, quiet=as_json)
        seen = await overview(graph)
        people = await ensure_demo_people(graph)
        seconds = time.monotonic() - began
        if as_json:
            print_json(overview_json(seen) | {"seconds": round(seconds, 1)})
        else:
            _show(seen, seconds)
        if listening is None:
            return
        _invite(listening.url, people, settings)
        await listening.serve(create_app(settings, graph=graph))
    ERR.print("Stopped; the data stays for the next start.")


async def _load_and_run(graph: Graph, osrm_url: str | None, *, quiet: bool) -> None:
    """Bring the demo territory and a published run up to date; quick where both already are."""
    now = utc_now()
    with progress_display(quiet=quiet) as report:
        await load_demo_territory(graph, now=now, on_progress=lambda share, text: report("load", share, text))
        if await is_up_to_date(graph):
            report("run", 1.0, "the published plan is still the one for this input")
            return
        await run_exchange(
            graph,
            period=f"demo {now}",
            on_progress=lambda p: report("run", p.done_share, f"{p.phase.lower()}: {p.message}"),
            options=RunOptions(osrm_url),
        )


def _show(seen: Overview, seconds: float) -> None:
    show_overview(OUT, seen)
    OUT.print(f"[dim]Ready after {seconds:.1f} s.[/]")


def _invite(url: str, people: tuple[DemoPerson, ...], settings: Settings) -> None:
    """Print where to go and with which tokens; a token stands on a line of its own, unbroken, to be copied."""
    ERR.print(
        f"\nThe console: [bold]{url}/[/]   GraphQL, and a page to ask from: {url}/graphql   (Ctrl-C stops)\n",
        soft_wrap=True,
    )
    ERR.print("Development tokens for this machine, good for 12 hours (Authorization: Bearer …).")
    ERR.print(f"In the console, paste one to sign in, or open {url}/#token=… with it behind.", soft_wrap=True)
    for person in people:
        ERR.print(f"\n[bold]{person.label}[/] {escape(person.about)}", soft_wrap=True)
        ERR.print(development_token(settings, person.subject, TOKEN_TTL_S), style="dim", soft_wrap=True)
    ERR.print()
