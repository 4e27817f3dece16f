"""Analyses that decide again: (:Analysis) nodes of their own, the result as one text beside a typed header.

`run_id` is empty before the first run. Whoever starts one locks its territory first, so that the same question is
worked on once, however many servers are asked.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, LiteralString

from symbiosis.domain.analyses import KEPT_ANALYSES, Analysis, AnalysisId, AnalysisKind, AnalysisState, Sight
from symbiosis.domain.ids import PersonId, RunId, TerritoryId
from symbiosis.store.graph import Tx

MOST_OPEN: Final = 1000

LOCK_TERRITORY: Final[LiteralString] = """
MATCH (territory:Territory {id: $territory_id}) SET territory._lock = timestamp() RETURN territory.id AS territory_id
"""

SAME: Final[LiteralString] = """
MATCH (analysis:Analysis {territory_id: $territory_id})
WHERE analysis.key = $key AND ((analysis.state = 'DONE' AND analysis.run_id = $run_id AND NOT $again)
   OR (analysis.state IN ['WAITING', 'WORKING'] AND analysis.held_until > $now))
RETURN analysis.id AS analysis_id, analysis.asked_at AS asked_at
ORDER BY asked_at DESC, analysis_id LIMIT 1
"""

ADD: Final[LiteralString] = "CREATE (analysis:Analysis) SET analysis = $facts"

OLDER: Final[LiteralString] = """
MATCH (analysis:Analysis {territory_id: $territory_id})
WHERE analysis.state IN ['DONE', 'FAILED'] OR analysis.held_until <= $now
WITH analysis.id AS analysis_id, analysis.asked_at AS asked_at
ORDER BY asked_at DESC, analysis_id SKIP $kept LIMIT $at_most
RETURN analysis_id
"""

REMOVE: Final[LiteralString] = """
UNWIND $analysis_ids AS analysis_id
MATCH (analysis:Analysis {id: analysis_id})
DETACH DELETE analysis
"""

HOLD: Final[LiteralString] = """
MATCH (analysis:Analysis {id: $analysis_id})
WHERE analysis.state IN ['WAITING', 'WORKING']
SET analysis += $facts
RETURN analysis.id AS analysis_id
"""

_HEADER: Final[LiteralString] = """
RETURN analysis.id AS analysis_id, analysis.territory_id AS territory_id, analysis.kind AS kind, analysis.key AS key,
       analysis.arguments AS arguments, analysis.seen AS seen, analysis.brokered AS brokered,
       analysis.asked_by AS asked_by, analysis.asked_at AS asked_at, analysis.held_until AS held_until,
       analysis.state AS state, analysis.share AS share, analysis.run_id AS run_id,
       analysis.started_at AS started_at, analysis.finished_at AS finished_at, analysis.failure AS failure
ORDER BY asked_at DESC, analysis_id LIMIT $at_most
"""

_BY_ID: Final[LiteralString] = "MATCH (analysis:Analysis {id: $analysis_id})"
_BY_TERRITORY: Final[LiteralString] = "MATCH (analysis:Analysis {territory_id: $territory_id})"

ONE: Final[LiteralString] = _BY_ID + _HEADER
OF_TERRITORY: Final[LiteralString] = _BY_TERRITORY + _HEADER

RESULTS: Final[LiteralString] = """
UNWIND $analysis_ids AS analysis_id
MATCH (analysis:Analysis {id: analysis_id, state: 'DONE'})
RETURN analysis.id AS analysis_id, analysis.result AS result
ORDER BY analysis_id
"""


async def lock_territory(tx: Tx, territory_id: TerritoryId) -> bool:
    """Take the lock of a territory; say whether there is one."""
    return bool(await tx.run(LOCK_TERRITORY, territory_id=territory_id))


async def same_analysis(tx: Tx, wanted: Analysis, now: str, *, again: bool) -> Analysis | None:
    """Return the newest analysis of the same question: one that is under way, or, but for `again`, done for its run."""
    rows = await tx.run(
        SAME, territory_id=wanted.territory_id, key=wanted.key, run_id=wanted.run_id or "", now=now, again=again
    )
    return await analysis_by_id(tx, AnalysisId(rows[0]["analysis_id"])) if rows else None


async def add_analysis(tx: Tx, analysis: Analysis) -> None:
    """Write a new analysis, and remove those of its territory that are no longer kept."""
    facts = {
        "id": analysis.analysis_id,
        "territory_id": analysis.territory_id,
        "kind": analysis.kind.value,
        "key": analysis.key,
        "arguments": analysis.arguments,
        "seen": sorted(analysis.sight.seen),
        "brokered": sorted(analysis.sight.brokered),
        "asked_by": analysis.asked_by,
        "asked_at": analysis.asked_at,
        "held_until": analysis.held_until,
        "state": analysis.state.value,
        "share": analysis.share,
        "run_id": analysis.run_id or "",
    }
    await tx.run(ADD, facts=facts)
    older = await tx.run(
        OLDER,
        territory_id=analysis.territory_id,
        now=analysis.asked_at,
        kept=KEPT_ANALYSES - 1,
        at_most=MOST_OPEN,
    )
    if older:
        await tx.run(REMOVE, analysis_ids=[row["analysis_id"] for row in older])


async def hold_analysis(tx: Tx, analysis_id: AnalysisId, share: float, held_until: str) -> bool:
    """Note how far an open analysis is and until when it is held; say whether it is still open."""
    return bool(await tx.run(HOLD, analysis_id=analysis_id, facts={"share": share, "held_until": held_until}))


async def begin_analysis(tx: Tx, analysis_id: AnalysisId, at: str, run_id: RunId | None) -> bool:
    """Note that an analysis is worked on, and against which run; say whether it is still open."""
    facts = {"state": AnalysisState.WORKING.value, "started_at": at, "run_id": run_id or ""}
    return bool(await tx.run(HOLD, analysis_id=analysis_id, facts=facts))


async def finish_analysis(tx: Tx, analysis_id: AnalysisId, at: str, result: str) -> bool:
    """Keep the result of an analysis; say whether it was still open."""
    facts = {"state": AnalysisState.DONE.value, "finished_at": at, "share": 1.0, "result": result}
    return bool(await tx.run(HOLD, analysis_id=analysis_id, facts=facts))


async def fail_analysis(tx: Tx, analysis_id: AnalysisId, at: str, failure: str) -> bool:
    """Note why an analysis failed; say whether it was still open."""
    facts = {"state": AnalysisState.FAILED.value, "finished_at": at, "failure": failure}
    return bool(await tx.run(HOLD, analysis_id=analysis_id, facts=facts))


async def analysis_by_id(tx: Tx, analysis_id: AnalysisId) -> Analysis | None:
    """Return an analysis, or None."""
    rows = await tx.run(ONE, analysis_id=analysis_id, at_most=1)
    return _analysis(rows[0]) if rows else None


async def analyses_of(tx: Tx, territory_id: TerritoryId) -> list[Analysis]:
    """Return the analyses of a territory that are kept, the newest first."""
    return [_analysis(row) for row in await tx.run(OF_TERRITORY, territory_id=territory_id, at_most=MOST_OPEN)]


async def results_by_id(tx: Tx, analysis_ids: Sequence[AnalysisId]) -> dict[AnalysisId, str]:
    """Return the results of those of these analyses that are done."""
    rows = await tx.run(RESULTS, analysis_ids=list(analysis_ids))
    return {AnalysisId(row["analysis_id"]): row["result"] for row in rows}


def _analysis(row: Mapping[str, Any]) -> Analysis:
    return Analysis(
        analysis_id=AnalysisId(row["analysis_id"]),
        territory_id=TerritoryId(row["territory_id"]),
        kind=AnalysisKind(row["kind"]),
        key=row["key"],
        arguments=row["arguments"],
        sight=Sight(frozenset(row["seen"] or ()), frozenset(row["brokered"] or ())),
        asked_by=PersonId(row["asked_by"]),
        asked_at=row["asked_at"],
        held_until=row["held_until"],
        state=AnalysisState(row["state"]),
        share=row["share"],
        run_id=RunId(row["run_id"]) if row["run_id"] else None,
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        failure=row["failure"],
    )
