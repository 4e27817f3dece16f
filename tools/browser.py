"""Chromium in front of the demo territory: for the console's tests, its screenshots and its measurements."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from symbiosis.analytics.publishing import published
from symbiosis.api.tokens import development_token
from symbiosis.app import create_app
from symbiosis.cli.serving import listen
from symbiosis.domain.ids import RunId
from symbiosis.domain.times import utc_now
from symbiosis.ingest.load import load_demo_territory
from symbiosis.market.people import ensure_demo_people
from symbiosis.matching.run import run_exchange
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph
from symbiosis.store.local import LocalServer
from symbiosis.store.migrate import migrate

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE: Final = Path(__file__).parents[1] / "tests" / "console" / "vendor" / "axe-core-4.14.1" / "axe.min.js"
PEOPLE: Final = {
    "facilitator": "demo-facilitator",
    "analyst": "demo-analyst",
    "site manager": "demo-site-manager",
    "visitor": None,
}

SETTLED_MS: Final = 1500
LONGEST_MS: Final = 60_000

Fill = Callable[[Graph], Awaitable[None]]


@dataclass(frozen=True)
class DemoTown:
    """The demo territory: its graph, the settings that tokens are made with, and the current run."""

    graph: Graph
    settings: Settings
    run_id: RunId

    def token(self, subject: str) -> str:
        """Return a token of a person, good for an hour."""
        return development_token(self.settings, subject, 3600)


@asynccontextmanager
async def demo_town(folder: Path, fill: Fill | None = None) -> AsyncIterator[DemoTown]:
    """Give the demo territory, with what `fill` adds, after one run, on an embedded store in a folder."""
    settings = Settings(data_dir=folder, dev_tokens=True)
    async with Graph(LocalServer(folder)) as graph:
        await migrate(graph)
        await load_demo_territory(graph, now=utc_now())
        await ensure_demo_people(graph)
        if fill is not None:
            await fill(graph)
        run = await run_exchange(graph, period="console")
        await published(graph)
        yield DemoTown(graph, settings, run.run_id)


@asynccontextmanager
async def served_town(town: DemoTown) -> AsyncIterator[str]:
    """Serve a town as `symbiosis serve` does; give its address."""
    listening = listen("127.0.0.1", 0)
    app = create_app(town.settings, graph=town.graph)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listening.opened]))
    try:
        yield listening.url
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def headless() -> AsyncIterator[Browser]:
    """Give a headless Chromium; the machine must have one."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


async def entered(browser: Browser, token: str | None, *, width: int = 1280, **options: object) -> Page:
    """Return a page in a context of its own, signed in with a token."""
    context = await browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
    if token is not None:
        await context.add_init_script(f"sessionStorage.setItem('symbiosis.token', '{token}')")
    return await context.new_page()


async def settled(page: Page) -> None:
    """Wait until nothing on a page says that it waits, and pictures and maps are drawn; streams stay open."""
    await page.wait_for_timeout(SETTLED_MS)
    await page.locator(".busy, .starting").first.wait_for(state="detached", timeout=LONGEST_MS)
    for frame in await page.locator(".picture, .leaflet-container").all():
        await frame.locator("canvas").first.wait_for(state="attached", timeout=LONGEST_MS)
    await page.wait_for_timeout(SETTLED_MS)


async def findings(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical on a page, as `rule: element`."""
    await page.evaluate(AXE.read_text("utf-8"))
    found = await page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
