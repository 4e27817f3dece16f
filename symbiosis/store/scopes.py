"""What a viewer may read, as parameters of a query.

Only `symbiosis.policy` makes scopes (a test keeps it so), and a read of listings or synergies cannot be called
without one. Communes stand for territories: a territory is made of whole communes.
"""

from dataclasses import dataclass

from symbiosis.domain.ids import ListingId, SiteId


@dataclass(frozen=True, slots=True)
class ListingScope:
    """The listings a viewer may read: public ones, those of own sites, all in facilitated communes, and the ones
    that are visible to the territory in the communes where the viewer is a member. Prices are read in the first
    two of these places only: own sites and facilitated communes. `consented_listing_ids` are listings of partners that
    a live consent of both sides shows whole.
    """

    manager_site_ids: tuple[SiteId, ...] = ()
    facilitator_communes: tuple[str, ...] = ()
    member_communes: tuple[str, ...] = ()
    consented_listing_ids: tuple[ListingId, ...] = ()

    def parameters(self) -> dict[str, list[str]]:
        """Return the scope as the parameters that every query of listings takes."""
        return {
            "manager_site_ids": list(self.manager_site_ids),
            "facilitator_communes": list(self.facilitator_communes),
            "member_communes": list(self.member_communes),
            "consented_listing_ids": list(self.consented_listing_ids),
        }


@dataclass(frozen=True, slots=True)
class SynergyScope:
    """The synergies a viewer may read: those that touch own sites or facilitated communes, and those between
    listings that show to their territories and touch the communes the viewer analyses.
    """

    manager_site_ids: tuple[SiteId, ...] = ()
    facilitator_communes: tuple[str, ...] = ()
    analyst_communes: tuple[str, ...] = ()
    consented_listing_ids: tuple[ListingId, ...] = ()

    def parameters(self) -> dict[str, list[str]]:
        """Return the scope as the parameters that every query of synergies takes."""
        return {
            "manager_site_ids": list(self.manager_site_ids),
            "facilitator_communes": list(self.facilitator_communes),
            "analyst_communes": list(self.analyst_communes),
            "consented_listing_ids": list(self.consented_listing_ids),
        }


@dataclass(frozen=True, slots=True)
class OutlineScope:
    """The anonymised listings of which a viewer may read an outline: to a member all, wherever they are, but those
    that show whole: of own sites, in facilitated communes, and by consent. To others none.
    """

    is_member: bool = False
    manager_site_ids: tuple[SiteId, ...] = ()
    facilitator_communes: tuple[str, ...] = ()
    consented_listing_ids: tuple[ListingId, ...] = ()

    def parameters(self) -> dict[str, list[str] | bool]:
        """Return the scope as the parameters that every query of outlines takes."""
        return {
            "is_member": self.is_member,
            "manager_site_ids": list(self.manager_site_ids),
            "facilitator_communes": list(self.facilitator_communes),
            "consented_listing_ids": list(self.consented_listing_ids),
        }
