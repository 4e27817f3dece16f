"""Synergies: one supply meeting one demand, with a life of its own."""

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Final, Self

from symbiosis.domain.ids import ListingId, RunId, SynergyId
from symbiosis.domain.transport import VehicleClass
from symbiosis.domain.worth import Line
from symbiosis.errors import RuleError


class SynergyStatus(StrEnum):
    """The life cycle; see STEPS for who may follow whom."""

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


class RejectionReason(StrEnum):
    """Why a facilitator rejects a suggestion; a text may say more."""

    QUALITY = "QUALITY"
    QUANTITY = "QUANTITY"
    DISTANCE = "DISTANCE"
    LEGAL = "LEGAL"
    PRICE = "PRICE"
    TIMING = "TIMING"
    TECHNICAL = "TECHNICAL"
    CONFIDENTIALITY = "CONFIDENTIALITY"
    NOT_REAL = "NOT_REAL"
    OTHER = "OTHER"


_PATH: Final = (
    SynergyStatus.SUGGESTED,
    SynergyStatus.SHORTLISTED,
    SynergyStatus.CONTACT,
    SynergyStatus.DISCUSSION,
    SynergyStatus.NEGOTIATION,
    SynergyStatus.TRIAL,
    SynergyStatus.AGREED,
    SynergyStatus.OPERATING,
    SynergyStatus.COMPLETED,
)
_EXITS: Final = frozenset({SynergyStatus.REJECTED, SynergyStatus.LOST, SynergyStatus.ON_HOLD})
_RESUMED: Final = frozenset(_PATH[1:-1])

LOCKED: Final = frozenset(_PATH[1:-1])
"""Synergies that people already work on: a newer plan keeps them."""

STEPS: Final[dict[SynergyStatus, frozenset[SynergyStatus]]] = {
    **{now: _EXITS | {then} for now, then in pairwise(_PATH)},
    SynergyStatus.ON_HOLD: _RESUMED | {SynergyStatus.REJECTED, SynergyStatus.LOST},
    SynergyStatus.COMPLETED: frozenset(),
    SynergyStatus.REJECTED: frozenset(),
    SynergyStatus.LOST: frozenset(),
}


class SynergyTransitionError(RuleError):
    """The life cycle has no such step; nothing was written."""

    code = "SYNERGY_TRANSITION"

    def __init__(self, synergy_id: SynergyId, *, now: SynergyStatus, wanted: SynergyStatus) -> None:
        super().__init__(f"Synergy {synergy_id} is {now} and cannot become {wanted}.")
        self.synergy_id, self.now, self.wanted = synergy_id, now, wanted


@dataclass(frozen=True, slots=True)
class Synergy:
    """A pair of listings and where it stands. Times are UTC ISO-8601 strings of fixed width.

    `basis` is what the pair's listings were when it was last suggested or reviewed (`supply_version:demand_version`):
    a rejected pair may be suggested again only when it has changed.
    """

    synergy_id: SynergyId
    supply_id: ListingId
    demand_id: ListingId
    status: SynergyStatus
    version: int
    basis: str
    created_at: str
    updated_at: str
    rejection_reason: RejectionReason | None = None
    note: str | None = None

    def move_to(self, status: SynergyStatus) -> Self:
        """Return this synergy in `status`, or raise SynergyTransitionError."""
        if status not in STEPS[self.status]:
            raise SynergyTransitionError(self.synergy_id, now=self.status, wanted=status)
        return replace(self, status=status)


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
