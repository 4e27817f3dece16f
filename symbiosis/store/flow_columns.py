"""What the analyses read, once: sites with their places, and the flows of the current run and of working synergies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import ListingId, OrganisationId, ResourceCode, RunId, SiteId, SynergyId, TerritoryId
from symbiosis.domain.places import TerritoryKind
from symbiosis.domain.resources import ResourceKind
from symbiosis.domain.runs import RunKind
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.errors import InputError
from symbiosis.store.graph import Tx
from symbiosis.store.paging import every_row
from symbiosis.store.published import CURRENT_RUN_ID
from symbiosis.store.synergy_queries import KEPT_RUN
from symbiosis.units import BaseUnit

SITES: Final[LiteralString] = """
MATCH (organisation:Organisation)-[:OPERATES]->(site:Site)-[:IN]->(commune:Commune)
WHERE site.id > $after
OPTIONAL MATCH (commune)-[:IN]->(territory:Territory)
RETURN site.id AS key, site.name AS name, site.naf AS naf, site.lat AS lat, site.lon AS lon,
       organisation.id AS organisation_id, organisation.siren AS siren, commune.insee AS insee,
       commune.name AS commune_name, collect(territory.kind + ' ' + territory.id) AS territories
ORDER BY key LIMIT $at_most
"""

PUBLISHED_BY: Final[LiteralString] = """
MATCH (run:Run {status: 'PUBLISHED'})
WHERE run.kind = $kind AND coalesce(run.finished_at, run.started_at) < $before
RETURN run.id AS run_id, coalesce(run.finished_at, run.started_at) AS published_at
ORDER BY published_at DESC, run_id DESC LIMIT 1
"""

SUGGESTED_FLOWS: Final[LiteralString] = """
MATCH (:Run {id: $run_id})-[suggests:SUGGESTS]->(synergy:Synergy)
WHERE synergy.id > $after
WITH synergy, suggests ORDER BY synergy.id LIMIT $at_most
MATCH (synergy)-[:TAKES_FROM]->(supply:Listing)-[:AT]->(giver:Site)
MATCH (supply)-[:OF]->(given:Resource)
MATCH (synergy)-[:GIVES_TO]->(demand:Listing)-[:AT]->(taker:Site)
MATCH (demand)-[:OF]->(wanted:Resource)
RETURN synergy.id AS key, synergy.status AS status, supply.id AS supply_id, demand.id AS demand_id,
       giver.id AS giver_id, taker.id AS taker_id, given.code AS given, wanted.code AS wanted,
       supply.waste_code AS waste_code, suggests.quantity_base_per_year AS quantity_base_per_year,
       suggests.value_cent_per_year AS value_cent_per_year,
       suggests.avoided_gco2e_per_year AS avoided_gco2e_per_year, suggests.distance_m AS distance_m,
       suggests.estimated AS estimated, supply.available_from AS supply_from,
       supply.available_until AS supply_until, demand.available_from AS demand_from,
       demand.available_until AS demand_until
ORDER BY key LIMIT $at_most
"""

RESOURCES: Final[LiteralString] = """
MATCH (resource:Resource)
WHERE resource.code > $after
RETURN resource.code AS key, resource.name_en AS name_en, resource.name_fr AS name_fr, resource.kind AS kind,
       resource.base_unit AS base_unit, resource.waste_codes AS waste_codes,
       resource.disposal_factor AS disposal_factor
ORDER BY key LIMIT $at_most
"""


class PlanNotKeptError(InputError):
    """The plan that an analysis looks at is no longer kept."""

    code = "PLAN_NOT_KEPT"

    def __init__(self, run_id: RunId, before: str | None) -> None:
        when = "" if before is None else f", current before {before},"
        super().__init__(f"The plan of the run {run_id}{when} is no longer kept; look at a later period.")
        self.run_id, self.before = run_id, before


@dataclass(frozen=True, slots=True)
class FlowSite:
    """A site as analyses need it: whose it is, what is done there, and where it lies."""

    site_id: SiteId
    organisation_id: OrganisationId
    name: str
    naf: str | None
    siren: str | None
    insee: str
    commune: str
    lat: float
    lon: float
    territory_ids: tuple[TerritoryId, ...]
    metropole_id: TerritoryId | None

    @property
    def firm(self) -> str:
        """Return what tells its firm from others: the SIREN, or the organisation where the register tells none."""
        return self.siren or self.organisation_id


@dataclass(frozen=True, slots=True)
class FlowResource:
    """A resource as analyses need it; see `Resource`."""

    code: ResourceCode
    name_en: str
    name_fr: str
    kind: ResourceKind
    base_unit: BaseUnit
    waste_codes: tuple[str, ...]
    disposal_factor: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """What goes from one site to another in a year, in the base unit of the resource that is given.

    `from_day` and `until_day` are the first and the last day on which both listings are open (ISO), None without end.
    """

    synergy_id: SynergyId
    status: SynergyStatus
    supply_id: ListingId
    demand_id: ListingId
    giver_id: SiteId
    taker_id: SiteId
    given: ResourceCode
    wanted: ResourceCode
    waste_code: str | None
    quantity_base_per_year: int
    value_cent_per_year: int
    avoided_gco2e_per_year: int
    distance_m: int
    estimated: bool
    from_day: str | None = None
    until_day: str | None = None


async def flow_sites(tx: Tx) -> list[FlowSite]:
    """Return all sites, by id."""
    return [_site(row) for row in await every_row(tx, SITES)]


async def flow_resources(tx: Tx) -> list[FlowResource]:
    """Return the catalogue, by code."""
    return [_resource(row) for row in await every_row(tx, RESOURCES)]


async def suggested_flows(tx: Tx, kind: RunKind, before: str | None = None) -> list[Flow]:
    """Return what the current run of a kind suggests, by synergy; or the last one published before a moment (UTC).

    Raises PlanNotKeptError where that one has been retired since.
    """
    if before is None:
        runs = await tx.run(CURRENT_RUN_ID, kind=kind.value)
    else:
        runs = await tx.run(PUBLISHED_BY, kind=kind.value, before=before)
    flows = [_flow(row) for run in runs for row in await every_row(tx, SUGGESTED_FLOWS, run_id=run["run_id"])]
    for run in runs:  # Asked last: what is read of a plan that is retired meanwhile may be half of it.
        if not await tx.run(KEPT_RUN, run_id=run["run_id"], kind=kind.value):
            raise PlanNotKeptError(RunId(run["run_id"]), before)
    return flows


def _site(row: Mapping[str, Any]) -> FlowSite:
    territories = sorted(text.split(" ", 1) for text in row["territories"])
    metropoles = [TerritoryId(name) for kind, name in territories if kind == TerritoryKind.METROPOLE]
    return FlowSite(
        site_id=SiteId(row["key"]),
        organisation_id=OrganisationId(row["organisation_id"]),
        name=row["name"],
        naf=row["naf"],
        siren=row["siren"],
        insee=row["insee"],
        commune=row["commune_name"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        territory_ids=tuple(sorted(TerritoryId(name) for _, name in territories)),
        metropole_id=metropoles[0] if metropoles else None,
    )


def _resource(row: Mapping[str, Any]) -> FlowResource:
    return FlowResource(
        code=ResourceCode(row["key"]),
        name_en=row["name_en"],
        name_fr=row["name_fr"],
        kind=ResourceKind(row["kind"]),
        base_unit=BaseUnit(row["base_unit"]),
        waste_codes=tuple(row["waste_codes"] or ()),
        disposal_factor=row["disposal_factor"],
    )


def _flow(row: Mapping[str, Any]) -> Flow:
    return Flow(
        synergy_id=SynergyId(row["key"]),
        status=SynergyStatus(row["status"]),
        supply_id=ListingId(row["supply_id"]),
        demand_id=ListingId(row["demand_id"]),
        giver_id=SiteId(row["giver_id"]),
        taker_id=SiteId(row["taker_id"]),
        given=ResourceCode(row["given"]),
        wanted=ResourceCode(row["wanted"]),
        waste_code=row["waste_code"],
        quantity_base_per_year=row["quantity_base_per_year"],
        value_cent_per_year=row["value_cent_per_year"],
        avoided_gco2e_per_year=row["avoided_gco2e_per_year"],
        distance_m=row["distance_m"],
        estimated=row["estimated"],
        from_day=max(_stated(row, "supply_from", "demand_from"), default=None),
        until_day=min(_stated(row, "supply_until", "demand_until"), default=None),
    )


def _stated(row: Mapping[str, Any], *names: str) -> list[str]:
    return [row[name] for name in names if row[name] is not None]
