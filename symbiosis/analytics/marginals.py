"""What one more unit of a listing is worth to everybody together, from the dual prices of the free optimum.

A price is a slope: `more` is what a unit more adds (the low end of the dual interval), `less` what a unit less costs
(its high end), both exact as far as `price_ranges` says they reach (`more_up_to`, `less_up_to`). Money is in cents per
trade unit (t, m3, MWh, m2, h), rounded down. Source: D. Gale (1960), The Theory of Linear Economic Models, ch. 3.
"""

from dataclasses import dataclass

from optimizer.ranges import NO_END, price_ranges
from symbiosis.analytics.decided import Decided
from symbiosis.analytics.flow_graph import Ints
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction
from symbiosis.matching.snapshot import Side
from symbiosis.matching.value import MILLICENT_PER_CENT
from symbiosis.units import BASE_PER_TRADE, BaseUnit


@dataclass(frozen=True, slots=True)
class Marginal:
    """What one trade unit more, or less, of a listing is worth, and for how many base units that holds at least.

    `…_up_to_base_per_year` is None where it holds for any quantity.
    """

    listing_id: ListingId
    site_id: SiteId
    direction: Direction
    resource_code: ResourceCode
    base_unit: BaseUnit
    more_cent: int
    less_cent: int
    more_up_to_base_per_year: int | None
    less_up_to_base_per_year: int | None


@dataclass(frozen=True, slots=True)
class Tried:
    """A marginal value held against a new decision: what a change was to add, and what it added, in millicents."""

    listing_id: ListingId
    change_base: int
    predicted_millicent: int
    found_millicent: int


def marginals(market: Decided) -> list[Marginal]:
    """Return the marginal value of every open listing, the most valuable first."""
    plan, ranges = market.plan, price_ranges(market.problem, market.plan)
    snapshot = market.snapshot
    supplies = (plan.price_supply_low, plan.price_supply_high, ranges.supply_more, ranges.supply_less)
    demands = (plan.price_demand_low, plan.price_demand_high, ranges.demand_more, ranges.demand_less)
    rows = [
        *_of(market, snapshot.supplies, Direction.SUPPLY, supplies),
        *_of(market, snapshot.demands, Direction.DEMAND, demands),
    ]
    return sorted(rows, key=lambda row: (-row.more_cent, -row.less_cent, row.listing_id))


def tried(market: Decided, supply_rows: Ints) -> list[Tried]:
    """Return, for some supplies, what one more trade unit was predicted to add, and what deciding again found.

    Where the price holds for less than a trade unit, the change is what it holds for; nothing is tried at zero.
    """
    reach = price_ranges(market.problem, market.plan).supply_more
    found = []
    for row in supply_rows.tolist():
        listing = market.snapshot.supplies.listings[row]
        unit = BASE_PER_TRADE[market.snapshot.resources[listing.resource_code].base_unit]
        change = min(unit, int(reach[row]))
        if change == 0:
            continue
        supply = market.problem.supply.copy()
        supply[row] += change
        gain = market.again(supply, market.problem.demand).objective - market.plan.objective
        found.append(Tried(listing.listing_id, change, int(market.plan.price_supply_low[row]) * change, gain))
    return found


def _of(market: Decided, side: Side, direction: Direction, columns: tuple[Ints, Ints, Ints, Ints]) -> list[Marginal]:
    low, high, more, less = (column.tolist() for column in columns)
    made = []
    for row, listing in enumerate(side.listings):
        unit = market.snapshot.resources[listing.resource_code].base_unit
        made.append(
            Marginal(
                listing_id=listing.listing_id,
                site_id=listing.site_id,
                direction=direction,
                resource_code=listing.resource_code,
                base_unit=unit,
                more_cent=low[row] * BASE_PER_TRADE[unit] // MILLICENT_PER_CENT,
                less_cent=high[row] * BASE_PER_TRADE[unit] // MILLICENT_PER_CENT,
                more_up_to_base_per_year=None if more[row] >= NO_END else more[row],
                less_up_to_base_per_year=None if less[row] >= NO_END else less[row],
            )
        )
    return made
