"""One analysis of each kind on the demo territory, as tables, and what can be held against them: `make show-analyses`.

The demo is loaded into a store of its own and decided once. Then each `symbiosis analyse …` prints its first rows and
how long it took, start of the program and reading included; the Sankey diagram of the documentation is written anew.
Last come the marginal values of 50 supplies, drawn with a seed, beside what deciding again finds, the attacker of the
public cube, and Kalundborg as a test graph. Exit 1 where a value differs, a firm is narrowed, or a command fails.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np

from symbiosis.analytics.attacker import attack
from symbiosis.analytics.cells import Mark, cells_of
from symbiosis.analytics.decided import decided
from symbiosis.analytics.flow_graph import FlowGraph, Layer, read_flow_graph
from symbiosis.analytics.marginals import tried
from symbiosis.analytics.observatory import contributions_of
from symbiosis.analytics.potential import potential_of
from symbiosis.analytics.resilience import stop_of
from symbiosis.analytics.secrecy import marks_of
from symbiosis.analytics.structure import shape_of
from symbiosis.domain.ids import OrganisationId, SiteId
from symbiosis.domain.runs import RunKind
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.settings import Settings
from symbiosis.store.flow_columns import FlowResource, FlowSite
from symbiosis.store.opening import open_graph
from symbiosis.store.snapshot import StoredMarket, read_market
from tests.analytics.kalundborg import kalundborg

SHOWN: Final = "5"
TRIED: Final = 50
SEED: Final = 50
ASNAES: Final = SiteId("asnaes")
QUESTIONS: Final = (
    ("between", "--by", "territory"),
    ("balance", "--by", "section"),
    ("shape",),
    ("cascades",),
    ("cycles",),
    ("unmatched",),
    ("stops",),
    ("marginals",),
    ("radar", "--plants", "3", "--places", "4"),
    ("newcomer", "24.51Z", "--employees", "100", "--lat", "45.70", "--lon", "4.85"),
    ("cooperation", "--by", "territory"),
    ("indicators", "--from", "2026-01-01", "--until", "2026-12-31"),
    ("observatory",),
)


def said(environment: dict[str, str], *arguments: str) -> tuple[str, float]:
    """Return what a command of the program prints, and its seconds; end the program where it fails."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "symbiosis", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"symbiosis {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
    return done.stdout, time.perf_counter() - began


def tables(environment: dict[str, str]) -> None:
    """Print the first rows of each analysis."""
    for question, *wishes in QUESTIONS:
        text, seconds = said(environment, "analyse", question, *wishes, "--first", SHOWN)
        print(f"\n## symbiosis analyse {' '.join((question, *wishes))}   ({seconds:.1f} s)\n{text}", flush=True)


async def read(folder: Path) -> tuple[StoredMarket, FlowGraph]:
    """Return the market and the suggested flows of a store."""
    async with open_graph(Settings(data_dir=folder)) as graph:
        return await graph.read(read_market, RunKind.EXCHANGE), await read_flow_graph(graph, Layer.SUGGESTED)


def marginal_values(market: StoredMarket) -> int:
    """Print the largest difference between predicted and found changes of 50 supplies, and return it (millicents)."""
    now = decided(snapshot_of(market))
    worth = np.flatnonzero(now.plan.price_supply_low > 0)
    rows = np.random.default_rng(SEED).choice(worth, min(TRIED, len(worth)), replace=False)
    found = tried(now, rows)
    largest = max(abs(one.predicted_millicent - one.found_millicent) for one in found)
    moved = max(one.found_millicent for one in found)
    print(
        f"\n## Marginal values\n{len(found)} of {len(rows)} supplies drawn (the others at an end of their range): "
        f"largest difference {largest} thousandths of a cent, largest change {moved:,}"
    )
    return largest


def secrecy(graph: FlowGraph) -> int:
    """Print what the public cube shows and whom an attacker narrows, and return how many."""
    avoiding = graph.kept(graph.avoided_gco2e > 0)
    parted = [
        cells_of(contributions_of(flows, amounts))
        for flows, amounts in ((graph, graph.quantity_base), (avoiding, avoiding.avoided_gco2e))
    ]
    marks = marks_of(*parted)
    narrowed = [one for cells in parted for one in attack(cells, marks)]
    shown = sum(mark is Mark.SHOWN for mark in marks.values())
    print(f"\n## Secrecy\n{len(marks)} cells, {shown} shown, {len({one.firm for one in narrowed})} firms narrowed")
    return len(narrowed)


def hub() -> None:
    """Print who gives most in Kalundborg, and whom the stop of Asnæs leaves alone."""
    stored = kalundborg()
    now = decided(snapshot_of(stored))
    catalogue = [FlowResource(r.code, r.code, r.code, r.kind, r.base_unit, r.waste_codes) for r in stored.resources]
    first = {listing.site_id: listing for listing in stored.listings}
    sites = [
        FlowSite(key, OrganisationId(key), key, None, None, "", "", x.lat, x.lon, (), None)
        for key, x in sorted(first.items())
    ]
    shape = shape_of(potential_of(sites, catalogue, now.snapshot))
    print("\n## Kalundborg: gives to, takes from, EUR a year given")
    for one in shape.shapes[:5]:
        print(f"{one.site_id:<14} {one.gives_to:>3} {one.takes_from:>3} {one.out_strength_cent_per_year / 100:>14,.0f}")
    stop = stop_of(now, (ASNAES,))
    orphans = ", ".join(sorted({f"{one.site_id} ({one.resource_code})" for one in stop.orphans}))
    print(f"Without {ASNAES}: EUR {stop.lost_cent_per_year / 100:,.0f} a year lost; left alone: {orphans}")


def main() -> int:
    """Print everything; return 1 where a value differs or a firm is narrowed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sankey", type=Path, default=Path("docs/pictures/sankey.svg"))
    wishes = parser.parse_args()
    hub()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SYMBIOSIS_DATA_DIR": folder, "COLUMNS": "180"}
        print(said(environment, "demo", "--once")[0])
        tables(environment)
        wishes.sankey.write_text(said(environment, "analyse", "sankey", "--by", "section")[0], "utf-8")
        print(f"\n## Sankey\nwritten to {wishes.sankey}")
        market, graph = asyncio.run(read(Path(folder)))
        wrong = marginal_values(market) + secrecy(graph)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
