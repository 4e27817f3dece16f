"""What a viewer may read, as parameters of queries; nothing else makes scopes (a test keeps it so)."""

from symbiosis.policy.viewer import Viewer
from symbiosis.store.scopes import ListingScope, OutlineScope, SynergyScope


def listing_scope(viewer: Viewer) -> ListingScope:
    """Return which listings a viewer may read, and whose prices."""
    return ListingScope(
        manager_site_ids=tuple(sorted(viewer.site_ids)),
        facilitator_communes=tuple(sorted(viewer.facilitated)),
        member_communes=tuple(sorted(viewer.facilitated | viewer.analysed | viewer.neighbourhood)),
        consented_listing_ids=tuple(sorted(viewer.consented)),
    )


def synergy_scope(viewer: Viewer) -> SynergyScope:
    """Return which synergies a viewer may read."""
    return SynergyScope(
        manager_site_ids=tuple(sorted(viewer.site_ids)),
        facilitator_communes=tuple(sorted(viewer.facilitated)),
        analyst_communes=tuple(sorted(viewer.analysed)),
        consented_listing_ids=tuple(sorted(viewer.consented)),
    )


def outline_scope(viewer: Viewer) -> OutlineScope:
    """Return of which anonymised listings a viewer reads an outline: members all that they do not read whole."""
    return OutlineScope(
        is_member=viewer.is_member,
        manager_site_ids=tuple(sorted(viewer.site_ids)),
        facilitator_communes=tuple(sorted(viewer.facilitated)),
        consented_listing_ids=tuple(sorted(viewer.consented)),
    )
