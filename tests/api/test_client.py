"""symbiosis.client: the API as data frames, against a real server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from symbiosis.api.tokens import development_token
from symbiosis.client import Client, ClientExtraError, RefusedError, RowsError, UnknownOperationError, flat
from symbiosis.store.graph import Graph
from tests.api.served import quick_app, served

pytestmark = pytest.mark.store


@pytest.fixture
async def client(api: Any, graph: Graph) -> AsyncIterator[Callable[..., Client]]:
    """Give `client(subject)`: a client of a server that runs."""
    app = quick_app(api.settings, graph)
    opened: list[Client] = []

    def made(subject: str | None = None) -> Client:
        token = None if subject is None else development_token(api.settings, subject, 600)
        opened.append(Client(f"http://{where}/graphql", token))
        return opened[-1]

    async with served(app) as where:
        yield made
        for each in opened:
            each.close()
    await app.state.services.live.stop()


async def test_every_page_of_a_list_becomes_one_frame_with_dotted_columns(client: Any, api: Any) -> None:
    ids = await api.ids("facilitator", "Listings", first=100)
    frame = await asyncio.to_thread(client("facilitator").frame, "Listings", first=2)
    assert sorted(frame["id"].to_list()) == sorted(ids)
    assert len(ids) > 4
    assert {"quantityPerYear", "site.name"} <= set(frame.columns)
    made = await asyncio.to_thread(client("facilitator").pandas, "Listings", first=3)
    assert made["id"].tolist() == frame["id"].to_list()


async def test_a_query_of_ones_own_and_a_way_into_it(client: Any) -> None:
    query = "query($first: Int!, $after: String) { me { mandates { role } } sites(first: $first, after: $after) "
    query += "{ nodes { id commune { name } } pageInfo { hasNextPage endCursor } } }"
    manager = client("manager-a")
    sites = await asyncio.to_thread(lambda: list(manager.rows(query, at="sites")))
    assert {"id": "site-a", "commune.name": "Feyzin"} in sites
    assert await asyncio.to_thread(lambda: list(manager.rows(query, at="me.mandates"))) == [{"role": "SITE_MANAGER"}]
    with pytest.raises(RowsError, match="no list at 'me'"):
        await asyncio.to_thread(lambda: list(manager.rows(query, at="me")))


async def test_what_the_server_refuses_is_said_in_its_words(client: Any) -> None:
    with pytest.raises(RefusedError, match="sign in") as refused:
        await asyncio.to_thread(lambda: list(client().rows("Runs")))
    assert refused.value.server_code == "NOT_ALLOWED"
    with pytest.raises(UnknownOperationError, match="'Listngs'"):
        client().ask("Listngs")
    away = Client("http://127.0.0.1:9/graphql")
    with pytest.raises(RefusedError, match="no GraphQL API at") as failed:
        away.ask("Me")
    assert failed.value.retryable
    away.close()


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("symbiosis.client.import_module", missing)
    with pytest.raises(ClientExtraError, match=r"needs httpx: .*symbiosis\[analysis\]"):
        Client()


def test_nested_objects_become_dotted_columns_and_lists_stay() -> None:
    row = {"id": "a", "site": {"name": "A", "commune": None}, "codes": ["1", "2"]}
    assert flat(row) == {"id": "a", "site.name": "A", "site.commune": None, "codes": ["1", "2"]}
