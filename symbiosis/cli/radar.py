"""`symbiosis analyse radar`: which new plants and treatments, where, would unlock most value."""

import asyncio
from typing import Annotated, Final

import typer

from symbiosis.analytics.plants import MOST_PLANTS, Plant, Wanted, activities, places_of
from symbiosis.analytics.radar import portfolio
from symbiosis.cli.screen import Shell
from symbiosis.cli.written import SHOWN, As, First, write_table
from symbiosis.domain.runs import RunKind
from symbiosis.exports.tables import Format, table_of
from symbiosis.store.flow_columns import FlowSite, flow_sites
from symbiosis.store.opening import open_graph
from symbiosis.store.snapshot import StoredMarket, read_market

PLACES: Final = 8


def radar(
    ctx: typer.Context,
    *,
    plants: Annotated[int, typer.Option(help="How many plants.", min=1, max=MOST_PLANTS)] = 10,
    places: Annotated[
        int, typer.Option(help="How many communes are looked at: those with most sites.", min=1)
    ] = PLACES,
    employees: Annotated[int, typer.Option(help="How many people work in each plant.", min=1)] = 100,
    activity: Annotated[
        list[str] | None, typer.Option(help="Only plants of this activity (NAF sub-class); may be given again.")
    ] = None,
    treatments: Annotated[
        bool, typer.Option(help="Look also at treatments that are missing, beside plants by activity.")
    ] = True,
    as_: As = Format.TABLE,
    first: First = SHOWN,
) -> None:
    """Show a portfolio of new plants and treatments, each the best addition to those before it; nothing is written."""
    sites, market = asyncio.run(_read(ctx.obj))
    wanted = Wanted(plants, employees, treatments)
    found = portfolio(market, activity or activities(sites), places_of(sites, places), wanted)
    write_table(table_of(Plant, found.plants), as_, first)


async def _read(shell: Shell) -> tuple[list[FlowSite], StoredMarket]:
    async with open_graph(shell.settings()) as graph:
        return await graph.read(flow_sites), await graph.read(read_market, RunKind.EXCHANGE)
