"""The review queue: filters, keys, undo, somebody else being first, and the same review without a console."""

from typing import Any, Final

import httpx
import pytest
from gql import Client, gql
from gql.transport.httpx import HTTPXAsyncTransport
from playwright.async_api import Page, expect

FACILITATOR: Final = "demo-facilitator"
REVIEWED: Final = """
query ($id: ID!) {
  synergy(id: $id) {
    status version reason note assignee { name } dueOn
    nextSteps { to whoMay requires allowedToYou }
    history(first: 20) { nodes { action seat actor version was to reason note assignee } }
  }
}
"""


async def answered(town: Any, query: str, subject: str = FACILITATOR, **variables: Any) -> Any:
    """Return what the API answers to somebody, the facilitator unless said."""
    headers = {"authorization": f"Bearer {town.token(subject)}"}
    async with httpx.AsyncClient(timeout=30) as client:
        sent = {"query": query, "variables": variables}
        answer = (await client.post(f"{town.url}/graphql", json=sent, headers=headers)).json()
    assert "errors" not in answer, answer
    return answer["data"]


async def suggested(town: Any, kind: str, first: int = 3) -> list[str]:
    """Return the ids of the best ranked suggestions of a kind of resource that nobody has reviewed."""
    query = (
        "query ($kind: ResourceKind!, $first: Int!) { synergies(first: $first, where: {status: {eq: SUGGESTED}, "
        "suggested: true, resourceKind: {eq: $kind}}) { nodes { id } } }"
    )
    found = await answered(town, query, kind=kind, first=first)
    return [row["id"] for row in found["synergies"]["nodes"]]


async def opened(page: Page) -> str:
    """Return the id of the synergy whose detail the page shows, once it does."""
    await expect(page.locator("#detail-title")).to_be_visible()
    return page.url.rpartition("#/queue/")[2].partition("?")[0]


async def test_the_queue_is_filtered_walked_and_read_by_keys(town: Any, open_page: Any, axe: Any) -> None:
    page = await open_page(FACILITATOR, "#/queue")
    await expect(page.locator(".line")).to_have_count(25)
    await page.get_by_label("Kind").select_option("WATER")
    await expect(page.locator(".line").first).to_be_visible()
    water = await suggested(town, "WATER", 2)
    await page.keyboard.press("Escape")
    await page.locator("h1").first.evaluate("() => document.activeElement.blur()")
    await page.keyboard.press("j")
    assert await opened(page) == water[0]
    await page.keyboard.press("j")
    await expect(page.locator(".line[aria-current=true] .line-rank")).to_be_visible()
    await page.wait_for_url(f"**#/queue/{water[1]}?kind=WATER")
    await expect(page.get_by_role("heading", name="Fair split of the value")).to_be_visible()
    await expect(page.get_by_role("table", name="What it brings and costs")).to_contain_text("Total")
    assert await axe(page) == []
    await page.keyboard.press("3")
    await expect(page.get_by_role("heading", name="Checks")).to_be_visible()
    await page.keyboard.press("4")
    await expect(page.get_by_role("heading", name="History")).to_be_visible()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert await axe(page) == []


async def test_a_review_is_undone_and_nobody_is_overwritten(town: Any, open_page: Any) -> None:
    (synergy,) = await suggested(town, "HEAT", 1)
    page = await open_page(FACILITATOR, f"#/queue/{synergy}?kind=HEAT")
    await opened(page)
    await page.keyboard.press("s")
    detail = page.locator(".queue-detail")
    await expect(detail.locator(".detail-head .chip").first).to_have_text("shortlisted")
    await page.keyboard.press("u")
    await expect(detail.locator(".detail-head .chip").first).to_have_text("suggested")
    now = (await answered(town, REVIEWED, id=synergy))["synergy"]
    assign = "mutation ($input: AssignSynergyInput!) { assignSynergy(input: $input) { __typename } }"
    await answered(town, assign, input={"id": synergy, "version": now["version"], "assigneeId": "per-demo-facilitator"})
    await page.keyboard.press("s")
    await expect(page.get_by_role("alert")).to_contain_text("Somebody changed this synergy")
    assert (await answered(town, REVIEWED, id=synergy))["synergy"]["status"] == "SUGGESTED"
    await page.get_by_role("button", name="Load anew").click()
    await expect(detail.locator(".detail-head")).to_contain_text("Demo facilitator")
    await page.keyboard.press("s")
    await expect(detail.locator(".detail-head .chip").first).to_have_text("shortlisted")
    kept = (await answered(town, REVIEWED, id=synergy))["synergy"]["history"]["nodes"]
    assert [entry["action"] for entry in kept] == ["MOVE_SYNERGY", "ASSIGN_SYNERGY", "UNDO_STEP", "MOVE_SYNERGY"]


@pytest.mark.parametrize("width", [1280, 390])
async def test_the_queue_fits_its_window_in_french_too(open_page: Any, axe: Any, width: int) -> None:
    page = await open_page(FACILITATOR, "#/queue?kind=MATERIAL", width=width, language="fr")
    await page.locator(".line").first.click()
    await expect(page.get_by_role("heading", name="Partage équitable de la valeur")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await axe(page) == []
    await page.get_by_role("tab", name="Autres possibilités").click()
    await expect(page.get_by_role("heading", name="Ce qui était possible d'autre")).to_be_visible()
    assert "[" not in await page.locator("main").inner_text()


async def test_a_review_by_console_and_by_three_lines_of_gql_have_the_same_effect(town: Any, open_page: Any) -> None:
    by_hand, by_program = await suggested(town, "ELECTRICITY", 2)
    page = await open_page(FACILITATOR, f"#/queue/{by_hand}")
    await opened(page)
    await page.keyboard.press("r")
    await page.get_by_label("price").check()
    await page.get_by_label("Note, for the facilitators").fill("The tariff is fixed until 2028.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".detail-head .chip").first).to_have_text("rejected")

    transport = HTTPXAsyncTransport(
        f"{town.url}/graphql", headers={"Authorization": f"Bearer {town.token(FACILITATOR)}"}
    )
    async with Client(transport=transport) as session:
        review = gql("mutation ($input: ReviewSynergyInput!) { reviewSynergy(input: $input) { __typename } }")
        review.variable_values = {
            "input": {
                "id": by_program,
                "version": 1,
                "review": "REJECT",
                "reason": "PRICE",
                "note": "The tariff is fixed until 2028.",
            }
        }
        assert (await session.execute(review))["reviewSynergy"]["__typename"] == "Synergy"

    console, program = [(await answered(town, REVIEWED, id=one))["synergy"] for one in (by_hand, by_program)]
    assert console == program
    assert console["status"] == "REJECTED"
    assert [entry["reason"] for entry in console["history"]["nodes"]] == ["PRICE"]
