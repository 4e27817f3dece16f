"""The analyses: a question is asked by a form, worked on in the background, and answered as a picture and a table."""

import re
from typing import Any, Final

from playwright.async_api import expect

LONG_MS: Final = 90_000


async def test_a_stop_is_asked_for_followed_and_kept(open_page: Any, axe: Any) -> None:
    page = await open_page("demo-facilitator", "#/analyses")
    await page.get_by_label("Territory").select_option("Saint-Étienne Manufacture")
    await page.get_by_label("How many").fill("3")
    await page.get_by_role("button", name="Start").click()
    await page.wait_for_url(re.compile(r"#/analyses/ana-"))
    picture = page.get_by_role("img", name="What is lost if a site stops?")
    await expect(picture.locator("canvas")).to_be_visible(timeout=LONG_MS)
    await expect(page.get_by_text("All exchanges are worth")).to_be_visible()
    await page.get_by_role("button", name="As a table").click()
    answer = page.get_by_role("table", name="What is lost if a site stops?")
    await expect(answer.get_by_role("row")).to_have_count(4)
    await expect(page.get_by_role("table", name="Kept analyses").get_by_role("row").nth(1)).to_contain_text("done")
    assert await axe(page) == []
    await page.get_by_label("Question", exact=True).select_option("What would a new plant bring?")
    await expect(page.get_by_label("Activity (NAF)")).to_have_value("24.51Z")


async def test_the_radar_is_asked_for_without_treatments(open_page: Any, axe: Any) -> None:
    page = await open_page("demo-facilitator", "#/analyses")
    await page.get_by_label("Territory").select_option("Saint-Étienne Manufacture")
    await page.get_by_label("Question", exact=True).select_option("Which plants would unlock most?")
    await page.get_by_label("How many").fill("1")
    await expect(page.get_by_label("Also treatments that are missing")).to_be_checked()
    await page.get_by_label("Also treatments that are missing").uncheck()
    assert await axe(page) == []
    async with page.expect_request(lambda one: "StartAnalysis" in (one.post_data or "")) as asked:
        await page.get_by_role("button", name="Start").click()
    sent = (await asked.value).post_data_json
    assert sent["variables"]["input"]["question"] == {"radar": {"plants": 1, "employees": 100, "treatments": False}}
    await page.wait_for_url(re.compile(r"#/analyses/ana-"))
    picture = page.get_by_role("img", name="Which plants would unlock most?")
    await expect(picture.locator("canvas")).to_be_visible(timeout=LONG_MS)
