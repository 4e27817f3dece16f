"""Organisations, their sites, and where they stand."""

from dataclasses import dataclass
from enum import StrEnum

from symbiosis.domain.ids import OrganisationId, SiteId, TerritoryId


class TerritoryKind(StrEnum):
    """A métropole (an EPCI with its communes), or a project territory inside one."""

    METROPOLE = "METROPOLE"
    PROJECT = "PROJECT"


class GeoPrecision(StrEnum):
    """What a site's position is the position of. `COMMUNE` is the commune's centre: many sites share it."""

    BUILDING = "BUILDING"
    ADDRESS = "ADDRESS"
    DECLARED = "DECLARED"
    COMMUNE = "COMMUNE"


@dataclass(frozen=True, slots=True)
class Territory:
    """A métropole or a project territory, made of whole communes."""

    territory_id: TerritoryId
    name: str
    kind: TerritoryKind


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune with its centre (WGS84 degrees) and the territories it lies in."""

    insee: str
    name: str
    lat: float
    lon: float
    territory_ids: tuple[TerritoryId, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A legal unit; `siren` is None where the register does not tell it."""

    organisation_id: OrganisationId
    name: str
    siren: str | None


@dataclass(frozen=True, slots=True)
class Site:
    """One place where an organisation works. Position in WGS84 degrees.

    `headings` are the ICPE headings under which it is known to take waste; empty is not known, never "none needed".
    `version` counts what people changed of it.
    """

    site_id: SiteId
    organisation_id: OrganisationId
    name: str
    insee: str
    lat: float
    lon: float
    geo_precision: GeoPrecision
    siret: str | None = None
    naf: str | None = None
    staff_band: str | None = None
    headings: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    version: int = 1
