"""`symbiosis store status`: which store, how full, at which migration."""

import asyncio

import typer
from rich.table import Table

from symbiosis.cli.screen import OUT, Shell
from symbiosis.settings import Settings
from symbiosis.store.opening import open_graph
from symbiosis.store.status import StoreStatus, store_status

store_commands = typer.Typer(help="Look after the graph store.", no_args_is_help=True)


@store_commands.callback()
def store() -> None:
    """Keep `status` a sub-command."""


@store_commands.command()
def status(ctx: typer.Context) -> None:
    """Say which store is in use, what it holds and at which migration it is."""
    shell: Shell = ctx.obj
    settings = shell.settings()
    found = asyncio.run(_status(settings))
    table = Table(show_header=False, title="Store", title_justify="left")
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    table.add_row("server", f"{found.server} {found.version}")
    table.add_row("where", settings.neo4j_uri or f"embedded, in {settings.data_dir}")
    table.add_row("migration", found.migration)
    for label, count in found.nodes:
        table.add_row(label, f"{count:,}")
    OUT.print(table)


async def _status(settings: Settings) -> StoreStatus:
    async with open_graph(settings) as graph:
        return await store_status(graph)
