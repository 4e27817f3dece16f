"""Evidence about synergies, and what was delivered under them; both are added to, never changed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from symbiosis.domain.desk import (
    Audience,
    Delivered,
    Delivery,
    DeliveryId,
    EvidenceId,
    SynergyEvidence,
    SynergyEvidenceKind,
)
from symbiosis.domain.ids import SynergyId
from symbiosis.domain.steps import Seat
from symbiosis.store.desk_queries import (
    DELIVERED,
    DELIVERIES_PAGE,
    DELIVERY_BY_ID,
    EVIDENCE_BY_ID,
    EVIDENCE_PAGE,
    REPLACE_DELIVERY,
    SAVE_DELIVERY,
    SAVE_EVIDENCE,
)
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest, page_of

EVIDENCE_ORDER: Final = "EVIDENCE"
DELIVERY_ORDER: Final = "DELIVERY"


async def save_evidence(tx: Tx, evidence: SynergyEvidence) -> None:
    """Write a new piece of evidence beside its synergy."""
    facts = {
        "id": evidence.evidence_id,
        "kind": evidence.kind.value,
        "title": evidence.title,
        "audience": evidence.audience.value,
        "seat": evidence.seat.value,
        "attached_at": evidence.attached_at,
        "url": evidence.url,
        "sha256": evidence.sha256,
        "dated_on": evidence.dated_on,
    }
    await tx.run(SAVE_EVIDENCE, synergy_id=evidence.synergy_id, facts=facts)


async def evidence_page(
    tx: Tx, synergy_id: SynergyId, audiences: frozenset[Audience], page: PageRequest
) -> Page[SynergyEvidence]:
    """Return one page of a synergy's evidence that these audiences read, newest first."""
    words = sorted(audience.value for audience in audiences)
    keys = page.parameters(EVIDENCE_ORDER, str)
    rows = await tx.run(EVIDENCE_PAGE, synergy_id=synergy_id, audiences=words, **keys)
    return page_of(rows, page, EVIDENCE_ORDER, "evidence_id", _evidence)


async def evidence_by_id(tx: Tx, ids: Sequence[EvidenceId]) -> dict[EvidenceId, SynergyEvidence]:
    """Return those of these pieces of evidence that there are; who reads them is the caller's to look at."""
    rows = await tx.run(EVIDENCE_BY_ID, evidence_ids=list(ids))
    return {found.evidence_id: found for found in map(_evidence, rows)}


async def save_delivery(tx: Tx, delivery: Delivery) -> None:
    """Write a new delivery under its synergy."""
    facts = {
        "id": delivery.delivery_id,
        "delivered_on": delivery.delivered_on,
        "quantity_base": delivery.quantity_base,
        "seat": delivery.seat.value,
        "recorded_at": delivery.recorded_at,
        "evidence_ids": list(delivery.evidence_ids),
        "replaces_id": delivery.replaces_id,
    }
    await tx.run(SAVE_DELIVERY, synergy_id=delivery.synergy_id, facts=facts)


async def replace_delivery(tx: Tx, replaced: DeliveryId, by: Delivery) -> bool:
    """Mark a delivery of the same synergy as replaced; say whether there is one that nothing replaced before."""
    rows = await tx.run(REPLACE_DELIVERY, replaces_id=replaced, synergy_id=by.synergy_id, delivery_id=by.delivery_id)
    return bool(rows)


async def deliveries_page(tx: Tx, synergy_id: SynergyId, page: PageRequest) -> Page[Delivery]:
    """Return one page of a synergy's deliveries, the latest day first, replaced ones too."""
    rows = await tx.run(DELIVERIES_PAGE, synergy_id=synergy_id, **page.parameters(DELIVERY_ORDER, str))
    return page_of(rows, page, DELIVERY_ORDER, "delivery_id", _delivery)


async def delivery_by_id(tx: Tx, delivery_id: DeliveryId) -> Delivery:
    """Return a delivery that is known to be there."""
    return _delivery((await tx.run(DELIVERY_BY_ID, delivery_id=delivery_id))[0])


async def delivered(tx: Tx, ids: Sequence[SynergyId]) -> dict[SynergyId, Delivered]:
    """Return what the deliveries of these synergies come to; a synergy without any is not named."""
    rows = await tx.run(DELIVERED, synergy_ids=list(ids))
    return {
        SynergyId(row["synergy_id"]): Delivered(
            row["quantity_base"], row["deliveries"], row["first_on"], row["last_on"]
        )
        for row in rows
    }


def _evidence(row: Mapping[str, Any]) -> SynergyEvidence:
    return SynergyEvidence(
        evidence_id=EvidenceId(row["evidence_id"]),
        synergy_id=SynergyId(row["synergy_id"]),
        kind=SynergyEvidenceKind(row["kind"]),
        title=row["title"],
        audience=Audience(row["audience"]),
        seat=Seat(row["seat"]),
        attached_at=row["attached_at"],
        url=row["url"],
        sha256=row["sha256"],
        dated_on=row["dated_on"],
    )


def _delivery(row: Mapping[str, Any]) -> Delivery:
    replaces_id, replaced_by_id = row["replaces_id"], row["replaced_by_id"]
    return Delivery(
        delivery_id=DeliveryId(row["delivery_id"]),
        synergy_id=SynergyId(row["synergy_id"]),
        delivered_on=row["delivered_on"],
        quantity_base=row["quantity_base"],
        seat=Seat(row["seat"]),
        recorded_at=row["recorded_at"],
        evidence_ids=tuple(EvidenceId(evidence_id) for evidence_id in row["evidence_ids"] or ()),
        replaces_id=None if replaces_id is None else DeliveryId(replaces_id),
        replaced_by_id=None if replaced_by_id is None else DeliveryId(replaced_by_id),
    )
