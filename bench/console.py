"""The console in a real browser with 5,000 synergies and 2,000 sites in the store: `make bench-console`.

First useful paint: from the start of navigation, with an empty cache, until the first row of the queue is there.
Bytes: what the network carried for that (packed). Pan: frames while the map with all sites is dragged for two seconds,
drawn by the processor, for the machine has no graphics card. axe: serious and critical findings of each view.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from playwright.async_api import Browser, Page

from symbiosis.domain.ids import ListingId, SiteId
from symbiosis.domain.times import utc_now
from symbiosis.ingest import tables
from symbiosis.ingest.estimator import estimated_listings
from symbiosis.store.graph import Graph
from symbiosis.store.loading import BATCH, put_listings, put_sites
from tools.browser import CHROMIUM, PEOPLE, DemoTown, demo_town, entered, findings, headless, served_town, settled
from tools.screenshots import VIEWS

COPIES, SITES, ROUNDS = 2, 2000, 5
ROW = ".queue-list a.line"
FRAMES = """
() => new Promise((done) => {
  const times = [];
  const step = (now) => { times.push(now); window.panning === false ? done(times) : requestAnimationFrame(step); };
  window.panning = true;
  requestAnimationFrame(step);
})
"""
BYTES = """
() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .map((entry) => [entry.name.split('/').pop() || '/', entry.transferSize])
"""


async def fill(graph: Graph) -> None:
    """Add copies of the demo's sites up to 2,000, and of their estimated listings, with other places and quantities."""
    rng, now = np.random.default_rng(3), utc_now()
    sites = list(tables.sites())
    for place in range(SITES - len(sites)):
        like = sites[place]
        lat, lon = like.lat + rng.normal(0, 0.02), like.lon + rng.normal(0, 0.02)
        sites.append(replace(like, site_id=SiteId(f"{like.site_id}-{place}"), lat=lat, lon=lon, siret=None))
    await graph.write(put_sites, sites)
    estimated = list(estimated_listings(tables.sites(), at=now))
    rows = [
        replace(
            listing,
            listing_id=ListingId(f"{listing.listing_id}-{copy}"),
            site_id=sites[int(rng.integers(len(sites)))].site_id,
            quantity_base_per_year=max(1, int((listing.quantity_base_per_year or 1) * rng.uniform(0.3, 3))),
            quantity_low_base_per_year=None,
            quantity_high_base_per_year=None,
        )
        for copy in range(COPIES)
        for listing in estimated
    ]
    for start in range(0, len(rows), BATCH):
        await graph.write(put_listings, rows[start : start + BATCH])


async def first_row(browser: Browser, address: str, token: str) -> tuple[float, list[tuple[str, int]]]:
    """Return the seconds until the first row of the queue is there, and what was transferred for it."""
    page = await entered(browser, token, locale="en-GB")
    await page.goto(address, wait_until="commit")
    await page.locator(ROW).first.wait_for(timeout=60_000)
    seconds = await page.evaluate("performance.now()") / 1000
    sent = await page.evaluate(BYTES)
    await page.context.close()
    return seconds, [(name, size) for name, size in sent]


async def pan(page: Page) -> tuple[float, float]:
    """Return frames a second and the longest frame (ms) while the map is dragged for two seconds."""
    box = await page.locator(".leaflet-container").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    frames = asyncio.create_task(page.evaluate(FRAMES))
    await page.mouse.move(x, y)
    await page.mouse.down()
    until, step = time.monotonic() + 2, 0
    while time.monotonic() < until:
        step += 1
        await page.mouse.move(x + 120 * np.sin(step / 15), y + 80 * np.cos(step / 15))
    await page.mouse.up()
    await page.evaluate("window.panning = false")
    gaps = np.diff(np.array(await frames))
    return 1000 / float(gaps.mean()), float(gaps.max())


async def main() -> int:
    """Print the figures and return 0; 1 where there is no Chromium."""
    if CHROMIUM is None:
        sys.stderr.write("There is no chromium on this machine; Debian's package `chromium` brings it.\n")
        return 1
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory() as folder:
        async with demo_town(Path(folder), fill) as town, served_town(town) as url, headless() as browser:
            await _report(town, url, browser)
    return 0


async def _report(town: DemoTown, url: str, browser: Browser) -> None:
    rows = await town.graph.read(lambda tx: tx.run("MATCH (s:Synergy) RETURN count(s) AS many"))
    print(f"{rows[0]['many']:,} synergies, {SITES:,} sites in the embedded store")
    token = town.token("demo-facilitator")
    taken = [await first_row(browser, f"{url}/#/queue", token) for _ in range(ROUNDS)]
    seconds = sorted(seconds for seconds, _ in taken)
    print(f"first row of the queue: median {statistics.median(seconds):.2f} s ({seconds[0]:.2f} to {seconds[-1]:.2f})")
    sent = taken[-1][1]
    files = sum(size for name, size in sent if name != "graphql")
    print(
        f"transferred for it: {sum(size for _, size in sent):,} bytes, {files:,} of them files ({len(sent)} requests)"
    )
    page = await entered(browser, token, locale="en-GB")
    await page.goto(f"{url}/#/map")
    await settled(page)
    rate, longest = await pan(page)
    print(f"pan of the map: {rate:.0f} frames a second, the longest {longest:.0f} ms")
    for name, who, address in VIEWS:
        subject = PEOPLE[who]
        page = await entered(browser, town.token(subject) if subject else None, locale="en-GB")
        await page.goto(f"{url}/{address}")
        await settled(page)
        found = await findings(page)
        print(f"axe, {name}: {len(found)} serious or critical findings {found[:3] if found else ''}")
        await page.context.close()


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
