"""Ways to ask: media types, GET, trusted documents, visitors in production, how often, and for how long."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

import httpx
import pytest

from symbiosis.api.asked import GRAPHQL_JSON, JSON
from symbiosis.api.trusted import PING, document_id, trusted
from symbiosis.app import create_app
from symbiosis.market import places
from symbiosis.settings import Settings
from symbiosis.store.deadline import deadline_in, seconds_left

ME: Final = trusted()[next(id_ for id_, text in trusted().items() if text.startswith("query Me"))]

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def serve(api: Any) -> Serve:
    """Return a function that serves the valley under other settings."""

    @asynccontextmanager
    async def served(**given: Any) -> AsyncIterator[httpx.AsyncClient]:
        settings = Settings(**({"data_dir": api.settings.data_dir} | given))
        transport = httpx.ASGITransport(create_app(settings, graph=api.graph))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield client

    return served


def code(answer: httpx.Response) -> str:
    told: str = answer.json()["errors"][0]["extensions"]["code"]
    return told


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}, {JSON}", GRAPHQL_JSON),
        (f"{JSON};q=0.5, {GRAPHQL_JSON};q=0.4", JSON),
        (f"text/html, {JSON};q=0.2", JSON),
        (f"{GRAPHQL_JSON}; charset=utf-8, {JSON};q=0.9", GRAPHQL_JSON),
    ],
)
async def test_the_answer_has_the_media_type_that_is_liked_best(api: Any, accept: str, media: str) -> None:
    answer = await api.client.post("/graphql", json={"query": PING}, headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{media}; charset=utf-8")


@pytest.mark.parametrize("accept", ["text/html", f"{JSON};q=0", f"{JSON};q=much"])
async def test_a_client_that_takes_neither_is_refused(api: Any, accept: str) -> None:
    answer = await api.client.post("/graphql", json={"query": PING}, headers={"accept": accept})
    assert (answer.status_code, code(answer)) == (406, "NOT_ACCEPTABLE")


async def test_a_trusted_document_is_called_by_its_hash(api: Any) -> None:
    body = {"documentId": document_id(ME)}
    answer = await api.client.post("/graphql", json=body, headers=api.headers("manager-a"))
    assert answer.json()["data"]["me"]["name"] == "manager-a"
    for wrong in ("sha256:0", "", 7):
        refused = await api.client.post("/graphql", json={"documentId": wrong})
        assert (refused.status_code, code(refused)) == (400, "UNKNOWN_DOCUMENT")


async def test_a_trusted_query_is_read_by_get_and_not_sent_twice(api: Any) -> None:
    site = next(id_ for id_, text in trusted().items() if text.startswith("query Site("))
    asked = {"documentId": site, "variables": json.dumps({"id": "site-a"})}
    first = await api.client.get("/graphql", params=asked)
    assert first.json()["data"]["site"]["name"] == "Atelier"
    again = await api.client.get("/graphql", params=asked, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = asked | {"variables": json.dumps({"id": "site-b"})}
    changed = await api.client.get("/graphql", params=other, headers={"if-none-match": first.headers["etag"]})
    assert (changed.status_code, changed.json()["data"]["site"]["name"]) == (200, "Briqueterie")


@pytest.mark.parametrize(
    ("asked", "status", "wanted"),
    [
        ({"query": "{ me { name } }"}, 405, "METHOD_NOT_ALLOWED"),
        ({"query": "mutation { __typename }"}, 405, "METHOD_NOT_ALLOWED"),
        ({"documentId": "StartRun"}, 405, "METHOD_NOT_ALLOWED"),
        ({"query": PING, "variables": "{"}, 400, "BAD_JSON"),
        ({"query": PING, "variables": "[]"}, 400, "BAD_REQUEST"),
        ({"query": PING, "extensions": "1"}, 400, "BAD_REQUEST"),
        ({"variables": "{}"}, 400, "BAD_REQUEST"),
    ],
)
async def test_get_reads_trusted_queries_and_nothing_else(
    api: Any, asked: dict[str, str], status: int, wanted: str
) -> None:
    if asked.get("documentId"):
        asked = {"documentId": next(i for i, text in trusted().items() if text.startswith("mutation StartRun"))}
    answer = await api.client.get("/graphql", params=asked, headers=api.headers("facilitator"))
    assert (answer.status_code, code(answer)) == (status, wanted)
    assert answer.headers.get("allow") == ("POST" if status == 405 else None)


async def test_visitors_get_neither_introspection_nor_hints_and_people_get_both(api: Any) -> None:
    schema = "{ __schema { queryType { name } } }"
    assert "errors" in (await api.post(None, schema)).json()
    assert (await api.post("outsider", schema)).json()["data"]["__schema"]["queryType"]["name"] == "Query"
    for query in (
        "{ sitez(first: 1) { nodes { id } } }",
        "query ($k: ResourceKind) { resources(first: 1, where: { kind: { eq: $k } }) { nodes { id } } }",
    ):
        visitor = (await api.post(None, query, {"k": "MATERIALS"})).json()["errors"][0]["message"]
        person = (await api.post("outsider", query, {"k": "MATERIALS"})).json()["errors"][0]["message"]
        assert ("Did you mean" in visitor, "Did you mean" in person) == (False, True)


async def test_in_production_visitors_ask_trusted_documents_only(api: Any, serve: Serve) -> None:
    async with serve(production=True) as client:
        refused = await client.post("/graphql", json={"query": "{ me { name } }"})
        assert (refused.status_code, code(refused)) == (403, "TRUSTED_DOCUMENTS_ONLY")
        assert (await client.post("/graphql", json={"query": PING})).json() == {"data": {"__typename": "Query"}}
        assert (await client.post("/graphql", json={"documentId": document_id(ME)})).json() == {"data": {"me": None}}


async def test_who_asks_too_often_waits_and_others_do_not(api: Any, serve: Serve) -> None:
    async with serve(dev_tokens=True, rate_per_minute=3, visitor_rate_per_minute=2) as client:

        async def ask(subject: str | None) -> httpx.Response:
            return await client.post("/graphql", json={"query": PING}, headers=api.headers(subject))

        assert [(await ask("manager-a")).status_code for _ in range(4)] == [200, 200, 200, 429]
        assert [(await ask("manager-b")).status_code for _ in range(2)] == [200, 200]
        assert [(await ask(None)).status_code for _ in range(3)] == [200, 200, 429]
        waits = await ask("manager-a")
        assert (code(waits), int(waits.headers["retry-after"])) == ("RATE_LIMIT", 20)
        wrong = await client.post("/graphql", json={"query": PING}, headers={"authorization": "Bearer x"})
        assert (wrong.status_code, code(wrong)) == (429, "RATE_LIMIT")


async def test_pages_of_named_origins_may_ask_and_others_may_not(serve: Serve) -> None:
    async with serve(cors_origins="https://a.org") as client:
        for origin, allowed in (("https://a.org", "https://a.org"), ("https://b.org", None)):
            headers = {"origin": origin, "access-control-request-method": "POST"}
            assert (await client.options("/graphql", headers=headers)).headers.get(
                "access-control-allow-origin"
            ) == allowed


async def test_debug_says_what_a_bug_was(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("bad luck")

    monkeypatch.setattr(places, "sites_by_id", broken)
    async with serve(debug=True) as client:
        answer = await client.post("/graphql", json={"query": '{ site(id: "site-a") { name } }'})
    assert "RuntimeError: bad luck" in answer.json()["errors"][0]["message"]


async def test_work_under_a_deadline_knows_how_long_it_has() -> None:
    assert seconds_left() is None
    with deadline_in(5.0):
        left = await asyncio.create_task(_left())
        assert left is not None
        assert 4.0 < left <= 5.0
    with deadline_in(-1.0):
        assert seconds_left() == 0.01
    assert seconds_left() is None


async def _left() -> float | None:
    return seconds_left()
