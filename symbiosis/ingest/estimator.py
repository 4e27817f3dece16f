"""What a site probably has and needs, estimated from its activity and its size: for nobody publishes it.

A rule of `profiles.csv` names an activity (a NAF sub-class, class, group, division or section), a resource, a direction
and a quantity per employee or per site, low, mid and high. For each resource and direction the rule with the longest
activity code wins; a site without an activity code gets no estimate. The quantity of a listing is the rule's mid times
the staff band's mid; its low and high are the products of the lows and of the highs. What would be below what is worth
a lorry, a pipe or a contract is left out. So is what travels by pipe or wire where the site's position is only the
centre of a large commune: its distance to anything would mean nothing. `docs/factors.md` says what was checked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Final

from symbiosis.domain.activity import lineage_of
from symbiosis.domain.ids import ResourceCode, listing_id_of
from symbiosis.domain.listings import ESTIMATED_NOTE, Direction, Listing, Provenance, Visibility
from symbiosis.domain.places import GeoPrecision, Site
from symbiosis.domain.resources import QualityRange, Resource, ResourceKind
from symbiosis.ingest.tables import Row, commune_areas_km2, facts_of, resources, sources
from symbiosis.units import BaseUnit, base_from_trade

WORTHWHILE_BASE: Final = {
    BaseUnit.KG: 1_000,
    BaseUnit.L: 100_000,
    BaseUnit.KWH: 50_000,
    BaseUnit.M2: 50,
    BaseUnit.H: 20,
}
"""The smallest mid quantity a year that is listed: 1 t, 100 m3, 50 MWh, 50 m2, 20 h."""

BY_PIPE_OR_WIRE: Final = frozenset({ResourceKind.WATER, ResourceKind.HEAT, ResourceKind.ELECTRICITY})
LARGE_COMMUNE_KM2: Final = 16.0
"""Area above which a commune's centre says too little: a circle of 16 km2 has a radius of 2.3 km, a pipe's reach."""

DEFAULT_BAND: Final = "default"
MARK: Final = ESTIMATED_NOTE.capitalize()


class Basis(StrEnum):
    """What a rule's quantity is multiplied with: the number of employees, or one."""

    EMPLOYEE = "EMPLOYEE"
    SITE = "SITE"


@dataclass(frozen=True, slots=True)
class Spread:
    """A quantity that is not known better than low <= mid <= high."""

    low: Decimal
    mid: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of `profiles.csv`. `quantity` is in the resource's trade unit a year, per employee or per site."""

    name: str
    activity: str
    direction: Direction
    resource_code: ResourceCode
    basis: Basis
    quantity: Spread
    qualities: tuple[QualityRange, ...]
    waste_code: str | None
    source: str


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule of the estimator."""
    return facts_of("profiles.csv", _rule)


@cache
def staff_bands() -> dict[str, Spread]:
    """Return the number of employees by staff band; `default` is for sites whose band is not known."""
    return dict(facts_of("staff_bands.csv", lambda row: (row["band"], _spread(row))))


def _spread(row: Row) -> Spread:
    return Spread(*(Decimal(row[end]) for end in ("low", "mid", "high")))


def _rule(row: Row) -> Rule:
    return Rule(
        name=row["rule"],
        activity=row["activity"],
        direction=Direction(row["direction"]),
        resource_code=ResourceCode(row["resource"]),
        basis=Basis(row["basis"]),
        quantity=_spread(row),
        qualities=tuple(QualityRange.from_text(text) for text in filter(None, row["qualities"].split(";"))),
        waste_code=row["waste_code"] or None,
        source=f"{sources()[row['source']].name}: {row['source_text']}",
    )


@cache
def rules_for(naf: str) -> tuple[Rule, ...]:
    """Return the rules for an activity: of those on one resource and direction, the one with the longest code."""
    rungs = {code: rung for rung, code in enumerate(lineage_of(naf))}
    best: dict[tuple[ResourceCode, Direction], Rule] = {}
    for rule in rules():
        if rule.activity not in rungs:
            continue
        key = rule.resource_code, rule.direction
        if key not in best or rungs[rule.activity] < rungs[best[key].activity]:
            best[key] = rule
    return tuple(best[key] for key in sorted(best))


def estimated_listings(sites: Iterable[Site], *, at: str) -> Iterator[Listing]:
    """Return the estimated supplies and demands of the sites, all dated `at` (UTC, ISO-8601)."""
    for site in sites:
        yield from listings_for(site, staff_bands()[site.staff_band or DEFAULT_BAND], at=at)


def listings_for(site: Site, employees: Spread, *, at: str) -> Iterator[Listing]:
    """Return the estimated supplies and demands of a site with so many employees; none without an activity code."""
    catalogue = {resource.code: resource for resource in resources()}
    for rule in () if site.naf is None else rules_for(site.naf):
        resource = catalogue[rule.resource_code]
        if resource.kind in BY_PIPE_OR_WIRE and not is_located(site):
            continue
        listing = _listing(site, rule, employees, resource, at=at)
        if listing is not None:
            yield listing


def is_located(site: Site) -> bool:
    """Return whether the position of a site is known well enough to lay a pipe to it on paper."""
    return site.geo_precision is not GeoPrecision.COMMUNE or commune_areas_km2()[site.insee] <= LARGE_COMMUNE_KM2


def _listing(site: Site, rule: Rule, employees: Spread, resource: Resource, *, at: str) -> Listing | None:
    unit, each = resource.base_unit, rule.quantity
    times = employees if rule.basis is Basis.EMPLOYEE else Spread(Decimal(1), Decimal(1), Decimal(1))
    mid = base_from_trade(_rounded(each.mid * times.mid), unit)
    if mid < WORTHWHILE_BASE[unit]:
        return None
    per = f"per employee, {times.mid:g} employees assumed" if rule.basis is Basis.EMPLOYEE else "per site"
    return Listing(
        listing_id=listing_id_of(site.site_id, f"estimate:{rule.resource_code}:{rule.direction}"),
        site_id=site.site_id,
        direction=rule.direction,
        resource_code=rule.resource_code,
        title=f"{resource.name_en} (sector estimate)",
        quantity_base_per_year=mid,
        visibility=Visibility.PUBLIC,
        provenance=Provenance.ESTIMATED,
        created_at=at,
        updated_at=at,
        waste_code=rule.waste_code,
        description=f"{MARK}; between the low and the high quantity, and perhaps not there at all.",
        quantity_low_base_per_year=base_from_trade(each.low * times.low, unit),
        quantity_high_base_per_year=base_from_trade(each.high * times.high, unit),
        qualities=rule.qualities,
        source=f"{MARK}: rule {rule.name} ({per}); {rule.source}",
    )


def _rounded(quantity: Decimal) -> Decimal:
    """Return a quantity with two significant digits: an estimate has no more."""
    return Decimal(f"{quantity:.1e}")
