"""A run that carries over beside one that finds everything anew, after a change: `make bench-incremental`.

The market of `bench.candidates` with lognormal quantities, prices and emission factors. A first run is published; then
so many listings change their quantity by up to a half and their price by up to a tenth, either way. The changed market
is computed whole and carried over, in turn, `--rounds` times: from the input to the checked plan, its hash and its
changes, with what is left for the next run. Reading the market from a store and writing the suggestions are in neither
(`docs/operations.md`, sizing). Times are of the processor, medians. Exit 1 where the two prove different values.
"""

import argparse
import gc
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.candidates import country
from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunPhase
from symbiosis.domain.worth import Spread
from symbiosis.ingest import tables
from symbiosis.matching.compute import Computed, compute
from symbiosis.matching.snapshot import Snapshot, snapshot_of
from symbiosis.store.published import PublishedPair, PublishedPlan
from symbiosis.store.snapshot import StoredMarket

CHANGES = (1, 10, 1000)
ROUNDED_CENT = 3
LEAST_TOLD_S = 0.05


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


def changed(stored: StoredMarket, many: int) -> StoredMarket:
    """Return the market with other quantities and prices of so many listings."""
    rng = np.random.default_rng(many)
    listings = list(stored.listings)
    for row in rng.choice(len(listings), many, replace=False).tolist():
        listing = listings[row]
        listings[row] = replace(
            listing,
            version=listing.version + 1,
            quantity_base_per_year=max(1, int(listing.quantity_base_per_year * rng.uniform(0.5, 1.5))),
            price_cent_per_trade_unit=int((listing.price_cent_per_trade_unit or 0) * rng.uniform(0.9, 1.1)),
        )
    return replace(stored, listings=tuple(listings))


def published(made: Computed, canonical: bytes) -> PublishedPlan:
    """Return a computed plan as the store gives it back."""
    pairs = tuple(PublishedPair(*pair, *amounts) for pair, amounts in made.rows.amounts().items())
    return PublishedPlan(RunId("first"), pairs, canonical)


def timed(snapshot: Snapshot, folder: Path | None, laps: dict[str, float]) -> Computed:
    """Return the plan of an input; adds the seconds of the processor, by phase and in all, to `laps`."""
    last: list[Any] = [time.process_time(), "start"]

    def report(phase: RunPhase, *_: object) -> None:
        if phase != last[1]:
            now = time.process_time()
            laps[str(last[1])] = laps.get(str(last[1]), 0.0) + now - last[0]
            last[:] = [now, phase]

    gc.collect()
    gc.freeze()  # As the process of a run does with its input.
    began = time.process_time()
    made = compute(snapshot, RunId("bench"), report, carry=folder)
    report(RunPhase.PUBLISH)
    laps["all"] = time.process_time() - began
    return made


def main() -> int:
    """Print one line a number of changes, then where the time went; return 1 if a value differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listings", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    wishes = parser.parse_args()
    stored, same = market(wishes.listings), True
    print(f"{wishes.listings} listings, {wishes.rounds} rounds, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(
        f"{'changed':>8} {'whole s':>8} {'carried s':>10} {'share':>6}  same value  pairs of the plan changed (whole)"
    )
    with tempfile.TemporaryDirectory() as folder:
        first = snapshot_of(stored)
        plan = published(timed(first, Path(folder) / "first", {}), first.canonical())
        for many in CHANGES:
            snapshot = replace(snapshot_of(changed(stored, many)), published=plan)
            seconds: dict[str, list[dict[str, float]]] = {"whole": [], "carried": []}
            for number in range(wishes.rounds):
                beside = Path(folder) / f"{many}-{number}"
                shutil.copytree(Path(folder) / "first", beside)
                for laps in seconds.values():
                    laps.append({})
                whole = timed(snapshot, None, seconds["whole"][-1])
                carried = timed(snapshot, beside, seconds["carried"][-1])
                shutil.rmtree(beside)
            proven = [made.objective_cent + made.stability_cost_cent for made in (whole, carried)]
            equal = abs(proven[0] - proven[1]) <= ROUNDED_CENT * len(whole.rows) and "carried over" in carried.solver
            same &= equal
            told(many, seconds, str(equal), (len(carried.changes), len(whole.changes)))
    return 0 if same else 1


def told(many: int, seconds: dict[str, list[dict[str, float]]], same: str, moved: tuple[int, int]) -> None:
    """Print the medians of one number of changes, and the phases of both ways."""
    median = {
        way: {phase: statistics.median(lap.get(phase, 0.0) for lap in laps) for phase in laps[0]}
        for way, laps in seconds.items()
    }
    whole, carried = median["whole"]["all"], median["carried"]["all"]
    print(
        f"{many:>8} {whole:>8.1f} {carried:>10.1f} {carried / whole:>6.0%}  {same:>10}  {moved[0]} ({moved[1]})",
        flush=True,
    )
    for way, phases in median.items():
        parts = ", ".join(f"{name} {lap:.1f}" for name, lap in phases.items() if name != "all" and lap >= LEAST_TOLD_S)
        print(f"{'':>8} {way}: {parts}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
