"""Time and memory of every analysis at 1,000, 10,000 and 100,000 listings: `make bench-analyses`.

The market is that of `make bench-runs`, with sites of about twelve listings that lie together. Each analysis of a size
runs in a fresh process; what it asks of (the market read, candidates valued, the free optimum decided) is made before
and not in its time, but in its memory. Stops: the ten costliest. The newcomer decides the market twice. The cube has
the territories as métropoles.
"""

import dataclasses
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from bench.sizing import KIB_PER_MB, SIZES, priced
from symbiosis.analytics.balances import GroupBy, flows_between
from symbiosis.analytics.cascades import cascades
from symbiosis.analytics.cooperation import cooperation
from symbiosis.analytics.cycles import cycles
from symbiosis.analytics.decided import Decided, decided
from symbiosis.analytics.flow_graph import FlowGraph, Layer
from symbiosis.analytics.marginals import marginals, tried
from symbiosis.analytics.newcomer import Newcomer, arrival
from symbiosis.analytics.observatory import public_cube
from symbiosis.analytics.potential import potential_of
from symbiosis.analytics.resilience import single_points
from symbiosis.analytics.structure import shape_of
from symbiosis.analytics.unmatched import unmatched
from symbiosis.domain.ids import OrganisationId, SiteId, TerritoryId
from symbiosis.domain.resources import ResourceKind
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.flow_columns import FlowResource, FlowSite
from symbiosis.store.snapshot import OpenListing, StoredMarket

A_SITE = 12
DEGREES = 2.2


def market_of(listings: int) -> StoredMarket:
    """Return the priced country with sites of about twelve listings."""
    market = priced(listings)
    order = sorted(market.listings, key=lambda x: (round(x.lat, 1), round(x.lon, 1), x.listing_id))
    sited = (dataclasses.replace(x, site_id=SiteId(f"site-{n // A_SITE:06}")) for n, x in enumerate(order))
    return dataclasses.replace(market, listings=tuple(sited))


def sites_of(market: StoredMarket) -> list[FlowSite]:
    """Return the sites of a market, each in the territory of its place."""
    first = {x.site_id: x for x in reversed(market.listings)}
    return [
        FlowSite(site_id, OrganisationId(site_id), site_id, "20.11Z", None, "0", "", x.lat, x.lon, (), _territory(x))
        for site_id, x in sorted(first.items())
    ]


def _territory(x: OpenListing) -> TerritoryId:
    return TerritoryId(f"{x.lat // DEGREES:.0f}:{x.lon // DEGREES:.0f}")


def suggested(market: StoredMarket, now: Decided) -> FlowGraph:
    """Return the plan as a flow graph."""
    catalogue = [FlowResource(r.code, "", "", r.kind, r.base_unit, r.waste_codes) for r in market.resources]
    whole = potential_of(sites_of(market), catalogue, now.snapshot)
    flow = now.plan.flow[now.values.millicent_per_base > 0]
    return dataclasses.replace(whole.kept(flow > 0), layer=Layer.SUGGESTED, quantity_base=flow[flow > 0])


def _fifty(now: Decided) -> int:
    rows = np.random.default_rng(1).choice(np.flatnonzero(now.plan.price_supply_low > 0), 50)
    found = tried(now, rows)
    return max(abs(one.predicted_millicent - one.found_millicent) for one in found)


QUESTIONS: dict[str, Callable[[StoredMarket, Decided, FlowGraph], object]] = {
    "decide": lambda market, now, graph: decided(now.snapshot).value_cent,
    "between": lambda market, now, graph: len(flows_between(graph, GroupBy.TERRITORY)),
    "shape": lambda market, now, graph: shape_of(graph).communities,
    "cascades": lambda market, now, graph: len(cascades(graph, ResourceKind.MATERIAL).best),
    "cycles": lambda market, now, graph: sum(cycles(graph).counts.values()),
    "unmatched": lambda market, now, graph: len(unmatched(now.snapshot, {})),
    "marginals": lambda market, now, graph: len(marginals(now)),
    "50 tried": lambda market, now, graph: _fifty(now),
    "stops": lambda market, now, graph: len(single_points(now, 10)),
    "cooperation": lambda market, now, graph: len(
        cooperation(now, {site.site_id: str(site.metropole_id) for site in sites_of(market)}).parties
    ),
    "newcomer": lambda market, now, graph: arrival(market, Newcomer("24.51Z", 100, 45.7, 4.85)).gain_cent_per_year,
    "observatory": lambda market, now, graph: len(public_cube(graph)),
}


def one(question: str, listings: int) -> None:
    """Answer one question at one size and print what it took as JSON."""
    market = market_of(listings)
    now = decided(snapshot_of(market))
    graph = suggested(market, now)
    began = time.perf_counter()
    answer = QUESTIONS[question](market, now, graph)
    seconds = time.perf_counter() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MB
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb, "answer": answer, "flows": len(graph)}))


def main() -> int:
    """Print one line for each question and size and return 0; sizes may be named."""
    if len(sys.argv) > 2:
        one(sys.argv[1], int(sys.argv[2]))
        return 0
    sizes = (int(sys.argv[1]),) if len(sys.argv) > 1 else SIZES
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    for listings in sizes:
        for question in QUESTIONS:
            command = [sys.executable, "-m", "bench.analyses", question, str(listings)]
            try:
                done = subprocess.run(command, capture_output=True, check=True, timeout=600)
            except subprocess.TimeoutExpired:
                print(f"{listings:>8,} listings  {question:<12}  not within 600 s", flush=True)
                continue
            facts = json.loads(done.stdout)
            print(
                f"{listings:>8,} listings  {question:<12} {facts['seconds']:8.2f} s  {facts['peak_mb']:6,.0f} MB  "
                f"{facts['flows']:>7,} flows  answer {facts['answer']}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
