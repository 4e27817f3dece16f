"""Who asks, and what the mandates in force reach."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

from symbiosis.domain.ids import ListingId, PersonId, SiteId
from symbiosis.domain.keys import ApiKey
from symbiosis.domain.people import Mandate, Person, Role
from symbiosis.errors import NotAllowedError
from symbiosis.store.people import MandateReach, Registered


def _fresh_key() -> bytes:
    return secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, with what the mandates in force reach: own sites, and communes facilitated, analysed or lived in.

    `consented` are listings of partners that a live consent of both sides shows. `alias_key` makes the names under
    which this viewer alone knows anonymised listings; sign-in derives it from the server's secret, and without that it
    is a fresh one. `key` is the API key that signed in, if one did: it changes only what its scopes name.
    """

    person: Person | None = None
    site_ids: frozenset[SiteId] = frozenset()
    facilitated: frozenset[str] = frozenset()
    analysed: frozenset[str] = frozenset()
    neighbourhood: frozenset[str] = frozenset()
    key: ApiKey | None = None
    consented: frozenset[ListingId] = frozenset()
    alias_key: bytes = field(default_factory=_fresh_key, compare=False, repr=False)

    @property
    def is_member(self) -> bool:
        """Say whether any mandate is in force."""
        return bool(self.site_ids or self.facilitated or self.analysed)

    def alias(self, listing_id: ListingId) -> str:
        """Return the name of an anonymised listing for this viewer: an HMAC-SHA-256, of which 128 bits are kept."""
        return "anon-" + hmac.new(self.alias_key, listing_id.encode(), hashlib.sha256).hexdigest()[:32]


VISITOR: Final = Viewer()


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
        consented=_consented(registered, reaches),
    )


def _consented(registered: Registered, reaches: list[MandateReach]) -> frozenset[ListingId]:
    """Return the partners' listings that live consents show to the sites of the mandates in force."""
    own = {reach.mandate.site_id for reach in reaches if reach.mandate.role is Role.SITE_MANAGER}
    return frozenset(shown.listing_id for shown in registered.consents if shown.site_id in own)


def signed_in(viewer: Viewer) -> PersonId:
    """Return who acts; raise NotAllowedError for a visitor."""
    if viewer.person is None:
        raise NotAllowedError("Sign in first.")
    return viewer.person.person_id
