from typing import Final, LiteralString

import pytest

from symbiosis.ingest import tables
from symbiosis.ingest.load import load_demo_territory, load_reference
from symbiosis.store.graph import Graph, Tx

NOW: Final = "2026-03-01T08:00:00+00:00"
LATER: Final = "2026-04-01T08:00:00+00:00"

COUNTS: Final[LiteralString] = """
MATCH (n) WHERE NOT n:_Migration AND NOT n:_Lease AND NOT n:_TestStore
RETURN labels(n)[0] AS label, count(*) AS nodes ORDER BY label LIMIT 50
"""
LINKS: Final[LiteralString] = "MATCH ()-[r]->() RETURN type(r) AS kind, count(*) AS links ORDER BY kind LIMIT 50"
ONE_LISTING: Final[LiteralString] = """
MATCH (listing:Listing) RETURN properties(listing) AS facts ORDER BY listing.id LIMIT $at_most
"""
TOUCH: Final[LiteralString] = """
MATCH (listing:Listing {id: $id})
SET listing.quantity_base_per_year = 7, listing.version = $version, listing.title = $title
"""
ADD_ESTIMATE: Final[LiteralString] = """
MATCH (listing:Listing {id: $id})-[:AT]->(site:Site), (listing)-[:OF]->(resource:Resource)
CREATE (other:Listing {id: 'lst-old', direction: 'SUPPLY', provenance: 'ESTIMATED', status: 'OPEN', version: 1,
                       source: listing.source})
MERGE (other)-[:AT]->(site) MERGE (other)-[:OF]->(resource)
"""
FORGET: Final[LiteralString] = "MATCH (load:Import) SET load.checksum = 'another'"
LISTING: Final[LiteralString] = "MATCH (listing:Listing {id: $id}) RETURN properties(listing) AS facts"


async def rows(tx: Tx, query: LiteralString, parameters: dict[str, object]) -> list[dict[str, object]]:
    return [dict(row) for row in await tx.run(query, **parameters)]


async def counts(graph: Graph) -> tuple[dict[object, object], dict[object, object]]:
    nodes = {row["label"]: row["nodes"] for row in await graph.read(rows, COUNTS, {})}
    links = {row["kind"]: row["links"] for row in await graph.read(rows, LINKS, {})}
    return nodes, links


async def test_the_reference_data_is_loaded_once(graph: Graph) -> None:
    first = await load_reference(graph)
    assert first.changed
    nodes, links = await counts(graph)
    assert nodes == {
        "Commune": 111,
        "Factor": len(tables.factors()),
        "Import": 1,
        "Resource": len(tables.resources()),
        "Territory": 6,
    }
    assert links["SUBSTITUTES_FOR"] == len(tables.substitutions())
    assert links["IN"] == sum(len(commune.territory_ids) for commune in tables.communes())
    second = await load_reference(graph)
    assert not second.changed
    assert await counts(graph) == (nodes, links)


async def test_the_demo_territory_is_loaded_once_and_changes_nothing_the_second_time(graph: Graph) -> None:
    first = await load_demo_territory(graph, now=NOW)
    assert (first.sites, first.listings_created) == (len(tables.sites()), first.listings)
    assert first.listings >= 1000
    seen = await counts(graph)
    assert seen[0]["Site"] == len(tables.sites())
    assert seen[0]["Listing"] == first.listings
    assert seen[1]["AT"] == seen[1]["OF"] == first.listings
    before = await graph.read(rows, ONE_LISTING, {"at_most": 50})
    second = await load_demo_territory(graph, now=LATER)
    assert (second.changed, second.listings_created, second.listings_updated) == (False, 0, 0)
    assert await counts(graph) == seen
    assert await graph.read(rows, ONE_LISTING, {"at_most": 50}) == before


async def test_loading_new_tables_renews_estimates_and_leaves_what_people_touched(graph: Graph) -> None:
    await load_demo_territory(graph, now=NOW)
    untouched, touched = [row["facts"] for row in await graph.read(rows, ONE_LISTING, {"at_most": 2})]
    assert isinstance(untouched, dict)
    assert isinstance(touched, dict)
    await graph.write(rows, TOUCH, {"id": untouched["id"], "version": 1, "title": "of an older table"})
    await graph.write(rows, TOUCH, {"id": touched["id"], "version": 2, "title": "of a person"})
    await graph.write(rows, ADD_ESTIMATE, {"id": untouched["id"]})
    await graph.write(rows, FORGET, {})
    report = await load_demo_territory(graph, now=LATER)
    assert (report.changed, report.listings_created, report.listings_updated) == (True, 0, 1)
    assert report.listings_withdrawn == 1
    [renewed] = await graph.read(rows, LISTING, {"id": untouched["id"]})
    assert renewed["facts"] == {**untouched, "updated_at": "2026-04-01T08:00:00.000000Z"}
    [kept] = await graph.read(rows, LISTING, {"id": touched["id"]})
    assert kept["facts"] == {**touched, "quantity_base_per_year": 7, "version": 2, "title": "of a person"}
    [gone] = await graph.read(rows, LISTING, {"id": "lst-old"})
    assert isinstance(gone["facts"], dict)
    assert (gone["facts"]["status"], gone["facts"]["version"]) == ("WITHDRAWN", 2)


async def test_progress_grows_to_one(graph: Graph) -> None:
    shares: list[float] = []
    await load_demo_territory(graph, now=NOW, on_progress=lambda share, _: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
