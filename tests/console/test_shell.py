"""The shell of the console: its files, its policy, signing in, languages, light and dark."""

import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "symbiosis" / "console" / "static"
VENDORED = [STATIC / "vendor", ROOT / "tests" / "console" / "vendor"]


@pytest.mark.parametrize("folder", VENDORED, ids=["console", "tests"])
def test_every_vendored_file_is_the_recorded_one(folder: Path) -> None:
    recorded = json.loads((folder / "sources.json").read_text("utf-8"))
    sums = {name: digest for package in recorded.values() for name, digest in package["sha256"].items()}
    there = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "sources.json"
    }
    assert there == sums
    assert all("LICENSE" in " ".join(package["sha256"]) for package in recorded.values())


def test_every_file_of_the_console_is_committed() -> None:
    """What git ignores is in no clone and in no wheel."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    ignored = subprocess.run(
        ["git", "ls-files", "--others", "--ignored", "--exclude-standard", "symbiosis/console"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [name for name in ignored.stdout.split() if "__pycache__" not in name] == []


def test_french_and_english_say_the_same_things() -> None:
    for path in sorted(STATIC.glob("js/**/*.js")):
        text = path.read_text("utf-8")
        if "export const words = {" not in text:
            continue
        halves = text.partition("export const words = {")[2].split("\n  en: {")
        assert len(halves) == 2, f"{path.name}: words have `fr` first, then `en`"
        french, english = (set(re.findall(r'^\s+"([\w.]+)":', half, re.MULTILINE)) for half in halves)
        assert french == english, f"{path.name}: {sorted(french ^ english)}"


def test_no_file_of_ours_asks_for_another_place() -> None:
    for path in sorted([*STATIC.glob("js/**/*.js"), *STATIC.glob("css/*.css"), STATIC / "index.html"]):
        assert not re.search(r"https?://(?!www\.w3\.org/)", path.read_text("utf-8")), path.name


async def test_the_files_come_packed_tagged_and_under_a_strict_policy(town: Any) -> None:
    async with httpx.AsyncClient(base_url=town.url) as client:
        page = await client.get("/")
        assert page.headers["content-encoding"] == "gzip"
        policy = page.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'; script-src 'self'")
        again = await client.get("/", headers={"if-none-match": page.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        vendored = await client.get("/console/vendor/htm-3.1.1/preact/standalone.module.js")
        assert "immutable" in vendored.headers["cache-control"]
        assert (await client.get("/console/../app.py")).status_code == 404
        assert (await client.get("/console/%2e%2e/pages.py")).status_code == 404
        outlines = (await client.get("/console/data/communes.geojson")).json()
        assert len(outlines["features"]) == 111


async def test_a_visitor_signs_in_and_leaves(town: Any, open_page: Any, axe: Any) -> None:
    page = await open_page(None, "#/sign-in")
    assert await axe(page) == []
    await page.get_by_label("Token or API key").fill("not a token")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("token")
    await page.get_by_label("Token or API key").fill(town.token("demo-facilitator"))
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    await page.get_by_role("button", name="Français").click()
    await expect(page.get_by_role("link", name="Carte")).to_be_visible()
    await page.get_by_role("button", name="Affichage sombre").click()
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
    await page.get_by_role("button", name="Quitter").click()
    await expect(page.get_by_role("link", name="Se connecter")).to_be_visible()
    assert await page.evaluate("sessionStorage.getItem('symbiosis.token')") is None


async def test_a_token_in_the_address_signs_in_and_is_gone_from_it(town: Any, open_page: Any) -> None:
    page = await open_page(None, f"#token={town.token('demo-facilitator')}")
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert "token" not in page.url
