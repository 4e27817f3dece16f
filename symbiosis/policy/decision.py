"""What the rules say about one viewer, one action and one thing."""

from dataclasses import dataclass

from symbiosis.errors import NotAllowedError, NotFoundError
from symbiosis.policy.rules import READS, REFUSED, RULES, SCOPE_OF_KEY, Action, Thing, Verdict
from symbiosis.policy.scopes import listing_scope, outline_scope, synergy_scope
from symbiosis.policy.shown import SideShown, numbers_shown, side_shown
from symbiosis.policy.tags import Tag
from symbiosis.policy.viewer import Viewer
from symbiosis.store.listings import ListingRow
from symbiosis.store.scopes import ListingScope, OutlineScope, SynergyScope
from symbiosis.store.synergies import SynergyRow

Scope = ListingScope | SynergyScope | OutlineScope


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules say.

    `predicate` is the scope that a query of such things takes (None where the action reads none); `redact` are the
    tags of the fields that are empty of this thing for this viewer.
    """

    verdict: Verdict
    predicate: Scope | None = None
    redact: frozenset[Tag] = frozenset()

    @property
    def allow(self) -> bool:
        """Say whether it may be done."""
        return self.verdict is Verdict.ALLOW


def decide(viewer: Viewer, action: Action, thing: Thing = None) -> Decision:
    """Return what the rules say; what no rule allows is hidden."""
    rule = RULES.get(action)
    verdict = Verdict.HIDE if rule is None else rule(viewer, thing)
    if verdict is Verdict.ALLOW and not in_key_scope(viewer, action):
        verdict = Verdict.REFUSE
    if verdict is not Verdict.ALLOW:
        return Decision(verdict, redact=frozenset(Tag))
    return Decision(verdict, _predicate(viewer, action), redacted(viewer, thing))


def require(viewer: Viewer, action: Action, thing: Thing, *, noun: str, key: str) -> None:
    """Return if allowed; raise NotFoundError where the viewer may not see the thing, else NotAllowedError."""
    verdict = decide(viewer, action, thing).verdict
    if verdict is Verdict.HIDE:
        raise NotFoundError(noun, key)
    if verdict is Verdict.REFUSE and not in_key_scope(viewer, action):
        raise NotAllowedError("The scopes of this API key do not cover this; sign in yourself, or make another key.")
    if verdict is Verdict.REFUSE:
        raise NotAllowedError(REFUSED[action])


def in_key_scope(viewer: Viewer, action: Action) -> bool:
    """Say whether the key that signed in, if one did, may do this; what `SCOPE_OF_KEY` does not name no key may do."""
    if viewer.key is None or action in READS:
        return True
    return SCOPE_OF_KEY.get(action) in viewer.key.scopes


def redacted(viewer: Viewer, thing: Thing) -> frozenset[Tag]:
    """Return the tags of the fields of a thing, which the viewer may read, that show nothing to the viewer."""
    if isinstance(thing, ListingRow):
        own = thing.listing.site_id in viewer.site_ids or thing.insee in viewer.facilitated
        return frozenset() if own else frozenset({Tag.PRICE})
    if not isinstance(thing, SynergyRow):
        return frozenset()
    shown = numbers_shown(viewer, thing)
    sides = {side_shown(viewer, side) for side in (thing.supply, thing.demand)}
    hidden = {
        Tag.PRICE: not (shown.value and shown.avoided_disposal and shown.avoided_purchase),
        Tag.NUMBERS: not shown.exact,
        Tag.IDENTITY: sides != {SideShown.AS_LISTED},
        Tag.NOTE: not shown.note,
    }
    return frozenset(tag for tag, is_hidden in hidden.items() if is_hidden)


def _predicate(viewer: Viewer, action: Action) -> Scope | None:
    if action is Action.READ_LISTING:
        return listing_scope(viewer)
    if action is Action.READ_SYNERGY:
        return synergy_scope(viewer)
    return outline_scope(viewer) if action is Action.READ_OUTLINES else None
