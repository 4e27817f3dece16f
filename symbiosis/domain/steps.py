"""The life cycle of a synergy as one table: each step, who takes it, and what has to be stated with it.

    SUGGESTED > SHORTLISTED > CONTACT > DISCUSSION > NEGOTIATION > TRIAL > AGREED > OPERATING > COMPLETED

A trial may be left out, and may lead back to the negotiation. What is not ended may be REJECTED, LOST or put ON_HOLD;
what is on hold goes on where it stood, and REJECTED, LOST and COMPLETED are the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from symbiosis.domain.ids import SynergyId
from symbiosis.domain.synergies import StepReason, SynergyStatus
from symbiosis.errors import RuleError


class Seat(StrEnum):
    """As what somebody sits at a synergy's table: facilitator of a side's territory, or manager of a side's site."""

    FACILITATOR = "FACILITATOR"
    SUPPLIER = "SUPPLIER"
    RECEIVER = "RECEIVER"


class Need(StrEnum):
    """What has to be stated with a step.

    REASON one of the reasons of the step, and a note where it is OTHER; TRIAL_RESULT how the trial came out (a failed
    one leads to no agreement); AGREEMENT evidence of that kind, attached before; START_DATE the first day of operation.
    """

    REASON = "REASON"
    TRIAL_RESULT = "TRIAL_RESULT"
    AGREEMENT = "AGREEMENT"
    START_DATE = "START_DATE"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the life cycle: from where to where, who takes it, what it needs."""

    now: SynergyStatus
    to: SynergyStatus
    seats: frozenset[Seat]
    needs: tuple[Need, ...] = ()


REASONS: Final[Mapping[SynergyStatus, tuple[StepReason, ...]]] = {
    SynergyStatus.REJECTED: (
        StepReason.QUALITY,
        StepReason.QUANTITY,
        StepReason.DISTANCE,
        StepReason.LEGAL,
        StepReason.PRICE,
        StepReason.TIMING,
        StepReason.TECHNICAL,
        StepReason.CONFIDENTIALITY,
        StepReason.NOT_REAL,
        StepReason.OTHER,
    ),
    SynergyStatus.LOST: (
        StepReason.QUALITY,
        StepReason.QUANTITY,
        StepReason.LEGAL,
        StepReason.PRICE,
        StepReason.TIMING,
        StepReason.TECHNICAL,
        StepReason.CONFIDENTIALITY,
        StepReason.NO_ANSWER,
        StepReason.OTHER_PARTNER,
        StepReason.SITE_CLOSED,
        StepReason.OTHER,
    ),
    SynergyStatus.ON_HOLD: (
        StepReason.LEGAL,
        StepReason.PRICE,
        StepReason.TIMING,
        StepReason.TECHNICAL,
        StepReason.NO_ANSWER,
        StepReason.INVESTMENT,
        StepReason.OTHER,
    ),
}
"""The reasons that a step to one of the three may have; no other step has one."""

_FACILITATORS: Final = frozenset({Seat.FACILITATOR})
_ALL: Final = frozenset(Seat)

_ONWARD: Final = (
    Step(SynergyStatus.SUGGESTED, SynergyStatus.SHORTLISTED, _FACILITATORS),
    Step(SynergyStatus.SHORTLISTED, SynergyStatus.CONTACT, _FACILITATORS),
    Step(SynergyStatus.CONTACT, SynergyStatus.DISCUSSION, _ALL),
    Step(SynergyStatus.DISCUSSION, SynergyStatus.NEGOTIATION, _ALL),
    Step(SynergyStatus.NEGOTIATION, SynergyStatus.TRIAL, _ALL),
    Step(SynergyStatus.NEGOTIATION, SynergyStatus.AGREED, _ALL, (Need.AGREEMENT,)),
    Step(SynergyStatus.TRIAL, SynergyStatus.NEGOTIATION, _ALL, (Need.TRIAL_RESULT,)),
    Step(SynergyStatus.TRIAL, SynergyStatus.AGREED, _ALL, (Need.TRIAL_RESULT, Need.AGREEMENT)),
    Step(SynergyStatus.AGREED, SynergyStatus.OPERATING, _ALL, (Need.START_DATE,)),
    Step(SynergyStatus.OPERATING, SynergyStatus.COMPLETED, _ALL),
)

_OPEN: Final[Mapping[SynergyStatus, frozenset[Seat]]] = {
    SynergyStatus.SUGGESTED: _FACILITATORS,
    SynergyStatus.SHORTLISTED: _FACILITATORS,
    SynergyStatus.CONTACT: _ALL,
    SynergyStatus.DISCUSSION: _ALL,
    SynergyStatus.NEGOTIATION: _ALL,
    SynergyStatus.TRIAL: _ALL,
    SynergyStatus.AGREED: _ALL,
    SynergyStatus.OPERATING: _ALL,
}
"""What is under way, and who may end it or put it on hold: before the two sites are in contact, facilitators only."""

LIFE_CYCLE: Final = (
    *_ONWARD,
    *(Step(now, end, seats, (Need.REASON,)) for now, seats in _OPEN.items() for end in REASONS),
    *(Step(SynergyStatus.ON_HOLD, then, seats) for then, seats in _OPEN.items() if then is not SynergyStatus.SUGGESTED),
    Step(SynergyStatus.ON_HOLD, SynergyStatus.REJECTED, _FACILITATORS, (Need.REASON,)),
    Step(SynergyStatus.ON_HOLD, SynergyStatus.LOST, _FACILITATORS, (Need.REASON,)),
)
"""Every step there is. On hold, only one of the steps that go on is open: the one back to where it was held from."""


class SynergyTransitionError(RuleError):
    """The life cycle has no such step; nothing was written."""

    code = "SYNERGY_TRANSITION"

    def __init__(self, synergy_id: SynergyId, *, now: SynergyStatus, wanted: SynergyStatus) -> None:
        super().__init__(f"Synergy {synergy_id} is {now} and cannot become {wanted}.")
        self.synergy_id, self.now, self.wanted = synergy_id, now, wanted


def goes_on_at(held_from: SynergyStatus | None) -> SynergyStatus:
    """Return where a synergy on hold goes on: where it stood; a mere suggestion is taken up as SHORTLISTED."""
    if held_from is None or held_from is SynergyStatus.SUGGESTED:
        return SynergyStatus.SHORTLISTED
    return held_from


def steps_from(now: SynergyStatus, held_from: SynergyStatus | None = None) -> tuple[Step, ...]:
    """Return the steps that are open from here, in the order of the table."""
    return tuple(
        step
        for step in LIFE_CYCLE
        if step.now is now
        and (now is not SynergyStatus.ON_HOLD or step.to in REASONS or step.to is goes_on_at(held_from))
    )


def step_between(
    synergy_id: SynergyId, now: SynergyStatus, to: SynergyStatus, held_from: SynergyStatus | None = None
) -> Step:
    """Return the step from here to there, or raise SynergyTransitionError."""
    for step in steps_from(now, held_from):
        if step.to is to:
            return step
    raise SynergyTransitionError(synergy_id, now=now, wanted=to)
