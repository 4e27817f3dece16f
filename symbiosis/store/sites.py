"""Places: territories, and sites with organisation, commune and territories. All of it is public register data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import OrganisationId, SiteId, TerritoryId
from symbiosis.domain.places import Commune, GeoPrecision, Organisation, Site, Territory, TerritoryKind
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest, page_of

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

SITES_BY_NAME_PAGE: Final[LiteralString] = """
MATCH (organisation:Organisation)-[:OPERATES]->(site:Site)-[:IN]->(commune:Commune)
WHERE ($territory_id IS NULL OR EXISTS { MATCH (commune)-[:IN]->(:Territory {id: $territory_id}) })
  AND ($insee IS NULL OR commune.insee = $insee)
  AND ($naf_prefix IS NULL OR site.naf STARTS WITH $naf_prefix)
  AND ($name_part IS NULL OR toLower(site.name) CONTAINS $name_part)
  AND ($after_id IS NULL OR toLower(site.name) > $after_key
       OR (toLower(site.name) = $after_key AND site.id > $after_id))
OPTIONAL MATCH (commune)-[:IN]->(territory:Territory)
RETURN site.id AS site_id, site.name AS name, site.siret AS siret, site.naf AS naf, site.staff_band AS staff_band,
       site.headings AS headings, site.lat AS lat, site.lon AS lon, site.geo_precision AS geo_precision,
       site.source AS source, site.licence AS licence, organisation.id AS organisation_id,
       organisation.name AS organisation_name, organisation.siren AS siren, commune.insee AS insee,
       commune.name AS commune_name, commune.lat AS commune_lat,
       commune.lon AS commune_lon, collect(territory.id) AS territory_ids, toLower(site.name) AS sort_key
ORDER BY sort_key, site_id LIMIT $at_most
"""

SITES_BY_ID: Final[LiteralString] = """
UNWIND $site_ids AS wanted
MATCH (site:Site {id: wanted})-[:IN]->(commune:Commune)
MATCH (site)<-[:OPERATES]-(organisation:Organisation)
OPTIONAL MATCH (commune)-[:IN]->(territory:Territory)
RETURN site.id AS site_id, site.name AS name, site.siret AS siret, site.naf AS naf, site.staff_band AS staff_band,
       site.headings AS headings, site.lat AS lat, site.lon AS lon, site.geo_precision AS geo_precision,
       site.source AS source, site.licence AS licence, organisation.id AS organisation_id,
       organisation.name AS organisation_name, organisation.siren AS siren, commune.insee AS insee,
       commune.name AS commune_name, commune.lat AS commune_lat,
       commune.lon AS commune_lon, collect(territory.id) AS territory_ids
ORDER BY site_id
"""

SITES_WITH_LISTINGS_LIST: Final[LiteralString] = """
MATCH (territory:Territory {id: $territory_id})<-[:IN]-(:Commune)<-[:IN]-(site:Site)<-[:AT]-(listing:Listing)
WHERE listing.direction = 'SUPPLY' AND listing.status = 'OPEN'
RETURN site.id AS site_id, count(listing) AS supplies
ORDER BY supplies DESC, site_id LIMIT $at_most
"""

NAME_ORDER: Final = "NAME"
KIND_ORDER: Final = "KIND"
MAX_TERRITORIES: Final = 1000


@dataclass(frozen=True, slots=True)
class SiteFilter:
    """Which sites; None is all. `naf_prefix` starts an activity code, `name_part` is looked for without case."""

    territory_id: TerritoryId | None = None
    insee: str | None = None
    naf_prefix: str | None = None
    name_part: str | None = None

    def parameters(self) -> dict[str, str | None]:
        """Return the filter as the parameters of a page query."""
        return {
            "territory_id": self.territory_id,
            "insee": self.insee,
            "naf_prefix": self.naf_prefix,
            "name_part": None if self.name_part is None else self.name_part.lower(),
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


async def sites_page(tx: Tx, wanted: SiteFilter, page: PageRequest) -> Page[SiteRow]:
    """Return one page of sites, by name."""
    rows = await tx.run(SITES_BY_NAME_PAGE, **wanted.parameters(), **page.parameters(NAME_ORDER, str))
    return page_of(rows, page, NAME_ORDER, "site_id", _row)


async def sites_by_id(tx: Tx, ids: Sequence[SiteId]) -> dict[SiteId, SiteRow]:
    """Return those of these sites that are there."""
    rows = await tx.run(SITES_BY_ID, site_ids=list(ids))
    return {row.site.site_id: row for row in map(_row, rows)}


async def sites_with_most_supplies(tx: Tx, territory_id: TerritoryId, at_most: int) -> list[SiteId]:
    """Return the sites of a territory that list the most open supplies, by number, then id."""
    rows = await tx.run(SITES_WITH_LISTINGS_LIST, territory_id=territory_id, at_most=at_most)
    return [SiteId(row["site_id"]) for row in rows]


def _territory(row: Mapping[str, Any]) -> Territory:
    return Territory(TerritoryId(row["territory_id"]), row["name"], TerritoryKind(row["kind"]))


def _row(row: Mapping[str, Any]) -> SiteRow:
    site = Site(
        site_id=SiteId(row["site_id"]),
        organisation_id=OrganisationId(row["organisation_id"]),
        name=row["name"],
        insee=row["insee"],
        lat=row["lat"],
        lon=row["lon"],
        geo_precision=GeoPrecision(row["geo_precision"]),
        siret=row["siret"],
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
