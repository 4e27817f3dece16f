"""The observatory: open to everybody, with what is hidden said, and data to take home."""

import csv
import json
from pathlib import Path
from typing import Any

from playwright.async_api import expect


def _text(path: Path) -> str:
    return path.read_text("utf-8")


async def test_a_visitor_reads_the_observatory_and_takes_its_data_home(town: Any, open_page: Any, axe: Any) -> None:
    page = await open_page(None, "#/observatory")
    bands = page.get_by_role("region", name="Where materials come from, and which")
    await expect(bands.get_by_role("img").locator("canvas")).to_be_visible()
    await expect(page.get_by_text("cells of this publication are not shown")).to_be_visible()
    await page.get_by_role("link", name="Why numbers are missing").click()
    assert await page.evaluate("document.activeElement.id") == "observatory-hidden"
    assert await axe(page) == []
    families = page.get_by_role("region", name="Tonnes by family of materials")
    await families.get_by_role("button", name="As a table").click()
    shown = await families.get_by_role("row").count() - 1

    async with page.expect_download() as csv_file:
        await page.get_by_role("button", name="Download as CSV").click()
    lines = _text(await (await csv_file.value).path()).splitlines()
    assert town.run_id in lines[0]
    rows = list(csv.DictReader(lines[1:]))
    async with page.expect_download() as json_file:
        await page.get_by_role("button", name="Download as JSON").click()
    taken = json.loads(_text(await (await json_file.value).path()))
    assert [float(row["tonnes"]) for row in rows] == [cell["tonnes"] for cell in taken["cells"]]
    details = [row for row in rows if row["measure"] == "SUGGESTED" and "*" not in (row["territory"], row["chapter"])]
    assert len(details) == shown > 0
    assert "Licence Ouverte" in taken["licence"]


async def test_the_observatory_narrows_to_a_metropole_in_french(open_page: Any) -> None:
    page = await open_page(None, "#/observatory", language="fr")
    await page.get_by_label("Métropole qui donne").select_option("Saint-Étienne Métropole")
    totals = page.get_by_role("region", name="En bref")
    await expect(totals).to_contain_text("pourraient être échangées par an")
    await expect(totals).not_to_contain_text("Métropole de Lyon")
