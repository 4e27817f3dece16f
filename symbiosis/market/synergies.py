"""Synergies, read with the numbers that the viewer may see; `desk_steps.py` moves them."""

from collections.abc import Sequence
from dataclasses import dataclass

from symbiosis.domain.ids import SynergyId
from symbiosis.domain.steps import Seat
from symbiosis.policy import NumbersShown, Viewer, numbers_shown, seats, synergy_scope
from symbiosis.store import synergies as store
from symbiosis.store.graph import Graph
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.statements import OrderBy
from symbiosis.store.synergies import SynergyRow
from symbiosis.store.synergy_filters import SynergyOrder
from symbiosis.store.where import Condition


@dataclass(frozen=True, slots=True)
class SeenSynergy:
    """A synergy, which of its numbers its reader may see, and as what the reader sits at its table."""

    row: SynergyRow
    shown: NumbersShown
    seats: frozenset[Seat]


async def synergies(
    graph: Graph, viewer: Viewer, where: Condition, order: OrderBy[SynergyOrder], page: PageRequest
) -> Page[SeenSynergy]:
    """Return one page of the synergies that this viewer may see and for which a condition holds."""
    read = await graph.read(store.synergies_page, synergy_scope(viewer), where, order, page)
    return Page(tuple(seen(viewer, row) for row in read.items), read.cursors, read.has_next)


async def synergies_by_id(graph: Graph, viewer: Viewer, ids: Sequence[SynergyId]) -> dict[SynergyId, SeenSynergy]:
    """Return those of these synergies that this viewer may see."""
    rows = await graph.read(store.synergies_by_id, synergy_scope(viewer), ids)
    return {synergy_id: seen(viewer, row) for synergy_id, row in rows.items()}


def seen(viewer: Viewer, row: SynergyRow) -> SeenSynergy:
    """Return a synergy with what this viewer may see of it."""
    return SeenSynergy(row, numbers_shown(viewer, row), seats(viewer, row))
