"""The run view: the plan and its proof, a preview started and followed, scenarios side by side."""

import re
from typing import Any, Final, LiteralString

from playwright.async_api import expect

from symbiosis.store.graph import Tx

LONG_MS: Final = 90_000
CHANGED: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})-[:SUGGESTS]->(synergy:Synergy)
WITH run, synergy ORDER BY synergy.id LIMIT 3
CREATE (run)-[changes:CHANGES]->(synergy)
SET changes.place = 1, changes.kind = 'NEW', changes.cause = 'LISTING_NEW',
    run.change_counts = 'NEW|LISTING_NEW|3 GONE|DISPLACED|2',
    run.front_avoided_gco2e_per_year = [1000000, 2000000], run.front_value_cent_per_year = [500000, 400000],
    run.front_bound_cent_per_year = [500000, 400000], run.front_marginal_cent_per_t = [0, 2550]
RETURN count(changes) AS many
"""
"""What a run keeps where the plan before it was another, and a front was drawn."""


async def test_a_preview_is_started_followed_and_shows_to_its_maker_alone(open_page: Any, axe: Any) -> None:
    page = await open_page("demo-facilitator", "#/run")
    await expect(page.get_by_text("The best plan there is, proven.")).to_be_visible()
    await expect(page.get_by_text("current plan")).to_be_visible()
    assert await axe(page) == []
    await page.get_by_role("button", name="New run").click()
    dialog = page.get_by_role("dialog", name="New run")
    await dialog.get_by_label("Decide anew").select_option("Saint-Étienne Manufacture")
    await dialog.get_by_role("button", name="Start the preview").click()
    await expect(page.get_by_role("progressbar", name="Under way")).to_be_visible()
    await page.wait_for_url(re.compile(r"#/run/run-[^?]+(?!.*follow)"), timeout=LONG_MS)
    await expect(page.get_by_text("preview, not published")).to_be_visible(timeout=LONG_MS)
    await expect(page.get_by_role("progressbar")).to_have_count(0)
    address = page.url.partition("/#")[2].partition("?")[0]

    await page.get_by_role("tab", name="Value or CO₂").click()
    await expect(page.get_by_text("No front was drawn for this run.")).to_be_visible()
    await page.get_by_role("tab", name="All runs").click()
    await expect(page.get_by_role("table", name="My previews")).to_contain_text("preview, not published")

    other = await open_page("demo-analyst", f"#{address}")
    await expect(other.get_by_text("There is no such run")).to_be_visible()
    await expect(other.get_by_role("button", name="New run")).to_have_count(0)


async def test_what_changed_says_why_and_the_front_is_a_picture(town: Any, open_page: Any, axe: Any) -> None:

    async def record(tx: Tx) -> int:
        return int((await tx.run(CHANGED, run_id=town.run_id))[0]["many"])

    assert await town.graph.write(record) == 3
    page = await open_page("demo-facilitator", "#/run?tab=changes")
    await expect(page.get_by_role("img", name="Pairs whose quantity differs").locator("canvas")).to_be_visible()
    changes = page.get_by_role("table", name="The changes of most value")
    await expect(changes.get_by_role("row").nth(1)).to_contain_text("new listing")
    await expect(changes.get_by_role("row").nth(1).get_by_role("link")).to_have_attribute(
        "href", re.compile("#/queue/syn-")
    )
    assert await axe(page) == []
    await page.get_by_role("tab", name="Value or CO₂").click()
    await expect(page.get_by_role("img", name="The most value for every amount").locator("canvas")).to_be_visible()
    await page.get_by_role("button", name="As a table").click()
    await expect(page.get_by_role("table")).to_contain_text("€25.50 a tonne")
