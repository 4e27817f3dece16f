"""The map: what weighs most is drawn, filtered, told as a table, and leads to the queue; it moves without a hitch."""

import asyncio
import re
from typing import Any, Final

from playwright.async_api import expect

WITHIN_S: Final = 30.0
LAYERS = """() => {
  const { map } = document.querySelector('.map-canvas');
  const seen = {arcs: 0, dots: 0};
  map.eachLayer((layer) => {
    if (layer._point) seen.dots += 1;
    else if (layer._parts && !layer.feature) seen.arcs += 1;
  });
  return seen;
}"""


async def drawn(page: Any) -> dict[str, int]:
    """Return how many arcs and dots the map holds."""
    seen: dict[str, int] = await page.evaluate(LAYERS)
    return seen


async def test_the_map_draws_what_its_table_tells_and_leads_to_the_queue(open_page: Any, axe: Any) -> None:
    page = await open_page("demo-facilitator", "#/map?kind=HEAT&territory=metropole-lyon&layers=synergies")
    note = page.get_by_text(re.compile(r"synergies of most weight · "))
    await expect(note).to_contain_text("all are shown")
    table = page.get_by_role("table", name="Synergies")
    rows = await table.get_by_role("row").count() - 1
    assert (await drawn(page)) == {"arcs": rows, "dots": 0}
    assert await axe(page) == []

    await page.get_by_role("button", name="Supplies").click()
    await page.get_by_role("tab", name="Listings").click()
    listings = page.get_by_role("table", name="Listings")
    await expect(listings).to_contain_text("supply")
    assert (await drawn(page))["dots"] == await listings.get_by_role("row").count() - 1
    await page.get_by_role("tab", name="Synergies").click()

    await table.get_by_role("row").nth(1).locator(".hint").get_by_role("link").first.click()
    await expect(page.get_by_role("link", name="Back to the whole map")).to_be_visible()
    card = page.get_by_role("table", name="Synergies")
    await card.get_by_role("row").nth(1).get_by_role("link").first.click()
    await page.wait_for_url(re.compile(r"#/queue/syn-"))


async def test_an_arc_on_the_map_leads_to_its_synergy(open_page: Any) -> None:
    page = await open_page("demo-facilitator", "#/map?kind=WATER&layers=synergies")
    await expect(page.get_by_text(re.compile(r"synergies of most weight · all"))).to_be_visible()
    place = await page.evaluate(
        """() => {
          const { map } = document.querySelector('.map-canvas');
          const arcs = [];
          map.eachLayer((layer) => layer._parts?.[0]?.length > 2 && !layer.feature && arcs.push(layer));
          const arc = arcs.sort((a, b) => b.options.weight - a.options.weight)[0];
          const points = arc._parts[0];
          const point = map.layerPointToContainerPoint(points[Math.floor(points.length / 2)]);
          const box = map.getContainer().getBoundingClientRect();
          return [box.x + point.x, box.y + point.y];
        }"""
    )
    await page.mouse.click(*place)
    await page.wait_for_url(re.compile(r"#/queue/syn-"))


async def test_a_visitor_sees_sites_and_no_synergies(open_page: Any) -> None:
    page = await open_page(None, "#/map")
    await expect(page.get_by_text("The 0 synergies of most weight")).to_be_visible()
    await page.get_by_role("tab", name="Sites").click()
    await expect(page.get_by_text(re.compile(r"\d+ sites · all are shown"))).to_be_visible()
    assert (await drawn(page))["dots"] > 400


async def test_dragging_the_map_draws_nothing_anew(open_page: Any) -> None:
    """Sixty frames a second rest on this: while the map is dragged its canvas is moved, never painted."""
    page = await open_page("demo-facilitator", "#/map?kind=HEAT&layers=synergies,sites")
    await expect(page.get_by_text(re.compile(r"synergies of most weight · all"))).to_be_visible()
    await page.evaluate(
        """() => {
          window.painted = 0;
          const draw = CanvasRenderingContext2D.prototype.stroke;
          CanvasRenderingContext2D.prototype.stroke = function (...all) {
            window.painted += 1;
            return draw.apply(this, all);
          };
        }"""
    )
    box = await page.locator(".map-canvas").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + 30)
    await page.mouse.move(*middle)
    await page.mouse.down()
    for step in range(1, 20):
        await page.mouse.move(middle[0] + 3 * step, middle[1] + 2 * step)
    assert await page.evaluate("document.querySelector('.map-canvas').map.dragging.moved()")
    assert await page.evaluate("window.painted") == 0
    await page.mouse.up()
    async with asyncio.timeout(WITHIN_S):
        while not await page.evaluate("window.painted > 0"):  # noqa: ASYNC110 - its policy lets no text be polled.
            await asyncio.sleep(0.05)
