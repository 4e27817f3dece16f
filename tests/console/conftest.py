"""The console in a real browser: the demo territory behind a real server, and Chromium in front of it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Request, expect

from symbiosis.app import create_app
from tests.api.served import served
from tools.browser import CHROMIUM, DemoTown, demo_town, entered, findings, headless

WAIT_MS: Final = 30_000
expect.set_options(timeout=WAIT_MS)


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


@dataclass(frozen=True)
class Town(DemoTown):
    """The demo territory, served: its address, its graph, and a token for everybody in it."""

    url: str


@pytest.fixture(scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Give the demo territory with one published run, on an embedded store of its own, behind a real server."""
    async with demo_town(tmp_path_factory.mktemp("console")) as made:
        app = create_app(made.settings, graph=made.graph)
        app.state.services = replace(app.state.services, deadline_s=60.0)  # The machine may be busy with other tests.
        async with served(app) as host:
            yield Town(made.graph, made.settings, made.run_id, f"http://{host}")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Give a headless Chromium."""
    async with headless() as opened:
        yield opened


OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(town: Town, browser: Browser) -> AsyncIterator[OpenPage]:
    """Give `open_page(subject, address, width=…)`; in the end no page may have erred or asked elsewhere."""
    contexts: list[Any] = []
    seen = Seen(town.url)

    async def opens(subject: str | None, address: str = "#/", width: int = 1280, language: str = "en") -> Page:
        locale = {"en": "en-GB", "fr": "fr-FR"}[language]
        page = await entered(browser, subject and town.token(subject), width=width, locale=locale)
        contexts.append(page.context)
        page.set_default_timeout(WAIT_MS)
        seen.watch(page)
        await page.goto(f"{town.url}/{address}")
        return page

    yield opens
    for context in contexts:
        await context.close()
    assert seen.errors == []
    assert seen.strayed == []


@pytest.fixture
def axe() -> Callable[[Page], Awaitable[list[str]]]:
    """Return the function that looks at a page as axe-core does."""
    return findings
