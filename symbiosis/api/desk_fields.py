"""What stands beside a synergy: its next steps, its history, evidence and deliveries, and whose it is."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Self

import strawberry

from symbiosis.api.context import Info
from symbiosis.api.nodes import After, Connection, First, Node, connection, request
from symbiosis.domain import desk as facts
from symbiosis.domain.desk import Audience, HistoryAction, SynergyEvidenceKind, read_by
from symbiosis.domain.ids import PersonId, SynergyId
from symbiosis.domain.steps import REASONS, Need, Seat, steps_from
from symbiosis.domain.synergies import StepReason, SynergyStatus, TrialResult
from symbiosis.market import desk
from symbiosis.market.synergies import SeenSynergy
from symbiosis.units import TRADE_UNIT, BaseUnit, TradeUnit, fte_from_tenth, trade_from_base

_WORDS: Final = {
    Seat: "As what somebody sits at a synergy's table: facilitator of a side's territory, or manager of a side's site.",
    Need: "What has to be stated with a step: a REASON of the step's list (with a note where it is OTHER), the "
    "TRIAL_RESULT (a failed trial leads to no agreement), an AGREEMENT attached before, the START_DATE.",
    TrialResult: "How a trial came out.",
    HistoryAction: "What was done with a synergy; SUGGEST_AGAIN is a run's doing.",
    SynergyEvidenceKind: "What a document about a synergy is.",
    facts.Readers: "For whom it is: BOTH_SIDES and the facilitators; or FACILITATORS, and your own site if you write "
    "for one.",
}
for _enum, _description in _WORDS.items():
    strawberry.enum(_enum, description=_description)

_EXACT: Final = " Nothing while a side of it is hidden from you: no exact amount shows then."

_WHO: Final[Mapping[Seat | None, str]] = {
    Seat.FACILITATOR: "a facilitator",
    Seat.SUPPLIER: "the supplying site",
    Seat.RECEIVER: "the receiving site",
    None: "a run",
}


@strawberry.type(description="A step that a synergy can take from where it stands.")
class NextStep:
    """A step that a synergy can take."""

    to: SynergyStatus = strawberry.field(description="Where it leads.")
    who_may: list[Seat] = strawberry.field(description="Who may take it.")
    requires: list[Need] = strawberry.field(description="What has to be stated with it.")
    reasons: list[StepReason] = strawberry.field(description="The reasons it may have; empty: it has none.")
    allowed_to_you: bool = strawberry.field(description="Whether you are among those who may.")


@strawberry.type(description="A person, as others at the same table see them.")
class Colleague:
    """A person, as others at the same table see them."""

    id: strawberry.ID = strawberry.field(description="Who: the id of a person.")
    name: str = strawberry.field(description="The name.")


@strawberry.type(description="A document about a synergy. It is kept elsewhere, and nobody here has verified it.")
class SynergyEvidence(Node):
    """A document about a synergy."""

    kind: SynergyEvidenceKind = strawberry.field(description="What it is.")
    title: str = strawberry.field(description="What it is called.")
    url: str | None = strawberry.field(description="Where it is kept.")
    sha256: str | None = strawberry.field(description="The SHA-256 of its file, hexadecimal.")
    dated_on: str | None = strawberry.field(description="The document's own date, ISO.")
    attached_by: Seat = strawberry.field(description="As what somebody attached it.")
    attached_at: str = strawberry.field(description="UTC, ISO-8601.")

    @classmethod
    def of(cls, evidence: facts.SynergyEvidence) -> Self:
        """Return the evidence as the API shows it."""
        return cls(
            id=strawberry.ID(evidence.evidence_id),
            kind=evidence.kind,
            title=evidence.title,
            url=evidence.url,
            sha256=evidence.sha256,
            dated_on=evidence.dated_on,
            attached_by=evidence.seat,
            attached_at=evidence.attached_at,
        )


async def _read(info: Info, ids: tuple[facts.EvidenceId, ...], reads: frozenset[Audience]) -> list[SynergyEvidence]:
    found = await info.context.loaders.evidence.load_many(ids)
    return [SynergyEvidence.of(one) for one in found if one is not None and one.audience in reads]


@strawberry.type(description="One thing that was done with a synergy.")
class HistoryEntry(Node):
    """One thing that was done with a synergy."""

    at: str = strawberry.field(description="UTC, ISO-8601.")
    action: HistoryAction = strawberry.field(description="What was done.")
    seat: Seat | None = strawberry.field(description="As what somebody did it; null for a run.")
    actor: str = strawberry.field(
        description="Who did it, by name where you may see it; else e.g. `the supplying site`. Facilitators see every "
        "name, a site those of the facilitators and its own."
    )
    version: int = strawberry.field(description="The version of the synergy since: a number of steps and assignments.")
    was: SynergyStatus | None = strawberry.field(description="Where it stood before a step; else null.")
    to: SynergyStatus | None = strawberry.field(description="Where a step led; else null.")
    reason: StepReason | None = strawberry.field(description="Why, of a step that has a reason.")
    note: str | None = strawberry.field(
        description="The words of a step (for the facilitators and the side that wrote them) or of a comment."
    )
    trial_result: TrialResult | None = strawberry.field(description="How the trial came out, where a step says so.")
    started_on: str | None = strawberry.field(description="First day of operation, where a step says so; ISO date.")
    assignee: str | None = strawberry.field(description="Whose it became, by name; null: nobody's, or no assignment.")
    due_on: str | None = strawberry.field(description="When it was due; ISO date, for facilitators.")
    delivery_id: strawberry.ID | None = strawberry.field(description="The delivery that was recorded; else null.")
    evidence_ids: strawberry.Private[tuple[facts.EvidenceId, ...]]
    reads: strawberry.Private[frozenset[Audience]]

    @strawberry.field(description="The evidence it names, as far as you may read it.")
    async def evidence(self, info: Info) -> list[SynergyEvidence]:
        """Return the evidence."""
        return await _read(info, self.evidence_ids, self.reads)

    @classmethod
    def of(cls, entry: facts.HistoryEntry, reads: frozenset[Audience]) -> Self:
        """Return the entry as the API shows it to somebody who reads this."""
        return cls(
            id=strawberry.ID(entry.event_id),
            at=entry.at,
            action=entry.action,
            seat=entry.seat,
            actor=entry.actor_name or _WHO[entry.seat],
            version=entry.version,
            was=entry.now,
            to=entry.to,
            reason=entry.reason,
            note=entry.note,
            trial_result=entry.trial_result,
            started_on=entry.started_on,
            assignee=entry.assignee_name,
            due_on=entry.due_on,
            delivery_id=None if entry.delivery_id is None else strawberry.ID(entry.delivery_id),
            evidence_ids=entry.evidence_ids,
            reads=reads,
        )


@strawberry.type(description="What was delivered on a day under a synergy in operation.")
class Delivery(Node):
    """What was delivered on a day."""

    delivered_on: str = strawberry.field(description="ISO date.")
    quantity: float = strawberry.field(description="How much, in `unit`; 0 where it replaces one that there was not.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantity.")
    recorded_by: Seat = strawberry.field(description="As what somebody recorded it.")
    recorded_at: str = strawberry.field(description="UTC, ISO-8601.")
    replaces_id: strawberry.ID | None = strawberry.field(description="The delivery that it corrects; else null.")
    replaced_by_id: strawberry.ID | None = strawberry.field(description="The delivery that corrects it: it is void.")
    evidence_ids: strawberry.Private[tuple[facts.EvidenceId, ...]]
    reads: strawberry.Private[frozenset[Audience]]

    @strawberry.field(description="The evidence it names, as far as you may read it.")
    async def evidence(self, info: Info) -> list[SynergyEvidence]:
        """Return the evidence."""
        return await _read(info, self.evidence_ids, self.reads)

    @classmethod
    def of(cls, delivery: facts.Delivery, unit: BaseUnit, reads: frozenset[Audience]) -> Self:
        """Return the delivery as the API shows it to somebody who reads this."""
        replaces, replaced_by = delivery.replaces_id, delivery.replaced_by_id
        return cls(
            id=strawberry.ID(delivery.delivery_id),
            delivered_on=delivery.delivered_on,
            quantity=trade_from_base(delivery.quantity_base, unit),
            unit=TRADE_UNIT[unit],
            recorded_by=delivery.seat,
            recorded_at=delivery.recorded_at,
            replaces_id=None if replaces is None else strawberry.ID(replaces),
            replaced_by_id=None if replaced_by is None else strawberry.ID(replaced_by),
            evidence_ids=delivery.evidence_ids,
            reads=reads,
        )


@strawberry.type(description="What the deliveries of a synergy come to, without those that another replaced.")
class Delivered:
    """What the deliveries of a synergy come to."""

    quantity: float = strawberry.field(description="How much, in `unit`.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantity.")
    delivery_count: int = strawberry.field(description="How many deliveries.")
    first_on: str | None = strawberry.field(description="The first day, ISO date.")
    last_on: str | None = strawberry.field(description="The last day, ISO date.")


@strawberry.type
class AtTheDesk:
    """The fields of a synergy that are of the desk."""

    held_from: SynergyStatus | None = strawberry.field(description="Where it stood when it was put on hold; else null.")
    trial_result: TrialResult | None = strawberry.field(description="How the trial came out; for its table.")
    started_on: str | None = strawberry.field(description="First day of operation, ISO date; for its table.")
    agreed_quantity_per_year: float | None = strawberry.field(
        description="How much a year the agreement says, in `unit`; for its table: the two sites and the facilitators."
        + _EXACT
    )
    jobs_fte: float | None = strawberry.field(description="How many full-time jobs are declared; for its table.")
    unit: TradeUnit = strawberry.field(description="The unit in which its resource is traded.")
    due_on: str | None = strawberry.field(description="When the next step is due; ISO date, for facilitators.")
    last_activity_at: str | None = strawberry.field(
        description="When anything last happened to it, a comment too: UTC, ISO-8601, for facilitators."
    )
    next_steps: list[NextStep] = strawberry.field(description="Where it can go from here, who may, what it takes.")
    seats: strawberry.Private[frozenset[Seat]]
    weighing: strawberry.Private[frozenset[Seat]]
    base_unit: strawberry.Private[BaseUnit]
    synergy_id: strawberry.Private[SynergyId]
    assignee_id: strawberry.Private[PersonId | None]

    @strawberry.field(description="The facilitator who has it; for its table. Null: nobody.")
    async def assignee(self, info: Info) -> Colleague | None:
        """Return the assignee."""
        if self.assignee_id is None:
            return None
        name = await info.context.loaders.people.load(self.assignee_id)
        return None if name is None else Colleague(id=strawberry.ID(self.assignee_id), name=name)

    @strawberry.field(description="What was done with it, newest first; without a seat at its table, the steps.")
    async def history(self, info: Info, first: First, after: After = None) -> Connection[HistoryEntry]:
        """Return a page of the history."""
        page = await desk.history(info.context.graph, self.synergy_id, self.seats, request(first, after))
        reads = read_by(self.seats)
        return connection(page, lambda entry: HistoryEntry.of(entry, reads))

    @strawberry.field(description="The documents about it that you may read, the one attached last first.")
    async def evidence(self, info: Info, first: First, after: After = None) -> Connection[SynergyEvidence]:
        """Return a page of the evidence."""
        page = await desk.evidence(info.context.graph, self.synergy_id, self.seats, request(first, after))
        return connection(page, SynergyEvidence.of)

    @strawberry.field(description="What was delivered, the latest day first; for its table." + _EXACT)
    async def deliveries(self, info: Info, first: First, after: After = None) -> Connection[Delivery]:
        """Return a page of the deliveries."""
        page = await desk.deliveries(info.context.graph, self.synergy_id, self.weighing, request(first, after))
        reads = read_by(self.seats)
        return connection(page, lambda delivery: Delivery.of(delivery, self.base_unit, reads))

    @strawberry.field(description="What was delivered in all; null without a seat at its table." + _EXACT)
    async def delivered(self, info: Info) -> Delivered | None:
        """Return the sum of the deliveries."""
        if not self.weighing:
            return None
        sums = await info.context.loaders.delivered.load(self.synergy_id) or facts.Delivered(0, 0, None, None)
        return Delivered(
            quantity=trade_from_base(sums.quantity_base, self.base_unit),
            unit=self.unit,
            delivery_count=sums.deliveries,
            first_on=sums.first_on,
            last_on=sums.last_on,
        )


@cache
def next_steps(now: SynergyStatus, held_from: SynergyStatus | None, seats: frozenset[Seat]) -> list[NextStep]:
    """Return the steps that are open from here to somebody with these seats, and to others."""
    return [
        NextStep(
            to=step.to,
            who_may=sorted(step.seats),
            requires=list(step.needs),
            reasons=list(REASONS.get(step.to, ())),
            allowed_to_you=bool(seats & step.seats),
        )
        for step in steps_from(now, held_from)
    ]


def desk_fields(seen: SeenSynergy) -> dict[str, Any]:
    """Return the fields of the desk, by name, as the API shows them to this viewer."""
    row, synergy = seen.row, seen.row.synergy
    facilitates, seated = Seat.FACILITATOR in seen.seats, bool(seen.seats)
    agreed = synergy.agreed_base_per_year if seen.shown.exact else None
    jobs = synergy.jobs_tenth_fte if seated else None
    return {
        "held_from": synergy.held_from,
        "trial_result": synergy.trial_result if seated else None,
        "started_on": synergy.started_on if seated else None,
        "agreed_quantity_per_year": (trade_from_base(agreed, row.base_unit) if seated and agreed is not None else None),
        "jobs_fte": None if jobs is None else fte_from_tenth(jobs),
        "unit": TRADE_UNIT[row.base_unit],
        "due_on": synergy.due_on if facilitates else None,
        "last_activity_at": (synergy.last_activity_at or synergy.updated_at) if facilitates else None,
        "next_steps": next_steps(synergy.status, synergy.held_from, seen.seats),
        "seats": seen.seats,
        "weighing": seen.seats if seen.shown.exact else frozenset(),
        "base_unit": row.base_unit,
        "synergy_id": synergy.synergy_id,
        "assignee_id": synergy.assignee_id if seated else None,
    }
