"""Steps of a synergy along its life cycle, and the last one taken back."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from symbiosis.domain.desk import Audience, HistoryAction, Readers, written_for
from symbiosis.domain.ids import SynergyId
from symbiosis.domain.steps import step_between
from symbiosis.domain.synergies import StepReason, Synergy, SynergyStatus, TrialResult
from symbiosis.errors import NotAllowedError, RuleError
from symbiosis.market.inputs import at_field, iso_date_or_none, text_or_none
from symbiosis.market.once import Once, once
from symbiosis.market.seated import Seated, seated, visible
from symbiosis.market.step_needs import NewStep, check_needs, check_reason, tenth_fte
from symbiosis.market.synergies import SeenSynergy, seen
from symbiosis.policy import Action, Viewer
from symbiosis.store import desk as store
from symbiosis.store.events import record_event
from symbiosis.store.graph import Graph, Tx
from symbiosis.units import base_from_trade

UNDO_MINUTES: Final = 10
_CHANGED: Final = (
    "status",
    "basis",
    "reason",
    "note",
    "held_from",
    "trial_result",
    "started_on",
    "agreed_base_per_year",
    "jobs_tenth_fte",
)


class UndoRefusedError(RuleError):
    """The last step is not this person's to take back, or not any more; nothing was written."""

    code = "UNDO_REFUSED"


@dataclass(frozen=True, slots=True)
class Undoing:
    """Whose last step is to be taken back, at the version that it led to."""

    synergy_id: SynergyId
    version: int
    idempotency_key: str | None = None


async def move_synergy(graph: Graph, viewer: Viewer, stated: NewStep) -> SeenSynergy:
    """Return the synergy after the step.

    Raises NotFound-, NotAllowed-, Field-, StepNeeds-, StaleVersion-, SynergyTransition- or KeyReusedError.
    """
    step = replace(
        stated,
        note=text_or_none(stated.note, "note"),
        starts_on=iso_date_or_none(stated.starts_on, "starts_on"),
        evidence_ids=tuple(dict.fromkeys(stated.evidence_ids)),
    )
    check_reason(step)
    return await graph.write(_move, viewer, step, once("move-synergy", step.idempotency_key, asdict(step)))


async def undo_step(graph: Graph, viewer: Viewer, stated: Undoing) -> SeenSynergy:
    """Return the synergy as it was before its last step, which the viewer took just now and nobody followed.

    Raises NotFound-, NotAllowed-, StaleVersion-, UndoRefused- or KeyReusedError.
    """
    return await graph.write(_undo, viewer, stated, once("undo-step", stated.idempotency_key, asdict(stated)))


async def _move(tx: Tx, viewer: Viewer, stated: NewStep, sent: Once) -> SeenSynergy:
    at = await seated(tx, viewer, stated.synergy_id, Action.MOVE_SYNERGY)
    if await sent.earlier(tx, at.person_id, stated.synergy_id, at.at):
        return seen(viewer, at.row)
    at.at_version(stated.version)
    now = at.row.synergy
    step = step_between(now.synergy_id, now.status, stated.to, now.held_from)
    if not at.seats & step.seats:
        raise NotAllowedError("Only a facilitator of one of the two territories takes this step; ask one to do it.")
    await check_needs(tx, at, step, stated)
    moved = _moved(at, stated)
    await store.save_step(tx, moved)
    note_audience = written_for(Readers.FACILITATORS, at.seat)
    event = at.event(
        HistoryAction.MOVE_SYNERGY,
        Audience.OPEN,
        version=moved.version,
        note_audience=note_audience.value,
        from_status=now.status,
        to_status=moved.status,
        reason=stated.reason,
        note=stated.note,
        trial_result=stated.trial_result,
        started_on=stated.starts_on,
        evidence_ids=list(stated.evidence_ids),
        before=json.dumps({name: getattr(now, name) for name in _CHANGED}),
    )
    await record_event(tx, event)
    return seen(viewer, await visible(tx, viewer, stated.synergy_id))


def _moved(at: Seated, stated: NewStep) -> Synergy:
    row, now, agreed = at.row, at.row.synergy, stated.agreed_quantity_per_year
    held = stated.to is SynergyStatus.ON_HOLD
    return replace(
        now,
        status=stated.to,
        version=now.version + 1,
        updated_at=at.at,
        last_activity_at=at.at,
        basis=f"{row.supply.version}:{row.demand.version}",
        reason=stated.reason,
        note=stated.note,
        held_from=now.status if held else None,
        trial_result=stated.trial_result or now.trial_result,
        started_on=stated.starts_on or now.started_on,
        agreed_base_per_year=(
            now.agreed_base_per_year
            if agreed is None
            else at_field("agreed_quantity_per_year", lambda: base_from_trade(agreed, row.base_unit))
        ),
        jobs_tenth_fte=now.jobs_tenth_fte if stated.jobs_fte is None else tenth_fte(stated.jobs_fte),
    )


async def _undo(tx: Tx, viewer: Viewer, stated: Undoing, sent: Once) -> SeenSynergy:
    at = await seated(tx, viewer, stated.synergy_id, Action.MOVE_SYNERGY)
    if await sent.earlier(tx, at.person_id, stated.synergy_id, at.at):
        return seen(viewer, at.row)
    at.at_version(stated.version)
    now, last = at.row.synergy, await store.latest_event(tx, stated.synergy_id)
    back = replace(_before(at, last), version=now.version + 1, updated_at=at.at, last_activity_at=at.at)
    await store.save_step(tx, back)
    event = at.event(
        HistoryAction.UNDO_STEP,
        Audience.OPEN,
        version=back.version,
        from_status=now.status,
        to_status=back.status,
    )
    await record_event(tx, event)
    return seen(viewer, await visible(tx, viewer, stated.synergy_id))


def _before(at: Seated, last: store.LatestEvent | None) -> Synergy:
    """Return the synergy as it was before its last step; raise UndoRefusedError unless the actor may take that back."""
    if last is None or last.action is not HistoryAction.MOVE_SYNERGY or last.before is None:
        raise UndoRefusedError("The last thing done with this synergy was no step; take a step instead.")
    if last.actor_id != at.person_id:
        raise UndoRefusedError("Somebody else took the last step; ask them, or take a step yourself.")
    if datetime.fromisoformat(at.at) - datetime.fromisoformat(last.at) > timedelta(minutes=UNDO_MINUTES):
        raise UndoRefusedError(f"The last step was taken more than {UNDO_MINUTES} minutes ago; take a step instead.")
    kept = json.loads(last.before)
    status = SynergyStatus(kept["status"])
    if status is SynergyStatus.SUGGESTED and at.row.suggestion is None:
        raise UndoRefusedError("The current run does not suggest this pair any more; take a step instead.")
    return replace(
        at.row.synergy,
        status=status,
        basis=kept["basis"],
        reason=None if kept["reason"] is None else StepReason(kept["reason"]),
        note=kept["note"],
        held_from=None if kept["held_from"] is None else SynergyStatus(kept["held_from"]),
        trial_result=None if kept["trial_result"] is None else TrialResult(kept["trial_result"]),
        started_on=kept["started_on"],
        agreed_base_per_year=kept["agreed_base_per_year"],
        jobs_tenth_fte=kept.get("jobs_tenth_fte"),
    )
