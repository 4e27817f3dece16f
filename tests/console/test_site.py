"""The site manager's page, and one story from a by-product in somebody's words to its first delivery."""

from typing import Any, Final

from playwright.async_api import Page, expect

from symbiosis.matching.run import run_exchange
from tests.console.test_queue import FACILITATOR, answered, opened

MANAGER: Final = "demo-site-manager"
OPERATED: Final = """
query ($id: ID!) {
  synergy(id: $id) {
    status delivered { quantity unit deliveryCount }
    history(first: 20) { nodes { action to } }
  }
}
"""

BEST_RANKED: Final = """
fragment Own on Listing { id version site { name } }
query { synergies(first: 1, where: {status: {eq: SUGGESTED}, siteId: {eq: "site-31963279000139"}}) {
  nodes { supply { ...Own } demand { ...Own } }
} }
"""
HIDE: Final = "mutation ($input: UpdateListingInput!) { updateListing(input: $input) { __typename } }"


async def listed(page: Page, words: str, resource: str, quantity: str) -> None:
    """List a supply in the words of a site manager."""
    await page.get_by_label("What is it?").fill(words)
    await page.get_by_role("radio", name=resource).check()
    await page.get_by_label("Quantity a year (t)").fill(quantity)
    await page.get_by_role("button", name="List it").click()
    await expect(page.get_by_role("heading", name=f"“{words}” is listed")).to_be_visible()


async def stepped(page: Page, status: str) -> None:
    """Take the open synergy to a status that needs nothing stated."""
    await page.get_by_role("toolbar").get_by_role("button", name=f"→ {status}").click()
    await expect(page.locator(".detail-head .chip").first).to_have_text(status)


async def test_a_by_product_is_listed_run_reviewed_and_delivered(town: Any, open_page: Any, axe: Any) -> None:
    site = await open_page(MANAGER, "#/site")
    await listed(site, "untreated wood offcuts", "Untreated wood offcuts", "120")
    await expect(site.get_by_role("table", name="Whom it could meet right now")).to_contain_text("km")
    assert await axe(site) == []
    query = '{ listings(first: 1, where: {title: {eq: "untreated wood offcuts"}}) { nodes { id } } }'
    listing = (await answered(town, query))["listings"]["nodes"][0]["id"]

    await run_exchange(town.graph, period="story")

    queue = await open_page(FACILITATOR, f"#/queue?listing={listing}")
    await queue.locator(".line").first.click()
    synergy = await opened(queue)
    await queue.get_by_role("button", name="Shortlist").click()
    for status in ("contact", "discussion", "negotiation"):
        await stepped(queue, status)
    await queue.get_by_role("tab", name="Follow-up").click()
    await queue.get_by_role("button", name="Attach a document").click()
    await queue.get_by_label("Title").fill("Agreement of 2 November 2026")
    await queue.get_by_label("Link (https)").fill("https://documents.example/agreement-1")
    await queue.get_by_role("button", name="Save").click()
    await expect(queue.get_by_role("link", name="Agreement of 2 November 2026")).to_be_visible()
    await queue.get_by_role("toolbar").get_by_role("button", name="→ agreed").click()
    await queue.get_by_role("button", name="Save").click()
    await expect(queue.locator(".detail-head .chip").first).to_have_text("agreed")
    await queue.get_by_role("toolbar").get_by_role("button", name="→ operating").click()
    await queue.get_by_role("button", name="Save").click()
    await expect(queue.locator(".detail-head .chip").first).to_have_text("operating")
    await queue.get_by_role("button", name="Record a delivery").click()
    await queue.get_by_label("Quantity (t)").fill("11.5")
    await queue.get_by_role("button", name="Save").click()
    await expect(queue.get_by_role("table", name="in one delivery")).to_contain_text("11.5")

    kept = (await answered(town, OPERATED, id=synergy))["synergy"]
    assert kept["status"] == "OPERATING"
    assert kept["delivered"] == {"quantity": 11.5, "unit": "TONNE", "deliveryCount": 1}
    taken = [entry["to"] for entry in reversed(kept["history"]["nodes"]) if entry["action"] == "MOVE_SYNERGY"]
    assert taken == ["SHORTLISTED", "CONTACT", "DISCUSSION", "NEGOTIATION", "AGREED", "OPERATING"]

    await site.reload()
    await site.get_by_role("tab", name="Under way").click()
    await expect(site.get_by_text("operating", exact=True)).to_be_visible()


async def test_a_listing_is_changed_to_the_next_level_and_withdrawn(town: Any, open_page: Any, axe: Any) -> None:
    page = await open_page(MANAGER, "#/site")
    await page.get_by_label("What is it?").fill("sawdust from the workshop")
    await page.get_by_role("radio", name="Sawdust").check()
    await page.get_by_role("button", name="List it").click()
    await expect(page.locator(".ahead")).to_contain_text("Add a quantity")
    change = page.get_by_role("button", name="Change “sawdust from the workshop”")
    await change.click()
    await page.get_by_label("Quantity a year (t)").fill("40")
    await page.get_by_label("Description").fill("From the saws, in bags under a roof.")
    await page.get_by_label("First day").fill("2027-01-01")
    await page.get_by_label("powder").check()
    await page.get_by_label("Waste code").select_option(index=1)
    await page.get_by_role("button", name="Add a quality").click()
    await page.locator("#q-0").select_option("MOISTURE_SHARE")
    await page.locator("#q-0-high").fill("0.15")
    assert await axe(page) == []
    await page.get_by_role("button", name="Save").click()
    row = page.locator(".mine > li", has_text="sawdust from the workshop")
    await expect(row).to_contain_text("ready for a contract")
    await page.get_by_role("button", name="Withdraw “sawdust from the workshop”").click()
    await page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    await expect(row).to_have_count(0)
    query = (
        '{ listings(first: 1, where: {status: null, title: {startsWith: "sawdust from"}}) { nodes { status level } } }'
    )
    assert (await answered(town, query))["listings"]["nodes"] == [{"status": "WITHDRAWN", "level": "CONTRACT_READY"}]


async def test_consent_is_given_until_a_day_and_taken_back(town: Any, open_page: Any, axe: Any) -> None:
    sides = (await answered(town, BEST_RANKED, MANAGER))["synergies"]["nodes"][0].values()
    own = next(side for side in sides if side["site"]["name"] == "KEM ONE")
    hidden = {"id": own["id"], "version": own["version"], "visibility": "ANONYMISED"}
    await answered(town, HIDE, MANAGER, input=hidden)
    page = await open_page(MANAGER, "#/site", width=390)
    await page.get_by_role("tab", name="Suggested partners").click()
    await page.get_by_role("button", name="Consent to be known").first.click()
    await expect(page.get_by_role("dialog")).to_contain_text("neither your price")
    assert await axe(page) == []
    await page.get_by_role("dialog").get_by_role("button", name="Consent to be known").click()
    await expect(page.locator(".consent").first).to_contain_text("the other side has not yet")
    await page.get_by_role("button", name="Take back my consent").first.click()
    await expect(page.locator(".consent").first).to_contain_text("You have not consented")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
