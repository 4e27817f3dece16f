"""How many statements a request costs: one for the page, one for what it does not read with it, however many rows."""

from collections.abc import Mapping
from typing import Any, LiteralString

import pytest

from symbiosis.store.graph import Tx


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which the first line of every statement is added as it is run."""
    seen: list[str] = []
    run = Tx.run

    async def counted(self: Tx, query: LiteralString, **parameters: Any) -> list[Mapping[str, Any]]:
        seen.append(query.strip().splitlines()[0])
        return await run(self, query, **parameters)

    monkeypatch.setattr(Tx, "run", counted)
    return seen


async def test_a_page_of_50_listings_with_site_commune_territories_and_resource_is_2_statements(
    api: Any, add_listings: Any, a_listing: Any, statements: list[str]
) -> None:
    await add_listings(
        [a_listing(f"many-{n:03d}", f"site-{'abcd'[n % 4]}", ("wood", "heat")[n % 2]) for n in range(60)]
    )
    query = """{ listings(first: 50) { nodes {
        title site { name commune { name territories { name } } } resource { nameEn } } pageInfo { hasNextPage } } }"""
    statements.clear()
    answer = (await api.post(None, query)).json()["data"]["listings"]
    assert (len(answer["nodes"]), answer["pageInfo"]["hasNextPage"]) == (50, True)
    assert sorted(statements) == [
        "MATCH (listing:Listing)-[:AT]->(site:Site)-[:IN]->(commune:Commune)",
        "MATCH (territory:Territory)",
    ]


async def test_a_page_of_synergies_with_both_listings_and_sites_is_3_statements_beside_the_viewer_s(
    api: Any, statements: list[str]
) -> None:
    statements.clear()
    assert len((await api.ask("facilitator", "Synergies", first=50))["nodes"]) == 4
    assert [statement for statement in statements if ":Person" not in statement] == [
        "MATCH (:Current {kind: $kind})-[:IS]->(run:Run) RETURN run.id AS run_id",
        "MATCH (synergy:Synergy)",
        "UNWIND $listing_ids AS wanted",
    ]
