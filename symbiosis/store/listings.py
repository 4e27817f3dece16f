"""Listings: read in the scope of a viewer, written as they are given."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from symbiosis.domain.evidence import Evidence
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction, Listing, ListingStatus, Provenance, Visibility
from symbiosis.domain.resources import PhysicalState, QualityRange, Resource
from symbiosis.store.asking import asking
from symbiosis.store.graph import Tx
from symbiosis.store.listing_parts import NO_PARTS, ListingPart, resource_of, site_of, with_parts
from symbiosis.store.listing_queries import (
    LISTING_ORDERS,
    LISTING_TABLE,
    LISTINGS,
    ListingOrder,
    listings_by_id_statement,
)
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.scopes import ListingScope
from symbiosis.store.sites import SiteRow
from symbiosis.store.statements import VISIBLE_LISTING, OrderBy, page_statement
from symbiosis.store.where import Condition
from symbiosis.units import BaseUnit

CREATE_LISTING: Final[LiteralString] = """
MATCH (site:Site {id: $site_id})
MATCH (resource:Resource {code: $resource_code})
MERGE (listing:Listing {id: $listing_id})
SET listing += $properties
MERGE (listing)-[:AT]->(site)
MERGE (listing)-[:OF]->(resource)
RETURN listing.id AS listing_id
"""

LOCK_LISTING: Final[LiteralString] = """
MATCH (listing:Listing {id: $listing_id}) SET listing.updated_at = $at RETURN listing.id AS listing_id
"""

UPDATE_LISTING: Final[LiteralString] = """
MATCH (listing:Listing {id: $listing_id})
SET listing.title = $title, listing.description = $description, listing.visibility = $visibility,
    listing.quantity_base_per_year = $quantity_base_per_year, listing.provenance = $provenance,
    listing.quantity_low_base_per_year = $quantity_low_base_per_year,
    listing.quantity_high_base_per_year = $quantity_high_base_per_year,
    listing.price_cent_per_trade_unit = $price_cent_per_trade_unit, listing.available_from = $available_from,
    listing.available_until = $available_until, listing.waste_code = $waste_code, listing.qualities = $qualities,
    listing.minimum_base_per_year = $minimum_base_per_year, listing.physical_states = $physical_states,
    listing.evidence = $evidence, listing.source = $source, listing.version = $version,
    listing.updated_at = $updated_at
RETURN listing.version AS version
"""

WITHDRAW_LISTING: Final[LiteralString] = """
MATCH (listing:Listing {id: $listing_id})
SET listing.status = 'WITHDRAWN', listing.version = listing.version + 1, listing.updated_at = $at
RETURN listing.version AS version
"""


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A listing with the commune of its site and the unit of its resource; the price is None where it is hidden.

    Site and resource are None unless they were read with it.
    """

    listing: Listing
    insee: str
    base_unit: BaseUnit
    site: SiteRow | None = None
    resource: Resource | None = None


async def listings_page(
    tx: Tx,
    scope: ListingScope,
    where: Condition,
    order: OrderBy[ListingOrder],
    page: PageRequest,
    parts: AbstractSet[ListingPart] = NO_PARTS,
) -> Page[ListingRow]:
    """Return one page of the listings in scope for which a condition holds, each with these parts."""
    asked = await asking(tx, LISTING_TABLE, where, order.sorted_in(LISTING_ORDERS), page)
    source = with_parts(LISTINGS, parts, carried=", sort_key")
    query = page_statement(source, (VISIBLE_LISTING, *asked.condition()), asked.order, goes_on=asked.goes_on)
    return asked.page(await tx.run(query, **scope.parameters(), **asked.parameters), "listing_id", _row)


async def listings_by_id(
    tx: Tx, scope: ListingScope, ids: Sequence[ListingId], parts: AbstractSet[ListingPart] = NO_PARTS
) -> dict[ListingId, ListingRow]:
    """Return those of these listings that are there and in scope, each with these parts."""
    query = listings_by_id_statement(parts)
    rows = await tx.run(query, listing_ids=list(ids), **scope.parameters())
    return {row.listing.listing_id: row for row in map(_row, rows)}


async def create_listing(tx: Tx, listing: Listing) -> bool:
    """Write a new listing; return whether its site and its resource are there (if not, nothing is written)."""
    rows = await tx.run(
        CREATE_LISTING,
        site_id=listing.site_id,
        resource_code=listing.resource_code,
        listing_id=listing.listing_id,
        properties=_properties(listing),
    )
    return bool(rows)


async def lock_listing(tx: Tx, listing_id: ListingId, at: str) -> bool:
    """Take the write lock of a listing, to be held until the transaction ends; return whether it is there."""
    return bool(await tx.run(LOCK_LISTING, listing_id=listing_id, at=at))


async def update_listing(tx: Tx, listing: Listing) -> None:
    """Write what can change of a listing, locked before, with its version."""
    await tx.run(
        UPDATE_LISTING,
        listing_id=listing.listing_id,
        title=listing.title,
        description=listing.description,
        visibility=listing.visibility.value,
        source=listing.source,
        quantity_base_per_year=listing.quantity_base_per_year,
        provenance=listing.provenance.value,
        quantity_low_base_per_year=listing.quantity_low_base_per_year,
        quantity_high_base_per_year=listing.quantity_high_base_per_year,
        price_cent_per_trade_unit=listing.price_cent_per_trade_unit,
        available_from=listing.available_from,
        available_until=listing.available_until,
        waste_code=listing.waste_code,
        qualities=[quality.as_text() for quality in listing.qualities] or None,
        minimum_base_per_year=listing.minimum_base_per_year,
        physical_states=[state.value for state in listing.physical_states] or None,
        evidence=[evidence.as_text() for evidence in listing.evidence] or None,
        version=listing.version,
        updated_at=listing.updated_at,
    )


async def withdraw_listing(tx: Tx, listing_id: ListingId, at: str) -> None:
    """Mark a listing, locked before, as withdrawn and count its version up."""
    await tx.run(WITHDRAW_LISTING, listing_id=listing_id, at=at)


def _properties(listing: Listing) -> dict[str, object]:
    given: dict[str, object] = {
        "direction": listing.direction.value,
        "title": listing.title,
        "quantity_base_per_year": listing.quantity_base_per_year,
        "visibility": listing.visibility.value,
        "provenance": listing.provenance.value,
        "created_at": listing.created_at,
        "updated_at": listing.updated_at,
        "status": listing.status.value,
        "version": listing.version,
        "waste_code": listing.waste_code,
        "description": listing.description,
        "quantity_low_base_per_year": listing.quantity_low_base_per_year,
        "quantity_high_base_per_year": listing.quantity_high_base_per_year,
        "price_cent_per_trade_unit": listing.price_cent_per_trade_unit,
        "available_from": listing.available_from,
        "available_until": listing.available_until,
        "qualities": [quality.as_text() for quality in listing.qualities] or None,
        "source": listing.source,
        "minimum_base_per_year": listing.minimum_base_per_year,
        "physical_states": [state.value for state in listing.physical_states] or None,
        "evidence": [evidence.as_text() for evidence in listing.evidence] or None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _row(row: Mapping[str, Any]) -> ListingRow:
    listing = Listing(
        listing_id=ListingId(row["listing_id"]),
        site_id=SiteId(row["site_id"]),
        direction=Direction(row["direction"]),
        resource_code=ResourceCode(row["resource_code"]),
        title=row["title"],
        quantity_base_per_year=row["quantity_base_per_year"],
        visibility=Visibility(row["visibility"]),
        provenance=Provenance(row["provenance"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        status=ListingStatus(row["status"]),
        version=row["version"],
        waste_code=row["waste_code"],
        description=row["description"],
        quantity_low_base_per_year=row["quantity_low_base_per_year"],
        quantity_high_base_per_year=row["quantity_high_base_per_year"],
        price_cent_per_trade_unit=row["price_cent_per_trade_unit"],
        available_from=row["available_from"],
        available_until=row["available_until"],
        qualities=tuple(QualityRange.from_text(text) for text in row["qualities"] or ()),
        source=row["source"] or "",
        minimum_base_per_year=row["minimum_base_per_year"],
        physical_states=tuple(map(PhysicalState, row["physical_states"] or ())),
        evidence=tuple(map(Evidence.from_text, row["evidence"] or ())),
    )
    return ListingRow(listing, row["insee"], BaseUnit(row["base_unit"]), site_of(row), resource_of(row))
