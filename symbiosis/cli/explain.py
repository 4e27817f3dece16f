"""`symbiosis explain`: why two listings may not meet, or what their meeting would be worth."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from symbiosis.cli.legal import checks_json, show_checks, show_path
from symbiosis.cli.screen import ESTIMATED_LEGEND, OUT, Shell, print_json
from symbiosis.domain.ids import ListingId
from symbiosis.domain.worth import Breakdown, LeftOut, Line, Measure
from symbiosis.matching.explain import Meeting, PairExplanation
from symbiosis.matching.pair import explain_stored_pair
from symbiosis.settings import Settings
from symbiosis.store.opening import open_graph
from symbiosis.units import SYMBOL, TRADE_UNIT, BaseUnit, eur_from_cent, km_from_m, tco2e_from_g, trade_from_base

_LABEL: Final = {
    "value_eur": "value, EUR",
    "avoided_disposal_eur": "+ avoided disposal, EUR",
    "avoided_purchase_eur": "+ avoided purchase, EUR",
    "transport_eur": "- transport, EUR",
    "treatment_eur": "- treatment, EUR",
    "avoided_tco2e": "avoided, t CO2e",
}

LEFT_OUT: Final = {
    LeftOut.LEAST_VALUE: "even alone it would be worth less a year than plan.least_value.",
    LeftOut.LEAST_AVOIDED: "even at the favourable end of its range it emits more than it avoids.",
}
RANGES_LEGEND: Final = (
    "Low and high: each figure moved to the ends of its own range, alone, and combined as independent ones; the "
    "quantity is taken as stated."
)


def explain(
    ctx: typer.Context,
    *,
    supply_id: Annotated[str, typer.Argument(help="Id of a supply.")],
    demand_id: Annotated[str, typer.Argument(help="Id of a demand.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,
) -> None:
    """Say every reason why a supply and a demand may not meet, or what their meeting would be worth."""
    shell: Shell = ctx.obj
    made = asyncio.run(_explain(shell.settings(), ListingId(supply_id), ListingId(demand_id)))
    if as_json:
        print_json(_explanation_json(made))
    else:
        show(made)


async def _explain(settings: Settings, supply_id: ListingId, demand_id: ListingId) -> PairExplanation:
    async with open_graph(settings) as graph:
        return await explain_stored_pair(graph, supply_id, demand_id)


def show(made: PairExplanation) -> None:
    """Print an explanation for people."""
    for reason in made.reasons:
        OUT.print(f"[bold red]✗[/] {escape(reason.sentence)} [dim]({reason.refusal})[/]", soft_wrap=True)
        OUT.print(f"  [dim]→ {escape(reason.remedy)}[/]", soft_wrap=True)
    show_checks(made)
    show_path(made.path)
    if made.meeting is not None:
        way_km = km_from_m(made.meeting.way_m)
        OUT.print(f"[bold]A candidate:[/] {escape(_how(made.meeting))}, {way_km:.1f} km", soft_wrap=True)
        OUT.print(_meeting_table(made.meeting, made.base_unit))
        _show_lines(made.meeting.greatest)
        OUT.print(f"[dim]{RANGES_LEGEND}[/]", soft_wrap=True)
        for rule in made.meeting.left_out:
            OUT.print(f"[bold yellow]A run would leave it out:[/] {LEFT_OUT[rule]} [dim]({rule})[/]", soft_wrap=True)
        if made.estimated:
            OUT.print(f"[dim]{ESTIMATED_LEGEND}[/]")


def _meeting_table(meeting: Meeting, base: BaseUnit) -> Table:
    unit = SYMBOL[TRADE_UNIT[base]]
    table = Table()
    table.add_column("")
    quantity = trade_from_base(meeting.greatest.quantity_base, base)
    for name in (f"per {unit}", f"for {quantity:,.3f} {unit} a year, the most"):
        table.add_column(name, justify="right")
    for name in _amounts(meeting.greatest):
        one, most = (_amounts(worth)[name] for worth in (meeting.per_trade_unit, meeting.greatest))
        table.add_row(_LABEL[name], f"{one:,.6g}", f"{most:,.2f}")
    return table


def _how(meeting: Meeting) -> str:
    """Return how the two match and what carries it, in words."""
    vehicle = meeting.vehicle.replace("_", " ").lower()
    return ", ".join(filter(None, (meeting.match.lower(), meeting.technique, f"by {vehicle}")))


def _show_lines(worth: Breakdown) -> None:
    """Print the breakdown, each line with the numbers of its references, and those below."""
    number = {name: n for n, name in enumerate(dict.fromkeys(r for line in worth.lines for r in line.references), 1)}
    OUT.print("Line by line for that year:")
    OUT.print(_lines_table(worth, number))
    for name, n in number.items():
        OUT.print(f"  [dim]{n:>2}[/] {escape(name)}", soft_wrap=True)


def _lines_table(worth: Breakdown, number: Mapping[str, int]) -> Table:
    table = Table()
    for name in ("", "amount", "low", "high"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    table.add_column("from", no_wrap=True)
    for line in worth.lines:
        unit, value = ("EUR", eur_from_cent) if line.measure is Measure.CENT else ("t CO2e", tco2e_from_g)
        figures = (f"{value(amount):,.2f}" for amount in (line.amount, line.low, line.high))
        table.add_row(f"{line.part.lower()}, {unit}", *figures, ", ".join(str(number[r]) for r in line.references))
    ends = (worth.value_cent, worth.value_low_cent, worth.value_high_cent)
    table.add_row("[bold]value, EUR[/]", *(f"{eur_from_cent(end):,.2f}" for end in ends), "", style="bold")
    ends = (worth.avoided_gco2e, worth.avoided_low_gco2e, worth.avoided_high_gco2e)
    table.add_row("[bold]avoided, t CO2e[/]", *(f"{tco2e_from_g(end):,.2f}" for end in ends), "", style="bold")
    return table


def _line_json(line: Line) -> dict[str, Any]:
    unit, value = ("eur", eur_from_cent) if line.measure is Measure.CENT else ("tco2e", tco2e_from_g)
    figures = {"amount": line.amount, "low": line.low, "high": line.high}
    named = {f"{name}_{unit}": value(figure) for name, figure in figures.items()}
    return {"part": line.part, **named, "references": line.references}


def _ranges(worth: Breakdown) -> dict[str, float]:
    return {
        "value_low_eur": eur_from_cent(worth.value_low_cent),
        "value_high_eur": eur_from_cent(worth.value_high_cent),
        "avoided_low_tco2e": tco2e_from_g(worth.avoided_low_gco2e),
        "avoided_high_tco2e": tco2e_from_g(worth.avoided_high_gco2e),
    }


def _amounts(worth: Breakdown) -> dict[str, float]:
    return {
        "value_eur": eur_from_cent(worth.value_cent),
        "avoided_disposal_eur": eur_from_cent(worth.avoided_disposal_cent),
        "avoided_purchase_eur": eur_from_cent(worth.avoided_purchase_cent),
        "transport_eur": eur_from_cent(worth.transport_cent),
        "treatment_eur": eur_from_cent(worth.treatment_cent),
        "avoided_tco2e": tco2e_from_g(worth.avoided_gco2e),
    }


def _explanation_json(made: PairExplanation) -> dict[str, Any]:
    return {
        "supply_id": made.supply_id,
        "demand_id": made.demand_id,
        "candidate": not made.reasons,
        "reasons": [{"code": r.refusal, "sentence": r.sentence, "remedy": r.remedy} for r in made.reasons],
        "distance_km": None if made.distance_m is None else km_from_m(made.distance_m),
        "estimated": made.estimated,
        "meeting": None if made.meeting is None else _meeting_json(made.meeting, made.base_unit),
        **checks_json(made),
    }


def _meeting_json(meeting: Meeting, base: BaseUnit) -> dict[str, Any]:
    return {
        "match": meeting.match,
        "technique": meeting.technique,
        "way_km": km_from_m(meeting.way_m),
        "vehicle": meeting.vehicle,
        "unit": SYMBOL[TRADE_UNIT[base]],
        **{
            name: {
                "quantity": trade_from_base(worth.quantity_base, base),
                **_amounts(worth),
                **_ranges(worth),
                "lines": [_line_json(line) for line in worth.lines],
            }
            for name, worth in (("per_unit", meeting.per_trade_unit), ("greatest", meeting.greatest))
        },
        "factor_ids": meeting.factor_ids,
        "unpriced": meeting.unpriced,
        "left_out": meeting.left_out,
    }
