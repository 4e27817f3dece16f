"""Scenarios: the market of a run, changed in memory, solved and checked as every other, and kept under its name."""

import asyncio
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from symbiosis.domain.ids import ResourceCode, RunId, SiteId, listing_id_of, new_run_id
from symbiosis.domain.listings import Direction
from symbiosis.domain.resources import Resource
from symbiosis.domain.runs import Run, RunKind, RunPhase, RunStatus
from symbiosis.domain.scenarios import (
    FactorChange,
    NewCapacity,
    PlannedPair,
    PriceChange,
    Scenario,
    ScenarioError,
    ScenarioRun,
)
from symbiosis.domain.times import utc_now
from symbiosis.domain.worth import Spread
from symbiosis.errors import SymbiosisError
from symbiosis.matching.compute import Computed
from symbiosis.matching.lease import fail, lease_kept, start
from symbiosis.matching.limits import RunOptions
from symbiosis.matching.progress import OnProgress, Reporter, progress_written
from symbiosis.matching.snapshot import Snapshot, snapshot_of
from symbiosis.matching.worker import ComputeIn, compute_beside
from symbiosis.store.graph import Graph
from symbiosis.store.scenarios import PART, publish_scenario, record_pairs, sites_for_scenario, sweep_parts
from symbiosis.store.snapshot import OpenListing, StoredMarket, read_market
from symbiosis.units import GRAM_PER_TONNE, BaseUnit, base_from_trade, cent_from_eur

_AS_USUAL: Final = RunOptions()


@dataclass(frozen=True, slots=True)
class _Made:
    """A plan as a scenario keeps it."""

    scenario: ScenarioRun
    pairs: tuple[PlannedPair, ...]


async def run_scenario(
    graph: Graph,
    *,
    scenario: Scenario,
    run_id: RunId | None = None,
    on_progress: OnProgress | None = None,
    compute_in: ComputeIn = ComputeIn.PROCESS,
    options: RunOptions = _AS_USUAL,
) -> ScenarioRun:
    """Return a computed scenario. What people see as the plan does not change.

    Raises ScenarioError, PeriodTakenError (the name is taken) or RunInProgressError before anything is recorded.
    """
    run = Run(run_id or new_run_id(), RunKind.SCENARIO, scenario.name.strip(), RunStatus.RUNNING, started_at=utc_now())
    market = await graph.read(read_market, RunKind.EXCHANGE)
    sites = await graph.read(sites_for_scenario, sorted({new.site_id for new in scenario.new}))
    base_sha256 = snapshot_of(market).sha256()
    snapshot = scenario_snapshot(market, scenario, {site.site_id: site for site in sites})

    report = Reporter(on_progress)
    await start(graph, run, options.lease_s)
    report(RunPhase.SNAPSHOT, 0.0, "changing the market in memory")
    try:
        async with (
            lease_kept(graph, run.run_id, options.lease_s),
            progress_written(graph, run.run_id, report, options.progress_s),
        ):
            began = time.perf_counter()
            computed = await compute_beside(snapshot, run.run_id, report, compute_in, options.limits)
            made = _made(run, snapshot, computed, scenario, base_sha256)
            return await _kept(graph, made, began)
    except asyncio.CancelledError:
        await asyncio.shield(fail(graph, run.run_id, "The scenario was cancelled; nothing of it is kept."))
        raise
    except SymbiosisError as failure:
        await fail(graph, run.run_id, str(failure))
        raise
    except Exception as bug:
        await fail(graph, run.run_id, f"A bug ended the scenario ({type(bug).__name__}); its traceback is in the log.")
        raise


def scenario_snapshot(market: StoredMarket, scenario: Scenario, sites: Mapping[SiteId, OpenListing]) -> Snapshot:
    """Return the input that a market has after the changes; `sites` holds a row at the place of each new listing.

    Raises ScenarioError for a change of something that is not there.
    """
    resources = {resource.code: resource for resource in market.resources}
    listings = _changed_listings(market, scenario, resources)
    new = [_new_listing(change, sites, resources) for change in scenario.new]
    changed = replace(
        market,
        listings=(*listings, *new),
        factors=_changed_factors(market.factors, scenario.factors),
    )
    return replace(snapshot_of(changed), co2_cent_per_t=scenario.co2_cent_per_t)


def _changed_listings(
    market: StoredMarket, scenario: Scenario, resources: Mapping[ResourceCode, Resource]
) -> Iterable[OpenListing]:
    by_id = {listing.listing_id: listing for listing in market.listings}
    _require({x.listing_id for x in scenario.capacities} - set(by_id), "open listing")
    _require(set(scenario.closed_site_ids) - {x.site_id for x in market.listings}, "site with open listings")
    for change in scenario.capacities:
        listing = by_id.pop(change.listing_id)
        unit = resources[listing.resource_code].base_unit
        if change.quantity_per_year > 0:
            by_id[change.listing_id] = replace(
                listing, quantity_base_per_year=base_from_trade(change.quantity_per_year, unit)
            )
    closed = set(scenario.closed_site_ids)
    listings = [listing for listing in by_id.values() if listing.site_id not in closed]
    for price in scenario.prices:
        listings = _repriced(listings, price)
    return listings


def _repriced(listings: list[OpenListing], change: PriceChange) -> list[OpenListing]:
    """Return the listings with the stated prices of one resource and side changed."""
    touched = {
        x.listing_id: round(x.price_cent_per_trade_unit * change.times)
        for x in listings
        if (x.resource_code, x.direction) == (change.resource_code, change.direction)
        and x.price_cent_per_trade_unit is not None
    }
    if not touched:
        raise ScenarioError(
            f"No open {change.direction.lower()} of {change.resource_code} states a price; change its factor instead."
        )
    return [
        replace(x, price_cent_per_trade_unit=touched[x.listing_id]) if x.listing_id in touched else x for x in listings
    ]


def _new_listing(
    change: NewCapacity, sites: Mapping[SiteId, OpenListing], resources: Mapping[ResourceCode, Resource]
) -> OpenListing:
    resource = resources.get(change.resource_code)
    if resource is None:
        raise ScenarioError(f"There is no resource {change.resource_code}; `resources` lists the codes.")
    site = sites.get(change.site_id)
    if site is None:
        raise ScenarioError(f"There is no site {change.site_id}; `sites` lists their ids.")
    if change.waste_code is not None and change.waste_code not in resource.waste_codes:
        raise ScenarioError(f"The waste code {change.waste_code} is none of the resource {resource.code}.")
    reference = json.dumps(["what-if", change.direction, change.resource_code, change.waste_code])
    price = change.price_per_unit_eur
    return replace(
        site,
        listing_id=listing_id_of(change.site_id, reference),
        resource_code=resource.code,
        direction=Direction(change.direction),
        quantity_base_per_year=base_from_trade(change.quantity_per_year, resource.base_unit),
        waste_code=change.waste_code,
        price_cent_per_trade_unit=None if price is None else cent_from_eur(price),
    )


def _changed_factors(stored: Mapping[str, Spread], changes: Iterable[FactorChange]) -> dict[str, Spread]:
    """Return the factors with the named ones in one version only, so that it is in force."""
    factors = dict(stored)
    for change in changes:
        versions = {factor_id: factors.pop(factor_id) for factor_id in stored if _key(factor_id) == change.key}
        _require(set() if versions else {change.key}, "factor")
        if change.version is not None:
            named = f"{change.key}@{change.version}"
            _require({named} - set(versions), "factor")
            factors[named] = versions[named]
            continue
        now = versions[max(versions, key=_age)]
        if change.value is not None:
            factors[f"{change.key}@what-if"] = Spread.exact(change.value)
        elif change.times is not None:
            low, high = sorted((now.low * change.times, now.high * change.times))
            factors[f"{change.key}@what-if"] = Spread(now.value * change.times, low, high)
    return factors


def _key(factor_id: str) -> str:
    return factor_id.partition("@")[0]


def _age(factor_id: str) -> tuple[int, str]:
    version = factor_id.partition("@")[2]
    return (int(version), "") if version.isdecimal() else (-1, version)


def _require(missing: Iterable[str], noun: str) -> None:
    names = sorted(missing)
    if names:
        raise ScenarioError(f"There is no {noun} {names[0]}; the scenario was not computed.")


def _made(run: Run, snapshot: Snapshot, computed: Computed, scenario: Scenario, base_sha256: str) -> _Made:
    """Return what is kept of a computed scenario."""
    site_of = {x.listing_id: x.site_id for side in (snapshot.supplies, snapshot.demands) for x in side.listings}
    unit_of = {x.listing_id: snapshot.resources[x.resource_code].base_unit for x in snapshot.supplies.listings}
    pairs = tuple(
        PlannedPair(
            supply_id=row.supply_id,
            demand_id=row.demand_id,
            supply_site_id=site_of[row.supply_id],
            demand_site_id=site_of[row.demand_id],
            quantity_base_per_year=row.suggestion.quantity_base_per_year,
            value_cent_per_year=row.suggestion.value_cent_per_year,
            avoided_gco2e_per_year=row.suggestion.avoided_gco2e_per_year,
        )
        for row in computed.rows
    )
    weight = computed.avoided_gco2e * scenario.co2_cent_per_t // GRAM_PER_TONNE
    facts = replace(
        run,
        status=RunStatus.PUBLISHED,
        input_sha256=snapshot.sha256(),
        objective_cent_per_year=computed.objective_cent,
        avoided_gco2e_per_year=computed.avoided_gco2e,
        supplies=len(snapshot.supplies),
        demands=len(snapshot.demands),
        candidates=computed.candidates,
        components=computed.components,
        suggestions=len(pairs),
        solver=computed.solver,
        check_verdict=computed.verdict,
        plan_sha256=computed.plan_sha256,
    )
    kept = ScenarioRun(
        run=facts,
        changes=scenario.as_text(),
        base_sha256=base_sha256,
        counted_cent_per_year=computed.objective_cent + weight,
        counted_bound_cent_per_year=computed.bound_cent + weight,
        mass_kg_per_year=sum(p.quantity_base_per_year for p in pairs if unit_of[p.supply_id] is BaseUnit.KG),
    )
    return _Made(kept, pairs)


async def _kept(graph: Graph, made: _Made, began: float) -> ScenarioRun:
    """Write the pairs of a scenario out of sight, then the scenario itself."""
    await graph.write(sweep_parts)
    run_id = made.scenario.run.run_id
    for number, first in enumerate(range(0, len(made.pairs), PART)):
        await graph.write(record_pairs, run_id, number, made.pairs[first : first + PART])
    run = replace(made.scenario.run, finished_at=utc_now(), duration_s=round(time.perf_counter() - began, 3))
    scenario = replace(made.scenario, run=run)
    await graph.write(publish_scenario, scenario)
    return scenario
