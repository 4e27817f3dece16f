"""Scenarios as facilitators start them: a change of one site's facts is asked for by whoever facilitates there."""

import json
from dataclasses import asdict
from functools import partial

from symbiosis.domain.scenarios import Scenario
from symbiosis.errors import NotFoundError
from symbiosis.market.once import once
from symbiosis.market.runs import RunLauncher, SeenRun, claimed, started
from symbiosis.policy import Action, Viewer, listing_scope, require
from symbiosis.store.graph import Graph
from symbiosis.store.listings import listings_by_id
from symbiosis.store.run_pages import run_by_id
from symbiosis.store.sites import sites_by_id


async def start_scenario(
    graph: Graph, launcher: RunLauncher, viewer: Viewer, scenario: Scenario, idempotency_key: str | None
) -> SeenRun:
    """Return the run of a scenario that was started, or that the same request started before under its key.

    What a single site or listing adds could be read off two scenarios, so it is named only by who facilitates there.
    Raises NotAllowedError, NotFoundError, ScenarioError, PeriodTakenError (the name is taken), RunUnderWayError,
    RunInProgressError or KeyReusedError.
    """
    require(viewer, Action.START_RUN, None, noun="scenario", key=scenario.name)
    await _facilitates_what_changes(graph, viewer, scenario)
    stated = json.loads(json.dumps(asdict(scenario)))
    run_id = await claimed(graph, viewer, once("start-scenario", idempotency_key, stated))
    if await graph.read(run_by_id, run_id) is None:
        work = partial(launcher.beside.run_scenario, graph, scenario=scenario, run_id=run_id)
        await launcher.begin(run_id, work)
    return await started(graph, launcher, viewer, run_id)


async def _facilitates_what_changes(graph: Graph, viewer: Viewer, scenario: Scenario) -> None:
    """Return if the viewer facilitates where each site and listing of a scenario stands, else raise NotFoundError."""
    site_ids = sorted({*scenario.closed_site_ids, *(new.site_id for new in scenario.new)})
    sites = await graph.read(sites_by_id, site_ids) if site_ids else {}
    for site_id in site_ids:
        if site_id not in sites or sites[site_id].commune.insee not in viewer.facilitated:
            raise NotFoundError("site where you facilitate,", site_id)
    listing_ids = sorted({change.listing_id for change in scenario.capacities})
    listings = await graph.read(listings_by_id, listing_scope(viewer), listing_ids) if listing_ids else {}
    for listing_id in listing_ids:
        if listing_id not in listings or listings[listing_id].insee not in viewer.facilitated:
            raise NotFoundError("listing where you facilitate,", listing_id)
