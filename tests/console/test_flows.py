"""The flow view: the same flows as a picture and as a table, by what one asks; what is left over has its reason."""

from typing import Any

from playwright.async_api import expect


async def test_flows_are_seen_by_sector_and_resource_and_told_as_a_table(open_page: Any, axe: Any) -> None:
    page = await open_page("demo-facilitator", "#/flows")
    picture = page.get_by_role("img", name="Who gives (left) to whom (right), by value and per year")
    await expect(picture.locator("canvas")).to_be_visible()
    assert await axe(page) == []
    await page.get_by_role("button", name="As a table").click()
    table = page.get_by_role("table")
    await expect(table).to_contain_text("C Manufacturing")
    by_sector = await table.get_by_role("row").count()

    await page.get_by_label("Grouped by").select_option("territory")
    await expect(page.get_by_role("button", name="As a table")).to_be_visible()
    await page.get_by_role("button", name="As a table").click()
    await expect(table).to_contain_text("Métropole de Lyon")
    assert 1 < await table.get_by_role("row").count() < by_sector

    await page.get_by_label("Resource").select_option("heat")
    await page.get_by_label("Width").select_option("quantity in MWh")
    await expect(page.get_by_text("by quantity in MWh and per year").first).to_be_visible()
    assert "kind=HEAT" in page.url
    assert "measure=MWH" in page.url


async def test_the_network_shows_hubs_and_the_rest_its_reasons(open_page: Any, axe: Any) -> None:
    page = await open_page("demo-analyst", "#/flows/network?by=SITE&kind=HEAT")
    await expect(page.get_by_role("img", name="Who exchanges with whom").locator("canvas")).to_be_visible()
    await expect(page.get_by_text("sites that exchange")).to_be_visible()
    hubs = page.get_by_role("table", name="Where sites stand in the network")
    assert await hubs.get_by_role("row").count() > 2
    await page.get_by_role("tab", name="Left over").click()
    await expect(page.get_by_role("img", name="What the plan leaves over").locator("canvas")).to_be_visible()
    await page.get_by_role("button", name="As a table").click()
    await expect(page.get_by_role("table")).to_contain_text("MWh")
    assert await axe(page) == []
    await page.get_by_role("tab", name="Balances").click()
    await expect(page.get_by_role("table")).to_contain_text("heat")


async def test_a_site_manager_has_no_flow_view_in_the_menu(open_page: Any) -> None:
    page = await open_page("demo-site-manager", "#/observatory")
    await expect(page.get_by_role("link", name="Map")).to_be_visible()
    await expect(page.get_by_role("link", name="Flows")).to_have_count(0)
