"""`symbiosis analyse newcomer`: a plant that is not there yet."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final

import typer

from symbiosis.analytics.flow_graph import site_names
from symbiosis.analytics.newcomer import Arrival, LikelyExchange, LikelyListing, Newcomer, read_arrival
from symbiosis.cli.analysis_rows import Names
from symbiosis.cli.screen import OUT, Shell
from symbiosis.cli.written import SHOWN, As, First, write_table
from symbiosis.domain.ids import SiteId
from symbiosis.exports.tables import Format, table_of
from symbiosis.store.opening import open_graph
from symbiosis.units import BaseUnit, eur_from_cent

_FEW: Final = 10


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One exchange that the plant would have."""

    direction: str
    resource: str
    partner: str
    base_unit: BaseUnit
    quantity_base_per_year: int
    value_cent_per_year: int
    distance_m: int


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """How the value of another site's exchanges would change."""

    site: str
    change_cent_per_year: int


def newcomer(
    ctx: typer.Context,
    naf: Annotated[str, typer.Argument(help="Its activity, a NAF sub-class: 24.51Z.")],
    *,
    employees: Annotated[int, typer.Option(help="How many people work there.", min=1)],
    lat: Annotated[float, typer.Option(help="Latitude, degrees (WGS84).")],
    lon: Annotated[float, typer.Option(help="Longitude, degrees (WGS84).")],
    as_: As = Format.TABLE,
    first: First = SHOWN,
) -> None:
    """Show what a new plant would list, exchange and change for others; nothing is written."""
    seen, names = asyncio.run(_read(ctx.obj, Newcomer(naf, employees, lat, lon)))
    exchanges = table_of(ExchangeRow, [_exchange(one, names) for one in seen.exchanges])
    if as_ is not Format.TABLE:
        write_table(exchanges, as_, first)
        return
    gain, whole = eur_from_cent(seen.gain_cent_per_year), eur_from_cent(seen.whole_cent_per_year)
    OUT.print(f"All exchanges together would gain EUR {gain:,.0f} a year, to EUR {whole:,.0f}. What it would exchange:")
    write_table(exchanges, as_, first)
    OUT.print("\nWhat it would list, estimated from its sector:")
    write_table(table_of(LikelyListing, seen.listings), as_, first)
    OUT.print("\nFor whom the value of exchanges changes most:")
    changes = [ChangeRow(names.get(one.site_id, one.site_id), one.change_cent_per_year) for one in seen.changes]
    write_table(table_of(ChangeRow, changes), as_, _FEW)


async def _read(shell: Shell, plant: Newcomer) -> tuple[Arrival, dict[SiteId, str]]:
    async with open_graph(shell.settings()) as graph:
        return await read_arrival(graph, plant), await site_names(graph)


def _exchange(one: LikelyExchange, names: Names) -> ExchangeRow:
    return ExchangeRow(
        direction=one.direction,
        resource=one.resource_code,
        partner=names.get(one.partner_id, one.partner_id),
        base_unit=one.base_unit,
        quantity_base_per_year=one.quantity_base_per_year,
        value_cent_per_year=one.value_cent_per_year,
        distance_m=one.distance_m,
    )
