"""Places: territories, and sites with organisation, commune and territories. All of it is public register data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import OrganisationId, SiteId, TerritoryId
from symbiosis.domain.places import Commune, GeoPrecision, Organisation, Site, Territory, TerritoryKind
from symbiosis.store.asking import Table, asking
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest, page_of
from symbiosis.store.statements import OrderBy, SortKey, Source, page_statement
from symbiosis.store.where import Condition, Place, Places, Standing

TERRITORY_LIST: Final[LiteralString] = """
MATCH (territory:Territory)
RETURN territory.id AS territory_id, territory.name AS name, territory.kind AS kind
ORDER BY kind, name, territory_id LIMIT $at_most
"""

TERRITORIES_BY_KIND_PAGE: Final[LiteralString] = """
MATCH (territory:Territory)
WITH territory, territory.kind + ' ' + territory.name AS sort_key
WHERE $after_id IS NULL OR sort_key > $after_key OR (sort_key = $after_key AND territory.id > $after_id)
RETURN territory.id AS territory_id, territory.name AS name, territory.kind AS kind, sort_key
ORDER BY sort_key, territory_id LIMIT $at_most
"""

_PATTERN: Final[LiteralString] = """
MATCH (organisation:Organisation)-[:OPERATES]->(site:Site)-[:IN]->(commune:Commune)"""

_WANTED: Final[LiteralString] = """
UNWIND $site_ids AS wanted
MATCH (site:Site {id: wanted})-[:IN]->(commune:Commune)
MATCH (site)<-[:OPERATES]-(organisation:Organisation)"""

_TERRITORIES: Final[LiteralString] = """
OPTIONAL MATCH (commune)-[:IN]->(territory:Territory)"""

SITE_COLUMNS: Final[LiteralString] = """
       site.id AS site_id, site.name AS name, site.siret AS siret, site.naf AS naf,
       coalesce(site.version, 1) AS site_version, site.staff_band AS staff_band,
       site.headings AS headings, site.lat AS lat, site.lon AS lon, site.geo_precision AS geo_precision,
       site.source AS source, site.licence AS licence, organisation.id AS organisation_id,
       organisation.name AS organisation_name, organisation.siren AS siren, commune.insee AS insee,
       commune.name AS commune_name, commune.lat AS commune_lat,
       commune.lon AS commune_lon, collect(territory.id) AS territory_ids"""

SITES: Final = Source(
    pattern=_PATTERN,
    carried="organisation, site, commune",
    row_id="site.id",
    id_column="site_id",
    columns=SITE_COLUMNS,
    fetched=_TERRITORIES,
)

SITES_BY_ID: Final[LiteralString] = _WANTED + _TERRITORIES + "\nRETURN " + SITE_COLUMNS + "\nORDER BY site_id"

LOCK_SITE: Final[LiteralString] = """
MATCH (site:Site {id: $site_id}) SET site.changed_at = $at RETURN site.id AS site_id
"""

SET_HEADINGS: Final[LiteralString] = """
MATCH (site:Site {id: $site_id})
SET site.headings = $headings, site.version = $version
RETURN site.version AS version
"""

SITES_WITH_LISTINGS_LIST: Final[LiteralString] = """
MATCH (territory:Territory {id: $territory_id})<-[:IN]-(:Commune)<-[:IN]-(site:Site)<-[:AT]-(listing:Listing)
WHERE listing.direction = 'SUPPLY' AND listing.status = 'OPEN'
RETURN site.id AS site_id, count(listing) AS supplies
ORDER BY supplies DESC, site_id LIMIT $at_most
"""

KIND_ORDER: Final = "KIND"
MAX_TERRITORIES: Final = 1000


class SiteOrder(StrEnum):
    """What sites are sorted by: their name, or their activity code (those without one first)."""

    NAME = "NAME"
    NAF = "NAF"


class SiteField(StrEnum):
    """What of a site a filter compares."""

    TERRITORY = "TERRITORY"
    INSEE = "INSEE"
    NAF = "NAF"
    NAME = "NAME"
    SIRET = "SIRET"
    HEADING = "HEADING"


_PLACES: Final[Places] = {
    SiteField.TERRITORY: (Place("EXISTS { MATCH (commune)-[:IN]->(within:Territory) WHERE within.id", " }"),),
    SiteField.INSEE: (Place("commune.insee"),),
    SiteField.NAF: (Place("site.naf"),),
    SiteField.NAME: (Place("toLower(site.name)", folded=True),),
    SiteField.SIRET: (Place("site.siret"),),
    SiteField.HEADING: (Place("any(heading IN coalesce(site.headings, []) WHERE heading", ")"),),
}
SITE_TABLE: Final = Table(_PLACES, (Standing("site.lat", "site.lon"),))
SITE_ORDERS: Final[dict[SiteOrder, SortKey]] = {
    SiteOrder.NAME: SortKey("toLower(site.name)", str),
    SiteOrder.NAF: SortKey("coalesce(site.naf, '')", str),
}


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site, who operates it, and where it stands."""

    site: Site
    organisation: Organisation
    commune: Commune


async def territory_list(tx: Tx) -> list[Territory]:
    """Return all territories, métropoles first, by name."""
    return [_territory(row) for row in await tx.run(TERRITORY_LIST, at_most=MAX_TERRITORIES)]


async def territories_page(tx: Tx, page: PageRequest) -> Page[Territory]:
    """Return one page of the territories, métropoles first, by name."""
    rows = await tx.run(TERRITORIES_BY_KIND_PAGE, **page.parameters(KIND_ORDER, str))
    return page_of(rows, page, KIND_ORDER, "territory_id", _territory)


async def sites_page(tx: Tx, where: Condition, order: OrderBy[SiteOrder], page: PageRequest) -> Page[SiteRow]:
    """Return one page of the sites for which a condition holds."""
    asked = await asking(tx, SITE_TABLE, where, order.sorted_in(SITE_ORDERS), page)
    query = page_statement(SITES, asked.condition(), asked.order, goes_on=asked.goes_on)
    return asked.page(await tx.run(query, **asked.parameters), "site_id", site_row)


async def lock_site(tx: Tx, site_id: SiteId, at: str) -> bool:
    """Take the write lock of a site, to be held until the transaction ends; return whether it is there."""
    return bool(await tx.run(LOCK_SITE, site_id=site_id, at=at))


async def set_headings(tx: Tx, site_id: SiteId, headings: Sequence[str], version: int) -> None:
    """Write the headings of a site, locked before, with its version; of none, none is known."""
    await tx.run(SET_HEADINGS, site_id=site_id, headings=list(headings) or None, version=version)


async def sites_by_id(tx: Tx, ids: Sequence[SiteId]) -> dict[SiteId, SiteRow]:
    """Return those of these sites that are there."""
    rows = await tx.run(SITES_BY_ID, site_ids=list(ids))
    return {row.site.site_id: row for row in map(site_row, rows)}


async def sites_with_most_supplies(tx: Tx, territory_id: TerritoryId, at_most: int) -> list[SiteId]:
    """Return the sites of a territory that list the most open supplies, by number, then id."""
    rows = await tx.run(SITES_WITH_LISTINGS_LIST, territory_id=territory_id, at_most=at_most)
    return [SiteId(row["site_id"]) for row in rows]


def _territory(row: Mapping[str, Any]) -> Territory:
    return Territory(TerritoryId(row["territory_id"]), row["name"], TerritoryKind(row["kind"]))


def site_row(row: Mapping[str, Any]) -> SiteRow:
    """Return the site that the `SITE_COLUMNS` of a row tell."""
    site = Site(
        site_id=SiteId(row["site_id"]),
        organisation_id=OrganisationId(row["organisation_id"]),
        name=row["name"],
        insee=row["insee"],
        lat=row["lat"],
        lon=row["lon"],
        geo_precision=GeoPrecision(row["geo_precision"]),
        siret=row["siret"],
        version=row["site_version"],
        naf=row["naf"],
        staff_band=row["staff_band"],
        headings=tuple(row["headings"] or ()),
        source=row["source"] or "",
        licence=row["licence"] or "",
    )
    commune = Commune(
        insee=row["insee"],
        name=row["commune_name"],
        lat=row["commune_lat"],
        lon=row["commune_lon"],
        territory_ids=tuple(sorted(row["territory_ids"])),
    )
    return SiteRow(site, Organisation(site.organisation_id, row["organisation_name"], row["siren"]), commune)
