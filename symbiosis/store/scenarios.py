"""Scenarios in the store: runs of the kind SCENARIO under their names, with their pairs in columns beside them.

A scenario is never current, and its pairs are no synergies, so no reader of the market comes across them: they stand
as lists of equal length in parts of at most PART pairs, (:Run)-[:PLANS]->(:PlanPart).
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import ListingId, ResourceCode, RunId, SiteId
from symbiosis.domain.listings import Direction
from symbiosis.domain.places import GeoPrecision
from symbiosis.domain.runs import Run, RunKind
from symbiosis.domain.scenarios import PlannedPair, ScenarioRun
from symbiosis.domain.times import utc_now
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest, page_of
from symbiosis.store.run_pages import run_of
from symbiosis.store.run_queries import LOCK_KIND, PUBLISH
from symbiosis.store.runs import RunLostError, hold_run
from symbiosis.store.snapshot import OpenListing

PART: Final = 500
"""Pairs of one part: some 100 kB."""
MOST_PARTS: Final = 10_000
NEWEST: Final = "NEWEST"

SCENARIO_SITES: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (site:Site {id: id})
RETURN site.id AS site_id, site.lat AS lat, site.lon AS lon, site.geo_precision AS geo_precision, site.naf AS naf,
       site.headings AS headings
ORDER BY site_id LIMIT $at_most
"""

RECORD_PAIRS: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
CREATE (part:PlanPart) SET part = $facts
CREATE (run)-[:PLANS]->(part)
"""

SWEEP_PARTS: Final[LiteralString] = """
MATCH (run:Run {status: 'FAILED'})-[:PLANS]->(part:PlanPart)
WITH part, part.id AS part_id
ORDER BY part_id LIMIT $at_most
DETACH DELETE part
RETURN count(*) AS swept
"""

SCENARIO_RUNS: Final[LiteralString] = """
MATCH (run:Run)
WHERE run.kind = $kind AND run.status = 'PUBLISHED'
  AND ($after_id IS NULL OR run.started_at < $after_key OR (run.started_at = $after_key AND run.id > $after_id))
RETURN run.id AS run_id, properties(run) AS facts, run.started_at AS sort_key
ORDER BY sort_key DESC, run_id LIMIT $at_most
"""

SCENARIO_NAMED: Final[LiteralString] = """
MATCH (run:Run {slot: $slot, status: 'PUBLISHED'})
RETURN run.id AS run_id, properties(run) AS facts
ORDER BY run_id LIMIT 1
"""

SCENARIO_BY_ID: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
WHERE run.kind = $kind AND run.status = 'PUBLISHED'
RETURN run.id AS run_id, properties(run) AS facts
"""

SCENARIO_PAIRS: Final[LiteralString] = """
MATCH (:Run {id: $run_id})-[:PLANS]->(part:PlanPart)
RETURN part.id AS key, properties(part) AS facts
ORDER BY key LIMIT $at_most
"""

REMOVE_PARTS: Final[LiteralString] = """
MATCH (:Run {id: $run_id})-[:PLANS]->(part:PlanPart)
DETACH DELETE part
"""

REMOVE_RUN: Final[LiteralString] = "MATCH (run:Run {id: $run_id, kind: 'SCENARIO'}) DETACH DELETE run"

_RUN_FACTS: Final = tuple(
    field.name for field in fields(Run) if field.name not in {"run_id", "kind", "status", "period", "started_at"}
)
_OWN_FACTS: Final = tuple(field.name for field in fields(ScenarioRun) if field.name != "run")
_COLUMNS: Final = tuple(field.name for field in fields(PlannedPair))


async def sites_for_scenario(tx: Tx, ids: Sequence[SiteId]) -> list[OpenListing]:
    """Return an empty supply at each of these sites that is there: where a new listing of a scenario would stand."""
    rows = await tx.run(SCENARIO_SITES, ids=list(ids), at_most=max(1, len(ids))) if ids else []
    return [_empty_listing(row) for row in rows]


async def record_pairs(tx: Tx, run_id: RunId, number: int, pairs: Sequence[PlannedPair]) -> None:
    """Write at most PART pairs under a scenario that is at work; raise RunLostError if it was given up."""
    await hold_run(tx, run_id, utc_now())
    columns = {name: [getattr(pair, name) for pair in pairs] for name in _COLUMNS}
    await tx.run(RECORD_PAIRS, run_id=run_id, facts={"id": f"{run_id}/{number:05}", **columns})


async def publish_scenario(tx: Tx, scenario: ScenarioRun) -> None:
    """Let people read a scenario; what is current stays. Raises RunLostError when it is no longer RUNNING."""
    run = scenario.run
    await tx.run(LOCK_KIND, kind=run.kind.value, run_id=run.run_id)
    facts = {name: getattr(run, name) for name in _RUN_FACTS}
    facts |= {name: getattr(scenario, name) for name in _OWN_FACTS}
    if not await tx.run(PUBLISH, run_id=run.run_id, facts=facts):
        raise RunLostError(run.run_id)


async def sweep_parts(tx: Tx) -> None:
    """Remove the pairs that failed scenarios have left."""
    await tx.run(SWEEP_PARTS, at_most=MOST_PARTS)


async def scenarios_page(tx: Tx, page: PageRequest) -> Page[ScenarioRun]:
    """Return one page of the computed scenarios, newest first."""
    rows = await tx.run(SCENARIO_RUNS, kind=RunKind.SCENARIO.value, **page.parameters(NEWEST, str))
    return page_of(rows, page, NEWEST, "run_id", _scenario)


async def scenario_named(tx: Tx, name: str) -> ScenarioRun | None:
    """Return the computed scenario of that name, or None."""
    rows = await tx.run(SCENARIO_NAMED, slot=f"{RunKind.SCENARIO} {name}")
    return _scenario(rows[0]) if rows else None


async def scenario_by_id(tx: Tx, run_id: RunId) -> ScenarioRun | None:
    """Return a computed scenario, or None."""
    rows = await tx.run(SCENARIO_BY_ID, run_id=run_id, kind=RunKind.SCENARIO.value)
    return _scenario(rows[0]) if rows else None


async def scenario_pairs(tx: Tx, run_id: RunId) -> list[PlannedPair]:
    """Return the pairs of a scenario, most valuable first."""
    pairs: list[PlannedPair] = []
    for row in await tx.run(SCENARIO_PAIRS, run_id=run_id, at_most=MOST_PARTS):
        facts = row["facts"]
        pairs += [PlannedPair(*each) for each in zip(*(facts[name] for name in _COLUMNS), strict=True)]
    return pairs


async def remove_scenario(tx: Tx, run_id: RunId) -> None:
    """Remove a scenario and its pairs; its name is free again."""
    await tx.run(REMOVE_PARTS, run_id=run_id)
    await tx.run(REMOVE_RUN, run_id=run_id)


def _scenario(row: Mapping[str, Any]) -> ScenarioRun:
    return ScenarioRun(run=run_of(row), **{name: row["facts"][name] for name in _OWN_FACTS})


def _empty_listing(row: Mapping[str, Any]) -> OpenListing:
    return OpenListing(
        listing_id=ListingId(""),
        site_id=SiteId(row["site_id"]),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        geo_precision=GeoPrecision(row["geo_precision"]),
        resource_code=ResourceCode(""),
        direction=Direction.SUPPLY,
        version=1,
        quantity_base_per_year=0,
        naf=row["naf"],
        headings=tuple(row["headings"] or ()),
    )
