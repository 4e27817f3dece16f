"""Who may do what: the one place that decides, deny by default.

A viewer is a visitor or a registered person with the mandates that are in force today. Reads carry a scope that is
made here; single things and actions are decided by `decide`. What a viewer may not see answers like what is not
there; what a viewer sees but may not change is refused in words.

site manager   everything of the own sites; synergies that touch the own listings, without the partner's own prices
facilitator    everything in the territories of the mandate, and the reviews; starts runs
analyst        listings that are not private and the synergies between such, in the territories of the mandate
visitor        sites, territories, resources and public listings
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from symbiosis.domain.ids import PersonId, SiteId
from symbiosis.domain.keys import ApiKey, KeyScope
from symbiosis.domain.listings import Visibility
from symbiosis.domain.people import Mandate, Person, Role
from symbiosis.domain.steps import Seat
from symbiosis.errors import NotAllowedError, NotFoundError
from symbiosis.store.listings import ListingRow
from symbiosis.store.people import Registered
from symbiosis.store.scopes import ListingScope, SynergyScope
from symbiosis.store.synergies import Side, SynergyRow


class Action(StrEnum):
    """What can be asked for; an action that has no rule is denied."""

    CREATE_LISTING = "CREATE_LISTING"
    UPDATE_LISTING = "UPDATE_LISTING"
    WITHDRAW_LISTING = "WITHDRAW_LISTING"
    MOVE_SYNERGY = "MOVE_SYNERGY"
    ASSIGN_SYNERGY = "ASSIGN_SYNERGY"
    ANNOTATE_SYNERGY = "ANNOTATE_SYNERGY"
    RECORD_DELIVERY = "RECORD_DELIVERY"
    READ_DESK = "READ_DESK"
    START_RUN = "START_RUN"
    READ_RUNS = "READ_RUNS"
    MANAGE_KEYS = "MANAGE_KEYS"


class Decision(StrEnum):
    """Allowed; refused, because the viewer may see the thing but not do this; or hidden, as if it were not there."""

    ALLOW = "ALLOW"
    REFUSE = "REFUSE"
    HIDE = "HIDE"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, with what the mandates in force reach: own sites, and communes facilitated, analysed or lived in.

    `key` is the API key that signed in, if one did: it changes only what its scopes name.
    """

    person: Person | None = None
    site_ids: frozenset[SiteId] = frozenset()
    facilitated: frozenset[str] = frozenset()
    analysed: frozenset[str] = frozenset()
    neighbourhood: frozenset[str] = frozenset()
    key: ApiKey | None = None

    @property
    def is_member(self) -> bool:
        """Say whether any mandate is in force."""
        return bool(self.site_ids or self.facilitated or self.analysed)


VISITOR: Final = Viewer()

Thing = SiteId | ListingRow | SynergyRow | None


def in_force(mandate: Mandate, today: str) -> bool:
    """Say whether a mandate is in force on a day (ISO date); both of its ends are inclusive."""
    return (mandate.from_date or today) <= today <= (mandate.until_date or today)


def viewer_of(registered: Registered, today: str, *, key: ApiKey | None = None) -> Viewer:
    """Return the viewer that a registered person is on a day (ISO date), signed in by a key or in person."""
    reaches = [reach for reach in registered.reaches if in_force(reach.mandate, today)]

    def communes(role: Role) -> frozenset[str]:
        return frozenset(insee for reach in reaches if reach.mandate.role is role for insee in reach.communes)

    return Viewer(
        person=registered.person,
        site_ids=frozenset(
            reach.mandate.site_id
            for reach in reaches
            if reach.mandate.role is Role.SITE_MANAGER and reach.mandate.site_id is not None
        ),
        facilitated=communes(Role.FACILITATOR),
        analysed=communes(Role.ANALYST),
        neighbourhood=communes(Role.SITE_MANAGER),
        key=key,
    )


def listing_scope(viewer: Viewer) -> ListingScope:
    """Return which listings a viewer may read, and whose prices."""
    return ListingScope(
        manager_site_ids=tuple(sorted(viewer.site_ids)),
        facilitator_communes=tuple(sorted(viewer.facilitated)),
        member_communes=tuple(sorted(viewer.facilitated | viewer.analysed | viewer.neighbourhood)),
    )


def synergy_scope(viewer: Viewer) -> SynergyScope:
    """Return which synergies a viewer may read."""
    return SynergyScope(
        manager_site_ids=tuple(sorted(viewer.site_ids)),
        facilitator_communes=tuple(sorted(viewer.facilitated)),
        analyst_communes=tuple(sorted(viewer.analysed)),
    )


@dataclass(frozen=True, slots=True)
class NumbersShown:
    """Which of a suggestion's amounts a viewer may see; what is exchanged, its way and its emissions always show.

    A price that a site states is its own: of a suggestion made with it, others see neither that side's avoided cost
    nor the value and the shares, from which it could be worked out. What rests on public factors is no secret.
    """

    value: bool
    avoided_disposal: bool
    avoided_purchase: bool
    supplier_share: bool
    receiver_share: bool
    note: bool


def numbers_shown(viewer: Viewer, row: SynergyRow) -> NumbersShown:
    """Return which amounts of a synergy, and whether its facilitators' note, this viewer may see."""
    return numbers_between(viewer, row.supply, row.demand)


def numbers_between(viewer: Viewer, supply: Side, demand: Side) -> NumbersShown:
    """Return which amounts of a pair, be it a synergy or not, this viewer may see."""
    facilitates = _facilitates(viewer, supply) or _facilitates(viewer, demand)
    gives, takes = supply.site_id in viewer.site_ids, demand.site_id in viewer.site_ids
    disposal = facilitates or gives or not supply.priced
    purchase = facilitates or takes or not demand.priced
    value = disposal and purchase
    return NumbersShown(
        value=value,
        avoided_disposal=disposal,
        avoided_purchase=purchase,
        supplier_share=value or gives,
        receiver_share=value or takes,
        note=facilitates,
    )


def seats(viewer: Viewer, row: SynergyRow) -> frozenset[Seat]:
    """Return as what a viewer sits at the table of a synergy; an analyst, who only reads it, has no seat."""
    taken = {
        Seat.FACILITATOR: _facilitates(viewer, row.supply) or _facilitates(viewer, row.demand),
        Seat.SUPPLIER: row.supply.site_id in viewer.site_ids,
        Seat.RECEIVER: row.demand.site_id in viewer.site_ids,
    }
    return frozenset(seat for seat, is_taken in taken.items() if is_taken)


def decide(viewer: Viewer, action: Action, thing: Thing = None) -> Decision:
    """Return what the rules say; what no rule allows is hidden."""
    rule = _RULES.get(action)
    decision = Decision.HIDE if rule is None else rule(viewer, thing)
    return Decision.REFUSE if decision is Decision.ALLOW and not _in_scope(viewer, action) else decision


def _in_scope(viewer: Viewer, action: Action) -> bool:
    """Say whether the key that signed in, if one did, may do this; what `_SCOPE` does not name no key may do."""
    if viewer.key is None or action in _READS:
        return True
    return _SCOPE.get(action) in viewer.key.scopes


def signed_in(viewer: Viewer) -> PersonId:
    """Return who acts; raise NotAllowedError for a visitor."""
    if viewer.person is None:
        raise NotAllowedError("Sign in first.")
    return viewer.person.person_id


def require(viewer: Viewer, action: Action, thing: Thing, *, noun: str, key: str) -> None:
    """Return if allowed; raise NotFoundError where the viewer may not see the thing, else NotAllowedError."""
    decision = decide(viewer, action, thing)
    if decision is Decision.HIDE:
        raise NotFoundError(noun, key)
    if decision is Decision.REFUSE and not _in_scope(viewer, action):
        raise NotAllowedError("The scopes of this API key do not cover this; sign in yourself, or make another key.")
    if decision is Decision.REFUSE:
        raise NotAllowedError(_REFUSED[action])


def _facilitates(viewer: Viewer, side: Side) -> bool:
    return side.insee in viewer.facilitated


def _create_listing(viewer: Viewer, thing: Thing) -> Decision:
    return Decision.ALLOW if isinstance(thing, str) and thing in viewer.site_ids else Decision.HIDE


def _change_listing(viewer: Viewer, thing: Thing) -> Decision:
    if not isinstance(thing, ListingRow) or not _sees_listing(viewer, thing):
        return Decision.HIDE
    return Decision.ALLOW if thing.listing.site_id in viewer.site_ids else Decision.REFUSE


def _sees_listing(viewer: Viewer, row: ListingRow) -> bool:
    if row.listing.visibility is Visibility.PUBLIC or row.listing.site_id in viewer.site_ids:
        return True
    members = viewer.facilitated | viewer.analysed | viewer.neighbourhood
    return row.insee in viewer.facilitated or (row.listing.visibility is Visibility.TERRITORY and row.insee in members)


def _assign_synergy(viewer: Viewer, thing: Thing) -> Decision:
    if not isinstance(thing, SynergyRow):
        return Decision.HIDE
    if _facilitates(viewer, thing.supply) or _facilitates(viewer, thing.demand):
        return Decision.ALLOW
    return Decision.REFUSE if _sees_synergy(viewer, thing) else Decision.HIDE


def _sees_synergy(viewer: Viewer, row: SynergyRow) -> bool:
    sides = (row.supply, row.demand)
    if any(side.site_id in viewer.site_ids or _facilitates(viewer, side) for side in sides):
        return True
    return all(side.visibility is not Visibility.PRIVATE for side in sides) and any(
        side.insee in viewer.analysed for side in sides
    )


def _act_on_synergy(viewer: Viewer, thing: Thing) -> Decision:
    if not isinstance(thing, SynergyRow):
        return Decision.HIDE
    if seats(viewer, thing):
        return Decision.ALLOW
    return Decision.REFUSE if _sees_synergy(viewer, thing) else Decision.HIDE


def _as_a_facilitator(viewer: Viewer, thing: Thing) -> Decision:
    return Decision.ALLOW if thing is None and viewer.facilitated else Decision.REFUSE


def _read_runs(viewer: Viewer, thing: Thing) -> Decision:
    return Decision.ALLOW if thing is None and viewer.is_member else Decision.REFUSE


def _manage_keys(viewer: Viewer, thing: Thing) -> Decision:
    return Decision.ALLOW if thing is None and viewer.person is not None else Decision.REFUSE


_READS: Final = frozenset({Action.READ_RUNS, Action.READ_DESK})

_SCOPE: Final[Mapping[Action, KeyScope]] = {
    Action.CREATE_LISTING: KeyScope.LISTINGS,
    Action.UPDATE_LISTING: KeyScope.LISTINGS,
    Action.WITHDRAW_LISTING: KeyScope.LISTINGS,
    Action.MOVE_SYNERGY: KeyScope.REVIEWS,
    Action.ASSIGN_SYNERGY: KeyScope.REVIEWS,
    Action.ANNOTATE_SYNERGY: KeyScope.REVIEWS,
    Action.RECORD_DELIVERY: KeyScope.DELIVERIES,
    Action.START_RUN: KeyScope.RUNS,
}

_RULES: Final[Mapping[Action, Callable[[Viewer, Thing], Decision]]] = {
    Action.CREATE_LISTING: _create_listing,
    Action.UPDATE_LISTING: _change_listing,
    Action.WITHDRAW_LISTING: _change_listing,
    Action.MOVE_SYNERGY: _act_on_synergy,
    Action.ASSIGN_SYNERGY: _assign_synergy,
    Action.ANNOTATE_SYNERGY: _act_on_synergy,
    Action.RECORD_DELIVERY: _act_on_synergy,
    Action.READ_DESK: _as_a_facilitator,
    Action.START_RUN: _as_a_facilitator,
    Action.READ_RUNS: _read_runs,
    Action.MANAGE_KEYS: _manage_keys,
}

_REFUSED: Final[Mapping[Action, str]] = {
    Action.CREATE_LISTING: "Only a manager of the site lists what it has and needs; ask one to do it.",
    Action.UPDATE_LISTING: "Only a manager of its site changes a listing; ask one to do it.",
    Action.WITHDRAW_LISTING: "Only a manager of its site withdraws a listing; ask one to do it.",
    Action.MOVE_SYNERGY: "Only the two sites and their facilitators move a synergy; ask one of them to do it.",
    Action.ASSIGN_SYNERGY: "Only a facilitator of one of the two territories assigns a synergy; ask one to do it.",
    Action.ANNOTATE_SYNERGY: "Only the two sites and their facilitators write beside a synergy.",
    Action.RECORD_DELIVERY: "Only the two sites and their facilitators record a delivery.",
    Action.READ_DESK: "The desk is for facilitators; sign in as one.",
    Action.START_RUN: "Only a facilitator starts a run; sign in as one.",
    Action.READ_RUNS: "Runs are shown to people with a mandate; sign in as one.",
    Action.MANAGE_KEYS: "API keys belong to people; sign in.",
}
