"""Synergies at the desk: locked, moved and assigned, with their history, and the facilitators' queue in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from symbiosis.domain.desk import Audience, DeliveryId, EvidenceId, HistoryAction, HistoryEntry
from symbiosis.domain.ids import PersonId, SynergyId, TerritoryId
from symbiosis.domain.steps import Seat
from symbiosis.domain.synergies import StepReason, Synergy, SynergyStatus, TrialResult
from symbiosis.store.desk_queries import (
    DESK_COUNTS,
    DESK_WAITING,
    FACILITATORS_IN,
    HISTORY_ENTRY,
    HISTORY_PAGE,
    LATEST_EVENT,
    LOCK_SYNERGY,
    NOTE_ACTIVITY,
    PEOPLE_NAMES,
    SAVE_STEP,
    TERRITORY_COMMUNES,
)
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest, page_of

HISTORY_ORDER: Final = "HISTORY"
MAX_FACILITATORS: Final = 200
MAX_COMMUNES: Final = 10_000


@dataclass(frozen=True, slots=True)
class LatestEvent:
    """The last thing that was done with a synergy; `before` is what a step changed, as `Before` writes it."""

    event_id: str
    at: str
    action: HistoryAction
    actor_id: str
    version: int
    before: str | None


@dataclass(frozen=True, slots=True)
class Facilitator:
    """Somebody a synergy can be assigned to."""

    person_id: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many synergies of a desk stand in a status, and how many of them nobody has, the viewer has, are overdue."""

    status: SynergyStatus
    synergies: int
    unassigned: int
    mine: int
    overdue: int


async def lock_synergy(tx: Tx, synergy_id: SynergyId) -> str | None:
    """Take the write lock of a synergy until the transaction ends; return its last activity, or None for no synergy."""
    rows = await tx.run(LOCK_SYNERGY, synergy_id=synergy_id)
    return rows[0]["last_activity_at"] if rows else None


async def save_step(tx: Tx, synergy: Synergy) -> None:
    """Write what a step or an assignment changed in a synergy, locked before."""
    facts = {
        "status": synergy.status.value,
        "version": synergy.version,
        "updated_at": synergy.updated_at,
        "last_activity_at": synergy.last_activity_at,
        "basis": synergy.basis,
        "reason": synergy.reason,
        "note": synergy.note,
        "held_from": synergy.held_from,
        "trial_result": synergy.trial_result,
        "started_on": synergy.started_on,
        "agreed_base_per_year": synergy.agreed_base_per_year,
        "jobs_tenth_fte": synergy.jobs_tenth_fte,
        "assignee_id": synergy.assignee_id,
        "due_on": synergy.due_on,
    }
    await tx.run(SAVE_STEP, synergy_id=synergy.synergy_id, facts=facts)


async def note_activity(tx: Tx, synergy_id: SynergyId, at: str) -> None:
    """Write when something was last done with a synergy, locked before."""
    await tx.run(NOTE_ACTIVITY, synergy_id=synergy_id, at=at)


async def latest_event(tx: Tx, synergy_id: SynergyId) -> LatestEvent | None:
    """Return the last thing that was done with a synergy, or None."""
    rows = await tx.run(LATEST_EVENT, synergy_id=synergy_id)
    if not rows or rows[0]["action"] not in set(map(str, HistoryAction)):
        return None
    row = rows[0]
    return LatestEvent(
        row["event_id"], row["at"], HistoryAction(row["action"]), row["actor_id"], row["version"], row["before"]
    )


async def history_page(
    tx: Tx, synergy_id: SynergyId, audiences: frozenset[Audience], page: PageRequest
) -> Page[HistoryEntry]:
    """Return one page of what was done with a synergy, newest first, as far as these audiences read it."""
    rows = await tx.run(
        HISTORY_PAGE, synergy_id=synergy_id, audiences=_words(audiences), **page.parameters(HISTORY_ORDER, str)
    )
    return page_of(rows, page, HISTORY_ORDER, "event_id", _entry)


async def history_entry(tx: Tx, event_id: str) -> HistoryEntry:
    """Return one entry of a history that is known to be there."""
    return _entry((await tx.run(HISTORY_ENTRY, event_id=event_id, at_most=1))[0])


async def facilitators_in(tx: Tx, communes: Sequence[str], today: str) -> list[Facilitator]:
    """Return who facilitates in these communes on a day (ISO date), by name."""
    rows = await tx.run(FACILITATORS_IN, communes=list(communes), today=today, at_most=MAX_FACILITATORS)
    return [Facilitator(PersonId(row["person_id"]), row["name"]) for row in rows]


async def people_names(tx: Tx, person_ids: Sequence[PersonId]) -> dict[PersonId, str]:
    """Return the names of those of these people that there are."""
    rows = await tx.run(PEOPLE_NAMES, person_ids=list(person_ids))
    return {PersonId(row["person_id"]): row["name"] for row in rows}


async def communes_of(tx: Tx, territory_id: TerritoryId) -> frozenset[str]:
    """Return the INSEE codes of a territory's communes."""
    rows = await tx.run(TERRITORY_COMMUNES, territory_id=territory_id, at_most=MAX_COMMUNES)
    return frozenset(row["insee"] for row in rows)


async def desk_counts(tx: Tx, communes: Sequence[str], person_id: PersonId, today: str) -> list[StatusCount]:
    """Return how many synergies that touch these communes stand in each status, by the order of the life cycle."""
    rows = await tx.run(DESK_COUNTS, communes=list(communes), person_id=person_id, today=today)
    counts = {
        SynergyStatus(row["status"]): StatusCount(
            SynergyStatus(row["status"]), row["synergies"], row["unassigned"], row["mine"], row["overdue"]
        )
        for row in rows
    }
    return [counts[status] for status in SynergyStatus if status in counts]


async def desk_waiting(
    tx: Tx, communes: Sequence[str], statuses: Sequence[SynergyStatus], at_most: int
) -> list[SynergyId]:
    """Return the synergies in these statuses that nothing has happened to for longest."""
    rows = await tx.run(
        DESK_WAITING, communes=list(communes), statuses=[status.value for status in statuses], at_most=at_most
    )
    return [SynergyId(row["synergy_id"]) for row in rows]


def _words(audiences: frozenset[Audience]) -> list[str]:
    return sorted(audience.value for audience in audiences)


def _entry(row: Mapping[str, Any]) -> HistoryEntry:
    delivery_id, assignee_id = row["delivery_id"], row["assignee_id"]
    return HistoryEntry(
        event_id=row["event_id"],
        synergy_id=SynergyId(row["synergy_id"]),
        at=row["at"],
        action=HistoryAction(row["action"]),
        version=row["version"],
        actor_id=row["actor_id"],
        actor_name=row["actor_name"],
        seat=None if row["seat"] is None else Seat(row["seat"]),
        audience=Audience(row["audience"]),
        note_audience=Audience(row["note_audience"] or row["audience"]),
        now=_status(row["from_status"]),
        to=_status(row["to_status"]),
        reason=None if row["reason"] is None else StepReason(row["reason"]),
        note=row["note"],
        trial_result=None if row["trial_result"] is None else TrialResult(row["trial_result"]),
        started_on=row["started_on"],
        evidence_ids=tuple(EvidenceId(evidence_id) for evidence_id in row["evidence_ids"] or ()),
        delivery_id=None if delivery_id is None else DeliveryId(delivery_id),
        assignee_id=None if assignee_id is None else PersonId(assignee_id),
        assignee_name=row["assignee_name"],
        due_on=row["due_on"],
    )


def _status(word: str | None) -> SynergyStatus | None:
    return None if word is None else SynergyStatus(word)
