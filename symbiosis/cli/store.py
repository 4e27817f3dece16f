"""`symbiosis store status|backup|restore`: which store and how full; the whole of it as a file, and back."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from symbiosis.cli.screen import OUT, Shell, print_json, progress_display
from symbiosis.errors import InputError
from symbiosis.settings import Settings
from symbiosis.store.backup import Written, write_backup
from symbiosis.store.opening import open_graph
from symbiosis.store.restore import restore_backup
from symbiosis.store.status import StoreStatus, store_status

store_commands = typer.Typer(help="Look after the graph store.", no_args_is_help=True)


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


@store_commands.command()
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    *,
    json: Annotated[bool, typer.Option("--json", help="Print counts and SHA-256 as one JSON object.")] = False,
) -> None:
    """Write the whole store into one file: a line of JSON for each node and relationship, counted and hashed."""
    shell: Shell = ctx.obj
    if file.exists():
        raise BackupTargetError(file, "exists already")
    if not file.parent.is_dir():
        raise BackupTargetError(file, "would stand in a folder that does not exist")
    with progress_display(quiet=json) as report:
        written = asyncio.run(_backup(shell.settings(), file, _reporter(report, "reading")))
    _print_written(written, json=json, said=f"Written to {file}.")


@store_commands.command()
def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that `symbiosis store backup` has written.")],
    *,
    json: Annotated[bool, typer.Option("--json", help="Print counts and SHA-256 as one JSON object.")] = False,
) -> None:
    """Check a backup from its first line to its last, then write it into an empty store."""
    shell: Shell = ctx.obj
    if not file.is_file():
        raise BackupMissingError(file)
    with progress_display(quiet=json) as report:
        held = asyncio.run(_restore(shell.settings(), file, _reporter(report, "writing")))
    _print_written(held, json=json, said=f"Restored from {file}.")


class BackupTargetError(InputError):
    """The backup cannot be written under this name."""

    code = "BACKUP_TARGET"

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file} {why}. Name another file; nothing was written.")


class BackupMissingError(InputError):
    """There is no such file."""

    code = "BACKUP_MISSING"

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is not a file. Name one that `symbiosis store backup` has written.")


def _reporter(report: Callable[[str, float, str], None], phase: str) -> Callable[[int, int], None]:
    def on_line(done: int, all_lines: int) -> None:
        report(phase, done / max(all_lines, 1), f"{done:,} of {all_lines:,}")

    return on_line


def _print_written(written: Written, *, json: bool, said: str) -> None:
    if json:
        print_json({"nodes": written.nodes, "relationships": written.relationships, "sha256": written.sha256})
        return
    nodes, relationships = sum(written.nodes.values()), sum(written.relationships.values())
    OUT.print(f"{said} {nodes:,} nodes, {relationships:,} relationships.", soft_wrap=True)
    OUT.print(f"SHA-256 of its content: {written.sha256}", soft_wrap=True)


async def _backup(settings: Settings, file: Path, on_line: Callable[[int, int], None]) -> Written:
    draft = file.with_name(file.name + ".part")
    try:
        async with open_graph(settings) as graph:
            with draft.open("wb") as out:
                written = await write_backup(graph, out, on_line)
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    return written


async def _restore(settings: Settings, file: Path, on_line: Callable[[int, int], None]) -> Written:
    async with open_graph(settings, migrate=False) as graph:
        return await restore_backup(graph, file, on_line)
