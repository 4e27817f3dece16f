"""Scenarios and fronts: who reads them, who removes a scenario; a site's own change shows to its facilitators only."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from symbiosis.domain.fronts import FrontPoint
from symbiosis.domain.ids import RunId
from symbiosis.domain.scenarios import Compared, PlannedPair, ScenarioRun, compare
from symbiosis.errors import InputError, NotFoundError
from symbiosis.policy import Action, Viewer, require
from symbiosis.store import scenarios as store
from symbiosis.store.front import front_of_run
from symbiosis.store.graph import Graph
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.sites import sites_by_id

MOST_COMPARED: Final = 10
SITES_LOOKED_AT: Final = 200
SITES_SHOWN: Final = 10


class ScenariosComparedError(InputError):
    """So many scenarios are not compared at once."""

    code = "SCENARIOS_COMPARED"

    def __init__(self, given: int) -> None:
        super().__init__(f"{given} scenarios are to stand beside the base; give 1 to {MOST_COMPARED}.")
        self.given = given


async def scenarios(graph: Graph, viewer: Viewer, page: PageRequest) -> Page[ScenarioRun]:
    """Return one page of the computed scenarios, newest first."""
    require(viewer, Action.READ_SCENARIOS, None, noun="scenario", key="")
    return await graph.read(store.scenarios_page, page)


async def compared(graph: Graph, viewer: Viewer, base_id: RunId, other_ids: Sequence[RunId]) -> list[Compared]:
    """Return scenarios as seen from a base, in the order asked for; of the sites most touched, those one facilitates.

    Raises NotAllowedError, NotFoundError or ScenariosComparedError.
    """
    require(viewer, Action.READ_SCENARIOS, None, noun="scenario", key=base_id)
    if not 1 <= len(other_ids) <= MOST_COMPARED:
        raise ScenariosComparedError(len(other_ids))
    base = await _whole(graph, base_id)
    return [await _shown(graph, viewer, compare(base, await _whole(graph, run_id))) for run_id in other_ids]


async def drop_scenario(graph: Graph, viewer: Viewer, run_id: RunId) -> ScenarioRun:
    """Return a computed scenario that was removed; its name is free again. Raises NotAllowedError or NotFoundError."""
    require(viewer, Action.START_RUN, None, noun="scenario", key=run_id)
    found = await graph.read(store.scenario_by_id, run_id)
    if found is None:
        raise NotFoundError("scenario", run_id)
    await graph.write(store.remove_scenario, run_id)
    return found


async def front(graph: Graph, viewer: Viewer, run_id: RunId) -> tuple[FrontPoint, ...] | None:
    """Return the front that is kept with a run, or None."""
    require(viewer, Action.READ_RUNS, None, noun="run", key=run_id)
    return await graph.read(front_of_run, run_id)


async def _whole(graph: Graph, run_id: RunId) -> tuple[ScenarioRun, list[PlannedPair]]:
    found = await graph.read(store.scenario_by_id, run_id)
    if found is None:
        raise NotFoundError("scenario", run_id)
    return found, await graph.read(store.scenario_pairs, run_id)


async def _shown(graph: Graph, viewer: Viewer, each: Compared) -> Compared:
    """Return a comparison with the sites in the communes that the viewer facilitates, at most SITES_SHOWN."""
    ids = [site.site_id for site in each.sites[:SITES_LOOKED_AT]]
    rows = await graph.read(sites_by_id, ids) if viewer.facilitated and ids else {}
    own = {site_id for site_id, row in rows.items() if row.commune.insee in viewer.facilitated}
    return replace(each, sites=tuple(site for site in each.sites if site.site_id in own)[:SITES_SHOWN])
