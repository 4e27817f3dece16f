"""Who may do what: the one place that decides, deny by default.

A viewer is a visitor or a registered person with the mandates that are in force today. Reads carry a scope that is
made here; single things and actions are decided by `decide`. What a viewer may not see answers like what is not
there; what a viewer sees but may not change is refused in words.

site manager   everything of the own sites; synergies that touch the own listings, without the partner's own prices;
               of an anonymised partner the outline, of a private one nothing, until both sides consent
facilitator    everything in the territories of the mandate, and the reviews; starts runs; notes listings for sites
analyst        listings shown to the territory and the synergies between such, in the territories of the mandate
both           analyses of those territories, made of what the mandate lets them see with its exact amounts
any mandate    outlines of anonymised listings, wherever they are
visitor        sites, territories, resources and public listings; the observatory, under statistical secrecy
"""

from symbiosis.policy.decision import Decision, Scope, decide, redacted, require
from symbiosis.policy.rules import Action, CommunesOf, Verdict
from symbiosis.policy.scopes import listing_scope, outline_scope, synergy_scope
from symbiosis.policy.shown import NumbersShown, SideShown, numbers_between, numbers_shown, seats, side_shown
from symbiosis.policy.tags import Tag
from symbiosis.policy.viewer import VISITOR, Viewer, in_force, signed_in, viewer_of

__all__ = [
    "VISITOR",
    "Action",
    "CommunesOf",
    "Decision",
    "NumbersShown",
    "Scope",
    "SideShown",
    "Tag",
    "Verdict",
    "Viewer",
    "decide",
    "in_force",
    "listing_scope",
    "numbers_between",
    "numbers_shown",
    "outline_scope",
    "redacted",
    "require",
    "seats",
    "side_shown",
    "signed_in",
    "synergy_scope",
    "viewer_of",
]
