"""`symbiosis analyse radar`: which new plants and treatments, where, would unlock most value."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final, Self

import typer

from symbiosis.analytics.plants import MOST_PLANTS, Plant, Wanted, activities, places_of
from symbiosis.analytics.radar import portfolio
from symbiosis.cli.screen import Shell
from symbiosis.cli.written import SHOWN, As, First, cell_text, write_table
from symbiosis.domain.analyses import PlantKind
from symbiosis.domain.runs import RunKind
from symbiosis.exports.tables import Format, table_of
from symbiosis.ingest.tables import nace
from symbiosis.store.flow_columns import FlowSite, flow_sites
from symbiosis.store.opening import open_graph
from symbiosis.store.snapshot import StoredMarket, read_market
from symbiosis.units import SYMBOL, TRADE_UNIT, trade_from_base

PLACES: Final = 8
CLASS: Final = len("20.11")
"""The first so many characters of a NAF sub-class are its class of NACE."""


@dataclass(frozen=True, slots=True)
class PlantRow:
    """A plant or a treatment on few columns, for a screen; see `Plant`. `what` holds the heading of a treatment."""

    rank: int
    what: str
    place: str
    size: str
    sites: int
    gain_cent_per_year: int
    whole_cent_per_year: int

    @classmethod
    def of(cls, plant: Plant) -> Self:
        """Return the row of a plant."""
        return cls(
            rank=plant.rank,
            what=_what(plant),
            place=plant.place,
            size=_size(plant),
            sites=plant.site_count,
            gain_cent_per_year=plant.gain_cent_per_year,
            whole_cent_per_year=plant.whole_cent_per_year,
        )


def _what(plant: Plant) -> str:
    if plant.kind is PlantKind.PLANT:
        return f"plant {plant.naf}: {nace()[(plant.naf or '')[:CLASS]].label_en}"
    return f"{plant.technique}: {plant.by_product} → {plant.replaces} (heading {plant.heading})"


def _size(plant: Plant) -> str:
    if plant.quantity_base_per_year is None or plant.base_unit is None:
        return f"{plant.employees:,} people"
    quantity = trade_from_base(plant.quantity_base_per_year, plant.base_unit)
    return f"{cell_text(quantity)} {SYMBOL[TRADE_UNIT[plant.base_unit]]} a year"


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
    if as_ is Format.TABLE:
        rows = [PlantRow.of(plant) for plant in found.plants]
        write_table(table_of(PlantRow, rows), as_, first, "No plant adds anything to the market as it is.")
    else:
        write_table(table_of(Plant, found.plants), as_, first)


async def _read(shell: Shell) -> tuple[list[FlowSite], StoredMarket]:
    async with open_graph(shell.settings()) as graph:
        return await graph.read(flow_sites), await graph.read(read_market, RunKind.EXCHANGE)
