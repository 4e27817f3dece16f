"""What the investment radar is asked and answers: places, activities, and plants in the order in which they join."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from symbiosis.domain.analyses import PlantKind
from symbiosis.domain.ids import ResourceCode
from symbiosis.ingest.estimator import rules
from symbiosis.store.flow_columns import FlowSite
from symbiosis.units import BaseUnit

MOST_PLANTS: Final = 30
LAST_FOUNDED: Final = "43"
"""The last division of sections A to F (agriculture to construction) of NACE Rev. 2 (Regulation (EC) 1893/2006, annex
I). Beyond are trade, offices, schools and hospitals, which nobody founds for the sake of exchanges.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plant could stand: a commune, at the middle of the sites that are there already."""

    insee: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many plants at most, how many people work in each that is no treatment, and whether treatments count."""

    plants: int = 10
    employees: int = 100
    treatments: bool = True


@dataclass(frozen=True, slots=True)
class Plant:
    """One plant of the portfolio: what it adds to all before it, and the value of the market with it, cents a year.

    A PLANT has an activity (NAF) and employees. A TREATMENT makes `replaces` of `by_product` by a technique, under a
    heading of the list of classified installations; its quantity is what of the by-product it takes. `site_count` are
    the sites that it serves. Both are those of the plan in which it joins. `bound` is what it could have added at most
    by the prices before it.
    """

    rank: int
    kind: PlantKind
    naf: str | None
    technique: str | None
    by_product: ResourceCode | None
    replaces: ResourceCode | None
    heading: str | None
    insee: str
    place: str
    employees: int | None
    quantity_base_per_year: int | None
    base_unit: BaseUnit | None
    site_count: int
    gain_cent_per_year: int
    whole_cent_per_year: int
    bound_cent_per_year: int


@dataclass(frozen=True, slots=True)
class Portfolio:
    """How many candidates were looked at, and the chosen, the best addition first."""

    candidate_count: int
    plants: tuple[Plant, ...]


def places_of(sites: Sequence[FlowSite], at_most: int) -> list[Place]:
    """Return the communes with most sites, each at the mean position of its sites."""
    counted = Counter(site.insee for site in sites)
    found = []
    for insee, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:at_most]:
        here = [site for site in sites if site.insee == insee]
        lat, lon = (sum(getattr(site, name) for site in here) / len(here) for name in ("lat", "lon"))
        found.append(Place(insee, here[0].commune, round(lat, 5), round(lon, 5)))
    return found


def activities(sites: Sequence[FlowSite]) -> list[str]:
    """Return the activities (NAF sub-classes) of the sites that somebody could found a plant of, sorted: those in
    sections A to F that a rule finer than a division estimates.
    """
    fine = {rule.activity for rule in rules() if len(rule.activity) > len("20")}
    there = {site.naf for site in sites if site.naf is not None}
    founded = (naf for naf in there if naf[:2] <= LAST_FOUNDED)
    return sorted(naf for naf in founded if any(naf.startswith(activity) for activity in fine))
