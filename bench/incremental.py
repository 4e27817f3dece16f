"""A changed market solved anew beside the old answer repaired: `make bench-incremental`.

The market of `bench.candidates` with lognormal quantities, prices and emission factors; listings change their quantity
by up to a half, either way. Both ways solve the same problem, in turn, and prove it: price intervals and certificate
are in both times. Then the parts of a whole run, beside which the solve stands. All in this process, one core.
"""

import argparse
import time
from dataclasses import replace

import numpy as np

from bench.candidates import country
from optimizer import ExchangePlan, ExchangeProblem, Start, check, solve_exchange
from symbiosis.domain.ids import RunId
from symbiosis.domain.worth import Spread
from symbiosis.ingest import tables
from symbiosis.matching.arrays import exchange_problem, keep_locks
from symbiosis.matching.candidates import find_candidates
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.matching.suggestions import Worked, proposals
from symbiosis.matching.value import value_candidates
from symbiosis.matching.worth import worthwhile
from symbiosis.store.snapshot import StoredMarket

CHANGES = (1, 10, 1000)


def market(listings: int, seed: int = 7) -> StoredMarket:
    """Return the seeded country with so many listings, half of them supplies, that pay and avoid emissions."""
    bare = country(listings // 2, seed)
    rng = np.random.default_rng(seed)
    virgin = sorted({r.virgin_emission_factor for r in tables.resources() if r.virgin_emission_factor})
    return replace(
        bare,
        listings=tuple(
            replace(
                listing,
                quantity_base_per_year=int(rng.lognormal(5, 1) * 1000) + 1,
                price_cent_per_trade_unit=int(rng.gamma(2, 2000)),
            )
            for listing in bare.listings
        ),
        resources=tuple(
            replace(resource, virgin_emission_factor=virgin[row % len(virgin)])
            for row, resource in enumerate(bare.resources)
        ),
        factors={f.factor_id: Spread(f.value, f.low, f.high) for f in tables.factors()},
    )


def changed(problem: ExchangeProblem, plan: ExchangePlan, listings: int) -> tuple[ExchangeProblem, Start]:
    """Return the problem with other quantities of some listings, and the old answer."""
    rng = np.random.default_rng(listings)
    sides, flags = [], []
    for side, many in ((problem.supply, (listings + 1) // 2), (problem.demand, listings // 2)):
        rows = np.zeros(len(side), np.bool_)
        rows[rng.choice(len(side), many, replace=False)] = True
        other = np.maximum(1, (side * rng.uniform(0.5, 1.5, len(side))).astype(np.int64))
        sides.append(np.where(rows, other, side))
        flags.append(rows)
    after = ExchangeProblem(
        sides[0], sides[1], problem.arc_supply, problem.arc_demand, problem.value_per_unit, problem.arc_capacity
    )
    prices = plan.price_supply_low, plan.price_supply_high, plan.price_demand_low, plan.price_demand_high
    return after, Start(plan.flow, *prices, *flags)


def main() -> None:
    """Print a table of both ways, then the parts of a run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listings", type=int, default=100_000)
    listings = parser.parse_args().listings
    moments = [time.perf_counter()]

    def lap() -> float:
        moments.append(time.perf_counter())
        return moments[-1] - moments[-2]

    snapshot = snapshot_of(market(listings))
    lap()
    candidates = find_candidates(snapshot)
    parts = {"candidates": lap()}
    values = value_candidates(snapshot, candidates)
    worth = worthwhile(snapshot, candidates, values)
    parts["value"] = lap()
    kept = keep_locks(snapshot, candidates)
    problem = exchange_problem(snapshot, candidates, values, kept, worth.kept)
    parts["problem"] = lap()
    plan = solve_exchange(problem)
    parts["solve"] = lap()
    passed = check(problem, plan).passed
    parts["check"] = lap()
    made = proposals(Worked(snapshot, candidates, values, kept, plan), RunId("bench"))
    parts["suggestions"] = lap()
    print(f"{listings} listings, {problem.arcs} candidates, {plan.components} components, {len(made)} suggestions")
    print(f"{'changed':>8} {'anew s':>8} {'repaired s':>11} {'share':>7}  same value  flows moved (anew)")
    for many in CHANGES:
        after, start = changed(problem, plan, many)
        lap()
        anew = solve_exchange(after)
        anew_s = lap()
        repaired = solve_exchange(after, start=start)
        repaired_s = lap()
        same = anew.objective == repaired.objective == repaired.bound and check(after, repaired).passed
        moved = [int((each.flow != plan.flow).sum()) for each in (repaired, anew)]
        print(
            f"{many:>8} {anew_s:>8.2f} {repaired_s:>11.2f} {repaired_s / anew_s:>6.0%}  {same!s:>10}  "
            f"{moved[0]} ({moved[1]})"
        )
    whole = sum(parts.values())
    told = ", ".join(f"{name} {seconds:.1f} s ({seconds / whole:.0%})" for name, seconds in parts.items())
    print(f"a whole compute, {whole:.1f} s: {told}; check passed: {passed}")


if __name__ == "__main__":
    main()
