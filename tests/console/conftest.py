"""The console in a real browser: the demo territory behind a real server, and Chromium in front of it."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from symbiosis.api.tokens import development_token
from symbiosis.app import create_app
from symbiosis.domain.times import utc_now
from symbiosis.ingest.load import load_demo_territory
from symbiosis.market.people import ensure_demo_people
from symbiosis.matching.run import run_exchange
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph
from symbiosis.store.local import LocalServer
from symbiosis.store.migrate import migrate
from tests.api.served import served

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
AXE: Final = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT_MS: Final = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser, with the reason, where there is none."""
    if CHROMIUM is not None:
        return
    skipped = pytest.mark.skip(reason="no chromium on this machine; Debian's package `chromium` brings it")
    for item in items:
        if "town" in getattr(item, "fixturenames", ()):
            item.add_marker(skipped)


@dataclass
class Seen:
    """What a page did that it must not do: errors on its console, and requests that left its origin."""

    origin: str
    errors: list[str] = field(default_factory=list)
    strayed: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource") and "status of 401" in message.text
        if message.type in ("error", "warning") and not refused:  # Chromium says every 401; the page shows it too.
            self.errors.append(message.text)

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob") and not request.url.startswith(f"{self.origin}/"):
            self.strayed.append(request.url)


@dataclass
class Town:
    """The demo territory, served: its address, its graph, and a token for everybody in it."""

    url: str
    graph: Graph
    settings: Settings
    run_id: str

    def token(self, subject: str) -> str:
        """Return a token of a person."""
        return development_token(self.settings, subject, 3600)


@pytest.fixture(scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Give the demo territory with one published run, on an embedded store of its own, behind a real server."""
    folder = tmp_path_factory.mktemp("console")
    settings = Settings(data_dir=folder, dev_tokens=True)
    async with Graph(LocalServer(folder)) as graph:
        await migrate(graph)
        await load_demo_territory(graph, now=utc_now())
        await ensure_demo_people(graph)
        run = await run_exchange(graph, period="console")
        app = create_app(settings, graph=graph)
        app.state.services = replace(app.state.services, deadline_s=60.0)  # The machine may be busy with other tests.
        async with served(app) as host:
            yield Town(f"http://{host}", graph, settings, run.run_id)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Give a headless Chromium."""
    assert CHROMIUM is not None
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        await opened.close()


OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(town: Town, browser: Browser) -> AsyncIterator[OpenPage]:
    """Give `open_page(subject, address, width=…)`; in the end no page may have erred or asked elsewhere."""
    contexts: list[Any] = []
    seen = Seen(town.url)

    async def opens(subject: str | None, address: str = "#/", width: int = 1280, language: str = "en") -> Page:
        locale = {"en": "en-GB", "fr": "fr-FR"}[language]
        context = await browser.new_context(viewport={"width": width, "height": 900}, locale=locale)
        contexts.append(context)
        if subject is not None:
            await context.add_init_script(f"sessionStorage.setItem('symbiosis.token', '{town.token(subject)}')")
        page = await context.new_page()
        page.set_default_timeout(WAIT_MS)
        seen.watch(page)
        await page.goto(f"{town.url}/{address}")
        return page

    yield opens
    for context in contexts:
        await context.close()
    assert seen.errors == []
    assert seen.strayed == []


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


@pytest.fixture
def axe() -> Callable[[Page], Awaitable[list[str]]]:
    """Return the function that looks at a page as axe-core does."""
    return findings
