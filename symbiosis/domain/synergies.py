"""Synergies: one supply meeting one demand, with a life of its own."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from symbiosis.domain.ids import ListingId, PersonId, RunId, SynergyId
from symbiosis.domain.transport import VehicleClass
from symbiosis.domain.worth import Line


class SynergyStatus(StrEnum):
    """The life cycle; `symbiosis.domain.steps` says which may follow which."""

    SUGGESTED = "SUGGESTED"
    SHORTLISTED = "SHORTLISTED"
    CONTACT = "CONTACT"
    DISCUSSION = "DISCUSSION"
    NEGOTIATION = "NEGOTIATION"
    TRIAL = "TRIAL"
    AGREED = "AGREED"
    OPERATING = "OPERATING"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    LOST = "LOST"
    ON_HOLD = "ON_HOLD"


class StepReason(StrEnum):
    """Why a synergy was rejected, lost or put on hold; a note may say more, and has to where it is OTHER."""

    QUALITY = "QUALITY"
    QUANTITY = "QUANTITY"
    DISTANCE = "DISTANCE"
    LEGAL = "LEGAL"
    PRICE = "PRICE"
    TIMING = "TIMING"
    TECHNICAL = "TECHNICAL"
    CONFIDENTIALITY = "CONFIDENTIALITY"
    NOT_REAL = "NOT_REAL"
    NO_ANSWER = "NO_ANSWER"
    OTHER_PARTNER = "OTHER_PARTNER"
    SITE_CLOSED = "SITE_CLOSED"
    INVESTMENT = "INVESTMENT"
    OTHER = "OTHER"


class TrialResult(StrEnum):
    """How a trial came out."""

    PASSED = "PASSED"
    PASSED_WITH_CONDITIONS = "PASSED_WITH_CONDITIONS"
    FAILED = "FAILED"


LOCKED: Final = frozenset(
    {
        SynergyStatus.SHORTLISTED,
        SynergyStatus.CONTACT,
        SynergyStatus.DISCUSSION,
        SynergyStatus.NEGOTIATION,
        SynergyStatus.TRIAL,
        SynergyStatus.AGREED,
        SynergyStatus.OPERATING,
    }
)
"""Synergies that people already work on: a newer plan keeps them."""


@dataclass(frozen=True, slots=True)
class Synergy:
    """A pair of listings and where it stands. Times are UTC ISO-8601 strings of fixed width.

    `basis` is what the pair's listings were when it was last suggested or reviewed (`supply_version:demand_version`):
    a rejected pair may be suggested again only when it has changed. `reason` and `note` are those of the last step;
    `held_from` is where a synergy on hold stood before. `started_on` is the first day of operation and `due_on` when
    the assignee is to have taken the next step (ISO dates); `agreed_base_per_year` is what the agreement says, in base
    units per year, and `jobs_tenth_fte` how many jobs people declare that it creates or keeps, in tenths of full-time
    equivalents. `last_activity_at` is when anybody last did anything with it: a step, a comment, evidence, a
    delivery.
    """

    synergy_id: SynergyId
    supply_id: ListingId
    demand_id: ListingId
    status: SynergyStatus
    version: int
    basis: str
    created_at: str
    updated_at: str
    reason: StepReason | None = None
    note: str | None = None
    held_from: SynergyStatus | None = None
    trial_result: TrialResult | None = None
    started_on: str | None = None
    agreed_base_per_year: int | None = None
    jobs_tenth_fte: int | None = None
    assignee_id: PersonId | None = None
    due_on: str | None = None
    last_activity_at: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a run proposes for a pair, per year. `value = disposal + purchase - transport - treatment`; `lines` say it
    line by line, and the low and high ends what the figures' own uncertainty leaves open (`matching/value.py`); a run
    made before there were ranges has none.

    The shares split the value by the run's dual prices (Owen): they sum to the value, and no group of sites does
    better alone. `rank` is 1 for the most valuable of the run. `factor_ids` name the factor versions used;
    `unpriced` says which of DISPOSAL and PURCHASE counts as nothing because no price of it is known.
    """

    run_id: RunId
    synergy_id: SynergyId
    rank: int
    quantity_base_per_year: int
    distance_m: int
    value_cent_per_year: int
    avoided_disposal_cent_per_year: int
    avoided_purchase_cent_per_year: int
    transport_cent_per_year: int
    treatment_cent_per_year: int
    supplier_share_cent_per_year: int
    receiver_share_cent_per_year: int
    avoided_gco2e_per_year: int
    match: str
    technique: str | None
    estimated: bool
    value_low_cent_per_year: int | None = None
    value_high_cent_per_year: int | None = None
    avoided_low_gco2e_per_year: int | None = None
    avoided_high_gco2e_per_year: int | None = None
    vehicle: VehicleClass | None = None
    lines: tuple[Line, ...] = ()
    factor_ids: tuple[str, ...] = ()
    unpriced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion with the pair it is for and what the pair's listings were (`supply_version:demand_version`)."""

    supply_id: ListingId
    demand_id: ListingId
    basis: str
    suggestion: Suggestion
