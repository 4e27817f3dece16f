"""How an overview looks: as Rich tables for people, as one JSON object for programs."""

from typing import Any, Final

from rich.console import Console, Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from symbiosis.analytics.overview import Overview
from symbiosis.cli.screen import ESTIMATED_LEGEND
from symbiosis.domain.listings import Direction
from symbiosis.domain.runs import Run
from symbiosis.store.overview import BestSuggestion
from symbiosis.units import SYMBOL, TRADE_UNIT, eur_from_cent, km_from_m, tco2e_from_g, trade_from_base

WIDE: Final = 110


def overview_json(seen: Overview) -> dict[str, Any]:
    """Return the overview as plain data: trade units, EUR, km and t CO2e, all per year."""
    return {
        "sites": seen.sites,
        "organisations": seen.organisations,
        "listings": {
            "total": seen.listing_total,
            "estimated": seen.estimated_total,
            "by_kind": [
                {"kind": c.kind, "direction": c.direction, "listings": c.listings, "estimated": c.estimated}
                for c in seen.listings
            ],
        },
        "territories": [
            {
                "id": t.territory_id,
                "name": t.name,
                "kind": t.kind,
                "sites": t.sites,
                "listings": t.listings,
                "suggested_synergies": t.suggestions,
            }
            for t in seen.territories
        ],
        "run": None if seen.run is None else _run_json(seen.run),
        "best_suggested_synergies": [_suggestion_json(s) for s in seen.best],
    }


def _run_json(run: Run) -> dict[str, Any]:
    return {
        "id": run.run_id,
        "period": run.period,
        "status": run.status,
        "input_sha256": run.input_sha256,
        "plan_sha256": run.plan_sha256,
        "objective_eur_per_year": eur_from_cent(run.objective_cent_per_year or 0),
        "bound_eur_per_year": eur_from_cent(run.bound_cent_per_year or 0),
        "gap_share": run.gap_share,
        "avoided_tco2e_per_year": tco2e_from_g(run.avoided_gco2e_per_year or 0),
        "supplies": run.supplies,
        "demands": run.demands,
        "candidates": run.candidates,
        "components": run.components,
        "suggested_synergies": run.suggestions,
        "check_verdict": run.check_verdict,
        "distances": run.distances,
        "left_out_small": run.left_out_small,
        "left_out_emitting": run.left_out_emitting,
        "solver": run.solver,
        "duration_s": run.duration_s,
    }


def _suggestion_json(best: BestSuggestion) -> dict[str, Any]:
    return {
        "id": best.synergy_id,
        "rank": best.rank,
        "supplier": best.supplier,
        "receiver": best.receiver,
        "resource": best.resource,
        "replaces": best.replaces,
        "quantity_per_year": trade_from_base(best.quantity_base_per_year, best.base_unit),
        "unit": SYMBOL[TRADE_UNIT[best.base_unit]],
        "distance_km": km_from_m(best.distance_m),
        "value_eur_per_year": eur_from_cent(best.value_cent_per_year),
        "avoided_tco2e_per_year": tco2e_from_g(best.avoided_gco2e_per_year),
        "estimated": best.estimated,
    }


def show_overview(console: Console, seen: Overview) -> None:
    """Print the overview: what was loaded, the plan and its proof, the best suggestions."""
    console.print(_loaded_table(seen))
    if seen.run is not None:
        console.print(_plan_panel(seen.run))
    if seen.best:
        console.print(f"\n[bold]The {len(seen.best)} best suggested synergies[/]")
        console.print(_best_list(seen.best) if console.width < WIDE else _best_table(seen.best))
        console.print(Text(f"  {ESTIMATED_LEGEND}", style="dim"))


def _loaded_table(seen: Overview) -> Group:
    sites = Text(f"\n{seen.sites:,} real sites of {seen.organisations:,} organisations", style="bold")
    where = Table()
    where.add_column("territory")
    for name in ("sites", "listings", "suggested"):
        where.add_column(name, justify="right")
    for t in seen.territories:
        where.add_row(t.name, f"{t.sites:,}", f"{t.listings:,}", f"{t.suggestions:,}")
    of_them = "all" if seen.estimated_total == seen.listing_total else f"{seen.estimated_total:,}"
    listed = Text(f"\n{seen.listing_total:,} open listings, {of_them} of them estimated from the sector", style="bold")
    what = Table()
    what.add_column("kind")
    what.add_column("supplies", justify="right")
    what.add_column("demands", justify="right")
    for kind in dict.fromkeys(c.kind for c in seen.listings):
        counts = {c.direction: c.listings for c in seen.listings if c.kind == kind}
        what.add_row(kind.capitalize(), *(f"{counts.get(side, 0):,}" for side in Direction))
    note = Text("  A suggestion between two territories counts in each.", style="dim")
    return Group(sites, where, note, listed, what)


def _plan_panel(run: Run) -> Panel:
    proven = run.gap_share == 0
    lines = Table.grid(padding=(0, 2))
    lines.add_column(style="dim")
    lines.add_column(overflow="fold")
    lines.add_row("value", f"[bold green]{_eur(run.objective_cent_per_year)}[/] a year")
    lines.add_row("proven bound", f"{_eur(run.bound_cent_per_year)} a year")
    gap = "unknown" if run.gap_share is None else f"{run.gap_share:.4%}"
    lines.add_row("gap", f"{gap}{'  (no better plan exists for this input)' if proven else ''}")
    lines.add_row("avoided", f"{tco2e_from_g(run.avoided_gco2e_per_year or 0):,.0f} t CO2e a year")
    lines.add_row(
        "decided",
        f"{run.candidates or 0:,} candidates, {run.components or 0:,} components, {run.suggestions or 0:,} chosen",
    )
    lines.add_row("checker", run.check_verdict or "not run")
    if run.left_out_small or run.left_out_emitting:
        small, emitting = run.left_out_small or 0, run.left_out_emitting or 0
        lines.add_row("left out", f"{small:,} pairs too small, {emitting:,} that emit more than they avoid")
    if run.distances:
        lines.add_row("distances", run.distances)
    lines.add_row("input", f"[dim]SHA-256 {(run.input_sha256 or '')[:16]}…[/]")
    return Panel(lines, title="The plan", title_align="left", expand=False)


def _best_table(best: tuple[BestSuggestion, ...]) -> Table:
    table = Table()
    table.add_column("#", justify="right")
    for name in ("from", "to", "resource"):
        table.add_column(name, overflow="fold")
    for name in ("per year", "km", "€/year", "t CO2e/year"):
        table.add_column(name, justify="right", no_wrap=True)
    for s in best:
        table.add_row(str(s.rank), s.supplier, s.receiver, _resource(s), *_numbers(s))
    return table


def _best_list(best: tuple[BestSuggestion, ...]) -> Table:
    """Return the same for a narrow screen: the numbers on one line, who and what below them."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", style="bold")
    table.add_column(overflow="fold")
    for s in best:
        quantity, km, eur, tco2e = _numbers(s)
        saved = f"{tco2e} t CO2e avoided" if s.avoided_gco2e_per_year >= 0 else f"{tco2e.lstrip('-')} t CO2e more"
        numbers = f"[bold]€{eur} a year[/], {quantity}, {km} km, {saved}"
        table.add_row(
            str(s.rank), f"{numbers}\n{escape(s.supplier)} → {escape(s.receiver)}\n[dim]{escape(_resource(s))}[/]"
        )
    return table


def _resource(best: BestSuggestion) -> str:
    return best.resource if best.resource == best.replaces else f"{best.resource} → {best.replaces}"


def _numbers(best: BestSuggestion) -> tuple[str, str, str, str]:
    """Return quantity, distance, value and emissions as they are shown."""
    quantity = trade_from_base(best.quantity_base_per_year, best.base_unit)
    return (
        f"{'~' if best.estimated else ''}{quantity:,.0f} {SYMBOL[TRADE_UNIT[best.base_unit]]}",
        f"{km_from_m(best.distance_m):.1f}",
        f"{eur_from_cent(best.value_cent_per_year):,.0f}",
        f"{tco2e_from_g(best.avoided_gco2e_per_year):,.0f}",
    )


def _eur(cent: int | None) -> str:
    return "unknown" if cent is None else f"€{eur_from_cent(cent):,.2f}"
