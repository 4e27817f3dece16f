"""What can be changed at the desk."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import strawberry

from symbiosis.api.context import Info
from symbiosis.api.desk_fields import Delivery, HistoryEntry, SynergyEvidence
from symbiosis.api.desk_inputs import (
    AssignSynergyInput,
    AttachEvidenceInput,
    CommentSynergyInput,
    MoveSynergyInput,
    RecordDeliveryInput,
    ReviewSynergyInput,
    UndoStepInput,
)
from symbiosis.api.problems import (
    ConflictProblem,
    InputProblem,
    NotAllowedProblem,
    NotFoundProblem,
    RuleProblem,
    TransitionProblem,
    conflict_of,
    problem_of,
    transition_of,
)
from symbiosis.api.synergies import Synergy
from symbiosis.domain.desk import read_by
from symbiosis.domain.steps import SynergyTransitionError
from symbiosis.errors import InputError, RuleError, StaleVersionError
from symbiosis.market import desk_notes, desk_steps
from symbiosis.market.synergies import SeenSynergy
from symbiosis.policy import Viewer
from symbiosis.store.graph import Graph

S = TypeVar("S")

SynergyProblem = InputProblem | NotFoundProblem | NotAllowedProblem | ConflictProblem | TransitionProblem | RuleProblem

ReviewSynergyResult = Annotated[
    Synergy | InputProblem | NotFoundProblem | NotAllowedProblem | ConflictProblem | TransitionProblem | RuleProblem,
    strawberry.union("ReviewSynergyResult", description="The synergy as reviewed, or why it is not."),
]
MoveSynergyResult = Annotated[
    Synergy | InputProblem | NotFoundProblem | NotAllowedProblem | ConflictProblem | TransitionProblem | RuleProblem,
    strawberry.union("MoveSynergyResult", description="The synergy after the step, or why it took none."),
]
UndoStepResult = Annotated[
    Synergy | InputProblem | NotFoundProblem | NotAllowedProblem | ConflictProblem | TransitionProblem | RuleProblem,
    strawberry.union("UndoStepResult", description="The synergy as it was before the step, or why it stays."),
]
AssignSynergyResult = Annotated[
    Synergy | InputProblem | NotFoundProblem | NotAllowedProblem | ConflictProblem | TransitionProblem | RuleProblem,
    strawberry.union("AssignSynergyResult", description="The synergy as assigned, or why it is not."),
]
CommentSynergyResult = Annotated[
    HistoryEntry | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union("CommentSynergyResult", description="The comment as it stands in the history, or why not."),
]
AttachEvidenceResult = Annotated[
    SynergyEvidence | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union("AttachEvidenceResult", description="The evidence as kept, or why it is not."),
]
RecordDeliveryResult = Annotated[
    Delivery | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union("RecordDeliveryResult", description="The delivery as kept, or why it is not."),
]


async def _changed(
    info: Info, change: Callable[[Graph, Viewer, S], Awaitable[SeenSynergy]], stated: S
) -> Synergy | SynergyProblem:
    """Return the synergy that a use-case changed, or the problem."""
    try:
        return Synergy.of(await change(info.context.graph, info.context.viewer, stated))
    except StaleVersionError as stale:
        return conflict_of(stale)
    except SynergyTransitionError as refused:
        return transition_of(refused)
    except (InputError, RuleError) as refused:
        return problem_of(refused)


@strawberry.type
class DeskMutation:
    """What can be changed at the desk."""

    @strawberry.mutation(
        description="Shortlist or reject a suggested synergy, as a facilitator of its territories; `moveSynergy` does "
        "this and every other step."
    )
    async def review_synergy(self, info: Info, input: ReviewSynergyInput) -> ReviewSynergyResult:  # noqa: A002
        """Return the reviewed synergy, or the problem."""
        return await _changed(info, desk_steps.move_synergy, input.stated())

    @strawberry.mutation(description="Take a synergy one step along its life cycle; its `nextSteps` say which.")
    async def move_synergy(self, info: Info, input: MoveSynergyInput) -> MoveSynergyResult:  # noqa: A002
        """Return the moved synergy, or the problem."""
        return await _changed(info, desk_steps.move_synergy, input.stated())

    @strawberry.mutation(
        description="Take your last step back, within 10 minutes and while nobody did anything since. The history "
        "keeps both; who read it in between, or was told, is not known."
    )
    async def undo_step(self, info: Info, input: UndoStepInput) -> UndoStepResult:  # noqa: A002
        """Return the synergy as it was, or the problem."""
        return await _changed(info, desk_steps.undo_step, input.stated())

    @strawberry.mutation(description="Give a synergy to a facilitator of one of its territories, or to nobody.")
    async def assign_synergy(self, info: Info, input: AssignSynergyInput) -> AssignSynergyResult:  # noqa: A002
        """Return the assigned synergy, or the problem."""
        return await _changed(info, desk_notes.assign_synergy, input.stated())

    @strawberry.mutation(description="Write a comment beside a synergy.")
    async def comment_synergy(self, info: Info, input: CommentSynergyInput) -> CommentSynergyResult:  # noqa: A002
        """Return the comment, or the problem."""
        context = info.context
        try:
            written = await desk_notes.comment_synergy(context.graph, context.viewer, input.stated())
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return HistoryEntry.of(written.entry, read_by(written.seats))

    @strawberry.mutation(description="Name a document about a synergy; files are not kept here.")
    async def attach_evidence(self, info: Info, input: AttachEvidenceInput) -> AttachEvidenceResult:  # noqa: A002
        """Return the evidence, or the problem."""
        context = info.context
        try:
            evidence = await desk_notes.attach_evidence(context.graph, context.viewer, input.stated())
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return SynergyEvidence.of(evidence)

    @strawberry.mutation(description="Record what was delivered on a day under a synergy in operation.")
    async def record_delivery(self, info: Info, input: RecordDeliveryInput) -> RecordDeliveryResult:  # noqa: A002
        """Return the delivery, or the problem."""
        context = info.context
        try:
            kept = await desk_notes.record_delivery(context.graph, context.viewer, input.stated())
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return Delivery.of(kept.delivery, kept.base_unit, read_by(kept.seats))
