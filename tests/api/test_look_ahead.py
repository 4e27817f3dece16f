"""A page is one query to the store: what the document selects of a row is read with the row."""

from typing import Any, Final

import pytest

from symbiosis.store.graph import Tx

PAGE: Final = """{ listings(first: 50) { nodes { id title quantityPerYear
  site { id name organisation { name } commune { id name territoryIds } } resource { id nameFr unit wasteCodes }
} } }"""
PAIRS: Final = """{ synergies(first: 50) { nodes { id
  supply { id site { name commune { name } } resource { nameEn } } demand { id site { name } } } } }"""


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that were sent to the store, as they are sent."""
    sent: list[str] = []
    run = Tx.run

    async def counted(self: Tx, query: Any, **parameters: Any) -> Any:
        sent.append(query)
        return await run(self, query, **parameters)

    monkeypatch.setattr(Tx, "run", counted)
    return sent


async def test_a_page_of_listings_with_sites_and_resources_is_one_query_for_a_visitor(
    api: Any, statements: list[str]
) -> None:
    for _ in range(2):
        statements.clear()
        answer = (await api.post(None, PAGE)).json()
        assert "errors" not in answer
        assert len(statements) == 1


@pytest.mark.parametrize(("text", "queries"), [(PAGE, 1), (PAIRS, 3)])
async def test_signed_in_a_page_takes_no_more_queries_beside_those_of_the_sign_in(
    api: Any, statements: list[str], text: str, queries: int
) -> None:
    await api.post("facilitator", "{ me { name } }")
    sign_in = len(statements)
    statements.clear()
    answer = (await api.post("facilitator", text)).json()
    assert "errors" not in answer
    assert len(statements) == sign_in + queries


async def test_what_is_read_ahead_is_what_the_lists_of_sites_and_resources_tell(api: Any) -> None:
    seen = (await api.post("facilitator", PAGE)).json()["data"]["listings"]["nodes"]
    lists = """{ sites(first: 50) { nodes { id name organisation { name } commune { id name territoryIds } } }
                 resources(first: 50) { nodes { id nameFr unit wasteCodes } } }"""
    told = (await api.post("facilitator", lists)).json()["data"]
    sites = {site["id"]: site for site in told["sites"]["nodes"]}
    resources = {resource["id"]: resource for resource in told["resources"]["nodes"]}
    assert len(seen) >= 5
    assert {node["site"]["id"] for node in seen} > {"site-a", "site-b"}
    for node in seen:
        assert node["site"] == sites[node["site"]["id"]]
        assert node["resource"] == resources[node["resource"]["id"]]


async def test_columns_of_sites_are_read_only_where_they_are_selected(api: Any, statements: list[str]) -> None:
    await api.post(None, "{ listings(first: 5) { nodes { id title } } }")
    (query,) = statements
    assert "organisation" not in query
    assert "name_fr" not in query


async def test_a_listing_that_is_returned_by_a_change_still_finds_its_site(api: Any) -> None:
    text = """mutation { withdrawListing(input: {id: "a-public", version: 1}) {
      ... on Listing { id site { name } resource { id } } } }"""
    answer = (await api.post("manager-a", text)).json()
    assert answer["data"]["withdrawListing"] == {
        "id": "a-public",
        "site": {"name": "Atelier"},
        "resource": {"id": "wood"},
    }
