"""The statements that read listings, composed of the pieces of `statements.py`.

One pattern with all its conditions leaves the way to go to the server, which may start from the places; what only
the page's own rows need is fetched behind the limit.
"""

from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Final, LiteralString

from symbiosis.store.asking import Table
from symbiosis.store.listing_parts import ListingPart, with_parts
from symbiosis.store.statements import PRICED_LISTING, VISIBLE_LISTING, WHOLE_LISTING, SortDirection, SortKey, Source
from symbiosis.store.where import Place, Places, Standing


class ListingOrder(StrEnum):
    """What listings are sorted by: when they were listed or last changed, title, or quantity in base units."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    TITLE = "TITLE"
    QUANTITY = "QUANTITY"


class ListingField(StrEnum):
    """What of a listing a filter compares: quantities in base units per year, prices in cents per trade unit."""

    STATUS = "STATUS"
    DIRECTION = "DIRECTION"
    VISIBILITY = "VISIBILITY"
    PROVENANCE = "PROVENANCE"
    SITE = "SITE"
    RESOURCE = "RESOURCE"
    KIND = "KIND"
    TERRITORY = "TERRITORY"
    TITLE = "TITLE"
    WASTE_CODE = "WASTE_CODE"
    BASE_UNIT = "BASE_UNIT"
    QUANTITY = "QUANTITY"
    PRICE = "PRICE"
    CREATED = "CREATED"
    UPDATED = "UPDATED"


_PATTERN: Final[LiteralString] = """
MATCH (listing:Listing)-[:AT]->(site:Site)-[:IN]->(commune:Commune)
MATCH (listing)-[:OF]->(resource:Resource)"""

_FACTS: Final[LiteralString] = """
       listing.id AS listing_id, site.id AS site_id, commune.insee AS insee, listing.direction AS direction,
       resource.code AS resource_code, resource.base_unit AS base_unit, listing.title AS title,
       listing.quantity_base_per_year AS quantity_base_per_year, listing.visibility AS visibility,
       listing.provenance AS provenance, listing.created_at AS created_at, listing.updated_at AS updated_at,
       listing.status AS status, listing.version AS version, listing.waste_code AS waste_code,
       listing.description AS description, listing.quantity_low_base_per_year AS quantity_low_base_per_year,
       listing.quantity_high_base_per_year AS quantity_high_base_per_year,
       listing.available_from AS available_from, listing.available_until AS available_until,
       listing.qualities AS qualities,
       listing.minimum_base_per_year AS minimum_base_per_year, listing.physical_states AS physical_states,
       listing.evidence AS evidence, listing.source AS source"""

_STATED_PRICE: Final[LiteralString] = " THEN listing.price_cent_per_trade_unit END AS price_cent_per_trade_unit"

LISTING_COLUMNS: Final[LiteralString] = _FACTS + ", CASE WHEN " + PRICED_LISTING + _STATED_PRICE

LISTINGS: Final = Source(
    pattern=_PATTERN,
    carried="listing, site, commune, resource",
    row_id="listing.id",
    id_column="listing_id",
    columns=LISTING_COLUMNS,
)

_WANTED: Final[LiteralString] = """
UNWIND $listing_ids AS wanted
MATCH (listing:Listing {id: wanted})-[:AT]->(site:Site)-[:IN]->(commune:Commune)
MATCH (listing)-[:OF]->(resource:Resource)
WHERE """


def listings_by_id_statement(parts: AbstractSet[ListingPart]) -> LiteralString:
    """Return the statement of the listings of the parameter `$listing_ids` that a viewer reads, with these parts."""
    source = with_parts(LISTINGS, parts)
    return _WANTED + VISIBLE_LISTING + source.fetched + "\nRETURN " + source.columns + "\nORDER BY listing_id"


_PLACES: Final[Places] = {
    ListingField.STATUS: (Place("listing.status"),),
    ListingField.DIRECTION: (Place("listing.direction"),),
    ListingField.KIND: (Place("resource.kind"),),
    ListingField.VISIBILITY: (Place("listing.visibility", shown=WHOLE_LISTING),),
    ListingField.PROVENANCE: (Place("listing.provenance", shown=WHOLE_LISTING),),
    ListingField.SITE: (Place("site.id", shown=WHOLE_LISTING),),
    ListingField.RESOURCE: (Place("resource.code", shown=WHOLE_LISTING),),
    ListingField.TERRITORY: (
        Place("EXISTS { MATCH (commune)-[:IN]->(within:Territory) WHERE within.id", " }", shown=WHOLE_LISTING),
    ),
    ListingField.TITLE: (Place("toLower(listing.title)", shown=WHOLE_LISTING, folded=True),),
    ListingField.WASTE_CODE: (Place("listing.waste_code", shown=WHOLE_LISTING),),
    ListingField.BASE_UNIT: (Place("resource.base_unit", shown=WHOLE_LISTING),),
    ListingField.QUANTITY: (Place("listing.quantity_base_per_year", shown=WHOLE_LISTING),),
    ListingField.PRICE: (Place("listing.price_cent_per_trade_unit", shown=PRICED_LISTING),),
    ListingField.CREATED: (Place("listing.created_at", shown=WHOLE_LISTING),),
    ListingField.UPDATED: (Place("listing.updated_at", shown=WHOLE_LISTING),),
}
LISTING_TABLE: Final = Table(_PLACES, (Standing("site.lat", "site.lon", shown=WHOLE_LISTING),))

LISTING_ORDERS: Final[dict[ListingOrder, SortKey]] = {
    ListingOrder.CREATED: SortKey("listing.created_at", str, SortDirection.DESC, WHOLE_LISTING),
    ListingOrder.UPDATED: SortKey("listing.updated_at", str, SortDirection.DESC, WHOLE_LISTING),
    ListingOrder.TITLE: SortKey("toLower(listing.title)", str, shown=WHOLE_LISTING),
    ListingOrder.QUANTITY: SortKey(
        "coalesce(listing.quantity_base_per_year, 0)", int, SortDirection.DESC, WHOLE_LISTING
    ),
}
