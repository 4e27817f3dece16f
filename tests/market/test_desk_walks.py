"""Random walks at the desk: no step passes that the table does not have, and the history misses nothing."""

import uuid
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbiosis.domain.desk import HistoryAction, SynergyEvidenceKind
from symbiosis.domain.ids import PersonId, SiteId, SynergyId
from symbiosis.domain.people import Person
from symbiosis.domain.steps import LIFE_CYCLE, REASONS, Seat
from symbiosis.domain.synergies import StepReason, SynergyStatus, TrialResult
from symbiosis.errors import InputError, RuleError, StaleVersionError
from symbiosis.market.desk import history
from symbiosis.market.desk_notes import NewEvidence, attach_evidence
from symbiosis.market.desk_steps import Undoing, move_synergy, undo_step
from symbiosis.market.step_needs import NewStep
from symbiosis.market.synergies import synergies_by_id
from symbiosis.policy import Viewer
from symbiosis.store.graph import Graph
from symbiosis.store.pages import PageRequest

PUT: Final[LiteralString] = """
MERGE (commune:Commune {insee: '69001'})
MERGE (resource:Resource {code: 'wood'}) SET resource.base_unit = 'KG'
MERGE (run:Run {id: 'run-now'})
MERGE (current:Current {kind: 'EXCHANGE'})
MERGE (current)-[:IS]->(run)
MERGE (giver:Site {id: 'site-a'})
MERGE (giver)-[:IN]->(commune)
MERGE (taker:Site {id: 'site-b'})
MERGE (taker)-[:IN]->(commune)
CREATE (supply:Listing {id: $id + '-s', version: 1, visibility: 'PUBLIC', provenance: 'DECLARED'})-[:AT]->(giver)
CREATE (supply)-[:OF]->(resource)
CREATE (demand:Listing {id: $id + '-d', version: 1, visibility: 'PUBLIC', provenance: 'DECLARED'})-[:AT]->(taker)
CREATE (demand)-[:OF]->(resource)
CREATE (synergy:Synergy {id: $id, status: 'SUGGESTED', version: 1, basis: '1:1', created_at: $at, updated_at: $at})
CREATE (synergy)-[:TAKES_FROM]->(supply)
CREATE (synergy)-[:GIVES_TO]->(demand)
CREATE (run)-[suggests:SUGGESTS]->(synergy)
SET suggests += $numbers
"""
AT: Final = "2026-01-01T00:00:00.000000Z"
NUMBERS: Final[dict[str, Any]] = dict.fromkeys(
    (
        *("rank", "quantity_base_per_year", "distance_m", "value_cent_per_year", "avoided_disposal_cent_per_year"),
        *("avoided_purchase_cent_per_year", "transport_cent_per_year", "treatment_cent_per_year"),
        *("supplier_share_cent_per_year", "receiver_share_cent_per_year", "avoided_gco2e_per_year"),
    ),
    1,
) | {"match": "SAME", "estimated": False}
PEOPLE: Final = {
    Seat.FACILITATOR: Viewer(Person(PersonId("f"), "f", "f"), facilitated=frozenset({"69001"})),
    Seat.SUPPLIER: Viewer(Person(PersonId("a"), "a", "a"), site_ids=frozenset({SiteId("site-a")})),
    Seat.RECEIVER: Viewer(Person(PersonId("b"), "b", "b"), site_ids=frozenset({SiteId("site-b")})),
}
TABLE: Final = {(step.now, step.to): step for step in LIFE_CYCLE}

MOVES: Final = st.tuples(
    st.sampled_from(Seat),
    st.sampled_from([*SynergyStatus, "UNDO"]),
    st.sampled_from([None, *StepReason]),
    st.sampled_from([None, None, *TrialResult]),
    st.booleans(),
    st.sampled_from([0, 0, 0, 0, -1]),
)


@dataclass
class Walk:
    """What is to be true of a synergy after some moves, told from the table alone."""

    status: SynergyStatus = SynergyStatus.SUGGESTED
    version: int = 1
    held_from: SynergyStatus | None = None
    steps: list[tuple[SynergyStatus, SynergyStatus]] = field(default_factory=list)
    undoable: tuple[Seat, SynergyStatus, SynergyStatus | None] | None = None

    def allows(self, seat: Seat, to: SynergyStatus) -> bool:
        step = TABLE.get((self.status, to))
        if step is None or seat not in step.seats:
            return False
        if self.status is SynergyStatus.ON_HOLD and to not in REASONS:
            return to is (SynergyStatus.SHORTLISTED if self.held_from is SynergyStatus.SUGGESTED else self.held_from)
        return True

    def takes(self, seat: Seat, to: SynergyStatus) -> None:
        self.undoable = (seat, self.status, self.held_from)
        self._goes(to, self.status if to is SynergyStatus.ON_HOLD else None)

    def takes_back(self) -> None:
        assert self.undoable is not None
        _, status, held_from = self.undoable
        self.undoable = None
        self._goes(status, held_from)

    def _goes(self, to: SynergyStatus, held_from: SynergyStatus | None) -> None:
        self.steps.append((self.status, to))
        self.status, self.held_from, self.version = to, held_from, self.version + 1


def stated(synergy_id: SynergyId, walk: Walk, move: Any, agreement: Any) -> tuple[NewStep, bool]:
    """Return the step that a move is, and whether everything it states is as the table wants it."""
    _, to, reason, trial, complete, stale = move
    needs_trial = walk.status is SynergyStatus.TRIAL and to in {SynergyStatus.NEGOTIATION, SynergyStatus.AGREED}
    if complete:
        reason = REASONS[to][0] if to in REASONS else None
        trial = TrialResult.PASSED if needs_trial else None
    step = NewStep(
        synergy_id,
        walk.version + stale,
        to,
        reason=reason,
        note="because",
        trial_result=trial,
        evidence_ids=(agreement,) if complete and to is SynergyStatus.AGREED else (),
        starts_on="2026-01-02" if complete and to is SynergyStatus.OPERATING else None,
    )
    in_place = (reason in REASONS[to]) if to in REASONS else reason is None
    in_place = in_place and (trial is None or walk.status is SynergyStatus.TRIAL)
    in_place = in_place and not (to is SynergyStatus.AGREED and trial is TrialResult.FAILED)
    in_place = in_place and not (needs_trial and trial is None)
    resumes = walk.status is SynergyStatus.ON_HOLD
    if to is SynergyStatus.AGREED and not resumes:
        in_place = in_place and complete
    if to is SynergyStatus.OPERATING:
        in_place = in_place and complete is not resumes
    return step, in_place and stale == 0


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(moves=st.lists(MOVES, min_size=8, max_size=24), path=st.integers(0, 9))
async def test_no_walk_leaves_the_table_and_the_history_misses_nothing(
    graph: Graph, moves: list[Any], path: int
) -> None:
    synergy_id, walk = SynergyId(f"syn-{uuid.uuid4()}"), Walk()
    await graph.write(lambda tx: tx.run(PUT, id=synergy_id, at=AT, numbers=NUMBERS))
    paper = NewEvidence(synergy_id, SynergyEvidenceKind.AGREEMENT, "contract", sha256="0" * 64)
    agreement = (await attach_evidence(graph, PEOPLE[Seat.FACILITATOR], paper)).evidence_id
    forward = [SynergyStatus(status) for status in list(SynergyStatus)[1 : 1 + path]]
    whole = [(Seat.FACILITATOR, to, None, None, True, 0) for to in forward]
    for move in [*whole, *moves]:
        seat, to = move[0], move[1]
        viewer = PEOPLE[seat]
        if to == "UNDO":
            may = walk.undoable is not None and walk.undoable[0] is seat
            changed = await passes(undo_step(graph, viewer, Undoing(synergy_id, walk.version)))
            assert changed is may
            if may:
                walk.takes_back()
            continue
        step, in_place = stated(synergy_id, walk, move, agreement)
        changed = await passes(move_synergy(graph, viewer, step))
        assert changed is (walk.allows(seat, to) and in_place), (walk, move)
        if changed:
            walk.takes(seat, to)
    row = (await synergies_by_id(graph, PEOPLE[Seat.SUPPLIER], [synergy_id]))[synergy_id].row.synergy
    assert (row.status, row.version, row.held_from) == (walk.status, walk.version, walk.held_from)
    entries = (await history(graph, synergy_id, frozenset({Seat.FACILITATOR}), PageRequest(100))).items
    steps = [(entry.now, entry.to) for entry in reversed(entries) if entry.action is not HistoryAction.ATTACH_EVIDENCE]
    assert steps == walk.steps
    assert len({entry.at for entry in entries}) == len(entries)


async def passes(work: Any) -> bool:
    """Return whether a change was made; a refusal is one of the tree's."""
    try:
        await work
    except (InputError, RuleError, StaleVersionError):
        return False
    return True
