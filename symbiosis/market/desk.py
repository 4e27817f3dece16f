"""The desk as it is read: a facilitator's queue in numbers, and the history, evidence and deliveries of a synergy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from symbiosis.domain.desk import Delivered, Delivery, EvidenceId, HistoryEntry, SynergyEvidence, read_by
from symbiosis.domain.ids import PersonId, SynergyId, TerritoryId
from symbiosis.domain.steps import Seat
from symbiosis.domain.synergies import LOCKED, SynergyStatus
from symbiosis.domain.times import utc_now
from symbiosis.policy import Action, Viewer, require, signed_in
from symbiosis.store import deliveries as beside
from symbiosis.store import desk as store
from symbiosis.store.desk import Facilitator, StatusCount
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.pages import Page, PageRequest

MAX_WAITING: Final = 10
UNDER_WAY: Final = tuple(status for status in SynergyStatus if status in LOCKED)


@dataclass(frozen=True, slots=True)
class Desk:
    """A facilitator's synergies in numbers, those under way that wait longest, and who could take them."""

    counts: tuple[StatusCount, ...]
    waiting: tuple[SynergyId, ...]
    facilitators: tuple[Facilitator, ...]


async def desk(graph: Graph, viewer: Viewer, territory_id: TerritoryId | None) -> Desk | None:
    """Return the desk of one territory, or of all that the viewer facilitates; None where none of it is theirs."""
    require(viewer, Action.READ_DESK, None, noun="desk", key=territory_id or "")
    return await graph.read(_desk, viewer, territory_id)


async def _desk(tx: Tx, viewer: Viewer, territory_id: TerritoryId | None) -> Desk | None:
    communes = viewer.facilitated
    if territory_id is not None:
        communes &= await store.communes_of(tx, territory_id)
    if not communes:
        return None
    listed, today = sorted(communes), utc_now()[:10]
    return Desk(
        counts=tuple(await store.desk_counts(tx, listed, signed_in(viewer), today)),
        waiting=tuple(await store.desk_waiting(tx, listed, UNDER_WAY, MAX_WAITING)),
        facilitators=tuple(await store.facilitators_in(tx, listed, today)),
    )


async def history(graph: Graph, synergy_id: SynergyId, seats: frozenset[Seat], page: PageRequest) -> Page[HistoryEntry]:
    """Return one page of what was done with a synergy, newest first, as far as these seats at its table see it."""
    read = await graph.read(store.history_page, synergy_id, read_by(seats), page)
    return Page(tuple(shown_to(seats, entry) for entry in read.items), read.cursors, read.has_next)


def shown_to(seats: frozenset[Seat], entry: HistoryEntry) -> HistoryEntry:
    """Return an entry without what these seats do not see: names of the other firm's people, notes for others.

    Facilitators see every name; a site the facilitators' and its own people's; who has no seat, none.
    """
    facilitates = Seat.FACILITATOR in seats
    named = facilitates or (bool(seats) and entry.seat in {Seat.FACILITATOR, *seats})
    return replace(
        entry,
        actor_id=entry.actor_id if named else "",
        actor_name=entry.actor_name if named else None,
        note=entry.note if entry.note_audience in read_by(seats) else None,
        due_on=entry.due_on if facilitates else None,
    )


async def evidence(
    graph: Graph, synergy_id: SynergyId, seats: frozenset[Seat], page: PageRequest
) -> Page[SynergyEvidence]:
    """Return one page of the evidence about a synergy that these seats at its table read, newest first."""
    return await graph.read(beside.evidence_page, synergy_id, read_by(seats), page)


async def evidence_by_id(graph: Graph, ids: Sequence[EvidenceId]) -> dict[EvidenceId, SynergyEvidence]:
    """Return those of these pieces of evidence that there are; `audience` says who may be shown each."""
    return await graph.read(beside.evidence_by_id, ids)


async def deliveries(graph: Graph, synergy_id: SynergyId, seats: frozenset[Seat], page: PageRequest) -> Page[Delivery]:
    """Return one page of what was delivered under a synergy, the latest day first; nothing without a seat."""
    if not seats:
        return Page((), (), has_next=False)
    return await graph.read(beside.deliveries_page, synergy_id, page)


async def delivered(graph: Graph, ids: Sequence[SynergyId]) -> dict[SynergyId, Delivered]:
    """Return what the deliveries of these synergies come to."""
    return await graph.read(beside.delivered, ids)


async def people_names(graph: Graph, ids: Sequence[PersonId]) -> dict[PersonId, str]:
    """Return the names of those of these people that there are."""
    return await graph.read(store.people_names, ids)
