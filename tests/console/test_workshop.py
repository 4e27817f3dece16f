"""Workshop mode: a card is noted, its twin is warned of, its partners show at once, and it can be taken back."""

from typing import Any

from playwright.async_api import expect


async def test_a_card_is_noted_matched_warned_of_and_taken_back(town: Any, open_page: Any, axe: Any) -> None:
    page = await open_page("demo-facilitator", "#/workshop?territory=metropole-lyon")
    entry = page.get_by_role("form", name="New card")
    await entry.get_by_label("Site", exact=True).fill("arkema")
    await entry.get_by_role("listitem").get_by_role("button").first.click()
    await entry.get_by_label("What").fill("palettes bois cassées")
    await expect(entry.get_by_text("Taken for")).to_be_visible()
    await entry.get_by_label("How much a year").fill("25,5")
    await entry.get_by_role("button", name="Note").click()
    partners = page.get_by_role("region", name="Possible partners")
    await expect(partners.get_by_role("table")).to_contain_text("palettes bois cassées")
    assert await partners.get_by_role("row").count() > 1
    wall = page.get_by_role("region", name="Cards of the day")
    card = wall.get_by_role("listitem").filter(has_text="palettes bois cassées")
    await expect(card).to_contain_text("25.5\u202ft a year")
    assert await axe(page) == []

    await entry.get_by_label("What").fill("palettes bois")
    await expect(entry.get_by_role("alert")).to_contain_text("listing like it already")
    await entry.get_by_label("What").fill("")
    await card.get_by_role("button", name="Take back").click()
    await expect(card).to_have_count(0)


async def test_a_workshop_is_for_facilitators(open_page: Any) -> None:
    page = await open_page("demo-site-manager", "#/workshop")
    await expect(page.get_by_text("held by facilitators")).to_be_visible()
