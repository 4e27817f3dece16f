"""Consents of the sides of synergies; the lock of a synergy's consents is taken on the synergy."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, LiteralString

from symbiosis.domain.consents import Consent
from symbiosis.domain.ids import ConsentId, ListingId, PersonId, SiteId, SynergyId
from symbiosis.domain.listings import Direction
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest, page_of

LOCK_CONSENTS: Final[LiteralString] = """
MATCH (synergy:Synergy {id: $synergy_id}) SET synergy._lock = timestamp() RETURN synergy.id AS synergy_id
"""

SAVE_CONSENT: Final[LiteralString] = """
MATCH (synergy:Synergy {id: $synergy_id})
MATCH (site:Site {id: $site_id})
MERGE (consent:Consent {id: $consent_id})
MERGE (consent)-[:CONSENTS_TO]->(synergy)
MERGE (consent)-[:GIVEN_FOR]->(site)
SET consent.side = $side, consent.listing_id = $listing_id, consent.given_by = $given_by,
    consent.given_at = $given_at, consent.live_until = $live_until, consent.revoked_at = $revoked_at,
    consent.version = $version
RETURN consent.id AS consent_id
"""

CONSENTS_OF: Final[LiteralString] = """
UNWIND $synergy_ids AS wanted
MATCH (synergy:Synergy {id: wanted})<-[:CONSENTS_TO]-(consent:Consent)-[:GIVEN_FOR]->(site:Site)
RETURN consent.id AS consent_id, synergy.id AS synergy_id, site.id AS site_id, consent.side AS side,
       consent.listing_id AS listing_id, consent.given_by AS given_by, consent.given_at AS given_at,
       consent.live_until AS live_until, consent.revoked_at AS revoked_at, consent.version AS version
ORDER BY synergy_id, side DESC, consent_id
"""

CONSENTS_OF_SITES_PAGE: Final[LiteralString] = """
UNWIND $site_ids AS wanted
MATCH (site:Site {id: wanted})<-[:GIVEN_FOR]-(consent:Consent)-[:CONSENTS_TO]->(synergy:Synergy)
WHERE $after_id IS NULL OR consent.given_at < $after_key OR (consent.given_at = $after_key AND consent.id > $after_id)
RETURN consent.id AS consent_id, synergy.id AS synergy_id, site.id AS site_id, consent.side AS side,
       consent.listing_id AS listing_id, consent.given_by AS given_by, consent.given_at AS given_at,
       consent.live_until AS live_until, consent.revoked_at AS revoked_at, consent.version AS version,
       consent.given_at AS sort_key
ORDER BY sort_key DESC, consent_id LIMIT $at_most
"""

ORDER: Final = "GIVEN"


async def lock_consents(tx: Tx, synergy_id: SynergyId) -> bool:
    """Take the lock of a synergy's consents, to be held until the transaction ends; return whether it is there."""
    return bool(await tx.run(LOCK_CONSENTS, synergy_id=synergy_id))


async def save_consent(tx: Tx, consent: Consent) -> None:
    """Write a consent, its synergy locked before."""
    await tx.run(
        SAVE_CONSENT,
        consent_id=consent.consent_id,
        synergy_id=consent.synergy_id,
        site_id=consent.site_id,
        side=consent.side.value,
        listing_id=consent.listing_id,
        given_by=consent.given_by,
        given_at=consent.given_at,
        live_until=consent.live_until,
        revoked_at=consent.revoked_at,
        version=consent.version,
    )


async def consents_of(tx: Tx, synergy_ids: Sequence[SynergyId]) -> dict[SynergyId, tuple[Consent, ...]]:
    """Return the consents of these synergies, the supply's before the demand's; past and revoked ones too."""
    found: dict[SynergyId, tuple[Consent, ...]] = {}
    for consent in map(_consent, await tx.run(CONSENTS_OF, synergy_ids=list(synergy_ids))):
        found[consent.synergy_id] = (*found.get(consent.synergy_id, ()), consent)
    return found


async def consents_page(tx: Tx, site_ids: Sequence[SiteId], page: PageRequest) -> Page[Consent]:
    """Return one page of the consents given for these sites, newest first; past and revoked ones too."""
    rows = await tx.run(CONSENTS_OF_SITES_PAGE, site_ids=sorted(site_ids), **page.parameters(ORDER, str))
    return page_of(rows, page, ORDER, "consent_id", _consent)


def _consent(row: Mapping[str, Any]) -> Consent:
    return Consent(
        consent_id=ConsentId(row["consent_id"]),
        synergy_id=SynergyId(row["synergy_id"]),
        side=Direction(row["side"]),
        listing_id=ListingId(row["listing_id"]),
        site_id=SiteId(row["site_id"]),
        given_by=PersonId(row["given_by"]),
        given_at=row["given_at"],
        live_until=row["live_until"],
        version=row["version"],
        revoked_at=row["revoked_at"],
    )
