"""What a run needs: time and memory of its compute part at 1,000, 10,000 and 100,000 listings: `make bench-runs`.

The market is that of `make bench-candidates`, with prices for everything, so that candidates are valued, solved,
checked and turned into suggestions. Each size runs in a fresh process. Reading the market from the store and writing
the suggestions into it are not in it: they depend on the server.
"""

import dataclasses
import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

from bench.candidates import country
from symbiosis.domain.ids import RunId
from symbiosis.domain.worth import Spread
from symbiosis.matching.compute import compute
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.snapshot import StoredMarket

SIZES = (1_000, 10_000, 100_000)
FACTORS = {"detour": 1.3, "cost": 0.13, "emissions": 0.09, "loading": 6.0, "loss": 0.0}
KIB_PER_MB = 1024


def priced(listings: int) -> StoredMarket:
    """Return the country with that many listings, each with a price of its own between 10 and 150 EUR per tonne."""
    market, rng = country(listings // 2), np.random.default_rng(5)
    prices = rng.integers(1_000, 15_000, len(market.listings)).tolist()
    stated = (
        dataclasses.replace(x, price_cent_per_trade_unit=price)
        for x, price in zip(market.listings, prices, strict=True)
    )
    ways = ("truck", "truck_44t", "rigid")
    factors = {f"transport.{way}.{part}@1": Spread.exact(FACTORS[part]) for way in ways for part in FACTORS}
    factors["transport.detour@1"] = Spread.exact(FACTORS["detour"])
    return dataclasses.replace(market, listings=tuple(stated), factors=factors)


def one(listings: int) -> None:
    """Compute one market and print what it took as JSON."""
    snapshot = snapshot_of(priced(listings))
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MB
    began = time.perf_counter()
    made = compute(snapshot, RunId("run"), lambda *_: None)
    facts = {
        "seconds": time.perf_counter() - began,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MB,
        "market_mb": before_mb,
        "candidates": made.candidates,
        "components": made.components,
        "suggestions": len(made.rows),
    }
    print(json.dumps(facts))


def main() -> int:
    """Print one line for each size and return 0."""
    if len(sys.argv) > 1:
        one(int(sys.argv[1]))
        return 0
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    for listings in SIZES:
        answer = subprocess.run([sys.executable, "-m", "bench.sizing", str(listings)], capture_output=True, check=True)
        facts = json.loads(answer.stdout)
        print(
            f"{listings:>8,} listings  {facts['candidates']:>10,} candidates  {facts['components']:>6,} components  "
            f"{facts['suggestions']:>8,} suggestions  {facts['seconds']:7.2f} s  {facts['peak_mb']:6,.0f} MB at most"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
