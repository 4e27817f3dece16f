"""What people write beside a synergy: whose it is, comments, evidence and deliveries."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from symbiosis.domain.desk import (
    Audience,
    Delivery,
    DeliveryId,
    EvidenceId,
    HistoryAction,
    HistoryEntry,
    Readers,
    SynergyEvidence,
    SynergyEvidenceKind,
    new_delivery_id,
    new_evidence_id,
    written_for,
)
from symbiosis.domain.ids import PersonId, SynergyId
from symbiosis.domain.steps import Seat
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.errors import RuleError
from symbiosis.market.inputs import FieldError, at_field, iso_date_or_none, line, text_or_none
from symbiosis.market.once import Once, once
from symbiosis.market.seated import Seated, seated, visible
from symbiosis.market.step_needs import attached
from symbiosis.market.synergies import SeenSynergy, seen
from symbiosis.policy import Action, Viewer
from symbiosis.store import deliveries as beside
from symbiosis.store import desk as store
from symbiosis.store.events import record_event
from symbiosis.store.graph import Graph, Tx
from symbiosis.units import BaseUnit, base_from_trade

URL_LENGTH: Final = 2000
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class NotOperatingError(RuleError):
    """Something was delivered under a synergy that is not in operation; nothing was written."""

    code = "NOT_OPERATING"


class DeliveryReplacedError(RuleError):
    """The delivery to replace is not there, or was replaced before; nothing was written."""

    code = "DELIVERY_REPLACED"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose a synergy is to be (None: nobody's), and until when the next step is due (ISO date)."""

    synergy_id: SynergyId
    version: int
    assignee_id: PersonId | None
    due_on: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment, and for whom it is."""

    synergy_id: SynergyId
    text: str
    readers: Readers = Readers.FACILITATORS
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A document as somebody names it: by a link, the SHA-256 of its file, or both."""

    synergy_id: SynergyId
    kind: SynergyEvidenceKind
    title: str
    readers: Readers = Readers.BOTH_SIDES
    url: str | None = None
    sha256: str | None = None
    dated_on: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery as somebody states it; the quantity is in the trade unit of the synergy's resource."""

    synergy_id: SynergyId
    delivered_on: str
    quantity: float
    evidence_ids: tuple[EvidenceId, ...] = ()
    replaces_id: DeliveryId | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A comment as it stands in the history, and as what its author sits at the table."""

    entry: HistoryEntry
    seats: frozenset[Seat]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A delivery as kept, the unit of its quantity, and as what whoever recorded it sits at the table."""

    delivery: Delivery
    base_unit: BaseUnit
    seats: frozenset[Seat]


async def assign_synergy(graph: Graph, viewer: Viewer, stated: Assignment) -> SeenSynergy:
    """Return the synergy as assigned; raise NotFound-, NotAllowed-, Field-, StaleVersion- or KeyReusedError."""
    wanted = replace(stated, due_on=iso_date_or_none(stated.due_on, "due_on"))
    if wanted.assignee_id is None and wanted.due_on is not None:
        raise FieldError("due_on", message="What nobody has is due on no day; name an assignee, or leave the day out.")
    return await graph.write(_assign, viewer, wanted, once("assign-synergy", wanted.idempotency_key, asdict(wanted)))


async def comment_synergy(graph: Graph, viewer: Viewer, stated: NewComment) -> Written:
    """Return the comment as it stands in the history; raise NotFound-, NotAllowed-, Field- or KeyReusedError."""
    text = text_or_none(stated.text, "text")
    if text is None:
        raise FieldError("text", message="The comment is empty; write one.")
    comment = replace(stated, text=text)
    return await graph.write(
        _comment, viewer, comment, once("comment-synergy", stated.idempotency_key, asdict(comment))
    )


async def attach_evidence(graph: Graph, viewer: Viewer, stated: NewEvidence) -> SynergyEvidence:
    """Return the evidence as kept; raise NotFound-, NotAllowed-, Field- or KeyReusedError."""
    named = replace(
        stated,
        title=line(stated.title, "title"),
        url=_url(stated.url),
        sha256=_sha256(stated.sha256),
        dated_on=iso_date_or_none(stated.dated_on, "dated_on"),
    )
    if named.url is None and named.sha256 is None:
        words = "Files are not kept here: name the document by its `url`, the `sha256` of its file, or both."
        raise FieldError("url", message=words)
    sent = once("attach-evidence", stated.idempotency_key, asdict(named))
    return await graph.write(_attach, viewer, named, new_evidence_id(), sent)


async def record_delivery(graph: Graph, viewer: Viewer, stated: NewDelivery) -> Recorded:
    """Return the delivery as kept.

    Raises NotFound-, NotAllowed-, Field-, NotOperating-, DeliveryReplaced- or KeyReusedError.
    """
    day = iso_date_or_none(stated.delivered_on, "delivered_on") or ""
    new = replace(stated, delivered_on=day, evidence_ids=tuple(dict.fromkeys(stated.evidence_ids)))
    sent = once("record-delivery", stated.idempotency_key, asdict(new))
    return await graph.write(_deliver, viewer, new, new_delivery_id(), sent)


async def _assign(tx: Tx, viewer: Viewer, stated: Assignment, sent: Once) -> SeenSynergy:
    at = await seated(tx, viewer, stated.synergy_id, Action.ASSIGN_SYNERGY)
    if await sent.earlier(tx, at.person_id, stated.synergy_id, at.at):
        return seen(viewer, at.row)
    at.at_version(stated.version)
    communes = [at.row.supply.insee, at.row.demand.insee]
    able = {found.person_id for found in await store.facilitators_in(tx, communes, at.at[:10])}
    if stated.assignee_id is not None and stated.assignee_id not in able:
        words = "Only a facilitator of one of the two territories can have it; `desk` lists them."
        raise FieldError("assignee_id", message=words)
    now = at.row.synergy
    assigned = replace(
        now,
        version=now.version + 1,
        assignee_id=stated.assignee_id,
        due_on=stated.due_on,
        updated_at=at.at,
        last_activity_at=at.at,
    )
    await store.save_step(tx, assigned)
    event = at.event(
        HistoryAction.ASSIGN_SYNERGY,
        Audience.SIDES,
        version=assigned.version,
        assignee_id=stated.assignee_id,
        due_on=stated.due_on,
    )
    await record_event(tx, event)
    return seen(viewer, await visible(tx, viewer, stated.synergy_id))


async def _comment(tx: Tx, viewer: Viewer, stated: NewComment, sent: Once) -> Written:
    at = await seated(tx, viewer, stated.synergy_id, Action.ANNOTATE_SYNERGY)
    event = at.event(HistoryAction.COMMENT_SYNERGY, written_for(stated.readers, at.seat), note=stated.text)
    earlier = await sent.earlier(tx, at.person_id, event.event_id, at.at)
    if earlier is None:
        await record_event(tx, event)
        await store.note_activity(tx, stated.synergy_id, at.at)
    return Written(await store.history_entry(tx, earlier or event.event_id), at.seats)


async def _attach(tx: Tx, viewer: Viewer, stated: NewEvidence, evidence_id: EvidenceId, sent: Once) -> SynergyEvidence:
    at = await seated(tx, viewer, stated.synergy_id, Action.ANNOTATE_SYNERGY)
    if earlier := await sent.earlier(tx, at.person_id, evidence_id, at.at):
        return (await beside.evidence_by_id(tx, [EvidenceId(earlier)]))[EvidenceId(earlier)]
    evidence = SynergyEvidence(
        evidence_id=evidence_id,
        synergy_id=stated.synergy_id,
        kind=stated.kind,
        title=stated.title,
        audience=written_for(stated.readers, at.seat),
        seat=at.seat,
        attached_at=at.at,
        url=stated.url,
        sha256=stated.sha256,
        dated_on=stated.dated_on,
    )
    await beside.save_evidence(tx, evidence)
    await record_event(tx, at.event(HistoryAction.ATTACH_EVIDENCE, evidence.audience, evidence_ids=[evidence_id]))
    await store.note_activity(tx, stated.synergy_id, at.at)
    return evidence


async def _deliver(tx: Tx, viewer: Viewer, stated: NewDelivery, delivery_id: DeliveryId, sent: Once) -> Recorded:
    at = await seated(tx, viewer, stated.synergy_id, Action.RECORD_DELIVERY)
    if earlier := await sent.earlier(tx, at.person_id, delivery_id, at.at):
        return _recorded(at, await beside.delivery_by_id(tx, DeliveryId(earlier)))
    await attached(tx, at, stated.evidence_ids)
    delivery = _delivery(at, stated, delivery_id)
    await beside.save_delivery(tx, delivery)
    if stated.replaces_id is not None and not await beside.replace_delivery(tx, stated.replaces_id, delivery):
        words = f"Delivery {stated.replaces_id} is not one of this synergy's, or was replaced before; read them again."
        raise DeliveryReplacedError(words)
    event = at.event(
        HistoryAction.RECORD_DELIVERY,
        Audience.SIDES,
        delivery_id=delivery_id,
        evidence_ids=list(stated.evidence_ids),
    )
    await record_event(tx, event)
    await store.note_activity(tx, stated.synergy_id, at.at)
    return _recorded(at, delivery)


def _recorded(at: Seated, delivery: Delivery) -> Recorded:
    return Recorded(delivery, at.row.base_unit, at.seats)


def _delivery(at: Seated, stated: NewDelivery, delivery_id: DeliveryId) -> Delivery:
    """Return the delivery as it is kept; raise NotOperating- or FieldError."""
    now = at.row.synergy
    if now.status is not SynergyStatus.OPERATING:
        raise NotOperatingError(
            f"Synergy {now.synergy_id} is {now.status}; deliveries belong to one that is OPERATING."
        )
    if not (now.started_on or "") <= stated.delivered_on <= at.at[:10]:
        words = f"{stated.delivered_on} is before the first day of operation, {now.started_on}, or still to come."
        raise FieldError("delivered_on", message=words)
    nothing = stated.quantity == 0 and stated.replaces_id is not None
    if stated.quantity <= 0 and not nothing:
        words = "State what was delivered, above zero; 0 only where it replaces a delivery that there was not."
        raise FieldError("quantity", message=words)
    base = 0 if nothing else at_field("quantity", lambda: base_from_trade(stated.quantity, at.row.base_unit))
    return Delivery(
        delivery_id=delivery_id,
        synergy_id=now.synergy_id,
        delivered_on=stated.delivered_on,
        quantity_base=base,
        seat=at.seat,
        recorded_at=at.at,
        evidence_ids=stated.evidence_ids,
        replaces_id=stated.replaces_id,
    )


def _url(text: str | None) -> str | None:
    """Return a link to a document, or None; raise FieldError unless it is https or http with a host and no password."""
    if text is None:
        return None
    url = line(text, "url", at_most=URL_LENGTH)
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"https", "http"} and parts.hostname and parts.username is None and " " not in url
    except ValueError:
        sound = False
    if not sound:
        raise FieldError("url", message="The url is not one; write it like https://example.org/agreement.pdf.")
    return url


def _sha256(text: str | None) -> str | None:
    if text is None:
        return None
    digest = text.strip().lower()
    if not _SHA256.fullmatch(digest):
        raise FieldError("sha256", message="A SHA-256 has 64 hexadecimal digits; `sha256sum FILE` prints it.")
    return digest
