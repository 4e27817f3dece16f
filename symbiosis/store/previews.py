"""Previews in the store: runs of the kind PREVIEW, with what they would change in columns beside them.

A preview is neither published nor current, and its pairs are no synergies, so no reader of the market comes across
them. Its changes stand as lists of equal length in parts of at most PART, (:Run)-[:PLANS]->(:PlanPart), as the pairs of
a scenario do; parts of previews that failed are swept with theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final, LiteralString

from symbiosis.domain.changes import ChangeCause, ChangeKind, PairChange
from symbiosis.domain.fronts import FrontPoint
from symbiosis.domain.ids import ListingId, PersonId, RunId, SiteId, TerritoryId
from symbiosis.domain.previews import KEPT_PREVIEWS, Preview
from symbiosis.domain.runs import Run, RunKind
from symbiosis.store.front import front_facts
from symbiosis.store.graph import Tx
from symbiosis.store.paging import every_row
from symbiosis.store.run_progress import RunRow, run_row
from symbiosis.store.run_queries import LOCK_KIND
from symbiosis.store.runs import RunLostError, hold_run

PART: Final = 500
MOST_PARTS: Final = 100

LISTINGS_WITHIN: Final[LiteralString] = """
MATCH (:Territory {id: $territory_id})<-[:IN]-(:Commune)<-[:IN]-(:Site)<-[:AT]-(listing:Listing {status: 'OPEN'})
WHERE listing.id > $after
RETURN listing.id AS key
ORDER BY key LIMIT $at_most
"""

NOTE_PREVIEW: Final[LiteralString] = """
MATCH (run:Run {id: $run_id, status: 'RUNNING'})
SET run.started_by = $started_by, run.territory_id = $territory_id
"""

RECORD_CHANGES: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
CREATE (part:PlanPart) SET part = $facts
CREATE (run)-[:PLANS]->(part)
"""

KEEP: Final[LiteralString] = """
MATCH (run:Run {id: $run_id, status: 'RUNNING'})
MATCH (current:Current {kind: run.kind})
WHERE current.epoch = run.epoch
SET run += $facts, run.status = 'PREVIEW', run.slot = null, run.lease_until = null, run.holder = null
RETURN run.id AS run_id
"""

OLDER: Final[LiteralString] = """
MATCH (run:Run {kind: $kind})
WHERE run.started_by = $started_by AND run.status <> 'RUNNING'
WITH run.id AS run_id, run.started_at AS started_at
ORDER BY started_at DESC, run_id SKIP $kept LIMIT $at_most
RETURN run_id
"""

REMOVE_PARTS: Final[LiteralString] = """
MATCH (:Run {id: $run_id})-[:PLANS]->(part:PlanPart)
DETACH DELETE part
"""

REMOVE: Final[LiteralString] = "MATCH (run:Run {id: $run_id, kind: 'PREVIEW'}) DETACH DELETE run"

OF_PERSON: Final[LiteralString] = """
MATCH (run:Run {kind: $kind})
WHERE run.started_by = $started_by
RETURN run.id AS run_id, properties(run) AS facts, run.started_at AS started_at
ORDER BY started_at DESC, run_id LIMIT $at_most
"""

CHANGES: Final[LiteralString] = """
MATCH (:Run {id: $run_id})-[:PLANS]->(part:PlanPart)
RETURN part.id AS key, properties(part) AS facts
ORDER BY key LIMIT $at_most
"""

_RUN_FACTS: Final = tuple(
    field.name for field in fields(Run) if field.name not in {"run_id", "kind", "status", "period", "started_at"}
)
_COLUMNS: Final = tuple(field.name for field in fields(PairChange))


@dataclass(frozen=True, slots=True)
class PreviewedChange:
    """What a preview would change of a pair, and at which two sites."""

    change: PairChange
    supply_site_id: SiteId
    demand_site_id: SiteId


async def listings_within(tx: Tx, territory_id: TerritoryId) -> frozenset[ListingId]:
    """Return the open listings of the sites in a territory."""
    return frozenset(ListingId(row["key"]) for row in await every_row(tx, LISTINGS_WITHIN, territory_id=territory_id))


async def note_preview(tx: Tx, run_id: RunId, preview: Preview, at: str) -> None:
    """Write whose preview a run is, and of which territory; raise RunLostError if it was given up."""
    await hold_run(tx, run_id, at)
    await tx.run(NOTE_PREVIEW, run_id=run_id, started_by=preview.started_by, territory_id=preview.territory_id)


async def record_previewed(tx: Tx, run_id: RunId, number: int, changes: Sequence[PreviewedChange], at: str) -> None:
    """Write at most PART changes under a preview that is at work; raise RunLostError if it was given up."""
    await hold_run(tx, run_id, at)
    columns: dict[str, list[object]] = {name: [getattr(row.change, name) for row in changes] for name in _COLUMNS}
    columns["supply_site_id"] = [row.supply_site_id for row in changes]
    columns["demand_site_id"] = [row.demand_site_id for row in changes]
    await tx.run(RECORD_CHANGES, run_id=run_id, facts={"id": f"{run_id}/{number:05}", **columns})


async def keep_preview(tx: Tx, run: Run, preview: Preview, front: Sequence[FrontPoint]) -> None:
    """Let whoever asked read a preview, and let go of that person's oldest; raise RunLostError if it was given up."""
    await tx.run(LOCK_KIND, kind=RunKind.PREVIEW.value, run_id=run.run_id)
    facts = {name: getattr(run, name) for name in _RUN_FACTS} | front_facts(front)
    if not await tx.run(KEEP, run_id=run.run_id, facts=facts):
        raise RunLostError(run.run_id)
    keys = {"kind": RunKind.PREVIEW.value, "started_by": preview.started_by}
    for row in await tx.run(OLDER, **keys, kept=KEPT_PREVIEWS, at_most=KEPT_PREVIEWS):
        await tx.run(REMOVE_PARTS, run_id=row["run_id"])
        await tx.run(REMOVE, run_id=row["run_id"])


async def previews_of(tx: Tx, person_id: PersonId) -> list[RunRow]:
    """Return the previews that a person has asked for, newest first, running and failed ones too."""
    keys = {"kind": RunKind.PREVIEW.value, "started_by": person_id}
    return [run_row(row) for row in await tx.run(OF_PERSON, **keys, at_most=2 * KEPT_PREVIEWS)]


async def previewed_changes(tx: Tx, run_id: RunId) -> list[PreviewedChange]:
    """Return what a preview would change, those of the most value first."""
    changes: list[PreviewedChange] = []
    for row in await tx.run(CHANGES, run_id=run_id, at_most=MOST_PARTS):
        facts = row["facts"]
        columns = zip(
            *(facts[name] for name in _COLUMNS), facts["supply_site_id"], facts["demand_site_id"], strict=True
        )
        changes += [_change(each) for each in columns]
    return changes


def _change(values: tuple[str | int, ...]) -> PreviewedChange:
    *of_pair, supply_site_id, demand_site_id = values
    facts = dict(zip(_COLUMNS, of_pair, strict=True))
    return PreviewedChange(
        change=PairChange(
            supply_id=ListingId(str(facts["supply_id"])),
            demand_id=ListingId(str(facts["demand_id"])),
            kind=ChangeKind(str(facts["kind"])),
            cause=ChangeCause(str(facts["cause"])),
            detail=str(facts["detail"]),
            before_base_per_year=int(facts["before_base_per_year"]),
            after_base_per_year=int(facts["after_base_per_year"]),
            before_cent_per_year=int(facts["before_cent_per_year"]),
            after_cent_per_year=int(facts["after_cent_per_year"]),
        ),
        supply_site_id=SiteId(str(supply_site_id)),
        demand_site_id=SiteId(str(demand_site_id)),
    )
