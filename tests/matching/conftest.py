"""Small markets in a store."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.listings import Provenance
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.snapshot import OpenListing, StoredMarket

PUT_RESOURCES: Final[LiteralString] = "UNWIND $rows AS row CREATE (r:Resource) SET r += row"
PUT_FACTORS: Final[LiteralString] = "UNWIND $rows AS row CREATE (f:Factor) SET f += row"
PUT_SUBSTITUTIONS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (by_product:Resource {code: row.by_product}) MATCH (input:Resource {code: row.input_})
CREATE (by_product)-[substitutes:SUBSTITUTES_FOR]->(input)
SET substitutes += row.facts
"""
PUT_LISTINGS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (resource:Resource {code: row.resource_code})
MERGE (site:Site {id: row.site.id}) SET site += row.site
CREATE (listing:Listing) SET listing += row.listing
CREATE (listing)-[:AT]->(site)
CREATE (listing)-[:OF]->(resource)
"""

_OF_SITE: Final = ("lat", "lon", "geo_precision", "naf", "headings")

Put = Callable[[StoredMarket], Awaitable[None]]


async def write_market(tx: Tx, stored: StoredMarket) -> None:
    """Write a market into a store: listings, catalogue and factors, no synergies."""
    await tx.run(PUT_RESOURCES, rows=[_present(asdict(resource)) for resource in stored.resources])
    await tx.run(PUT_FACTORS, rows=[{"id": key, **asdict(spread)} for key, spread in stored.factors.items()])
    substitutions = [_present(asdict(row)) for row in stored.substitutions]
    ends = ("by_product", "input_")
    rows = [
        {**{end: row[end] for end in ends}, "facts": {k: v for k, v in row.items() if k not in ends}}
        for row in substitutions
    ]
    await tx.run(PUT_SUBSTITUTIONS, rows=rows)
    await tx.run(PUT_LISTINGS, rows=[_listing(listing) for listing in stored.listings])


@pytest.fixture
def put(graph: Graph) -> Put:
    """Return a function that writes a market into the store: listings, catalogue and factors, no synergies."""

    async def put_market(stored: StoredMarket) -> None:
        await graph.write(write_market, stored)

    return put_market


def _present(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a node keeps: no nulls, lists for tuples, plain text for enums."""
    lists = {key: list(value) if isinstance(value, tuple) else value for key, value in row.items()}
    return {key: value for key, value in lists.items() if value is not None and value != []}


def _listing(listing: OpenListing) -> dict[str, Any]:
    row = _present(asdict(listing))
    site = {"id": row.pop("site_id"), **{key: row.pop(key) for key in _OF_SITE if key in row}}
    resource_code = row.pop("resource_code")
    provenance = Provenance.ESTIMATED if row.pop("estimated") else Provenance.DECLARED
    facts = {
        "id": row.pop("listing_id"),
        "status": "OPEN",
        "provenance": provenance.value,
        "visibility": "PUBLIC",
        **row,
    }
    return {"resource_code": resource_code, "site": site, "listing": facts}
