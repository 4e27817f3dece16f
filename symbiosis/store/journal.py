"""What has happened since, for those who listen: steps of synergies from the journal, and which plan is current."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, LiteralString

from symbiosis.domain.desk import HistoryAction
from symbiosis.domain.ids import RunId, SiteId, SynergyId
from symbiosis.domain.runs import RunKind
from symbiosis.store.graph import Tx

STEPS_SINCE: Final[LiteralString] = """
MATCH (event:Event)
WHERE event.at >= $at AND (event.at > $at OR event.id > $event_id) AND event.action IN $actions
RETURN event.id AS event_id, event.at AS at, event.action AS action, event.object AS synergy_id,
       event.version AS version
ORDER BY at, event_id LIMIT $at_most
"""

PLAN_NOW: Final[LiteralString] = """
MATCH (:Current {kind: $kind})-[:IS]->(run:Run)
RETURN run.id AS run_id
ORDER BY run_id LIMIT 1
"""

NEW_FOR_SITES: Final[LiteralString] = """
UNWIND $site_ids AS site_id
MATCH (site:Site {id: site_id})<-[:AT]-(listing:Listing)<-[:TAKES_FROM|GIVES_TO]-(synergy:Synergy)
MATCH (synergy)<-[:SUGGESTS]-(:Run {id: $run_id})
WHERE NOT EXISTS { MATCH (synergy)<-[:SUGGESTS]-(:Run {id: $before_id}) }
RETURN DISTINCT synergy.id AS synergy_id
ORDER BY synergy_id LIMIT $at_most
"""

PAGE: Final = 500
STEPS: Final = (HistoryAction.MOVE_SYNERGY, HistoryAction.UNDO_STEP, HistoryAction.SUGGEST_AGAIN)
"""What changes the status of a synergy."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the journal: behind the event of this id at this time (UTC text); without an id, before them all."""

    at: str
    event_id: str = ""


@dataclass(frozen=True, slots=True)
class JournalStep:
    """A step that somebody took with a synergy, and the version that the synergy has since."""

    event_id: str
    at: str
    action: str
    synergy_id: SynergyId
    version: int


async def steps_since(tx: Tx, mark: Mark) -> list[JournalStep]:
    """Return at most PAGE steps behind a mark, oldest first; what is written beside a synergy is none."""
    rows = await tx.run(
        STEPS_SINCE, at=mark.at, event_id=mark.event_id, actions=[step.value for step in STEPS], at_most=PAGE
    )
    return [JournalStep(r["event_id"], r["at"], r["action"], SynergyId(r["synergy_id"]), r["version"]) for r in rows]


async def plan_now(tx: Tx) -> RunId | None:
    """Return the id of the run whose plan of exchanges is current, or None before the first."""
    rows = await tx.run(PLAN_NOW, kind=RunKind.EXCHANGE.value)
    return RunId(rows[0]["run_id"]) if rows else None


async def new_for_sites(
    tx: Tx, site_ids: Sequence[SiteId], run_id: RunId, before: RunId | None, at_most: int
) -> list[SynergyId]:
    """Return what a run suggests to these sites that the plan before it did not, by id, at most so many."""
    found = await tx.run(NEW_FOR_SITES, site_ids=list(site_ids), run_id=run_id, before_id=before or "", at_most=at_most)
    return [SynergyId(row["synergy_id"]) for row in found]
