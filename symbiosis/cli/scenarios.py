"""`symbiosis scenarios run|list|compare|remove`: what if something were otherwise, beside the published plan."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from symbiosis.cli.screen import OUT, Shell, print_json, progress_display
from symbiosis.domain.scenarios import Compared, Scenario, ScenarioError, ScenarioRun, compare
from symbiosis.matching.limits import run_options
from symbiosis.matching.scenarios import run_scenario
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph
from symbiosis.store.opening import open_graph
from symbiosis.store.pages import MAX_FIRST, PageRequest
from symbiosis.store.scenarios import remove_scenario, scenario_named, scenario_pairs, scenarios_page
from symbiosis.units import eur_from_cent, tco2e_from_g

scenario_commands = typer.Typer(help="Ask what if, beside the published plan.", no_args_is_help=True)

SITES_SHOWN: Final = 5
KG_PER_T: Final = 1000
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]


@scenario_commands.command("run")
def run_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A JSON file that describes it; see docs/scenarios.md.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Compute a scenario and keep it under its name; the published plan does not change."""
    shell: Shell = ctx.obj
    scenario = _read(file)
    with progress_display(quiet=as_json) as report:

        async def compute(settings: Settings) -> ScenarioRun:
            async with open_graph(settings) as graph:
                return await run_scenario(
                    graph,
                    scenario=scenario,
                    on_progress=lambda p: report("scenario", p.done_share, f"{p.phase.lower()}: {p.message}"),
                    options=run_options(settings),
                )

        made = asyncio.run(compute(shell.settings()))
    if as_json:
        print_json(_scenario_json(made))
    else:
        OUT.print(_table([made]))


@scenario_commands.command("list")
def list_(ctx: typer.Context, *, as_json: AsJson = False) -> None:
    """Show the scenarios that are kept, newest first; the newest hundred."""
    shell: Shell = ctx.obj

    async def read(settings: Settings) -> tuple[ScenarioRun, ...]:
        async with open_graph(settings) as graph:
            return (await graph.read(scenarios_page, PageRequest(MAX_FIRST))).items

    kept = asyncio.run(read(shell.settings()))
    if as_json:
        print_json([_scenario_json(one) for one in kept])
    elif kept:
        OUT.print(_table(list(kept)))
    else:
        OUT.print("No scenario is kept. `symbiosis scenarios run FILE.json` computes one.")


@scenario_commands.command("compare")
def compare_(
    ctx: typer.Context,
    names: Annotated[list[str], typer.Argument(help="Names of scenarios; the others are seen from the first.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Put scenarios into one table: value, bound, t CO2e, tonnes, suggestions, pairs new and gone, sites it touches."""
    shell: Shell = ctx.obj

    async def read(settings: Settings) -> tuple[ScenarioRun, list[Compared]]:
        async with open_graph(settings) as graph:
            found = [await _named(graph, name) for name in names]
            with_pairs = [(one, await graph.read(scenario_pairs, one.run.run_id)) for one in found]
            return found[0], [compare(with_pairs[0], other) for other in with_pairs[1:]]

    first, others = asyncio.run(read(shell.settings()))
    if as_json:
        print_json({"first": _scenario_json(first), "others": [_compared_json(each) for each in others]})
        return
    OUT.print(_table([first, *(each.scenario for each in others)], others))
    for each in others:
        _show_sites(first, each)


@scenario_commands.command("remove")
def remove(ctx: typer.Context, name: Annotated[str, typer.Argument(help="Name of a scenario.")]) -> None:
    """Remove a scenario; its name is free again."""
    shell: Shell = ctx.obj

    async def away(settings: Settings) -> None:
        async with open_graph(settings) as graph:
            await graph.write(remove_scenario, (await _named(graph, name)).run.run_id)

    asyncio.run(away(shell.settings()))
    OUT.print(f"The scenario {name} is removed.", markup=False)


async def _named(graph: Graph, name: str) -> ScenarioRun:
    found = await graph.read(scenario_named, name)
    if found is None:
        raise ScenarioError(f"There is no scenario {name}; `symbiosis scenarios list` shows those that are kept.")
    return found


def _read(file: Path) -> Scenario:
    try:
        return Scenario.from_json(json.loads(file.read_text("utf-8")))
    except OSError as gone:
        raise ScenarioError(f"{file} cannot be read ({gone.strerror}); name a JSON file.") from gone
    except (ValueError, RecursionError) as wrong:
        raise ScenarioError(f"{file} is not JSON in UTF-8 ({wrong}); correct it.") from wrong


def _table(rows: list[ScenarioRun], others: list[Compared] | None = None) -> Table:
    table = Table(title="Scenarios, per year", title_justify="left")
    table.add_column("name", overflow="fold")
    for name in ("value, €", "counted, €", "bound, €", "t CO2e", "tonnes", "suggested"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("pairs new", "gone") if others else ():
        table.add_column(name, justify="right", no_wrap=True)
    seen = {each.scenario.run.run_id: each for each in others or ()}
    for row in rows:
        each = seen.get(row.run.run_id)
        pairs = (f"{each.new_pairs:,}", f"{each.gone_pairs:,}") if each else ("", "") if others else ()
        table.add_row(row.run.period, *_figures(row), *pairs)
    return table


def _figures(row: ScenarioRun) -> tuple[str, ...]:
    money = (row.run.objective_cent_per_year or 0, row.counted_cent_per_year, row.counted_bound_cent_per_year)
    return (
        *(f"{eur_from_cent(cent):,.0f}" for cent in money),
        f"{tco2e_from_g(row.run.avoided_gco2e_per_year or 0):,.0f}",
        f"{row.mass_kg_per_year / KG_PER_T:,.0f}",
        f"{row.run.suggestions or 0:,}",
    )


def _show_sites(first: ScenarioRun, each: Compared) -> None:
    names = f"{each.scenario.run.period} beside {first.run.period}"
    if not each.same_base:
        OUT.print(
            f"{names}: computed from another state of the market, so more differs than what the scenario changes.",
            markup=False,
            soft_wrap=True,
        )
    if each.sites:
        OUT.print(f"{names}, the sites it touches most (each pair counts at both of its sites):", markup=False)
    for site in each.sites[:SITES_SHOWN]:
        money, co2 = eur_from_cent(site.value_cent_per_year), tco2e_from_g(site.avoided_gco2e_per_year)
        OUT.print(f"  {site.site_id}  {money:+,.0f} € a year, {co2:+,.1f} t CO2e", markup=False, soft_wrap=True)


def _scenario_json(row: ScenarioRun) -> dict[str, Any]:
    return {
        "id": row.run.run_id,
        "name": row.run.period,
        "changes": json.loads(row.changes),
        "base_sha256": row.base_sha256,
        "input_sha256": row.run.input_sha256,
        "plan_sha256": row.run.plan_sha256,
        "value_eur_per_year": eur_from_cent(row.run.objective_cent_per_year or 0),
        "counted_eur_per_year": eur_from_cent(row.counted_cent_per_year),
        "counted_bound_eur_per_year": eur_from_cent(row.counted_bound_cent_per_year),
        "avoided_tco2e_per_year": tco2e_from_g(row.run.avoided_gco2e_per_year or 0),
        "mass_t_per_year": row.mass_kg_per_year / KG_PER_T,
        "suggested_synergies": row.run.suggestions,
        "check_verdict": row.run.check_verdict,
        "duration_s": row.run.duration_s,
    }


def _compared_json(each: Compared) -> dict[str, Any]:
    return {
        **_scenario_json(each.scenario),
        "same_base": each.same_base,
        "new_pairs": each.new_pairs,
        "gone_pairs": each.gone_pairs,
        "sites": [
            {
                "site_id": site.site_id,
                "value_eur_per_year": eur_from_cent(site.value_cent_per_year),
                "avoided_tco2e_per_year": tco2e_from_g(site.avoided_gco2e_per_year),
            }
            for site in each.sites
        ],
    }
