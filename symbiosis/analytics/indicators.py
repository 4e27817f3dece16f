"""Indicators of a territory and a period: what is diverted, saved and avoided, promised and delivered.

Every flow counts once, for the métropole of the site that gives; what leaves from elsewhere counts for "?". So the sum
over territories is the whole. A year's figures of the plan (`suggested`) are taken for the days of the period. Of
synergies that operate, `promised` is what was agreed (else what the run suggests) for the days of the period since
they started, `delivered` is the deliveries that stand, dated in the period, `evidenced` those of them with evidence.
Value and emissions follow the quantity, at the current run's worth of the pair: nothing, where the run has none.
Jobs are what people declare of synergies that operate, for those that had begun by the end of the period.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Final

from symbiosis.analytics.balances import UNKNOWN
from symbiosis.analytics.days import YEAR_DAYS
from symbiosis.analytics.days import Days as Days
from symbiosis.domain.ids import SiteId, SynergyId
from symbiosis.domain.resources import ResourceKind
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.store.flow_columns import FlowResource, FlowSite, flow_resources, flow_sites
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.realised import DeliveredOn, Moved, WorkedOn, deliveries_between, moves, worked_on
from symbiosis.units import BaseUnit

DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one territory diverts of one kind, chapter and treatment avoided in the period: base units, cents, g CO2e.

    `chapter` is that of the List of Waste ("" where no waste code is stated), `treatment` what the giver no longer pays
    for, as the catalogue's disposal factor names it.
    """

    metropole: str
    kind: ResourceKind
    chapter: str
    treatment: str
    base_unit: BaseUnit
    suggested_base: int
    promised_base: int
    delivered_base: int
    evidenced_base: int
    suggested_cent: int
    promised_cent: int
    delivered_cent: int
    suggested_gco2e: int
    promised_gco2e: int
    delivered_gco2e: int


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many synergies of a territory stand at a status now, and how long synergies stayed there, days (median)."""

    metropole: str
    status: SynergyStatus
    synergies: int
    left: int
    median_days: float | None


@dataclass(frozen=True, slots=True)
class DeclaredJobs:
    """How many jobs (tenths of full-time equivalents) synergies of a territory create or keep, as declared of so many
    of those that operate.
    """

    metropole: str
    operating: int
    declaring: int
    jobs_tenth_fte: int


@dataclass(frozen=True, slots=True)
class Indicators:
    """Amounts by territory, kind, chapter and treatment; synergies by territory and status; jobs by territory."""

    amounts: tuple[Amounts, ...]
    statuses: tuple[StatusCount, ...]
    jobs: tuple[DeclaredJobs, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """What the indicators of a period are made of, read in one transaction."""

    sites: tuple[FlowSite, ...]
    resources: Mapping[str, FlowResource]
    synergies: tuple[WorkedOn, ...]
    delivered: tuple[DeliveredOn, ...]
    moves: tuple[Moved, ...]
    days: Days

    def indicators(self, synergies: Sequence[WorkedOn], without: Container[SynergyId] = ()) -> Indicators:
        """Return the indicators of some of the synergies, the deliveries of a few left out."""
        sites = {site.site_id: site for site in self.sites}
        delivered = [one for one in self.delivered if one.synergy_id not in without]
        amounts = amounts_of(synergies, delivered, sites, self.resources, self.days)
        return Indicators(amounts, statuses_of(synergies, self.moves, sites), jobs_of(synergies, sites, self.days))


async def read_indicators(graph: Graph, days: Days) -> Indicators:
    """Return the indicators of a period."""
    records = await graph.read(read_records, days)
    return records.indicators(records.synergies)


async def read_records(tx: Tx, days: Days) -> Records:
    """Return what the indicators of a period are made of."""
    return Records(
        sites=tuple(await flow_sites(tx)),
        resources={resource.code: resource for resource in await flow_resources(tx)},
        synergies=tuple(await worked_on(tx)),
        delivered=tuple(await deliveries_between(tx, days.first.isoformat(), days.last.isoformat())),
        moves=tuple(await moves(tx)),
        days=days,
    )


def amounts_of(
    synergies: Iterable[WorkedOn],
    delivered: Iterable[DeliveredOn],
    sites: Mapping[SiteId, FlowSite],
    resources: Mapping[str, FlowResource],
    days: Days,
) -> tuple[Amounts, ...]:
    """Return one row a territory, kind, chapter, treatment and unit, sorted."""
    by_synergy: dict[SynergyId, list[int]] = {}
    for one in delivered:
        both = by_synergy.setdefault(one.synergy_id, [0, 0])
        both[0] += one.quantity_base
        both[1] += one.quantity_base if one.evidenced else 0
    sums: dict[tuple[str, str, str, str, str], list[int]] = {}
    for synergy in synergies:
        resource = resources[synergy.given]
        key = (
            _metropole(sites, synergy.giver_id),
            resource.kind.value,
            (synergy.waste_code or "")[:2],
            _treatment(resource),
            resource.base_unit.value,
        )
        row = sums.setdefault(key, [0] * 10)
        for place, amount in enumerate(_amounts(synergy, by_synergy.get(synergy.synergy_id, [0, 0]), days)):
            row[place] += amount
    return tuple(
        Amounts(key[0], ResourceKind(key[1]), key[2], key[3], BaseUnit(key[4]), *row)
        for key, row in sorted(sums.items())
        if any(row)
    )


def statuses_of(
    synergies: Sequence[WorkedOn], steps: Sequence[Moved], sites: Mapping[SiteId, FlowSite]
) -> tuple[StatusCount, ...]:
    """Return one row a territory and status that any synergy has or had; `left` is how many stays have ended."""
    of_synergy = {synergy.synergy_id: _metropole(sites, synergy.giver_id) for synergy in synergies}
    standing: dict[tuple[str, SynergyStatus], int] = {}
    for synergy in synergies:
        key = of_synergy[synergy.synergy_id], synergy.status
        standing[key] = standing.get(key, 0) + 1
    stays: dict[tuple[str, SynergyStatus], list[float]] = {}
    for one, after in pairwise(steps):
        if one.synergy_id == after.synergy_id and one.synergy_id in of_synergy:
            stays.setdefault((of_synergy[one.synergy_id], one.to), []).append(_days_between(one.at, after.at))
    order = {status: place for place, status in enumerate(SynergyStatus)}
    return tuple(
        StatusCount(
            metropole,
            status,
            standing.get((metropole, status), 0),
            len(stays.get((metropole, status), ())),
            round(median(stays[metropole, status]), 1) if (metropole, status) in stays else None,
        )
        for metropole, status in sorted({*standing, *stays}, key=lambda key: (key[0], order[key[1]]))
    )


def jobs_of(synergies: Iterable[WorkedOn], sites: Mapping[SiteId, FlowSite], days: Days) -> tuple[DeclaredJobs, ...]:
    """Return one row a territory with synergies that operate and had begun by the end of the period."""
    sums: dict[str, list[int]] = {}
    for synergy in synergies:
        if synergy.status is SynergyStatus.OPERATING and (synergy.started_on or "") <= days.last.isoformat():
            row = sums.setdefault(_metropole(sites, synergy.giver_id), [0, 0, 0])
            row[0] += 1
            row[1] += synergy.jobs_tenth_fte is not None
            row[2] += synergy.jobs_tenth_fte or 0
    return tuple(DeclaredJobs(metropole, *row) for metropole, row in sorted(sums.items()))


def _amounts(synergy: WorkedOn, delivered: Sequence[int], days: Days) -> list[int]:
    """Return quantities (suggested, promised, delivered, evidenced), then cents and grams of the first three."""
    year, operates = synergy.quantity_base_per_year or 0, synergy.status is SynergyStatus.OPERATING
    agreed = synergy.agreed_base_per_year if synergy.agreed_base_per_year is not None else year
    promised = agreed * days.since(synergy.started_on) // YEAR_DAYS if operates else 0
    quantities = [year * days.count // YEAR_DAYS, promised, delivered[0]]
    worths = [
        [quantity * (per_year or 0) // year if year else 0 for quantity in quantities]
        for per_year in (synergy.value_cent_per_year, synergy.avoided_gco2e_per_year)
    ]
    return [*quantities, delivered[1], *worths[0], *worths[1]]


def _metropole(sites: Mapping[SiteId, FlowSite], site_id: SiteId) -> str:
    site = sites.get(site_id)
    return UNKNOWN if site is None or site.metropole_id is None else site.metropole_id


def _treatment(resource: FlowResource) -> str:
    return resource.disposal_factor.split(".")[1] if resource.disposal_factor else UNKNOWN


def _days_between(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / DAY_S
