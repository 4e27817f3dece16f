"""What has to be stated with a step, and what has no place there."""

from dataclasses import dataclass
from typing import Final

from symbiosis.domain.desk import EvidenceId, SynergyEvidenceKind
from symbiosis.domain.ids import SynergyId
from symbiosis.domain.steps import REASONS, Need, Step
from symbiosis.domain.synergies import StepReason, SynergyStatus, TrialResult
from symbiosis.market.inputs import FieldError
from symbiosis.market.seated import Seated
from symbiosis.store.deliveries import evidence_by_id
from symbiosis.store.graph import Tx
from symbiosis.units import tenth_from_fte

MAX_EVIDENCE: Final = 20


class StepNeedsError(FieldError):
    """A step needs something stated that was left out; nothing was written."""

    code = "STEP_NEEDS"


MOST_JOBS: Final = 10_000


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step as somebody states it; `version` is the one that was read, the quantity in the trade unit per year, jobs
    in full-time equivalents.
    """

    synergy_id: SynergyId
    version: int
    to: SynergyStatus
    reason: StepReason | None = None
    note: str | None = None
    trial_result: TrialResult | None = None
    evidence_ids: tuple[EvidenceId, ...] = ()
    starts_on: str | None = None
    agreed_quantity_per_year: float | None = None
    jobs_fte: float | None = None
    idempotency_key: str | None = None


def check_reason(stated: NewStep) -> None:
    """Raise unless the reason is one of the step's, is there where one is needed, and nowhere else."""
    reasons = REASONS.get(stated.to)
    if reasons is None:
        if stated.reason is not None:
            raise FieldError("reason", message=f"A step to {stated.to} has no reason; leave it out, and use `note`.")
        return
    if stated.reason is None:
        raise StepNeedsError("reason", message=f"A step to {stated.to} needs a reason: {', '.join(reasons)}.")
    if stated.reason not in reasons:
        words = f"{stated.reason} is no reason for a step to {stated.to}; choose one of {', '.join(reasons)}."
        raise FieldError("reason", message=words)
    if stated.reason is StepReason.OTHER and stated.note is None:
        raise StepNeedsError("note", message="The reason OTHER needs a note that says which.")


async def check_needs(tx: Tx, at: Seated, step: Step, stated: NewStep) -> None:
    """Raise unless everything that the step needs is stated, and nothing that has no place there."""
    _check_trial(step, stated)
    if Need.START_DATE not in step.needs and stated.starts_on is not None:
        raise FieldError("starts_on", message="Only the step to OPERATING has a first day; leave it out.")
    if Need.START_DATE in step.needs:
        if stated.starts_on is None:
            raise StepNeedsError("starts_on", message="State the first day of operation, like 2027-01-31.")
        if stated.starts_on > at.at[:10]:
            words = f"{stated.starts_on} is still to come; take this step when the exchange has begun."
            raise FieldError("starts_on", message=words)
    if stated.agreed_quantity_per_year is not None and step.to is not SynergyStatus.AGREED:
        raise FieldError("agreed_quantity_per_year", message="Only the step to AGREED has a quantity; leave it out.")
    if stated.jobs_fte is not None:
        if step.to not in {SynergyStatus.AGREED, SynergyStatus.OPERATING}:
            raise FieldError("jobs_fte", message="Only the steps to AGREED and OPERATING declare jobs; leave them out.")
        tenth_fte(stated.jobs_fte)
    found = await attached(tx, at, stated.evidence_ids)
    if Need.AGREEMENT in step.needs and SynergyEvidenceKind.AGREEMENT not in found:
        words = "Attach the agreement first (`attachEvidence`, kind AGREEMENT), and name it in `evidenceIds`."
        raise StepNeedsError("evidence_ids", message=words)


def tenth_fte(jobs_fte: float) -> int:
    """Return jobs in tenths of full-time equivalents; raise FieldError unless they are 0 to MOST_JOBS."""
    if not 0 <= jobs_fte <= MOST_JOBS:
        raise FieldError(
            "jobs_fte", message=f"{jobs_fte:g} jobs cannot be; state 0 to {MOST_JOBS}, part-time in tenths."
        )
    return tenth_from_fte(jobs_fte)


def _check_trial(step: Step, stated: NewStep) -> None:
    if step.now is not SynergyStatus.TRIAL and stated.trial_result is not None:
        raise FieldError("trial_result", message="Only a step out of TRIAL has a result of it; leave it out.")
    if Need.TRIAL_RESULT in step.needs and stated.trial_result is None:
        words = f"Say how the trial came out: {', '.join(TrialResult)}."
        raise StepNeedsError("trial_result", message=words)
    if step.to is SynergyStatus.AGREED and stated.trial_result is TrialResult.FAILED:
        words = "A failed trial leads to no agreement; go back to NEGOTIATION, or end the synergy."
        raise FieldError("trial_result", message=words)


async def attached(tx: Tx, at: Seated, ids: tuple[EvidenceId, ...]) -> set[SynergyEvidenceKind]:
    """Return the kinds of this evidence; raise FieldError unless each is of this synergy and for the actor to read."""
    if len(ids) > MAX_EVIDENCE:
        raise FieldError("evidence_ids", message=f"Name at most {MAX_EVIDENCE} pieces of evidence.")
    found = await evidence_by_id(tx, ids) if ids else {}
    for evidence_id in ids:
        evidence = found.get(evidence_id)
        if evidence is None or evidence.synergy_id != at.synergy_id or evidence.audience not in at.reads:
            words = f"There is no evidence {evidence_id} beside this synergy; attach it first (`attachEvidence`)."
            raise FieldError("evidence_ids", message=words)
    return {evidence.kind for evidence in found.values()}
