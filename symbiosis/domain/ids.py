"""Names of things, and how the ones that must be found again are derived."""

import uuid
from typing import Final, NewType

OrganisationId = NewType("OrganisationId", str)
SiteId = NewType("SiteId", str)
TerritoryId = NewType("TerritoryId", str)
ResourceCode = NewType("ResourceCode", str)
ListingId = NewType("ListingId", str)
SynergyId = NewType("SynergyId", str)
RunId = NewType("RunId", str)
PersonId = NewType("PersonId", str)
ConsentId = NewType("ConsentId", str)

_NAMESPACE: Final = uuid.UUID("6f0d2f0e-6d6c-5a3e-9f57-0c1b8f3f6a11")


def _derived(prefix: str, *parts: str) -> str:
    """Return `prefix-` and a version-5 UUID of the parts; the same parts give the same name for ever."""
    return f"{prefix}-{uuid.uuid5(_NAMESPACE, chr(31).join((prefix, *parts)))}"


def listing_id_of(site_id: SiteId, reference: str) -> ListingId:
    """Return the id of the listing that a site's own reference names, so that importing it twice is one listing."""
    return ListingId(_derived("lst", site_id, reference))


def new_listing_id() -> ListingId:
    """Return a fresh listing id."""
    return ListingId(f"lst-{uuid.uuid4()}")


def synergy_id_of(supply_id: ListingId, demand_id: ListingId) -> SynergyId:
    """Return the id of the synergy of a pair, so that the next run finds it again."""
    return SynergyId(_derived("syn", supply_id, demand_id))


def consent_id_of(synergy_id: SynergyId, listing_id: ListingId) -> ConsentId:
    """Return the id of the consent of the side of a synergy that has this listing: one for each side."""
    return ConsentId(_derived("con", synergy_id, listing_id))


def new_run_id() -> RunId:
    """Return a fresh run id."""
    return RunId(f"run-{uuid.uuid4()}")
