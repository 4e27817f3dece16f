"""What people keep beside a synergy: its history, evidence and deliveries, and who reads which of it."""

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from symbiosis.domain.ids import PersonId, SynergyId
from symbiosis.domain.steps import Seat
from symbiosis.domain.synergies import StepReason, SynergyStatus, TrialResult

EvidenceId = NewType("EvidenceId", str)
DeliveryId = NewType("DeliveryId", str)


class Audience(StrEnum):
    """Who reads an entry: everybody who sees the synergy; its two sides; or one side. Its facilitators read all."""

    OPEN = "OPEN"
    SIDES = "SIDES"
    SUPPLIER = "SUPPLIER"
    RECEIVER = "RECEIVER"
    FACILITATORS = "FACILITATORS"


class Readers(StrEnum):
    """For whom something is written: BOTH_SIDES and the facilitators; or the FACILITATORS, and one's own site."""

    BOTH_SIDES = "BOTH_SIDES"
    FACILITATORS = "FACILITATORS"


class Review(StrEnum):
    """What a facilitator makes of a suggestion: the first step, in one word."""

    SHORTLIST = "SHORTLIST"
    REJECT = "REJECT"


class HistoryAction(StrEnum):
    """What was done with a synergy, as the journal names it; SUGGEST_AGAIN is a run's doing."""

    MOVE_SYNERGY = "MOVE_SYNERGY"
    UNDO_STEP = "UNDO_STEP"
    SUGGEST_AGAIN = "SUGGEST_AGAIN"
    ASSIGN_SYNERGY = "ASSIGN_SYNERGY"
    COMMENT_SYNERGY = "COMMENT_SYNERGY"
    ATTACH_EVIDENCE = "ATTACH_EVIDENCE"
    RECORD_DELIVERY = "RECORD_DELIVERY"


class SynergyEvidenceKind(StrEnum):
    """What a document about a synergy is."""

    AGREEMENT = "AGREEMENT"
    TRIAL_REPORT = "TRIAL_REPORT"
    ANALYSIS = "ANALYSIS"
    PERMIT = "PERMIT"
    DELIVERY_NOTE = "DELIVERY_NOTE"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that was done with a synergy: who (`seat` says as what; None is a run), when, and what there is to say.

    `now` and `to` are the statuses of a step. `note` is the words of a step or of a comment.
    """

    event_id: str
    synergy_id: SynergyId
    at: str
    action: HistoryAction
    version: int
    actor_id: str
    actor_name: str | None
    seat: Seat | None
    audience: Audience
    note_audience: Audience
    now: SynergyStatus | None = None
    to: SynergyStatus | None = None
    reason: StepReason | None = None
    note: str | None = None
    trial_result: TrialResult | None = None
    started_on: str | None = None
    evidence_ids: tuple[EvidenceId, ...] = ()
    delivery_id: DeliveryId | None = None
    assignee_id: PersonId | None = None
    assignee_name: str | None = None
    due_on: str | None = None


@dataclass(frozen=True, slots=True)
class SynergyEvidence:
    """A document about a synergy, kept elsewhere: a link or the SHA-256 of its file says which. Nobody verified it.

    `dated_on` is the document's own date (ISO).
    """

    evidence_id: EvidenceId
    synergy_id: SynergyId
    kind: SynergyEvidenceKind
    title: str
    audience: Audience
    seat: Seat
    attached_at: str
    url: str | None = None
    sha256: str | None = None
    dated_on: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was delivered under a synergy in operation, on a day (ISO), in base units.

    A delivery is never changed: another one replaces it, with nothing delivered (0) where it was none.
    """

    delivery_id: DeliveryId
    synergy_id: SynergyId
    delivered_on: str
    quantity_base: int
    seat: Seat
    recorded_at: str
    evidence_ids: tuple[EvidenceId, ...] = ()
    replaces_id: DeliveryId | None = None
    replaced_by_id: DeliveryId | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the deliveries of a synergy that stand, those that nothing replaced, come to; base units and ISO dates."""

    quantity_base: int
    deliveries: int
    first_on: str | None
    last_on: str | None


def new_evidence_id() -> EvidenceId:
    """Return a fresh evidence id."""
    return EvidenceId(f"evd-{uuid.uuid4()}")


def new_delivery_id() -> DeliveryId:
    """Return a fresh delivery id."""
    return DeliveryId(f"dlv-{uuid.uuid4()}")


def read_by(seats: frozenset[Seat]) -> frozenset[Audience]:
    """Return what somebody with these seats reads; somebody without one, who only sees the synergy, its steps."""
    if Seat.FACILITATOR in seats:
        return frozenset(Audience)
    sides = {Audience[seat.name] for seat in seats}
    return frozenset({Audience.OPEN, Audience.SIDES, *sides}) if sides else frozenset({Audience.OPEN})


def written_for(readers: Readers, seat: Seat) -> Audience:
    """Return who reads what somebody in this seat writes for these readers."""
    if readers is Readers.BOTH_SIDES:
        return Audience.SIDES
    return Audience.FACILITATORS if seat is Seat.FACILITATOR else Audience[seat.name]


def acting_seat(seats: frozenset[Seat]) -> Seat:
    """Return as what somebody with these seats acts: as a facilitator before as a manager."""
    return next(seat for seat in Seat if seat in seats)
