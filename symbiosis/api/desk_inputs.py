"""What is sent to the desk."""

import strawberry

from symbiosis.api.nodes import ONCE
from symbiosis.domain.desk import DeliveryId, EvidenceId, Readers, Review, SynergyEvidenceKind
from symbiosis.domain.ids import PersonId, SynergyId
from symbiosis.domain.synergies import StepReason, SynergyStatus, TrialResult
from symbiosis.market.desk_notes import Assignment, NewComment, NewDelivery, NewEvidence
from symbiosis.market.desk_steps import Undoing
from symbiosis.market.step_needs import NewStep


@strawberry.input(description="A facilitator's review of a suggestion: its first step.")
class ReviewSynergyInput:
    """A facilitator's review of a suggestion."""

    id: strawberry.ID = strawberry.field(description="The synergy.")
    version: int = strawberry.field(description="The version that you read.")
    review: Review = strawberry.field(description="Shortlist or reject.")
    reason: StepReason | None = strawberry.field(default=None, description="Needed for a rejection, and only there.")
    note: str | None = strawberry.field(default=None, description="For facilitators, at most 4000 characters.")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> NewStep:
        """Return the step that the review is."""
        to = SynergyStatus.SHORTLISTED if self.review is Review.SHORTLIST else SynergyStatus.REJECTED
        return NewStep(
            SynergyId(self.id),
            self.version,
            to,
            reason=self.reason,
            note=self.note,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="A step of a synergy; its `nextSteps` say what each needs.")
class MoveSynergyInput:
    """A step of a synergy."""

    id: strawberry.ID = strawberry.field(description="The synergy.")
    version: int = strawberry.field(description="The version that you read.")
    to: SynergyStatus = strawberry.field(description="Where it goes.")
    reason: StepReason | None = strawberry.field(
        default=None, description="Needed for REJECTED, LOST and ON_HOLD, and only there; one of the step's `reasons`."
    )
    note: str | None = strawberry.field(
        default=None,
        description="For the facilitators, and your own site if you step for one; at most 4000 characters.",
    )
    trial_result: TrialResult | None = strawberry.field(default=None, description="How the trial came out.")
    evidence_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="What the step rests on, at most 20: evidence attached before (`attachEvidence`)."
    )
    starts_on: str | None = strawberry.field(
        default=None, description="First day of operation, ISO date, not to come; needed for OPERATING, and only there."
    )
    agreed_quantity_per_year: float | None = strawberry.field(
        default=None, description="How much a year the agreement says, in the synergy's `unit`; for AGREED only."
    )
    jobs_fte: float | None = strawberry.field(
        default=None,
        description="How many jobs it creates or keeps, full-time equivalents, part-time in tenths; for AGREED and "
        "OPERATING only.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> NewStep:
        """Return the step as the use-case takes it."""
        return NewStep(
            synergy_id=SynergyId(self.id),
            version=self.version,
            to=self.to,
            reason=self.reason,
            note=self.note,
            trial_result=self.trial_result,
            evidence_ids=tuple(EvidenceId(one) for one in self.evidence_ids or ()),
            starts_on=self.starts_on,
            agreed_quantity_per_year=self.agreed_quantity_per_year,
            jobs_fte=self.jobs_fte,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(description="Whose last step to take back.")
class UndoStepInput:
    """Whose last step to take back."""

    id: strawberry.ID = strawberry.field(description="The synergy.")
    version: int = strawberry.field(description="The version that your step led to.")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> Undoing:
        """Return the undoing as the use-case takes it."""
        return Undoing(SynergyId(self.id), self.version, self.idempotency_key)


@strawberry.input(description="Whose a synergy is to be.")
class AssignSynergyInput:
    """Whose a synergy is to be."""

    id: strawberry.ID = strawberry.field(description="The synergy.")
    version: int = strawberry.field(description="The version that you read.")
    assignee_id: strawberry.ID | None = strawberry.field(
        default=None, description="A facilitator of one of its territories (`desk` lists them); absent or null: nobody."
    )
    due_on: str | None = strawberry.field(default=None, description="When the next step is due; ISO date.")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> Assignment:
        """Return the assignment as the use-case takes it."""
        assignee = None if self.assignee_id is None else PersonId(self.assignee_id)
        return Assignment(SynergyId(self.id), self.version, assignee, self.due_on, self.idempotency_key)


@strawberry.input(description="A comment on a synergy. It stays: nobody changes it.")
class CommentSynergyInput:
    """A comment on a synergy."""

    id: strawberry.ID = strawberry.field(description="The synergy.")
    text: str = strawberry.field(description="At most 4000 characters.")
    readers: Readers = strawberry.field(default=Readers.FACILITATORS, description="For whom it is.")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> NewComment:
        """Return the comment as the use-case takes it."""
        return NewComment(SynergyId(self.id), self.text, self.readers, self.idempotency_key)


@strawberry.input(
    description="A document about a synergy. Files are not kept here: say where it is, or which file it is, or both."
)
class AttachEvidenceInput:
    """A document about a synergy."""

    id: strawberry.ID = strawberry.field(description="The synergy.")
    kind: SynergyEvidenceKind = strawberry.field(description="What it is.")
    title: str = strawberry.field(description="What it is called, in one line of at most 200 characters.")
    readers: Readers = strawberry.field(default=Readers.BOTH_SIDES, description="Who may read of it.")
    url: str | None = strawberry.field(default=None, description="Where it is kept: an https or http link.")
    sha256: str | None = strawberry.field(default=None, description="The SHA-256 of its file: 64 hexadecimal digits.")
    dated_on: str | None = strawberry.field(default=None, description="The document's own date, ISO.")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> NewEvidence:
        """Return the evidence as the use-case takes it."""
        return NewEvidence(
            synergy_id=SynergyId(self.id),
            kind=self.kind,
            title=self.title,
            readers=self.readers,
            url=self.url,
            sha256=self.sha256,
            dated_on=self.dated_on,
            idempotency_key=self.idempotency_key,
        )


@strawberry.input(
    description="What was delivered on a day under a synergy in operation. It stays: another corrects it."
)
class RecordDeliveryInput:
    """What was delivered on a day."""

    id: strawberry.ID = strawberry.field(description="The synergy.")
    delivered_on: str = strawberry.field(description="ISO date, from the first day of operation to today.")
    quantity: float = strawberry.field(
        description="How much, in the synergy's `unit`; 0 only where it replaces a delivery that there was not."
    )
    evidence_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="What shows it, at most 20: evidence attached before (`attachEvidence`)."
    )
    replaces_id: strawberry.ID | None = strawberry.field(default=None, description="The delivery that it corrects.")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> NewDelivery:
        """Return the delivery as the use-case takes it."""
        return NewDelivery(
            synergy_id=SynergyId(self.id),
            delivered_on=self.delivered_on,
            quantity=self.quantity,
            evidence_ids=tuple(EvidenceId(one) for one in self.evidence_ids or ()),
            replaces_id=None if self.replaces_id is None else DeliveryId(self.replaces_id),
            idempotency_key=self.idempotency_key,
        )
