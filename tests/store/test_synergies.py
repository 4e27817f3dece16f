"""Pages of synergies: those behind a cursor show the run that the first page showed."""

import base64
import json
from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.ids import RunId
from symbiosis.store.graph import Graph
from symbiosis.store.pages import CursorError, Page, PageRequest, RunGoneError
from symbiosis.store.runs import fail_run, publish_run
from symbiosis.store.scopes import SynergyScope
from symbiosis.store.statements import OrderBy
from symbiosis.store.synergies import SynergyRow, synergies_page
from symbiosis.store.synergy_filters import SynergyOrder
from symbiosis.store.where import AllOf
from tests.store.test_runs import LATER, begin, rows

pytestmark = pytest.mark.store

PUT: Final[LiteralString] = """
CREATE (commune:Commune {insee: '69123'}), (resource:Resource {code: 'slag', base_unit: 'KG', kind: 'MATERIALS'})
WITH commune, resource
UNWIND range(1, 9) AS n
UNWIND ['s', 'd'] AS side
CREATE (listing:Listing {id: side + n, version: 1, visibility: 'PUBLIC', provenance: 'DECLARED'})
CREATE (site:Site {id: 'site-' + side + n})
CREATE (listing)-[:AT]->(site)
CREATE (site)-[:IN]->(commune)
CREATE (listing)-[:OF]->(resource)
"""
SCOPE: Final = SynergyScope(facilitator_communes=("69123",))
FORGET: Final[LiteralString] = "MATCH (run:Run {id: $run_id}) DETACH DELETE run"


async def page(graph: Graph, after: str | None = None, by: SynergyOrder = SynergyOrder.RANK) -> Page[SynergyRow]:
    return await graph.read(synergies_page, SCOPE, AllOf(), OrderBy(by), PageRequest(2, after))


async def publish(graph: Graph, name: str, numbers: tuple[int, ...]) -> None:
    await graph.write(publish_run, await begin(graph, name, name, numbers=numbers))


def shown(read: Page[SynergyRow]) -> list[tuple[str, str | None]]:
    return [(row.synergy.synergy_id, row.suggestion and row.suggestion.run_id) for row in read.items]


async def walk(graph: Graph, after: str | None, by: SynergyOrder = SynergyOrder.RANK) -> list[Any]:
    seen: list[Any] = []
    while True:
        read = await page(graph, after, by)
        seen += shown(read)
        if not read.has_next:
            return seen
        after = read.cursors[-1]


@pytest.mark.parametrize("by", [SynergyOrder.RANK, SynergyOrder.DISTANCE])
async def test_the_pages_after_a_publish_still_show_the_run_of_the_first(graph: Graph, by: SynergyOrder) -> None:
    await rows(graph, PUT)
    await publish(graph, "r1", (1, 2, 3, 4, 5))
    first = await page(graph, by=by)
    await publish(graph, "r2", (2, 5, 6, 7))
    read = shown(first) + await walk(graph, first.cursors[-1], by)
    assert read == [(f"syn{number}", "r1") for number in (1, 2, 3, 4, 5)]
    assert await walk(graph, None, by) == [(f"syn{number}", "r2") for number in (2, 5, 6, 7)]


async def test_pages_begun_before_the_first_run_go_on_without_one(graph: Graph) -> None:
    await rows(graph, PUT)
    await publish(graph, "r1", (1, 2, 3))
    await rows(graph, "MATCH (synergy:Synergy) SET synergy.status = 'SHORTLISTED'")
    await rows(graph, "MATCH (current:Current)-[is:IS]->() DELETE is")
    first = await page(graph)
    await publish(graph, "r2", (1, 2, 3))
    assert shown(first) + await walk(graph, first.cursors[-1]) == [("syn1", None), ("syn2", None), ("syn3", None)]


async def test_a_page_of_a_run_that_is_gone_is_refused_with_the_way_on(graph: Graph) -> None:
    await rows(graph, PUT)
    await publish(graph, "r1", (1, 2, 3))
    first = await page(graph)
    await publish(graph, "r2", (1, 2, 3))
    await rows(graph, FORGET, run_id="r1")
    with pytest.raises(RunGoneError, match=r"The run r1 .* begin again at the first page"):
        await page(graph, first.cursors[-1])


def forged(cursor: str, run: str) -> str:
    """Return a cursor that ends in `run` where the given one names its run."""
    order, key, row_id, marked = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    text = json.dumps([order, key, row_id, marked.partition("@")[0] + run])
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


async def test_no_cursor_opens_a_run_that_was_not_published(graph: Graph) -> None:
    await rows(graph, PUT)
    await publish(graph, "r1", (1, 2, 3))
    cursor = forged((await page(graph)).cursors[0], "@r2")
    await begin(graph, "r2", "2027")
    with pytest.raises(RunGoneError):
        await page(graph, cursor)
    await graph.write(fail_run, RunId("r2"), "It failed.", LATER)
    with pytest.raises(RunGoneError):
        await page(graph, cursor)


async def test_a_cursor_without_a_run_is_none_of_this_list(graph: Graph) -> None:
    await rows(graph, PUT)
    await publish(graph, "r1", (1, 2, 3))
    with pytest.raises(CursorError, match="not a cursor of this list"):
        await page(graph, forged((await page(graph)).cursors[-1], ""))
