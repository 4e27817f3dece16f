"""`symbiosis optimize --preview`: what a run would decide now; nothing is published."""

from dataclasses import fields

from symbiosis.cli.changes import change_row, changes_table, count_rows, counts_told
from symbiosis.cli.screen import OUT, print_json, progress_display
from symbiosis.domain.fronts import FrontPoint
from symbiosis.domain.ids import TerritoryId
from symbiosis.domain.previews import OPERATOR, Preview
from symbiosis.domain.runs import Run
from symbiosis.errors import NotFoundError
from symbiosis.matching.limits import run_options
from symbiosis.matching.previews import run_preview
from symbiosis.settings import Settings
from symbiosis.store.desk import communes_of
from symbiosis.store.front import front_of_run
from symbiosis.store.opening import open_graph
from symbiosis.store.previews import PreviewedChange, previewed_changes
from symbiosis.units import eur_from_cent

CHANGES_SHOWN = 20
PERCENT = 100


async def preview_shown(settings: Settings, territory: str | None, front_points: int, *, as_json: bool) -> None:
    """Decide as a run would, keep it as the operator's preview, and print it."""
    territory_id = None if territory is None else TerritoryId(territory)
    preview = Preview(OPERATOR, territory_id, front_points)
    async with open_graph(settings) as graph:
        if territory_id is not None and not await graph.read(communes_of, territory_id):
            raise NotFoundError("territory", territory_id)
        with progress_display(quiet=as_json) as report:
            run = await run_preview(
                graph,
                preview=preview,
                on_progress=lambda p: report("preview", p.done_share, f"{p.phase.lower()}: {p.message}"),
                options=run_options(settings),
            )
        changes = await graph.read(previewed_changes, run.run_id)
        front = await graph.read(front_of_run, run.run_id)
    if as_json:
        print_json(_preview_json(run, changes, front))
    else:
        _show(run, changes)


def _preview_json(run: Run, changes: list[PreviewedChange], front: tuple[FrontPoint, ...] | None) -> dict[str, object]:
    facts = {field.name: getattr(run, field.name) for field in fields(Run)}
    told = [{field.name: getattr(point, field.name) for field in fields(FrontPoint)} for point in front or ()]
    return {**facts, "counts": count_rows(run), "changes": [change_row(row.change) for row in changes], "front": told}


def _show(run: Run, changes: list[PreviewedChange]) -> None:
    value, bound = (eur_from_cent(cent or 0) for cent in (run.objective_cent_per_year, run.bound_cent_per_year))
    OUT.print(
        f"Preview {run.run_id}: {run.suggestions or 0:,} suggestions worth {value:,.2f} EUR a year; no plan is worth "
        f"more than {bound:,.2f} EUR (gap {(run.gap_share or 0.0) * PERCENT:.2f} %). Nothing was published.",
        soft_wrap=True,
    )
    OUT.print(f"Against the published plan: {counts_told(run)}.", soft_wrap=True)
    if changes:
        OUT.print(changes_table([row.change for row in changes[:CHANGES_SHOWN]]))
