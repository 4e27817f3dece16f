"""Commands: a use-case each, with a help text; they translate and delegate."""

from pathlib import Path
from typing import Annotated

import typer

from symbiosis import VERSION
from symbiosis.cli.analyse import analyse_commands
from symbiosis.cli.changes import run_commands
from symbiosis.cli.demo import demo
from symbiosis.cli.doctor import doctor
from symbiosis.cli.explain import explain
from symbiosis.cli.front import front
from symbiosis.cli.imports import import_commands
from symbiosis.cli.keys import key_commands
from symbiosis.cli.receivers import receivers
from symbiosis.cli.run_list import list_runs, show, sweep, watch
from symbiosis.cli.runs import optimize
from symbiosis.cli.scenarios import scenario_commands
from symbiosis.cli.schedule import schedule
from symbiosis.cli.screen import Shell
from symbiosis.cli.serving import schema, serve
from symbiosis.cli.store import backup, restore, store_commands
from symbiosis.cli.suggest import suggest

commands = typer.Typer(
    name="symbiosis",
    help="A marketplace for industrial symbiosis: list, decide together, prove it, follow up.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:  # noqa: FBT001 - Typer's callback signature.
    if asked:
        typer.echo(f"symbiosis {VERSION}")
        raise typer.Exit


@commands.callback()
def everything(
    ctx: typer.Context,
    *,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Where the embedded store lives; default: SYMBIOSIS_DATA_DIR, or your user data."),
    ] = None,
    _show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Remember the options that every command obeys."""
    ctx.obj = Shell(data_dir=data_dir)


run_commands.command("list")(list_runs)
run_commands.command()(show)
run_commands.command()(schedule)
run_commands.command()(sweep)
run_commands.command()(watch)
commands.command()(demo)
commands.command()(serve)
commands.command()(optimize)
commands.command()(front)
commands.command()(explain)
commands.command()(suggest)
commands.command()(receivers)
commands.command()(schema)
commands.command()(doctor)
commands.add_typer(analyse_commands, name="analyse")
commands.add_typer(import_commands, name="import")
commands.add_typer(key_commands, name="keys")
commands.add_typer(run_commands, name="runs")
commands.add_typer(scenario_commands, name="scenarios")
commands.command()(backup)
commands.command()(restore)
commands.add_typer(store_commands, name="store")
