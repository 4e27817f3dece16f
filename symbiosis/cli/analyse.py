"""`symbiosis analyse …`: one command a question to the flow graph, each as table, CSV, JSON or Parquet."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from symbiosis.analytics.balances import FlowBetween, GroupBalance, GroupBy, balances, flows_between, groups_of
from symbiosis.analytics.cooperation import Cooperation, Party, Together, cooperation
from symbiosis.analytics.days import Days, days_of
from symbiosis.analytics.decided import read_decided
from symbiosis.analytics.drawn import drawn, value_bands
from symbiosis.analytics.flow_graph import FlowGraph, Layer, site_names
from symbiosis.analytics.indicators import Amounts, DeclaredJobs, Indicators, StatusCount, read_indicators
from symbiosis.analytics.marginals import marginals as marginal_values
from symbiosis.analytics.observatory import PublicCell
from symbiosis.analytics.potential import read_layer
from symbiosis.analytics.publishing import published
from symbiosis.analytics.selection import Ends, Selection
from symbiosis.analytics.structure import GraphShape, SiteShape, shape_of
from symbiosis.analytics.unmatched import UnmatchedSum, read_unmatched, summed
from symbiosis.cli.analysis_rows import MarginalRow
from symbiosis.cli.chains import cascades_command, cycles_command
from symbiosis.cli.cypher import cypher
from symbiosis.cli.newcomer import newcomer
from symbiosis.cli.radar import radar
from symbiosis.cli.screen import OUT, Shell
from symbiosis.cli.stops import stops
from symbiosis.cli.written import SHOWN, As, First, write_table
from symbiosis.domain.ids import TerritoryId
from symbiosis.domain.resources import ResourceKind
from symbiosis.exports.graphs import geojson_of, graphml_of
from symbiosis.exports.sankey import sankey_svg
from symbiosis.exports.tables import Format, table_of
from symbiosis.store.flow_columns import flow_sites
from symbiosis.store.opening import open_graph
from symbiosis.units import eur_from_cent

analyse_commands = typer.Typer(help="Ask the flow graph: balances, shape, what stays unmatched.", no_args_is_help=True)

analyse_commands.command("cypher")(cypher)
analyse_commands.command("newcomer")(newcomer)
analyse_commands.command("radar")(radar)
analyse_commands.command("stops")(stops)
analyse_commands.command("cascades")(cascades_command)
analyse_commands.command("cycles")(cycles_command)

OnLayer = Annotated[
    Layer, typer.Option(help="What could be, what is suggested, or what operates.", case_sensitive=False)
]
InTerritory = Annotated[str | None, typer.Option(help="Id of a territory: flows with an end there.")]
InSector = Annotated[str | None, typer.Option(help="A NACE section (C) or the beginning of a code (20, 20.1).")]
OfKind = Annotated[ResourceKind | None, typer.Option(help="Flows of this kind only.", case_sensitive=False)]
InPeriod = Annotated[str | None, typer.Option(help="Only these days: 2026, 2026-Q3, 2026-07 or 2026-07-01/2026-09-15.")]
By = Annotated[GroupBy, typer.Option(help="What makes a group.", case_sensitive=False)]


@analyse_commands.command("between")
def between(
    ctx: typer.Context,
    *,
    by: By = GroupBy.TERRITORY,
    layer: OnLayer = Layer.SUGGESTED,
    territory: InTerritory = None,
    sector: InSector = None,
    kind: OfKind = None,
    period: InPeriod = None,
    as_: As = Format.TABLE,
    first: First = SHOWN,
) -> None:
    """Show what goes from one group to another, by kind of resource."""
    graph = _graph(ctx, layer, Selection(_territory(territory), sector, kind), period)
    write_table(table_of(FlowBetween, flows_between(graph, by)), as_, first)


@analyse_commands.command("balance")
def balance(
    ctx: typer.Context,
    *,
    by: By = GroupBy.TERRITORY,
    layer: OnLayer = Layer.SUGGESTED,
    territory: InTerritory = None,
    sector: InSector = None,
    kind: OfKind = None,
    period: InPeriod = None,
    as_: As = Format.TABLE,
    first: First = SHOWN,
) -> None:
    """Show what each group gives, takes, and exchanges within."""
    graph = _graph(ctx, layer, Selection(_territory(territory), sector, kind), period)
    write_table(table_of(GroupBalance, balances(graph, by)), as_, first)


@analyse_commands.command("shape")
def shape(
    ctx: typer.Context,
    *,
    layer: OnLayer = Layer.SUGGESTED,
    territory: InTerritory = None,
    sector: InSector = None,
    kind: OfKind = None,
    period: InPeriod = None,
    as_: As = Format.TABLE,
    first: First = SHOWN,
) -> None:
    """Show the shape of the graph, and where each site stands in it: the strongest giver first."""
    graph = _graph(ctx, layer, Selection(_territory(territory), sector, kind), period)
    seen = shape_of(graph)
    if as_ is Format.TABLE:
        _show_shape(seen)
    write_table(table_of(SiteShape, seen.shapes), as_, first)


class GraphFormat(StrEnum):
    """How a whole graph is written."""

    GRAPHML = "graphml"
    GEOJSON = "geojson"


@analyse_commands.command("graph")
def whole_graph(
    ctx: typer.Context,
    *,
    layer: OnLayer = Layer.SUGGESTED,
    territory: InTerritory = None,
    sector: InSector = None,
    kind: OfKind = None,
    period: InPeriod = None,
    as_: Annotated[GraphFormat, typer.Option("--format", help="GraphML or GeoJSON.")] = GraphFormat.GRAPHML,
) -> None:
    """Write the graph to stdout: sites and flows, for NetworkX, rustworkx, Gephi, or a map."""
    nodes, edges = drawn(_graph(ctx, layer, Selection(_territory(territory), sector, kind), period))
    write = graphml_of if as_ is GraphFormat.GRAPHML else geojson_of
    sys.stdout.buffer.write(write(nodes, edges))


@analyse_commands.command("sankey")
def sankey(
    ctx: typer.Context,
    *,
    by: By = GroupBy.SECTION,
    layer: OnLayer = Layer.SUGGESTED,
    territory: InTerritory = None,
    sector: InSector = None,
    kind: OfKind = None,
    period: InPeriod = None,
) -> None:
    """Write a Sankey diagram to stdout as SVG: who gives, of which kind, who takes; as wide as the value in kEUR."""
    graph = _graph(ctx, layer, Selection(_territory(territory), sector, kind), period)
    columns = ("gives", "kind of resource", "takes")
    typer.echo(
        sankey_svg(
            f"{layer.capitalize()} flows by {by.lower()}, value per year", "kEUR", value_bands(graph, by), columns
        ),
        nl=False,
    )


@analyse_commands.command("observatory")
def observatory(ctx: typer.Context, *, as_: As = Format.TABLE, first: First = SHOWN) -> None:
    """Show what the current run publishes for everybody, and of the cells that are hidden why: statistical secrecy."""
    cells = asyncio.run(_observatory(ctx.obj))
    write_table(table_of(PublicCell, cells), as_, max(first, len(cells)))


@analyse_commands.command("indicators")
def indicators(
    ctx: typer.Context,
    *,
    from_: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day.")],
    statuses: Annotated[
        bool, typer.Option("--statuses", help="How many synergies stand where, and for how long.")
    ] = False,
    jobs: Annotated[bool, typer.Option("--jobs", help="The jobs that people declare of synergies.")] = False,
    as_: As = Format.TABLE,
    first: First = SHOWN,
) -> None:
    """Show what each territory diverts, saves and avoids in a period: suggested, promised, delivered, with evidence."""
    seen = asyncio.run(_indicators(ctx.obj, Days(from_.date(), until.date())))
    table = table_of(StatusCount, seen.statuses) if statuses else table_of(Amounts, seen.amounts)
    write_table(table_of(DeclaredJobs, seen.jobs) if jobs else table, as_, first)


@analyse_commands.command("unmatched")
def unmatched(ctx: typer.Context, *, as_: As = Format.TABLE, first: First = SHOWN) -> None:
    """Show what the current plan leaves over, by direction and reason."""
    write_table(table_of(UnmatchedSum, summed(asyncio.run(_rests(ctx.obj)))), as_, first)


@analyse_commands.command("cooperation")
def cooperate(ctx: typer.Context, *, by: By = GroupBy.TERRITORY, as_: As = Format.TABLE, first: First = SHOWN) -> None:
    """Show what territories, sectors or communes are worth alone and together, and the fair share of each."""
    seen = asyncio.run(_cooperation(ctx.obj, by))
    if as_ is Format.TABLE:
        whole, alone = eur_from_cent(seen.whole_cent_per_year), eur_from_cent(seen.alone_cent_per_year)
        OUT.print(f"Together EUR {whole:,.0f} a year; each alone EUR {alone:,.0f}. The pairs that gain most:")
        write_table(table_of(Together, seen.pairs), as_, first)
    write_table(table_of(Party, seen.parties), as_, first)


@analyse_commands.command("marginals")
def marginals(ctx: typer.Context, *, as_: As = Format.TABLE, first: First = SHOWN) -> None:
    """Show what one tonne (m3, MWh) more of each listing is worth to everybody together, from the dual prices."""
    write_table(table_of(MarginalRow, asyncio.run(_marginals(ctx.obj))), as_, first)


def _graph(ctx: typer.Context, layer: Layer, selection: Selection, period: str | None = None) -> FlowGraph:
    days = None if period is None else days_of(period)
    return selection.of(asyncio.run(_read(ctx.obj, layer, days)), Ends.EITHER)


async def _read(shell: Shell, layer: Layer, days: Days | None) -> FlowGraph:
    async with open_graph(shell.settings()) as graph:
        return await read_layer(graph, layer, days)


async def _observatory(shell: Shell) -> tuple[PublicCell, ...]:
    async with open_graph(shell.settings()) as graph:
        seen = await published(graph)
    return () if seen is None else seen.cells


async def _indicators(shell: Shell, days: Days) -> Indicators:
    async with open_graph(shell.settings()) as graph:
        return await read_indicators(graph, days)


async def _rests(shell: Shell) -> Sequence[Any]:
    async with open_graph(shell.settings()) as graph:
        return await read_unmatched(graph)


async def _cooperation(shell: Shell, by: GroupBy) -> Cooperation:
    async with open_graph(shell.settings()) as graph:
        market, sites = await read_decided(graph), await graph.read(flow_sites)
    groups = zip(sites, groups_of(sites, by), strict=True)
    return cooperation(market, {site.site_id: group for site, group in groups})


async def _marginals(shell: Shell) -> list[MarginalRow]:
    async with open_graph(shell.settings()) as graph:
        market, names = await read_decided(graph), await site_names(graph)
    return [MarginalRow.of(row, names) for row in marginal_values(market)]


def _territory(text: str | None) -> TerritoryId | None:
    return None if text is None else TerritoryId(text)


def _show_shape(seen: GraphShape) -> None:
    OUT.print(
        f"{seen.sites} sites exchange over {seen.edges} edges ({seen.flows} flows); connectance "
        f"{seen.connectance_share:.4f}, cyclicity {seen.cyclicity:.2f}; {seen.parts} parts, the largest of "
        f"{seen.largest_part}; {seen.loops} loops, the largest of {seen.largest_loop} sites; {seen.communities} "
        f"communities, modularity {seen.modularity_share:.2f}."
    )
