"""`symbiosis front`: how much value is given up for each tonne CO2e more that is avoided."""

import asyncio
import csv
import io
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from symbiosis.cli.screen import OUT, Shell, print_json
from symbiosis.domain.fronts import FEWEST, MOST, FrontPoint
from symbiosis.matching.front import keep_front_of
from symbiosis.matching.limits import run_options
from symbiosis.settings import Settings
from symbiosis.store.opening import open_graph
from symbiosis.units import eur_from_cent, tco2e_from_g


class Form(StrEnum):
    """How the front is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def front(
    ctx: typer.Context,
    *,
    points: Annotated[int, typer.Option(min=FEWEST, max=MOST, help="How many points.")] = 11,
    form: Annotated[Form, typer.Option("--format", help="How to print them.")] = Form.TABLE,
) -> None:
    """Draw the front between value and emissions avoided; keep it with the current run if that saw the same market."""
    shell: Shell = ctx.obj
    drawn, kept = asyncio.run(_front(shell.settings(), points))
    rows = [_row(point) for point in drawn]
    if form is Form.JSON:
        print_json({"points": rows, "kept_with_current_run": kept})
    elif form is Form.CSV:
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        OUT.out(text.getvalue(), end="")
    else:
        OUT.print(_table(drawn))
        if not kept:
            OUT.print("Not kept: the current run decided over another market. `symbiosis optimize` makes a new one.")


async def _front(settings: Settings, points: int) -> tuple[tuple[FrontPoint, ...], bool]:
    async with open_graph(settings) as graph:
        return await keep_front_of(graph, points, run_options(settings).limits)


def _row(point: FrontPoint) -> dict[str, float]:
    return {
        "avoided_tco2e_per_year": tco2e_from_g(point.avoided_gco2e_per_year),
        "value_eur_per_year": eur_from_cent(point.value_cent_per_year),
        "bound_eur_per_year": eur_from_cent(point.bound_cent_per_year),
        "marginal_eur_per_tco2e": eur_from_cent(point.marginal_cent_per_t),
    }


def _table(drawn: tuple[FrontPoint, ...]) -> Table:
    table = Table(title="Value against emissions avoided, per year", title_justify="left")
    for name in ("at least, t CO2e", "value, €", "proven bound, €", "the last tonne costs, €"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in map(_row, drawn):
        tco2e, value, bound, marginal = row.values()
        table.add_row(f"{tco2e:,.1f}", f"{value:,.0f}", f"{bound:,.0f}", f"{marginal:,.2f}")
    return table
