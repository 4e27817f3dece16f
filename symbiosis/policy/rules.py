"""The rules: for each action, what it needs, and the words in which it is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from symbiosis.domain.ids import SiteId
from symbiosis.domain.keys import KeyScope
from symbiosis.domain.listings import NOTED, Visibility
from symbiosis.domain.steps import Seat
from symbiosis.policy.shown import facilitates, seats
from symbiosis.policy.viewer import Viewer
from symbiosis.store.listings import ListingRow
from symbiosis.store.sites import SiteRow
from symbiosis.store.synergies import SynergyRow


class Action(StrEnum):
    """What can be asked for; an action that has no rule is denied."""

    CREATE_LISTING = "CREATE_LISTING"
    UPDATE_LISTING = "UPDATE_LISTING"
    WITHDRAW_LISTING = "WITHDRAW_LISTING"
    SET_SITE_HEADINGS = "SET_SITE_HEADINGS"
    MOVE_SYNERGY = "MOVE_SYNERGY"
    ASSIGN_SYNERGY = "ASSIGN_SYNERGY"
    ANNOTATE_SYNERGY = "ANNOTATE_SYNERGY"
    RECORD_DELIVERY = "RECORD_DELIVERY"
    READ_DESK = "READ_DESK"
    START_RUN = "START_RUN"
    SET_SCHEDULE = "SET_SCHEDULE"
    READ_RUNS = "READ_RUNS"
    READ_SCENARIOS = "READ_SCENARIOS"
    READ_ANALYSES = "READ_ANALYSES"
    MANAGE_KEYS = "MANAGE_KEYS"
    CONSENT = "CONSENT"
    READ_LISTING = "READ_LISTING"
    READ_SYNERGY = "READ_SYNERGY"
    READ_OUTLINES = "READ_OUTLINES"


class Verdict(StrEnum):
    """Allowed; refused, because the viewer may see the thing but not do this; or hidden, as if it were not there."""

    ALLOW = "ALLOW"
    REFUSE = "REFUSE"
    HIDE = "HIDE"


@dataclass(frozen=True, slots=True)
class CommunesOf:
    """A territory as the rules see it: the INSEE codes of its communes."""

    insee: frozenset[str]


Thing = SiteId | SiteRow | ListingRow | SynergyRow | CommunesOf | None


def _create_listing(viewer: Viewer, thing: Thing) -> Verdict:
    if not isinstance(thing, SiteRow):
        return Verdict.HIDE
    lists = thing.site.site_id in viewer.site_ids or thing.commune.insee in viewer.facilitated
    return Verdict.ALLOW if lists else Verdict.HIDE


def _change_listing(viewer: Viewer, thing: Thing) -> Verdict:
    if not isinstance(thing, ListingRow) or not sees_listing(viewer, thing):
        return Verdict.HIDE
    noted = thing.listing.source == NOTED and thing.insee in viewer.facilitated
    return Verdict.ALLOW if noted or thing.listing.site_id in viewer.site_ids else Verdict.REFUSE


def _set_headings(viewer: Viewer, thing: Thing) -> Verdict:
    if not isinstance(thing, SiteRow):
        return Verdict.HIDE
    knows = thing.site.site_id in viewer.site_ids or thing.commune.insee in viewer.facilitated
    return Verdict.ALLOW if knows else Verdict.REFUSE


def sees_listing(viewer: Viewer, row: ListingRow) -> bool:
    """Say whether a viewer reads this listing whole."""
    facts = row.listing
    if facts.site_id in viewer.site_ids or facts.listing_id in viewer.consented or row.insee in viewer.facilitated:
        return True
    members = viewer.facilitated | viewer.analysed | viewer.neighbourhood
    shared = facts.visibility is Visibility.TERRITORY and row.insee in members
    return shared or facts.visibility is Visibility.PUBLIC


def _assign_synergy(viewer: Viewer, thing: Thing) -> Verdict:
    if not isinstance(thing, SynergyRow):
        return Verdict.HIDE
    if facilitates(viewer, thing.supply) or facilitates(viewer, thing.demand):
        return Verdict.ALLOW
    return Verdict.REFUSE if sees_synergy(viewer, thing) else Verdict.HIDE


def sees_synergy(viewer: Viewer, row: SynergyRow) -> bool:
    """Say whether a viewer reads this synergy, be it without what its sides hide."""
    sides = (row.supply, row.demand)
    if any(side.site_id in viewer.site_ids or facilitates(viewer, side) for side in sides):
        return True
    return all(side.visibility in _SHARED for side in sides) and any(side.insee in viewer.analysed for side in sides)


def _act_on_synergy(viewer: Viewer, thing: Thing) -> Verdict:
    if not isinstance(thing, SynergyRow):
        return Verdict.HIDE
    if seats(viewer, thing):
        return Verdict.ALLOW
    return Verdict.REFUSE if sees_synergy(viewer, thing) else Verdict.HIDE


def _consent(viewer: Viewer, thing: Thing) -> Verdict:
    if not isinstance(thing, SynergyRow):
        return Verdict.HIDE
    if seats(viewer, thing) & {Seat.SUPPLIER, Seat.RECEIVER}:
        return Verdict.ALLOW
    return Verdict.REFUSE if sees_synergy(viewer, thing) else Verdict.HIDE


def _read_listing(viewer: Viewer, thing: Thing) -> Verdict:
    sees = thing is None or (isinstance(thing, ListingRow) and sees_listing(viewer, thing))
    return Verdict.ALLOW if sees else Verdict.HIDE


def _read_synergy(viewer: Viewer, thing: Thing) -> Verdict:
    sees = thing is None or (isinstance(thing, SynergyRow) and sees_synergy(viewer, thing))
    return Verdict.ALLOW if sees else Verdict.HIDE


def _read_outlines(viewer: Viewer, thing: Thing) -> Verdict:
    return Verdict.ALLOW if thing is None and viewer.is_member else Verdict.REFUSE


def _as_a_facilitator(viewer: Viewer, thing: Thing) -> Verdict:
    return Verdict.ALLOW if thing is None and viewer.facilitated else Verdict.REFUSE


def _start_run(viewer: Viewer, thing: Thing) -> Verdict:
    """Allow a run over everything to facilitators, and one over a territory to who facilitates all of it."""
    if isinstance(thing, CommunesOf):
        return Verdict.ALLOW if thing.insee and thing.insee <= viewer.facilitated else Verdict.REFUSE
    return _as_a_facilitator(viewer, thing)


def _read_runs(viewer: Viewer, thing: Thing) -> Verdict:
    return Verdict.ALLOW if thing is None and viewer.is_member else Verdict.REFUSE


def _read_scenarios(viewer: Viewer, thing: Thing) -> Verdict:
    reads = thing is None and (viewer.facilitated or viewer.analysed)
    return Verdict.ALLOW if reads else Verdict.REFUSE


def _read_analyses(viewer: Viewer, thing: Thing) -> Verdict:
    """Allow a territory of which a commune is the viewer's to facilitate or analyse; None is all of them."""
    reach = viewer.facilitated | viewer.analysed
    touched = reach & thing.insee if isinstance(thing, CommunesOf) else reach
    reads = bool(touched) and (thing is None or isinstance(thing, CommunesOf))
    return Verdict.ALLOW if reads else Verdict.REFUSE


def _manage_keys(viewer: Viewer, thing: Thing) -> Verdict:
    return Verdict.ALLOW if thing is None and viewer.person is not None else Verdict.REFUSE


READS: Final = frozenset(
    {
        Action.READ_RUNS,
        Action.READ_SCENARIOS,
        Action.READ_ANALYSES,
        Action.READ_DESK,
        Action.READ_LISTING,
        Action.READ_SYNERGY,
        Action.READ_OUTLINES,
    }
)

_SHARED: Final = frozenset({Visibility.TERRITORY, Visibility.PUBLIC})

SCOPE_OF_KEY: Final[Mapping[Action, KeyScope]] = {
    Action.CREATE_LISTING: KeyScope.LISTINGS,
    Action.UPDATE_LISTING: KeyScope.LISTINGS,
    Action.WITHDRAW_LISTING: KeyScope.LISTINGS,
    Action.SET_SITE_HEADINGS: KeyScope.LISTINGS,
    Action.MOVE_SYNERGY: KeyScope.REVIEWS,
    Action.ASSIGN_SYNERGY: KeyScope.REVIEWS,
    Action.ANNOTATE_SYNERGY: KeyScope.REVIEWS,
    Action.RECORD_DELIVERY: KeyScope.DELIVERIES,
    Action.START_RUN: KeyScope.RUNS,
    Action.SET_SCHEDULE: KeyScope.RUNS,
}

RULES: Final[Mapping[Action, Callable[[Viewer, Thing], Verdict]]] = {
    Action.CREATE_LISTING: _create_listing,
    Action.UPDATE_LISTING: _change_listing,
    Action.WITHDRAW_LISTING: _change_listing,
    Action.SET_SITE_HEADINGS: _set_headings,
    Action.MOVE_SYNERGY: _act_on_synergy,
    Action.ASSIGN_SYNERGY: _assign_synergy,
    Action.ANNOTATE_SYNERGY: _act_on_synergy,
    Action.RECORD_DELIVERY: _act_on_synergy,
    Action.READ_DESK: _as_a_facilitator,
    Action.START_RUN: _start_run,
    Action.SET_SCHEDULE: _as_a_facilitator,
    Action.READ_RUNS: _read_runs,
    Action.READ_SCENARIOS: _read_scenarios,
    Action.READ_ANALYSES: _read_analyses,
    Action.MANAGE_KEYS: _manage_keys,
    Action.CONSENT: _consent,
    Action.READ_LISTING: _read_listing,
    Action.READ_SYNERGY: _read_synergy,
    Action.READ_OUTLINES: _read_outlines,
}

REFUSED: Final[Mapping[Action, str]] = {
    Action.CREATE_LISTING: "Only a manager of the site, or a facilitator there, lists what it has and needs.",
    Action.UPDATE_LISTING: "Only a manager of its site changes a listing; ask one to do it.",
    Action.WITHDRAW_LISTING: "Only a manager of its site withdraws a listing; ask one to do it.",
    Action.SET_SITE_HEADINGS: "Only a manager of the site or a facilitator of its territory states its headings.",
    Action.MOVE_SYNERGY: "Only the two sites and their facilitators move a synergy; ask one of them to do it.",
    Action.ASSIGN_SYNERGY: "Only a facilitator of one of the two territories assigns a synergy; ask one to do it.",
    Action.ANNOTATE_SYNERGY: "Only the two sites and their facilitators write beside a synergy.",
    Action.RECORD_DELIVERY: "Only the two sites and their facilitators record a delivery.",
    Action.READ_DESK: "The desk is for facilitators; sign in as one.",
    Action.START_RUN: "Only a facilitator starts a run, and one of a territory only who facilitates all of it.",
    Action.SET_SCHEDULE: "Only a facilitator says when runs are due; sign in as one.",
    Action.READ_RUNS: "Runs are shown to people with a mandate; sign in as one.",
    Action.READ_SCENARIOS: "Scenarios are shown to facilitators and analysts; sign in as one.",
    Action.READ_ANALYSES: "Analyses of a territory are shown to its facilitators and analysts; what everybody may see "
    "is in `observatory`.",
    Action.MANAGE_KEYS: "API keys belong to people; sign in.",
    Action.CONSENT: "Only a manager of one of the two sites consents for it; nobody else does, facilitators neither.",
    Action.READ_OUTLINES: "Anonymised listings are shown to people with a mandate; sign in as one.",
}
