"""Previews of runs, as whoever asked for them reads them, and runs of every kind that are started once under a key."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final

from symbiosis.domain.ids import RunId, SiteId, TerritoryId
from symbiosis.domain.previews import Preview
from symbiosis.errors import NotFoundError
from symbiosis.market.inputs import at_field
from symbiosis.market.once import once
from symbiosis.market.runs import RunLauncher, SeenRun, claimed, one_run, seen_run, started
from symbiosis.policy import Action, CommunesOf, Viewer, listing_scope, require, signed_in
from symbiosis.store import previews as store
from symbiosis.store.desk import communes_of
from symbiosis.store.graph import Graph
from symbiosis.store.listings import listings_by_id
from symbiosis.store.pages import Page, PageRequest, page_of
from symbiosis.store.run_changes import SeenChange
from symbiosis.store.run_pages import run_by_id
from symbiosis.store.sites import sites_by_id

ORDER: Final = "PREVIEWED"


@dataclass(frozen=True, slots=True)
class NewPreview:
    """What is to be previewed: a territory, or all; with so many points of the front, 0 for none."""

    territory_id: TerritoryId | None = None
    front_points: int = 0
    idempotency_key: str | None = None


async def start_preview(graph: Graph, launcher: RunLauncher, viewer: Viewer, new: NewPreview) -> SeenRun:
    """Return the preview that was started, or that the same request started before under its idempotency key.

    Raises NotAllowedError unless the viewer facilitates all of the territory, NotFoundError, RunUnderWayError,
    RunInProgressError, FrontPointsError or KeyReusedError.
    """
    thing = None
    if new.territory_id is not None:
        communes = await graph.read(communes_of, new.territory_id)
        if not communes:
            raise NotFoundError("territory", new.territory_id)
        thing = CommunesOf(communes)
    require(viewer, Action.START_RUN, thing, noun="territory", key=new.territory_id or "")
    preview = at_field("front_points", lambda: Preview(signed_in(viewer), new.territory_id, new.front_points))
    run_id = await claimed(graph, viewer, once("start-preview", new.idempotency_key, asdict(new)))
    if await graph.read(run_by_id, run_id) is None:
        work = partial(launcher.beside.run_preview, graph, preview=preview, run_id=run_id)
        await launcher.begin(run_id, work)
    return await started(graph, launcher, viewer, run_id)


async def previews(graph: Graph, launcher: RunLauncher, viewer: Viewer) -> list[SeenRun]:
    """Return the previews that the viewer has asked for, newest first."""
    require(viewer, Action.READ_RUNS, None, noun="run", key="")
    rows = await graph.read(store.previews_of, signed_in(viewer))
    return [seen_run(launcher, row) for row in rows]


async def changes(
    graph: Graph, launcher: RunLauncher, viewer: Viewer, run_id: RunId, page: PageRequest
) -> Page[SeenChange]:
    """Return one page of what a preview would change at the sites that the viewer facilitates or manages.

    A listing is named to who sees it whole; a value, to who facilitates both sites.
    """
    if await one_run(graph, launcher, viewer, run_id) is None:
        raise NotFoundError("run", run_id)
    keys = page.parameters(ORDER, int)
    rows = await graph.read(store.previewed_changes, run_id)
    sites = await _facilitated(graph, viewer, rows)
    mine = sites | viewer.site_ids
    own = [(place, row) for place, row in enumerate(rows) if row.supply_site_id in mine or row.demand_site_id in mine]
    after = -1 if keys["after_key"] is None else int(keys["after_key"])
    wanted = [(place, row) for place, row in own if place > after][: page.first + 1]
    ids = sorted({listing for _, row in wanted for listing in (row.change.supply_id, row.change.demand_id)})
    visible = await graph.read(listings_by_id, listing_scope(viewer), ids) if ids else {}

    def seen(row: store.PreviewedChange) -> SeenChange:
        change = row.change
        both = row.supply_site_id in sites and row.demand_site_id in sites
        return SeenChange(
            change.synergy_id,
            change.kind,
            change.cause,
            supply_id=change.supply_id if change.supply_id in visible else None,
            demand_id=change.demand_id if change.demand_id in visible else None,
            value_change_cent_per_year=change.after_cent_per_year - change.before_cent_per_year if both else None,
        )

    columns = [{"sort_key": place, "synergy_id": row.change.synergy_id, "row": row} for place, row in wanted]
    return page_of(columns, page, ORDER, "synergy_id", lambda each: seen(each["row"]))


async def _facilitated(graph: Graph, viewer: Viewer, rows: Sequence[store.PreviewedChange]) -> frozenset[SiteId]:
    """Return those of the sites of these changes that stand where the viewer facilitates."""
    ids = sorted({site for row in rows for site in (row.supply_site_id, row.demand_site_id)})
    found = await graph.read(sites_by_id, ids) if ids else {}
    return frozenset(site_id for site_id, row in found.items() if row.commune.insee in viewer.facilitated)
