"""Pictures of every view of the console, wide and narrow, into docs/pictures/console: `make screenshots`."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.async_api import Browser

from tools.browser import CHROMIUM, PEOPLE, DemoTown, demo_town, entered, headless, served_town, settled

PICTURES: Final = Path("docs/pictures/console")
WIDTHS: Final = (1280, 390)
VIEWS: Final = (
    ("queue", "facilitator", "#/queue"),
    ("map", "facilitator", "#/map"),
    ("flows", "facilitator", "#/flows"),
    ("run", "facilitator", "#/run"),
    ("analyses", "facilitator", "#/analyses"),
    ("site", "site manager", "#/site"),
    ("workshop", "facilitator", "#/workshop"),
    ("observatory", "visitor", "#/observatory"),
)


async def main() -> int:
    """Write the pictures and return 0; 1 where there is no Chromium."""
    if CHROMIUM is None:
        sys.stderr.write("There is no chromium on this machine; Debian's package `chromium` brings it.\n")
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with demo_town(Path(folder)) as town, served_town(town) as url, headless() as browser:
            for name, who, address in VIEWS:
                for width in WIDTHS:
                    await _picture(browser, town, f"{url}/{address}", (name, who, width))
    return 0


async def _picture(browser: Browser, town: DemoTown, address: str, wanted: tuple[str, str, int]) -> None:
    name, who, width = wanted
    subject = PEOPLE[who]
    page = await entered(browser, town.token(subject) if subject else None, width=width, locale="en-GB")
    await page.goto(address)
    await settled(page)
    if name == "queue":
        await page.locator(".queue-list a.line").first.click()
        await settled(page)
    path = PICTURES / f"{name}-{width}.png"
    await page.screenshot(path=path)
    sys.stdout.write(f"{path}  {path.stat().st_size / 1000:,.0f} kB\n")
    await page.context.close()


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
