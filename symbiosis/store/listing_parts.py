"""What look-ahead reads with a listing, in the same statement: its site with all that it shows, and its resource."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final, LiteralString

from symbiosis.domain.resources import Resource
from symbiosis.store.catalogue import resource_row
from symbiosis.store.sites import SiteRow, site_row
from symbiosis.store.statements import Source


class ListingPart(StrEnum):
    """What can be read with a listing."""

    SITE = "SITE"
    RESOURCE = "RESOURCE"


NO_PARTS: Final[frozenset[ListingPart]] = frozenset()

_SITE_FETCHED: Final[LiteralString] = """
MATCH (site)<-[:OPERATES]-(organisation:Organisation)
OPTIONAL MATCH (commune)-[:IN]->(territory:Territory)
WITH listing, site, commune, resource, organisation, collect(territory.id) AS territory_ids"""

_SITE: Final[LiteralString] = """,
       site.id AS at_site_id, site.name AS at_name, site.siret AS at_siret, site.naf AS at_naf,
       site.staff_band AS at_staff_band, site.headings AS at_headings, site.lat AS at_lat, site.lon AS at_lon,
       site.geo_precision AS at_geo_precision, site.source AS at_source, site.licence AS at_licence,
       organisation.id AS at_organisation_id, organisation.name AS at_organisation_name,
       organisation.siren AS at_siren, commune.insee AS at_insee, commune.name AS at_commune_name,
       commune.lat AS at_commune_lat, commune.lon AS at_commune_lon, territory_ids AS at_territory_ids,
       coalesce(site.version, 1) AS at_site_version"""

_RESOURCE: Final[LiteralString] = """,
       resource.code AS of_code, resource.name_en AS of_name_en, resource.name_fr AS of_name_fr,
       resource.kind AS of_kind, resource.base_unit AS of_base_unit, resource.waste_codes AS of_waste_codes"""

_SITE_NAMES: Final = tuple(
    (name, f"at_{name}")
    for name in (
        *("site_id", "name", "siret", "naf", "staff_band", "headings", "lat", "lon", "geo_precision", "source"),
        *("licence", "organisation_id", "organisation_name", "siren", "insee", "commune_name", "commune_lat"),
        *("commune_lon", "territory_ids", "site_version"),
    )
)
_RESOURCE_NAMES: Final = tuple(
    (name, f"of_{name}") for name in ("code", "name_en", "name_fr", "kind", "base_unit", "waste_codes")
)


def with_parts(source: Source, parts: AbstractSet[ListingPart], carried: LiteralString = "") -> Source:
    """Return the source of listings whose rows tell these parts too, matched for the page's own rows only.

    `carried` are further variables of the statement at that place, each after a comma.
    """
    if ListingPart.SITE in parts:
        source = replace(source, fetched=_SITE_FETCHED + carried, columns=source.columns + _SITE)
    if ListingPart.RESOURCE in parts:
        source = replace(source, columns=source.columns + _RESOURCE)
    return source


def site_of(row: Mapping[str, Any]) -> SiteRow | None:
    """Return the site of a row, or None where it was not read with it."""
    return site_row({name: row[given] for name, given in _SITE_NAMES}) if "at_site_id" in row else None


def resource_of(row: Mapping[str, Any]) -> Resource | None:
    """Return the resource of a row, or None where it was not read with it."""
    return resource_row({name: row[given] for name, given in _RESOURCE_NAMES}) if "of_code" in row else None
