"""What the explanation of one pair reads: its two listings, their resources, and what lies between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import ListingId, SynergyId
from symbiosis.domain.listings import ListingStatus, Visibility
from symbiosis.domain.roads import place_of
from symbiosis.domain.synergies import StepReason, SynergyStatus
from symbiosis.domain.transport import factor_keys_of
from symbiosis.store.graph import Tx
from symbiosis.store.roads import roads_from
from symbiosis.store.snapshot import (
    OpenListing,
    StoredMarket,
    TakenUpPair,
    listing_of,
    resource_of,
    spread_of,
    substitution_of,
)

MOST_TREATMENTS: Final = 1000
MOST_FACTORS: Final = 1000

PAIR_LISTINGS: Final[LiteralString] = """
UNWIND $listing_ids AS wanted
MATCH (listing:Listing {id: wanted})-[:AT]->(site:Site)
MATCH (listing)-[:OF]->(resource:Resource)
RETURN listing.id AS key, site.id AS site_id, site.lat AS lat, site.lon AS lon,
       site.geo_precision AS geo_precision, resource.code AS resource_code, listing.status AS status,
       listing.direction AS direction, listing.version AS version,
       coalesce(listing.quantity_base_per_year, 0) AS quantity_base_per_year, listing.waste_code AS waste_code,
       listing.price_cent_per_trade_unit AS price_cent_per_trade_unit, listing.available_from AS available_from,
       listing.available_until AS available_until, listing.qualities AS qualities,
       listing.provenance = 'ESTIMATED' AS estimated, listing.minimum_base_per_year AS minimum_base_per_year,
       listing.physical_states AS physical_states, listing.evidence AS evidence, site.naf AS naf,
       site.headings AS headings, listing.visibility AS visibility
ORDER BY key LIMIT 2
"""

PAIR_RESOURCES: Final[LiteralString] = """
UNWIND $codes AS wanted
MATCH (resource:Resource {code: wanted})
RETURN resource.code AS key, properties(resource) AS facts
ORDER BY key LIMIT 2
"""

PAIR_TREATMENTS: Final[LiteralString] = """
MATCH (by_product:Resource {code: $given})-[substitutes:SUBSTITUTES_FOR]->(input:Resource {code: $wanted})
RETURN by_product.code AS by_product_code, input.code AS input_code, substitutes.technique AS technique,
       properties(substitutes) AS facts
ORDER BY technique LIMIT $at_most
"""

PAIR_FACTORS: Final[LiteralString] = """
UNWIND $keys AS wanted
MATCH (factor:Factor)
WHERE factor.id STARTS WITH wanted + '@'
RETURN DISTINCT factor.id AS key, factor.value AS value, factor.low AS low, factor.high AS high
ORDER BY key LIMIT $at_most
"""

PAIR_REVIEW: Final[LiteralString] = """
MATCH (synergy:Synergy {id: $synergy_id})
WHERE synergy.status <> 'SUGGESTED'
RETURN synergy.status AS status, synergy.basis AS basis, synergy.updated_at AS updated_at,
       synergy.reason AS reason
ORDER BY status LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class StoredListing:
    """A listing as a run needs it, whether it is open, and to whom it shows; a quick one has the quantity 0."""

    listing: OpenListing
    status: ListingStatus
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class StoredReview:
    """What people decided about a pair; `at` is UTC, ISO-8601."""

    status: SynergyStatus
    basis: str
    at: str
    reason: StepReason | None


async def pair_listings(tx: Tx, listing_ids: tuple[ListingId, ListingId]) -> dict[ListingId, StoredListing]:
    """Return those of two listings that are there, whoever may see them, open or not."""
    rows = await tx.run(PAIR_LISTINGS, listing_ids=sorted(set(listing_ids)))
    return {
        ListingId(row["key"]): StoredListing(
            listing_of(row), ListingStatus(row["status"]), Visibility(row["visibility"])
        )
        for row in rows
    }


async def pair_review(tx: Tx, synergy_id: SynergyId) -> StoredReview | None:
    """Return what people decided about a pair, whoever may see it; None if nobody has."""
    rows = await tx.run(PAIR_REVIEW, synergy_id=synergy_id)
    return _review(rows[0]) if rows else None


async def pair_market(tx: Tx, supply: OpenListing, demand: OpenListing, review: StoredReview | None) -> StoredMarket:
    """Return the market of these two listings alone, as `read_market` would read it were there no others."""
    codes = sorted({supply.resource_code, demand.resource_code})
    resources = tuple(map(resource_of, await tx.run(PAIR_RESOURCES, codes=codes)))
    treatments = await tx.run(
        PAIR_TREATMENTS, given=supply.resource_code, wanted=demand.resource_code, at_most=MOST_TREATMENTS
    )
    factors = await tx.run(PAIR_FACTORS, keys=factor_keys_of(resources), at_most=MOST_FACTORS)
    taken_up = (
        ()
        if review is None
        else (TakenUpPair(supply.listing_id, demand.listing_id, review.status, review.basis, None),)
    )
    places = {place_of(supply.lat, supply.lon, supply.geo_precision)}
    return StoredMarket(
        listings=(supply, demand),
        resources=resources,
        substitutions=tuple(map(substitution_of, treatments)),
        factors={row["key"]: spread_of(row) for row in factors},
        pairs=taken_up,
        roads=await roads_from(tx, [place for place in places if place is not None]),
    )


def _review(row: Mapping[str, Any]) -> StoredReview:
    reason = row["reason"]
    return StoredReview(
        status=SynergyStatus(row["status"]),
        basis=row["basis"],
        at=row["updated_at"],
        reason=None if reason is None else StepReason(reason),
    )
