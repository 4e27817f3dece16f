"""Consents: one side of a synergy lets the other know who it is, for a while."""

from dataclasses import dataclass
from typing import Final

from symbiosis.domain.ids import ConsentId, ListingId, PersonId, SiteId, SynergyId
from symbiosis.domain.listings import Direction

MAX_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Consent:
    """That a site consents to be known to the other side of one synergy with one listing. It shows something only
    while both sides' consents live. Times are UTC ISO-8601 texts; it is live until just before `live_until`, which a
    revocation brings forward to its own time.
    """

    consent_id: ConsentId
    synergy_id: SynergyId
    side: Direction
    listing_id: ListingId
    site_id: SiteId
    given_by: PersonId
    given_at: str
    live_until: str
    version: int = 1
    revoked_at: str | None = None

    def is_live(self, now: str) -> bool:
        """Say whether it is live at a time."""
        return self.given_at <= now < self.live_until
