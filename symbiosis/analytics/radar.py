"""The investment radar: which new plants, where, unlock most value together with all that is there.

Candidates   a plant for each activity that the sector rules know and each place that is looked at (the communes with
             most sites), of one size; its listings are estimated as those of a newcomer
Bound        with the prices of a plan, a plant cannot add more than the sum over its listings of quantity times the
             greatest reduced value, value minus the partner's price: those prices with these are a dual solution
Portfolio    greedy: in each round plants are decided for real, in the order of their bounds, until no other bound is
             above the best gain found; the best joins the market, and prices are those of the market with it. So
             each plant is the best addition to those before it, proven, and gains are cumulative; that no other set
             of as many plants is worth more is not claimed (how far greedy may be off where gains only shrink:
             G. L. Nemhauser, L. A. Wolsey, M. L. Fisher 1978, Math. Programming 14, 265-294)
What it costs to build a plant is not known here: gains are what exchanges save a year, before any investment.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from optimizer import ExchangePlan
from symbiosis.analytics.decided import Decided, decided
from symbiosis.analytics.flow_graph import Ints
from symbiosis.analytics.newcomer import Newcomer, likely_listings, open_listing
from symbiosis.domain.ids import ListingId, SiteId
from symbiosis.ingest.estimator import rules
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.matching.value import MILLICENT_PER_CENT
from symbiosis.store.flow_columns import FlowSite
from symbiosis.store.snapshot import OpenListing, StoredMarket

MOST_PLANTS: Final = 30
THERE: Final = -1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plant could stand: a commune, at the middle of the sites that are there already."""

    insee: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Plant:
    """One plant of the portfolio: what it adds to all before it, and the value of the market with it, cents a year.

    `bound` is what it could have added at most by the prices before it.
    """

    rank: int
    naf: str
    insee: str
    place: str
    employees: int
    gain_cent_per_year: int
    whole_cent_per_year: int
    bound_cent_per_year: int


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """The market with every candidate plant in it at quantity zero, the quantities they would have, and whose each row
    is (THERE: a site that is there).
    """

    market: Decided
    supply: Ints
    demand: Ints
    plant_of_supply: Ints
    plant_of_demand: Ints


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
    """Return the activities (NAF sub-classes) of the sites that a rule finer than a division estimates, sorted."""
    fine = {rule.activity for rule in rules() if len(rule.activity) > len("20")}
    there = {site.naf for site in sites if site.naf is not None}
    return sorted(naf for naf in there if any(naf.startswith(activity) for activity in fine))


def portfolio(
    stored: StoredMarket,
    nafs: Sequence[str],
    places: Sequence[Place],
    *,
    employees: int = 100,
    plants: int = 10,
    told: Callable[[int], None] | None = None,
) -> list[Plant]:
    """Return at most so many plants, the best addition first; fewer where no plant adds anything.

    `told` is called with how many are chosen, from 0 on.
    """
    candidates = [(naf, place) for naf in nafs for place in places]
    field = _field(stored, candidates, employees)
    supply, demand = field.market.problem.supply, field.market.problem.demand
    plan = field.market.plan
    chosen: list[Plant] = []
    left = set(range(len(candidates)))
    for rank in range(1, min(plants, MOST_PLANTS) + 1):
        if told is not None:
            told(len(chosen))
        best = _best(field, plan, (supply, demand), sorted(left))
        if best is None:
            break
        number, after, bound = best
        naf, place = candidates[number]
        gain = after.objective - plan.objective
        chosen.append(
            Plant(
                rank,
                naf,
                place.insee,
                place.name,
                employees,
                gain // MILLICENT_PER_CENT,
                after.objective // MILLICENT_PER_CENT,
                bound // MILLICENT_PER_CENT,
            )
        )
        supply, demand = _with(field, (supply, demand), number)
        plan = after
        left.discard(number)
    return chosen


def _field(stored: StoredMarket, candidates: Sequence[tuple[str, Place]], employees: int) -> _Field:
    """Return the market decided with every plant in it, none of them having or needing anything yet."""
    codes = {resource.code for resource in stored.resources}
    new: dict[ListingId, tuple[int, OpenListing]] = {}
    for number, (naf, place) in enumerate(candidates):
        plant = Newcomer(naf, employees, place.lat, place.lon)
        for listing in likely_listings(plant):
            if listing.resource_code in codes:
                name = ListingId(f"plant-{number:06}-{listing.listing_id}")
                site_id = SiteId(f"plant-{number:06}")
                new[name] = number, replace(open_listing(listing, plant), listing_id=name, site_id=site_id)
    full = replace(stored, listings=(*stored.listings, *(listing for _, listing in new.values())))
    market = decided(snapshot_of(full), absent=new.keys())
    sides = (market.snapshot.supplies, market.snapshot.demands)
    owner = [
        np.array([new[x.listing_id][0] if x.listing_id in new else THERE for x in side.listings], dtype=np.int64)
        for side in sides
    ]
    return _Field(market, sides[0].quantity, sides[1].quantity, owner[0], owner[1])


def _best(
    field: _Field, plan: ExchangePlan, quantities: tuple[Ints, Ints], left: Sequence[int]
) -> tuple[int, ExchangePlan, int] | None:
    """Return the plant that adds most to a plan, the plan with it, and its bound; None where none adds anything."""
    bounds = _bounds(field, plan, quantities)
    best: tuple[int, ExchangePlan, int] | None = None
    now = field.market.at(*quantities, plan)
    for number in sorted(left, key=lambda n: (-bounds[n], n)):
        most = 0 if best is None else best[1].objective - plan.objective
        if bounds[number] <= most:
            break
        after = now.again(*_with(field, quantities, number))
        if after.objective - plan.objective > most:
            best = number, after, int(bounds[number])
    return best


def _bounds(field: _Field, plan: ExchangePlan, quantities: tuple[Ints, Ints]) -> Counter[int]:
    """Return what each plant could add at most, the smaller bound of the two ends of the prices.

    Partners that have and need nothing weigh nothing, so their prices may be as high as they like: they bind nobody.
    """
    problem = field.market.problem
    tail, head, value = problem.arc_supply, problem.arc_demand, problem.value_per_unit
    found: list[Counter[int]] = []
    for price_supply, price_demand in (
        (plan.price_supply_low, plan.price_demand_high),
        (plan.price_supply_high, plan.price_demand_low),
    ):
        sums: Counter[int] = Counter()
        for owner, rows, reduced, there, quantity in (
            (
                field.plant_of_supply,
                tail,
                value - price_demand[head],
                quantities[1][head],
                field.supply,
            ),
            (
                field.plant_of_demand,
                head,
                value - price_supply[tail],
                quantities[0][tail],
                field.demand,
            ),
        ):
            best = np.zeros(len(owner), np.int64)
            np.maximum.at(best, rows, np.where(there > 0, reduced, 0))
            for row in np.flatnonzero((owner != THERE) & (best > 0)).tolist():
                sums[int(owner[row])] += int(best[row]) * int(quantity[row])
        found.append(sums)
    return found[0] & found[1]


def _with(field: _Field, quantities: tuple[Ints, Ints], number: int) -> tuple[Ints, Ints]:
    """Return the quantities with those of a plant."""
    supply = np.where(field.plant_of_supply == number, field.supply, quantities[0])
    demand = np.where(field.plant_of_demand == number, field.demand, quantities[1])
    return supply, demand
