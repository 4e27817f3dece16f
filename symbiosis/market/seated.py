"""Somebody at the table of a synergy: locked, seen, allowed, and acting in a seat; nothing here writes a fact."""

from collections.abc import Mapping
from dataclasses import dataclass

from symbiosis.domain.desk import Audience, HistoryAction, acting_seat, read_by
from symbiosis.domain.ids import PersonId, SynergyId
from symbiosis.domain.steps import Seat
from symbiosis.domain.times import utc_after
from symbiosis.errors import NotFoundError, StaleVersionError
from symbiosis.policy import Action, Viewer, require, seats, signed_in, synergy_scope
from symbiosis.store import desk as store
from symbiosis.store.events import Event
from symbiosis.store.graph import Tx
from symbiosis.store.synergies import SynergyRow, synergies_by_id


@dataclass(frozen=True, slots=True)
class Seated:
    """Who acts on which synergy in which seat, at a time after all that was done with it before."""

    row: SynergyRow
    person_id: PersonId
    seats: frozenset[Seat]
    seat: Seat
    at: str

    @property
    def synergy_id(self) -> SynergyId:
        """The synergy."""
        return self.row.synergy.synergy_id

    @property
    def reads(self) -> frozenset[Audience]:
        """What the actor reads beside the synergy."""
        return read_by(self.seats)

    def at_version(self, version: int) -> None:
        """Return if this is the version of the synergy; raise StaleVersionError."""
        found = self.row.synergy.version
        if found != version:
            raise StaleVersionError("synergy", self.synergy_id, expected=version, found=found)

    def event(
        self,
        action: HistoryAction,
        audience: Audience,
        *,
        version: int | None = None,
        **facts: str | int | list[str] | None,
    ) -> Event:
        """Return what is to be kept of this in the history of the synergy."""
        kept: Mapping[str, str | int | list[str] | None] = {
            "audience": audience.value,
            "seat": self.seat.value,
            **facts,
        }
        return Event(
            self.at,
            self.person_id,
            action.value,
            self.synergy_id,
            self.row.synergy.version if version is None else version,
            facts=kept,
        )


async def seated(tx: Tx, viewer: Viewer, synergy_id: SynergyId, action: Action) -> Seated:
    """Return the viewer at the table of a synergy that is locked from here on; raise NotFound- or NotAllowedError."""
    if viewer.person is None:
        raise NotFoundError("synergy", synergy_id)
    last = await store.lock_synergy(tx, synergy_id)
    if last is None:
        raise NotFoundError("synergy", synergy_id)
    row = await visible(tx, viewer, synergy_id)
    require(viewer, action, row, noun="synergy", key=synergy_id)
    taken = seats(viewer, row)
    return Seated(row, signed_in(viewer), taken, acting_seat(taken), utc_after(last))


async def visible(tx: Tx, viewer: Viewer, synergy_id: SynergyId) -> SynergyRow:
    """Return a synergy that this viewer may see; raise NotFoundError."""
    row = (await synergies_by_id(tx, synergy_scope(viewer), [synergy_id])).get(synergy_id)
    if row is None:
        raise NotFoundError("synergy", synergy_id)
    return row
