"""`symbiosis import sites|listings FILE`: all or nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from symbiosis.cli.screen import ERR, OUT, Shell
from symbiosis.ingest.files import ImportRefusedError, ImportReport, import_listings, import_sites
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph
from symbiosis.store.opening import open_graph

SHOWN_PROBLEMS: Final = 200

import_commands = typer.Typer(
    help="Import sites or listings from a CSV or XLSX file: all of it, or nothing.", no_args_is_help=True
)

File = Annotated[Path, typer.Argument(help="A .csv (UTF-8) or .xlsx file; columns: docs/data.md.", show_default=False)]
Importer = Callable[[Graph, Path], Awaitable[ImportReport]]


@import_commands.command()
def sites(ctx: typer.Context, file: File) -> None:
    """Import the sites of FILE."""
    _import(ctx.obj, import_sites, file)


@import_commands.command()
def listings(ctx: typer.Context, file: File) -> None:
    """Import the supplies and demands of FILE."""
    _import(ctx.obj, import_listings, file)


def _import(shell: Shell, importer: Importer, file: Path) -> None:
    try:
        report = asyncio.run(_run(shell.settings(), importer, file))
    except ImportRefusedError as refused:
        _show_problems(refused)
        raise
    OUT.print(f"{file}: {report.created} created, {report.updated} updated, {report.unchanged} unchanged.")


async def _run(settings: Settings, importer: Importer, file: Path) -> ImportReport:
    async with open_graph(settings) as graph:
        return await importer(graph, file)


def _show_problems(refused: ImportRefusedError) -> None:
    table = Table(title="What is wrong", title_justify="left")
    table.add_column("line", justify="right")
    for name in ("column", "value", "reason"):
        table.add_column(name, overflow="fold")
    for problem in refused.problems[:SHOWN_PROBLEMS]:
        table.add_row(str(problem.line), problem.column, problem.value, problem.reason)
    ERR.print(table)
    if len(refused.problems) > SHOWN_PROBLEMS:
        ERR.print(f"… and {len(refused.problems) - SHOWN_PROBLEMS} more.")
