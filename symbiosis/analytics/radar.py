"""The investment radar: which new plants and treatments, where, unlock most value together with all that is there.

Plants       one for each activity that the sector rules know and each place that is looked at (the communes with most
             sites), of one size; its listings are estimated as those of a newcomer
Treatments   one for each treatment that is missing (`treatments.py`) and each place; as large as it is used
Bound        with the prices of a plan, a plant cannot add more than the sum over its listings of quantity times the
             greatest reduced value, value minus the partner's price, and a treatment not more than that sum over the
             listings of one side that it serves: those prices with these are a dual solution
Portfolio    greedy: in each round candidates are decided for real, in the order of their bounds, until no other bound
             is above the best gain found; the best joins the market, and prices are those of the market with it. So
             each is the best addition to those before it, proven, and gains are cumulative; that no other set of as
             many is worth more is not claimed (how far greedy may be off where gains only shrink:
             G. L. Nemhauser, L. A. Wolsey, M. L. Fisher 1978, Math. Programming 14, 265-294)
What it costs to build is not known here: gains are what exchanges save a year, before any investment.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from symbiosis.analytics.decided import Decided, decided
from symbiosis.analytics.flow_graph import Ints
from symbiosis.analytics.newcomer import Newcomer, likely_listings, open_listing
from symbiosis.analytics.plants import MOST_PLANTS, Place, Plant, Portfolio, Wanted
from symbiosis.analytics.progress import Told, untold, within
from symbiosis.analytics.treatments import Opened, barred_pairs, opened_at
from symbiosis.domain.analyses import PlantKind
from symbiosis.domain.ids import ListingId, SiteId
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.matching.value import MILLICENT_PER_CENT
from symbiosis.store.snapshot import OpenListing, StoredMarket

THERE: Final = -1
USUAL: Final = Wanted()


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """The market with every candidate plant in it at quantity zero and every pair that a treatment could open at value
    zero (the arcs from `first_opened` on); the quantities plants would have, whose each row is (THERE: a site that is
    there), and what treatments open. Candidates are numbered: plants first, then treatments.
    """

    market: Decided
    supply: Ints
    demand: Ints
    plant_of_supply: Ints
    plant_of_demand: Ints
    plants: tuple[tuple[str, Place], ...]
    first_opened: int
    treatments: tuple[tuple[Opened, Place], ...]

    def __len__(self) -> int:
        return len(self.plants) + len(self.treatments)

    def treatment(self, number: int) -> tuple[Opened, Place] | None:
        """Return the treatment that a candidate is, and where; None for a plant."""
        return None if number < len(self.plants) else self.treatments[number - len(self.plants)]

    def opened(self, number: int, now: Decided) -> tuple[Ints, Ints]:
        """Return the arcs that a treatment makes worth more than they are now, and their values through it (n,)."""
        one = self.treatments[number - len(self.plants)][0]
        arcs = self.first_opened + one.rows
        better = one.millicent_per_base > now.problem.value_per_unit[arcs]
        return arcs[better], one.millicent_per_base[better]

    def joined(self, number: int, now: Decided) -> Decided:
        """Return the market, decided, with a candidate."""
        problem = now.problem
        supply, demand, value = problem.supply, problem.demand, problem.value_per_unit
        if self.treatment(number) is None:
            supply = np.where(self.plant_of_supply == number, self.supply, supply)
            demand = np.where(self.plant_of_demand == number, self.demand, demand)
        else:
            arcs, worth = self.opened(number, now)
            value = value.copy()
            value[arcs] = worth
        return now.at(supply, demand, now.again(supply, demand, value), value)


def portfolio(
    stored: StoredMarket,
    nafs: Sequence[str],
    places: Sequence[Place],
    wanted: Wanted = USUAL,
    told: Told = untold,
) -> Portfolio:
    """Return at most so many plants, the best addition first; fewer where nothing adds anything.

    `told` is told after each candidate that is decided: each addition is as much of the work as any other.
    """
    field = _field(stored, tuple((naf, place) for naf in nafs for place in places), places, wanted)
    now = field.market
    chosen: list[Plant] = []
    left = set(range(len(field)))
    most = min(wanted.plants, MOST_PLANTS)
    for rank in range(1, most + 1):
        best = _best(field, now, sorted(left), within(told, (rank - 1) / most, rank / most))
        if best is None:
            break
        number, after, bound = best
        chosen.append(_plant(field, (rank, number), (now, after), bound, wanted.employees))
        now = after
        left.discard(number)
    return Portfolio(len(field), tuple(chosen))


def _field(
    stored: StoredMarket, plants: tuple[tuple[str, Place], ...], places: Sequence[Place], wanted: Wanted
) -> _Field:
    """Return the market decided with every candidate in it, none of them having, needing or opening anything yet."""
    codes = {resource.code for resource in stored.resources}
    new: dict[ListingId, tuple[int, OpenListing]] = {}
    for number, (naf, place) in enumerate(plants):
        plant = Newcomer(naf, wanted.employees, place.lat, place.lon)
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
    first_opened, treatments = market.problem.arcs, []
    if wanted.treatments:
        barred = barred_pairs(market.snapshot)
        market = market.with_pairs(barred.supply, barred.demand)
        treatments = [(one, place) for place in places for one in opened_at(barred, place.lat, place.lon)]
    return _Field(
        market, sides[0].quantity, sides[1].quantity, owner[0], owner[1], plants, first_opened, tuple(treatments)
    )


def _best(field: _Field, now: Decided, left: Sequence[int], told: Told) -> tuple[int, Decided, int] | None:
    """Return the candidate that adds most, the market decided with it, and its bound; None where none adds anything."""
    bounds = _bounds(field, now)
    for number in left:
        if field.treatment(number) is not None:
            bounds[number] = _bound_of_treatment(field, number, now)
    best: tuple[int, Decided, int] | None = None
    most = 0
    for tried, number in enumerate(sorted(left, key=lambda n: (-bounds[n], n)), start=1):
        if bounds[number] <= most:
            break
        after = field.joined(number, now)
        if after.plan.objective - now.plan.objective > most:
            best, most = (number, after, int(bounds[number])), after.plan.objective - now.plan.objective
        told(tried / max(tried, sum(bounds[one] > most for one in left)))
    return best


def _plant(
    field: _Field, which: tuple[int, int], markets: tuple[Decided, Decided], bound: int, employees: int
) -> Plant:
    """Return a candidate (rank, number) as the portfolio shows it, given the markets before and with it."""
    (rank, number), (now, after) = which, markets
    problem, flow, found = after.problem, after.plan.flow, field.treatment(number)
    if found is None:
        mine = (
            field.plant_of_supply[problem.arc_supply] == number,
            field.plant_of_demand[problem.arc_demand] == number,
        )
        used = np.flatnonzero((mine[0] | mine[1]) & (flow > 0))
    else:
        arcs = field.opened(number, now)[0]
        used = arcs[flow[arcs] > 0]
    opened, place = (None, field.plants[number][1]) if found is None else found
    treatment = None if opened is None else opened.treatment
    ends = after.sites_of_arcs()
    return Plant(
        rank=rank,
        kind=PlantKind.PLANT if treatment is None else PlantKind.TREATMENT,
        naf=field.plants[number][0] if treatment is None else None,
        technique=None if treatment is None else treatment.technique,
        by_product=None if treatment is None else treatment.by_product,
        replaces=None if treatment is None else treatment.input_,
        heading=None if opened is None else opened.heading,
        insee=place.insee,
        place=place.name,
        employees=employees if treatment is None else None,
        quantity_base_per_year=None if treatment is None else int(flow[used].sum()),
        base_unit=None if treatment is None else after.snapshot.resources[treatment.by_product].base_unit,
        site_count=len({*ends[0][used].tolist(), *ends[1][used].tolist()}) - (treatment is None and len(used) > 0),
        gain_cent_per_year=(after.plan.objective - now.plan.objective) // MILLICENT_PER_CENT,
        whole_cent_per_year=after.plan.objective // MILLICENT_PER_CENT,
        bound_cent_per_year=bound // MILLICENT_PER_CENT,
    )


def _prices(now: Decided) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """Return both ends of the prices of supplies and demands; each pair is a dual solution."""
    plan = now.plan
    return (
        (plan.price_supply_low, plan.price_demand_high),
        (plan.price_supply_high, plan.price_demand_low),
    )


def _bounds(field: _Field, now: Decided) -> Counter[int]:
    """Return what each plant could add at most, the smaller bound of the two ends of the prices.

    Partners that have and need nothing weigh nothing, so their prices may be as high as they like: they bind nobody.
    """
    problem = now.problem
    tail, head, value = problem.arc_supply, problem.arc_demand, problem.value_per_unit
    found: list[Counter[int]] = []
    for price_supply, price_demand in _prices(now):
        sums: Counter[int] = Counter()
        for owner, rows, reduced, there, quantity in (
            (field.plant_of_supply, tail, value - price_demand[head], problem.demand[head], field.supply),
            (field.plant_of_demand, head, value - price_supply[tail], problem.supply[tail], field.demand),
        ):
            best = np.zeros(len(owner), np.int64)
            np.maximum.at(best, rows, np.where(there > 0, reduced, 0))
            for row in np.flatnonzero((owner != THERE) & (best > 0)).tolist():
                sums[int(owner[row])] += int(best[row]) * int(quantity[row])
        found.append(sums)
    return found[0] & found[1]


def _bound_of_treatment(field: _Field, number: int, now: Decided) -> int:
    """Return what a treatment could add at most: the prices of one side, raised to cover what it opens."""
    arcs, worth = field.opened(number, now)
    problem = now.problem
    tail, head = problem.arc_supply[arcs], problem.arc_demand[arcs]
    there = (problem.supply[tail] > 0) & (problem.demand[head] > 0)
    bounds = []
    for price_supply, price_demand in _prices(now):
        reduced = np.where(there, np.maximum(worth - price_supply[tail] - price_demand[head], 0), 0)
        for rows, quantity in ((tail, problem.supply), (head, problem.demand)):
            raised = np.zeros(len(quantity), np.int64)
            np.maximum.at(raised, rows, reduced)
            some = np.flatnonzero(raised).tolist()
            bounds.append(sum(int(raised[row]) * int(quantity[row]) for row in some))
    return min(bounds)
