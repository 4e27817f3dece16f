"""`symbiosis analyse stops`: what is lost when sites stop, and who stands in."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Self

import typer

from symbiosis.analytics.decided import Decided, read_decided
from symbiosis.analytics.flow_graph import site_names
from symbiosis.analytics.resilience import Orphan, StandIn, Stop, pairs_of_points, single_points, stop_of
from symbiosis.cli.analysis_rows import Names
from symbiosis.cli.screen import Shell
from symbiosis.cli.written import SHOWN, As, First, write_table
from symbiosis.domain.ids import SiteId
from symbiosis.exports.tables import Format, table_of
from symbiosis.store.opening import open_graph
from symbiosis.units import BaseUnit


@dataclass(frozen=True, slots=True)
class StopRow:
    """What the stop of one or two sites costs; see `Stop`. `orphans` and `standbys` are counted."""

    sites: str
    partners: int
    exchanged_cent_per_year: int
    lost_cent_per_year: int
    replaced_share: float
    orphans: int
    standbys: int
    first_standby: str | None
    site_ids: tuple[str, ...]

    @classmethod
    def of(cls, stop: Stop, names: Names) -> Self:
        """Return the row of a stop."""
        return cls(
            sites=" + ".join(names.get(site_id, site_id) for site_id in stop.site_ids),
            partners=stop.partners,
            exchanged_cent_per_year=stop.exchanged_cent_per_year,
            lost_cent_per_year=stop.lost_cent_per_year,
            replaced_share=round(stop.replaced_share, 3),
            orphans=len(stop.orphans),
            standbys=len(stop.standbys),
            first_standby=names.get(stop.standbys[0], stop.standbys[0]) if stop.standbys else None,
            site_ids=stop.site_ids,
        )


@dataclass(frozen=True, slots=True)
class TouchedRow:
    """A listing that a stop leaves alone (ORPHAN: what it loses), or of which more is taken then (STAND_IN)."""

    what: str
    site: str
    direction: str
    resource: str
    base_unit: BaseUnit
    quantity_base_per_year: int
    listing_id: str

    @classmethod
    def of(cls, touched: Orphan | StandIn, names: Names) -> Self:
        """Return the row of a listing."""
        what, quantity = (
            ("ORPHAN", touched.lost_base_per_year)
            if isinstance(touched, Orphan)
            else ("STAND_IN", touched.more_base_per_year)
        )
        return cls(
            what=what,
            site=names.get(touched.site_id, touched.site_id),
            direction=touched.direction,
            resource=touched.resource_code,
            base_unit=touched.base_unit,
            quantity_base_per_year=quantity,
            listing_id=touched.listing_id,
        )


def stops(
    ctx: typer.Context,
    *,
    pairs: Annotated[int, typer.Option(help="Also stop every two of the N costliest sites at once.", min=0)] = 0,
    site: Annotated[
        list[str] | None,
        typer.Option(help="Stop this site (id), with every other that is given: whom it leaves alone."),
    ] = None,
    as_: As = Format.TABLE,
    first: First = SHOWN,
) -> None:
    """Show what is lost when a site stops, after the best new plan: the costliest first."""
    market, names = asyncio.run(_read(ctx.obj))
    if not site:
        rows = _ranked(market, first, pairs)
        write_table(table_of(StopRow, [StopRow.of(stop, names) for stop in rows]), as_, len(rows) or first)
        return
    stop = stop_of(market, tuple(map(SiteId, site)))
    if as_ is Format.TABLE:
        write_table(table_of(StopRow, [StopRow.of(stop, names)]), as_, first)
    touched: list[Orphan | StandIn] = [*stop.orphans, *stop.stand_ins]
    write_table(table_of(TouchedRow, [TouchedRow.of(one, names) for one in touched]), as_, first)


def _ranked(market: Decided, first: int, pairs: int) -> list[Stop]:
    """Return the costliest stops of one site, then those of two of the costliest."""
    singles = single_points(market, max(first, pairs))
    return [*singles[:first], *pairs_of_points(market, [stop.site_ids[0] for stop in singles[:pairs]])]


async def _read(shell: Shell) -> tuple[Decided, dict[SiteId, str]]:
    async with open_graph(shell.settings()) as graph:
        return await read_decided(graph), await site_names(graph)
