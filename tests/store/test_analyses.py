"""Analyses in the store: found again by their question, held while worked on, and the newest hundred kept."""

from dataclasses import replace
from typing import Final, LiteralString

import pytest

from symbiosis.domain.analyses import (
    KEPT_ANALYSES,
    SERVER_GONE,
    Analysis,
    AnalysisId,
    AnalysisKind,
    AnalysisState,
    Sight,
)
from symbiosis.domain.ids import PersonId, RunId, TerritoryId
from symbiosis.store.analyses import (
    add_analysis,
    analyses_of,
    analysis_by_id,
    begin_analysis,
    fail_analysis,
    finish_analysis,
    hold_analysis,
    lock_territory,
    results_by_id,
    same_analysis,
)
from symbiosis.store.graph import Graph, Tx

pytestmark = pytest.mark.store

LYON: Final = TerritoryId("lyon")
NOW: Final = "2026-11-01T08:00:00.000000Z"
LATER: Final = "2026-11-01T09:00:00.000000Z"
OLD: Final[LiteralString] = """
UNWIND range(100, 199) AS number
CREATE (:Analysis {id: 'ana-' + number, territory_id: 'lyon', kind: 'STOPS', key: 'k', arguments: '{}', seen: ['69001'],
        brokered: [], asked_by: 'per-1', asked_at: '2026-10-01T08:00:00.000' + number + 'Z', state: 'DONE', share: 1.0,
        held_until: '2026-10-01T08:00:00.000000Z', run_id: 'run-1', result: '{}'})
"""
PLACE: Final[LiteralString] = "CREATE (:Territory {id: 'lyon', name: 'Lyon', kind: 'METROPOLE'})"

WANTED: Final = Analysis(
    analysis_id=AnalysisId("ana-1"),
    territory_id=LYON,
    kind=AnalysisKind.STOPS,
    key="k",
    arguments='{"pairs": 0}',
    sight=Sight(frozenset({"69001", "69002"}), frozenset()),
    asked_by=PersonId("per-1"),
    asked_at=NOW,
    held_until=LATER,
    run_id=RunId("run-1"),
)


async def kept(graph: Graph) -> Analysis | None:
    return await graph.read(analysis_by_id, WANTED.analysis_id)


async def test_what_is_added_is_read_back_and_goes_through_its_states(graph: Graph) -> None:
    await graph.write(add_analysis, WANTED)
    assert await kept(graph) == WANTED
    assert await graph.write(hold_analysis, WANTED.analysis_id, 0.4, LATER)
    assert await graph.write(begin_analysis, WANTED.analysis_id, NOW, RunId("run-2"))
    begun = replace(WANTED, state=AnalysisState.WORKING, share=0.4, started_at=NOW, run_id=RunId("run-2"))
    assert await kept(graph) == begun
    assert await graph.read(results_by_id, [WANTED.analysis_id]) == {}
    assert await graph.write(finish_analysis, WANTED.analysis_id, LATER, "{}")
    assert await kept(graph) == replace(begun, state=AnalysisState.DONE, share=1.0, finished_at=LATER)
    assert await graph.read(results_by_id, [WANTED.analysis_id]) == {"ana-1": "{}"}


async def test_what_has_ended_stays_as_it_ended(graph: Graph) -> None:
    await graph.write(add_analysis, WANTED)
    assert await graph.write(fail_analysis, WANTED.analysis_id, LATER, "It was too large.")
    assert not await graph.write(finish_analysis, WANTED.analysis_id, LATER, "{}")
    assert not await graph.write(hold_analysis, WANTED.analysis_id, 0.9, LATER)
    found = await kept(graph)
    assert found is not None
    assert (found.state, found.failure, found.share) == (AnalysisState.FAILED, "It was too large.", 0.0)


async def test_a_question_is_found_again_while_it_is_held_and_once_it_is_done_for_its_run(graph: Graph) -> None:
    async def same(analysis: Analysis, now: str, *, again: bool = False) -> str | None:
        found = await graph.read(same_analysis, analysis, now, again=again)
        return None if found is None else found.analysis_id

    other = replace(WANTED, analysis_id=AnalysisId("ana-2"))
    await graph.write(add_analysis, WANTED)
    assert await same(other, NOW, again=True) == "ana-1"
    assert await same(other, LATER) is None
    assert await same(replace(other, key="other"), NOW) is None
    await graph.write(finish_analysis, WANTED.analysis_id, LATER, "{}")
    assert await same(other, LATER) == "ana-1"
    assert await same(other, LATER, again=True) is None
    assert await same(replace(other, run_id=RunId("run-2")), LATER) is None
    assert await same(replace(other, run_id=None), LATER) is None


async def test_the_newest_hundred_of_a_territory_are_kept(graph: Graph) -> None:
    async def fill(tx: Tx) -> None:
        await tx.run(PLACE)
        await tx.run(OLD)

    await graph.write(fill)
    assert await graph.write(lock_territory, LYON)
    assert not await graph.write(lock_territory, TerritoryId("nowhere"))
    await graph.write(add_analysis, WANTED)
    ids = [analysis.analysis_id for analysis in await graph.read(analyses_of, LYON)]
    assert (len(ids), ids[0], ids[-1]) == (KEPT_ANALYSES, "ana-1", "ana-101")
    assert await graph.read(analyses_of, TerritoryId("stetienne")) == []


def test_who_is_silent_for_too_long_has_failed() -> None:
    assert WANTED.as_of(NOW) == WANTED
    gone = WANTED.as_of(LATER)
    assert (gone.state, gone.failure, gone.finished_at) == (AnalysisState.FAILED, SERVER_GONE, LATER)
    done = replace(WANTED, state=AnalysisState.DONE)
    assert done.as_of(LATER) == done
