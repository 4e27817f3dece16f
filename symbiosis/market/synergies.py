"""Synergies: read with the numbers that the viewer may see, and reviewed by facilitators."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from symbiosis.domain.ids import SynergyId
from symbiosis.domain.steps import step_between
from symbiosis.domain.synergies import StepReason, Synergy, SynergyStatus
from symbiosis.domain.times import utc_now
from symbiosis.errors import NotFoundError, StaleVersionError
from symbiosis.market.inputs import FieldError, text_or_none
from symbiosis.market.once import Once, once
from symbiosis.policy import Action, NumbersShown, Viewer, numbers_shown, require, synergy_scope
from symbiosis.store import synergies as store
from symbiosis.store.events import Event, record_event
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.statements import OrderBy
from symbiosis.store.synergies import SynergyRow
from symbiosis.store.synergy_filters import SynergyOrder
from symbiosis.store.where import Condition


class Review(StrEnum):
    """What a facilitator makes of a suggestion."""

    SHORTLIST = "SHORTLIST"
    REJECT = "REJECT"


@dataclass(frozen=True, slots=True)
class NewReview:
    """A review as a facilitator states it; `version` is the one that was read."""

    synergy_id: SynergyId
    version: int
    review: Review
    reason: StepReason | None = None
    note: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class SeenSynergy:
    """A synergy, and which of its numbers its reader may see."""

    row: SynergyRow
    shown: NumbersShown


async def synergies(
    graph: Graph, viewer: Viewer, where: Condition, order: OrderBy[SynergyOrder], page: PageRequest
) -> Page[SeenSynergy]:
    """Return one page of the synergies that this viewer may see and for which a condition holds."""
    read = await graph.read(store.synergies_page, synergy_scope(viewer), where, order, page)
    return Page(tuple(_seen(viewer, row) for row in read.items), read.cursors, read.has_next)


async def synergies_by_id(graph: Graph, viewer: Viewer, ids: Sequence[SynergyId]) -> dict[SynergyId, SeenSynergy]:
    """Return those of these synergies that this viewer may see."""
    rows = await graph.read(store.synergies_by_id, synergy_scope(viewer), ids)
    return {synergy_id: _seen(viewer, row) for synergy_id, row in rows.items()}


async def review_synergy(graph: Graph, viewer: Viewer, review: NewReview) -> SeenSynergy:
    """Return the synergy as reviewed.

    Raises NotFoundError, NotAllowedError, FieldError, StaleVersionError, SynergyTransitionError, KeyReusedError.
    """
    if review.review is Review.REJECT and review.reason is None:
        raise FieldError("reason", message="A rejection needs a reason; choose one, and say more in `note`.")
    if review.review is Review.SHORTLIST and review.reason is not None:
        raise FieldError("reason", message="Only a rejection has a reason; leave it out, and use `note`.")
    stated = replace(review, note=text_or_none(review.note, "note"))
    return await graph.write(_review, viewer, stated, once("review-synergy", stated.idempotency_key, asdict(stated)))


async def _review(tx: Tx, viewer: Viewer, review: NewReview, sent: Once) -> SeenSynergy:
    at = utc_now()
    if viewer.person is None or not await store.lock_synergy(tx, review.synergy_id, at):
        raise NotFoundError("synergy", review.synergy_id)
    row = await _visible(tx, viewer, review.synergy_id)
    require(viewer, Action.MOVE_SYNERGY, row, noun="synergy", key=review.synergy_id)
    if await sent.earlier(tx, viewer.person.person_id, review.synergy_id, at):
        return _seen(viewer, row)
    now = row.synergy
    if now.version != review.version:
        raise StaleVersionError("synergy", now.synergy_id, expected=review.version, found=now.version)
    reviewed = _reviewed(row, review, at)
    await store.save_review(tx, reviewed)
    detail = None if review.reason is None else review.reason.value
    await record_event(
        tx, Event(at, viewer.person.person_id, review.review.value, now.synergy_id, reviewed.version, detail)
    )
    return await _seen_again(tx, viewer, review.synergy_id)


def _reviewed(row: SynergyRow, review: NewReview, at: str) -> Synergy:
    wanted = SynergyStatus.SHORTLISTED if review.review is Review.SHORTLIST else SynergyStatus.REJECTED
    step_between(row.synergy.synergy_id, row.synergy.status, wanted, row.synergy.held_from)
    return replace(
        row.synergy,
        status=wanted,
        version=row.synergy.version + 1,
        updated_at=at,
        basis=f"{row.supply.version}:{row.demand.version}",
        reason=review.reason,
        note=review.note,
    )


async def _visible(tx: Tx, viewer: Viewer, synergy_id: SynergyId) -> SynergyRow:
    row = (await store.synergies_by_id(tx, synergy_scope(viewer), [synergy_id])).get(synergy_id)
    if row is None:
        raise NotFoundError("synergy", synergy_id)
    return row


async def _seen_again(tx: Tx, viewer: Viewer, synergy_id: SynergyId) -> SeenSynergy:
    return _seen(viewer, await _visible(tx, viewer, synergy_id))


def _seen(viewer: Viewer, row: SynergyRow) -> SeenSynergy:
    return SeenSynergy(row, numbers_shown(viewer, row))
