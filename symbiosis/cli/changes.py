"""`symbiosis runs changes`: what a run's plan changes of the plan before it, and why."""

import asyncio
from typing import Annotated

import typer
from rich.table import Table

from symbiosis.cli.screen import OUT, Shell, print_json
from symbiosis.domain.changes import ChangeCount, PairChange
from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run
from symbiosis.errors import NotFoundError
from symbiosis.settings import Settings
from symbiosis.store.opening import open_graph
from symbiosis.store.run_changes import run_changes
from symbiosis.store.run_notes import CHANGES_KEPT
from symbiosis.store.run_pages import published_run, run_by_id
from symbiosis.units import eur_from_cent

run_commands = typer.Typer(help="What runs have made.", no_args_is_help=True)


@run_commands.command()
def changes(
    ctx: typer.Context,
    run: Annotated[str | None, typer.Argument(help="Id of a run.  [default: the current one]")] = None,
    *,
    first: Annotated[int, typer.Option(min=1, max=CHANGES_KEPT, help="How many pairs, by value.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,
) -> None:
    """Say which pairs are new, gone, larger or smaller than in the plan before, and why; what stability costs."""
    shell: Shell = ctx.obj
    seen, rows = asyncio.run(_changes(shell.settings(), None if run is None else RunId(run), first))
    if as_json:
        print_json(
            {
                "run_id": seen.run_id,
                "stability_cost_eur_per_year": _eur(seen.stability_cost_cent_per_year),
                "counts": count_rows(seen),
                "changes": [change_row(change) for change in rows],
            }
        )
        return
    OUT.print(f"Run {seen.run_id}: {counts_told(seen)}.", soft_wrap=True)
    if seen.stability_cost_cent_per_year is not None:
        OUT.print(f"Stability costs {_eur(seen.stability_cost_cent_per_year):,.2f} EUR a year of the free optimum.")
    if rows:
        OUT.print(changes_table(rows))


def count_rows(run: Run) -> list[dict[str, object]]:
    """Return how many pairs a run changes, by kind and cause, as plain data."""
    return [{"kind": c.kind, "cause": c.cause, "pairs": c.pairs} for c in _counts(run)]


def counts_told(run: Run) -> str:
    """Return in words how many pairs a run changes."""
    told = [f"{c.pairs} {c.kind.lower()} ({c.cause.replace('_', ' ').lower()})" for c in _counts(run)]
    return ", ".join(told) or "no pair changed"


def _counts(run: Run) -> list[ChangeCount]:
    return [ChangeCount.from_text(text) for text in (run.change_counts or "").split()]


async def _changes(settings: Settings, run_id: RunId | None, first: int) -> tuple[Run, list[PairChange]]:
    async with open_graph(settings) as graph:
        found = await (graph.read(published_run) if run_id is None else graph.read(run_by_id, run_id))
        if found is None:
            raise NotFoundError("run", run_id or "current")
        return found, await graph.read(run_changes, found.run_id, first)


def _eur(cent: int | None) -> float | None:
    return None if cent is None else eur_from_cent(cent)


def change_row(change: PairChange) -> dict[str, object]:
    """Return a change as plain data: base units and EUR, per year."""
    return {
        "synergy_id": change.synergy_id,
        "supply_id": change.supply_id,
        "demand_id": change.demand_id,
        "kind": change.kind,
        "cause": change.cause,
        "detail": change.detail,
        "before_base_units_per_year": change.before_base_per_year,
        "after_base_units_per_year": change.after_base_per_year,
        "before_eur_per_year": eur_from_cent(change.before_cent_per_year),
        "after_eur_per_year": eur_from_cent(change.after_cent_per_year),
    }


def changes_table(rows: list[PairChange]) -> Table:
    """Return a table of changes."""
    table = Table()
    for name in ("supply", "demand", "change", "why"):
        table.add_column(name, overflow="fold")
    table.add_column("EUR a year before", justify="right")
    table.add_column("now", justify="right")
    for change in rows:
        why = f"{change.cause.replace('_', ' ').lower()}: {change.detail}" if change.detail else change.cause.lower()
        table.add_row(
            change.supply_id,
            change.demand_id,
            change.kind.lower(),
            why,
            f"{eur_from_cent(change.before_cent_per_year):,.0f}",
            f"{eur_from_cent(change.after_cent_per_year):,.0f}",
        )
    return table
