"""The page that every server answers with: the question, the rows, and the answer to be had."""

from typing import Any, Final

from symbiosis.domain.ids import ListingId, OrganisationId, ResourceCode, SiteId, TerritoryId
from symbiosis.domain.listings import Direction, Listing, Provenance, Visibility
from symbiosis.domain.places import Commune, GeoPrecision, Organisation, Site
from symbiosis.store.listings import ListingRow
from symbiosis.store.pages import Page
from symbiosis.store.sites import SiteRow
from symbiosis.units import TRADE_UNIT, BaseUnit, trade_from_base

ROWS: Final = 50
QUERY: Final = (
    "query Page { listings(first: 50) { nodes { id title direction quantityPerYear unit status "
    "site { id name naf commune { id name } } } pageInfo { endCursor hasNextPage } } }"
)
_COMMUNES: Final = ("Feyzin", "Saint-Fons", "Pierre-Bénite", "Givors", "Rive-de-Gier")
_AT: Final = "2026-11-01T08:00:00.000000Z"


def site_row(number: int) -> SiteRow:
    """Return one of fifty sites in five communes."""
    insee = f"6927{number % len(_COMMUNES)}"
    site = Site(
        site_id=SiteId(f"site-{number}"),
        organisation_id=OrganisationId(f"org-{number}"),
        name=f"Établissement n° {number}",
        insee=insee,
        lat=45.67,
        lon=4.85,
        geo_precision=GeoPrecision.BUILDING,
        naf="20.13B",
        source="bench",
        licence="bench",
    )
    commune = Commune(insee, _COMMUNES[number % len(_COMMUNES)], 45.67, 4.85, (TerritoryId("lyon"),))
    return SiteRow(site, Organisation(site.organisation_id, f"Société {number}", None), commune)


def listing_row(number: int) -> ListingRow:
    """Return one of fifty listings, read with its site."""
    listing = Listing(
        listing_id=ListingId(f"listing-{number}"),
        site_id=SiteId(f"site-{number}"),
        direction=Direction.SUPPLY if number % 2 else Direction.DEMAND,
        resource_code=ResourceCode("wood"),
        title=f"Palettes et caisses en bois, lot {number}",
        quantity_base_per_year=1_000 * (number + 1),
        visibility=Visibility.PUBLIC,
        provenance=Provenance.DECLARED,
        created_at=_AT,
        updated_at=_AT,
        source="bench",
    )
    return ListingRow(listing, f"6927{number % len(_COMMUNES)}", BaseUnit.KG, site=site_row(number))


def page() -> Page[ListingRow]:
    """Return the page as the store gives it."""
    rows = tuple(map(listing_row, range(ROWS)))
    return Page(rows, tuple(f"cursor-{number}" for number in range(ROWS)), has_next=True)


def answer(read: Page[ListingRow]) -> dict[str, Any]:
    """Return what a client is answered, written by hand from the rows."""
    nodes = []
    for row in read.items:
        listing, at = row.listing, row.site
        assert at is not None
        nodes.append(
            {
                "id": listing.listing_id,
                "title": listing.title,
                "direction": listing.direction.value,
                "quantityPerYear": trade_from_base(listing.quantity_base_per_year or 0, row.base_unit),
                "unit": TRADE_UNIT[row.base_unit].name,
                "status": listing.status.value,
                "site": {
                    "id": at.site.site_id,
                    "name": at.site.name,
                    "naf": at.site.naf,
                    "commune": {"id": at.commune.insee, "name": at.commune.name},
                },
            }
        )
    page_info = {"endCursor": read.cursors[-1], "hasNextPage": read.has_next}
    return {"data": {"listings": {"nodes": nodes, "pageInfo": page_info}}}
