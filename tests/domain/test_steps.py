"""The table of steps."""

import pytest

from symbiosis.domain.ids import SynergyId
from symbiosis.domain.steps import LIFE_CYCLE, REASONS, Need, Seat, SynergyTransitionError, step_between, steps_from
from symbiosis.domain.synergies import LOCKED, SynergyStatus

ENDED = {SynergyStatus.REJECTED, SynergyStatus.LOST, SynergyStatus.COMPLETED}


def test_a_step_stands_once_in_the_table_and_leads_elsewhere() -> None:
    pairs = [(step.now, step.to) for step in LIFE_CYCLE]
    assert len(pairs) == len(set(pairs)) == 43
    assert all(now is not to for now, to in pairs)


def test_only_what_has_ended_has_no_step() -> None:
    assert {status for status in SynergyStatus if not steps_from(status)} == ENDED


def test_facilitators_take_every_step_and_sites_none_before_they_are_in_contact() -> None:
    assert all(Seat.FACILITATOR in step.seats for step in LIFE_CYCLE)
    early = {SynergyStatus.SUGGESTED, SynergyStatus.SHORTLISTED}
    assert all(step.seats == {Seat.FACILITATOR} for step in LIFE_CYCLE if step.now in early)


def test_a_reason_is_needed_exactly_where_there_is_a_list_of_reasons() -> None:
    assert all((Need.REASON in step.needs) == (step.to in REASONS) for step in LIFE_CYCLE)


def test_nothing_is_agreed_without_an_agreement_or_in_operation_without_a_first_day() -> None:
    needed = {SynergyStatus.AGREED: Need.AGREEMENT, SynergyStatus.OPERATING: Need.START_DATE}
    onward = [step for step in LIFE_CYCLE if step.to in needed and step.now is not SynergyStatus.ON_HOLD]
    assert len(onward) == 3
    assert all(needed[step.to] in step.needs for step in onward)


@pytest.mark.parametrize("held_from", [None, SynergyStatus.SUGGESTED, *sorted(LOCKED)])
def test_what_is_on_hold_goes_on_only_where_it_stood(held_from: SynergyStatus | None) -> None:
    back = [step.to for step in steps_from(SynergyStatus.ON_HOLD, held_from) if step.to not in REASONS]
    stood = SynergyStatus.SHORTLISTED if held_from in {None, SynergyStatus.SUGGESTED} else held_from
    assert back == [stood]


def test_a_step_that_the_table_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(SynergyTransitionError, match="Synergy syn-1 is SUGGESTED and cannot become OPERATING"):
        step_between(SynergyId("syn-1"), SynergyStatus.SUGGESTED, SynergyStatus.OPERATING)
