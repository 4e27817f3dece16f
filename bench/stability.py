"""What stays of a plan when 1 % of the listings change, and what that costs: `make bench-stability`.

The market of `bench.incremental`. A first plan is published; a tenth of its pairs, seeded, are then in negotiation, and
one listing in a hundred changes its quantity by up to a half and its price by up to a tenth, either way. The new plan
is made as a run makes it, with several switching costs; beside it the plan that knows neither negotiations nor a
switching cost.
"""

import argparse
from dataclasses import replace

import numpy as np

from bench.incremental import market
from symbiosis.domain.ids import RunId
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.domain.worth import Spread
from symbiosis.matching.compute import Computed, compute
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.published import PublishedPair, PublishedPlan
from symbiosis.store.snapshot import StoredMarket, TakenUpPair
from symbiosis.units import eur_from_cent

NEGOTIATED_SHARE, CHANGED_SHARE = 0.1, 0.01
COSTS = (0.0, 0.01, 0.5, 2.0, 5.0)
"""EUR per trade unit."""

Pair = tuple[str, str]


def made(stored: StoredMarket, plan: PublishedPlan | None) -> Computed:
    """Return the plan of a market, with the published one to stay near to."""
    return compute(replace(snapshot_of(stored), published=plan), RunId("bench"), _silent)


def _silent(*_: object) -> None:
    """Tell nobody how the work goes on."""


def quantities(plan: Computed) -> dict[Pair, int]:
    """Return the quantity of each pair of a plan."""
    return {(row.supply_id, row.demand_id): row.suggestion.quantity_base_per_year for row in plan.rows}


def changed(stored: StoredMarket) -> StoredMarket:
    """Return the market with other quantities and prices of one listing in a hundred."""
    rng = np.random.default_rng(11)
    listings = list(stored.listings)
    for row in rng.choice(len(listings), int(len(listings) * CHANGED_SHARE), replace=False).tolist():
        listing = listings[row]
        listings[row] = replace(
            listing,
            version=listing.version + 1,
            quantity_base_per_year=max(1, int(listing.quantity_base_per_year * rng.uniform(0.5, 1.5))),
            price_cent_per_trade_unit=int((listing.price_cent_per_trade_unit or 0) * rng.uniform(0.9, 1.1)),
        )
    return replace(stored, listings=tuple(listings))


def main() -> None:
    """Print what changed and what it cost, one line a switching cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listings", type=int, default=10_000)
    before = market(parser.parse_args().listings)
    first = made(before, None)
    was = quantities(first)
    published = PublishedPlan(
        RunId("first"),
        tuple(
            PublishedPair(
                row.supply_id,
                row.demand_id,
                row.suggestion.quantity_base_per_year,
                row.suggestion.value_cent_per_year,
            )
            for row in first.rows
        ),
        snapshot_of(before).canonical(),
    )
    rng = np.random.default_rng(5)
    ids = list(was)
    chosen = sorted(rng.choice(len(ids), int(len(ids) * NEGOTIATED_SHARE), replace=False).tolist())
    locks = tuple(
        TakenUpPair(ids[row][0], ids[row][1], SynergyStatus.NEGOTIATION, "1:1", was[ids[row]]) for row in chosen
    )
    after = changed(before)
    free = made(after, None)
    print(
        f"{len(before.listings)} listings, {len(was)} pairs, {len(locks)} of them negotiated; 1 % of listings changed"
    )
    print(
        f"{'EUR/unit':>9} {'negotiated gone':>16} {'smaller':>8} {'pairs gone':>11} {'new':>6} {'value given up':>15}"
    )
    told("free", quantities(free), (was, locks), (0, free.objective_cent))
    for cost in COSTS:
        stored = replace(after, pairs=locks, factors={**after.factors, "plan.switching_cost@99": Spread.exact(cost)})
        plan = made(stored, published)
        worth = plan.objective_cent + plan.stability_cost_cent
        told(f"{cost}", quantities(plan), (was, locks), (plan.stability_cost_cent, worth))


def told(
    name: str, now: dict[Pair, int], old: tuple[dict[Pair, int], tuple[TakenUpPair, ...]], cost: tuple[int, int]
) -> None:
    """Print one line."""
    was, locks = old
    gone = sum((lock.supply_id, lock.demand_id) not in now for lock in locks)
    smaller = sum(0 < now.get((x.supply_id, x.demand_id), 0) < (x.quantity_base_per_year or 0) for x in locks)
    print(
        f"{name:>9} {gone:>8} ({gone / len(locks):.1%}) {smaller:>8} {len(was.keys() - now.keys()):>11} "
        f"{len(now.keys() - was.keys()):>6} {eur_from_cent(cost[0]):>12,.0f} EUR ({cost[0] / cost[1]:.3%})"
    )


if __name__ == "__main__":
    main()
