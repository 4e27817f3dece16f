"""`symbiosis analyse cascades` and `cycles`: what could be used again along a chain, and what comes round."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from symbiosis.analytics.cascades import LONGEST, SHORTEST, Rank, cascades
from symbiosis.analytics.cycles import Cycles, cycles
from symbiosis.analytics.days import days_of
from symbiosis.analytics.flow_graph import FlowGraph, Layer
from symbiosis.analytics.potential import read_layer
from symbiosis.analytics.selection import Selection
from symbiosis.cli.screen import OUT, Shell
from symbiosis.cli.written import SHOWN, As, First, write_table
from symbiosis.domain.ids import SiteId, TerritoryId
from symbiosis.domain.resources import ResourceKind
from symbiosis.exports.tables import Format, table_of
from symbiosis.store.opening import open_graph
from symbiosis.units import BaseUnit

_THEN = " > "

OnLayer = Annotated[
    Layer, typer.Option(help="What could be, what is suggested, or what operates.", case_sensitive=False)
]
InTerritory = Annotated[str | None, typer.Option(help="Id of a territory: flows with an end there.")]
InPeriod = Annotated[str | None, typer.Option(help="Only these days: 2026, 2026-Q3, 2026-07 or 2026-07-01/2026-09-15.")]


@dataclass(frozen=True, slots=True)
class CascadeRow:
    """One chain: its sites and what each gives to the next, and what can go through all of it."""

    sites: str
    gives: str
    exchanges: int
    treated: int
    base_unit: BaseUnit
    through_base_per_year: int
    value_cent_per_year: int
    site_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CycleRow:
    """One cycle: its sites, its weakest exchange and all of them together."""

    sites: str
    exchanges: int
    weakest_cent_per_year: int
    value_cent_per_year: int
    site_ids: tuple[str, ...]


def cascades_command(
    ctx: typer.Context,
    *,
    kind: Annotated[ResourceKind, typer.Option(help="A chain is of one kind.", case_sensitive=False)] = (
        ResourceKind.MATERIAL
    ),
    rank: Annotated[Rank, typer.Option(help="What the best have most of.", case_sensitive=False)] = Rank.VALUE,
    shortest: Annotated[int, typer.Option(help="Least number of exchanges.", min=SHORTEST, max=LONGEST)] = SHORTEST,
    layer: OnLayer = Layer.SUGGESTED,
    territory: InTerritory = None,
    period: InPeriod = None,
    as_: As = Format.TABLE,
    first: First = SHOWN,
) -> None:
    """Show chains of two to four exchanges, what each site takes being of the kind it gives: the best first."""
    graph = _graph(ctx.obj, layer, Selection(_territory(territory)), period)
    names = {site.site_id: site.name for site in graph.sites}
    seen = cascades(graph, kind, rank=rank, at_most=first, shortest=shortest)
    if as_ is Format.TABLE and not seen.is_complete:
        OUT.print("There may be more: the search ended early. Ask of one territory, or for fewer.")
    rows = [
        CascadeRow(
            _sites(one.site_ids, names),
            _THEN.join(one.given),
            one.exchanges,
            one.treated,
            one.base_unit,
            one.through_base_per_year,
            one.value_cent_per_year,
            one.site_ids,
        )
        for one in seen.best
    ]
    write_table(table_of(CascadeRow, rows), as_, first)


def cycles_command(
    ctx: typer.Context,
    *,
    kind: Annotated[ResourceKind | None, typer.Option(help="Flows of this kind only.", case_sensitive=False)] = None,
    layer: OnLayer = Layer.SUGGESTED,
    territory: InTerritory = None,
    period: InPeriod = None,
    as_: As = Format.TABLE,
    first: First = SHOWN,
) -> None:
    """Show sites that give to each other all the way round, over at most five exchanges: the strongest first."""
    graph = _graph(ctx.obj, layer, Selection(_territory(territory), kind=kind), period)
    names = {site.site_id: site.name for site in graph.sites}
    seen = cycles(graph, first)
    if as_ is Format.TABLE:
        _show_counts(seen)
    rows = [
        CycleRow(
            _sites(one.site_ids, names),
            len(one.site_ids),
            one.weakest_cent_per_year,
            one.value_cent_per_year,
            one.site_ids,
        )
        for one in seen.strongest
    ]
    write_table(table_of(CycleRow, rows), as_, first)


def _show_counts(seen: Cycles) -> None:
    counted = ", ".join(f"{count:,} of {length}" for length, count in seen.counts.items())
    OUT.print(f"Cycles by number of exchanges: {counted}{'.' if seen.all_counted else '; there are more.'}")


def _sites(site_ids: Sequence[SiteId], names: dict[SiteId, str]) -> str:
    return _THEN.join(names[site_id] for site_id in site_ids)


def _territory(text: str | None) -> TerritoryId | None:
    return None if text is None else TerritoryId(text)


def _graph(shell: Shell, layer: Layer, selection: Selection, period: str | None) -> FlowGraph:
    return selection.of(asyncio.run(_read(shell, layer, period)))


async def _read(shell: Shell, layer: Layer, period: str | None) -> FlowGraph:
    days = None if period is None else days_of(period)
    async with open_graph(shell.settings()) as graph:
        return await read_layer(graph, layer, days)
