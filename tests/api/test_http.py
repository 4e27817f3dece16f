"""The HTTP side: who is let in, what is refused at the door, and what a bug looks like from outside."""

import asyncio
import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from symbiosis.api import tokens
from symbiosis.api.asked import MAX_BODY
from symbiosis.app import create_app
from symbiosis.errors import InputError
from symbiosis.market import places
from symbiosis.settings import Settings
from symbiosis.store.graph import Address, Graph, RemoteServer

ME = "{ me { name } }"


def codes(answer: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in answer.json()["errors"]]


def signed(settings: Settings, header: dict[str, Any] | None = None, **claims: Any) -> str:
    key = OctKey.import_key((settings.data_dir / tokens.KEY_FILE).read_bytes())
    now = int(time.time())
    good = {"iss": tokens.ISSUER, "aud": tokens.AUDIENCE, "sub": "manager-a", "iat": now, "exp": now + 60}
    stated = {name: value for name, value in (good | claims).items() if value is not None}
    kid = jwt.decode(tokens.development_token(settings, "x", 60), key).header["kid"]
    return jwt.encode({"alg": "HS256", "kid": kid} | (header or {}), stated, key)


async def ask_with(api: Any, authorization: str) -> httpx.Response:
    answer: httpx.Response = await api.client.post(
        "/graphql", json={"query": ME}, headers={"authorization": authorization}
    )
    return answer


async def test_a_good_token_signs_in(api: Any) -> None:
    answer = await ask_with(api, f"Bearer {signed(api.settings)}")
    assert answer.json() == {"data": {"me": {"name": "manager-a"}}}


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iss": "somebody"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"iat": None},
    ],
)
async def test_a_token_with_a_wrong_or_missing_claim_is_nobody_s(api: Any, claims: dict[str, Any]) -> None:
    answer = await ask_with(api, f"Bearer {signed(api.settings, **claims)}")
    assert (answer.status_code, codes(answer)) == (401, ["UNAUTHENTICATED"])
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_of_another_key_or_algorithm_is_nobody_s(api: Any, tmp_path: Path) -> None:
    other = Settings(data_dir=tmp_path / "other", dev_tokens=True)
    unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYW5hZ2VyLWEifQ."
    for token in (
        tokens.development_token(other, "manager-a", 60),
        signed(api.settings, {"kid": "another"}),
        unsigned,
        "x" * 5000,
        "a.b.c",
        "é",
    ):
        answer = await api.client.post(
            "/graphql", json={"query": ME}, headers={"authorization": f"Bearer {token}".encode()}
        )
        assert (answer.status_code, codes(answer)) == (401, ["UNAUTHENTICATED"])


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "token"])
async def test_a_header_that_is_no_bearer_token_is_refused_and_not_taken_for_a_visitor_s(api: Any, header: str) -> None:
    answer = await ask_with(api, header)
    assert (answer.status_code, codes(answer)) == (401, ["UNAUTHENTICATED"])


async def test_a_subject_that_nobody_registered_is_refused_in_words(api: Any) -> None:
    answer = await ask_with(api, f"Bearer {signed(api.settings, sub='stranger')}")
    assert (answer.status_code, codes(answer)) == (401, ["UNKNOWN_PERSON"])


async def test_tokens_are_not_accepted_where_the_settings_do_not_say_so(api: Any) -> None:
    shut = create_app(Settings(data_dir=api.settings.data_dir), graph=api.graph)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(shut), base_url="http://127.0.0.1") as client:
        given = {"authorization": f"Bearer {signed(api.settings)}"}
        refused = await client.post("/graphql", json={"query": ME}, headers=given)
        assert (refused.status_code, codes(refused)) == (401, ["UNAUTHENTICATED"])
        assert "--dev-tokens" in refused.json()["errors"][0]["message"]
        assert (await client.post("/graphql", json={"query": ME})).json() == {"data": {"me": None}}
        assert (await client.get("/graphql")).status_code == 405


def test_the_key_is_its_owner_s_alone_and_stays_the_same(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new", dev_tokens=True)
    token = tokens.development_token(settings, "somebody", 60)
    assert (settings.data_dir / tokens.KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert tokens.DevelopmentTokens(settings).subject(token) == "somebody"
    assert [path.name for path in settings.data_dir.iterdir()] == [tokens.KEY_FILE]


@pytest.mark.parametrize("ttl", [0, -1, 8 * 24 * 3600])
def test_a_token_lives_a_week_at_most(tmp_path: Path, ttl: int) -> None:
    with pytest.raises(InputError, match="lives 1 to 604800 seconds"):
        tokens.development_token(Settings(data_dir=tmp_path), "somebody", ttl)


def test_a_damaged_key_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / tokens.KEY_FILE).write_bytes(b"short")
    with pytest.raises(tokens.KeyFileError, match="is damaged; delete it"):
        tokens.development_token(Settings(data_dir=tmp_path), "somebody", 60)


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{" + b" " * MAX_BODY + b"}", "application/json", 413, "BODY_TOO_LARGE"),
        (b"{}", "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"query={me{name}}", "application/x-www-form-urlencoded", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"not json", "application/json", 400, "BAD_JSON"),
        (b"\xff\xfe", "application/json", 400, "BAD_JSON"),
        (b"[]", "application/json", 400, "BAD_REQUEST"),
        (b"{}", "application/json", 400, "BAD_REQUEST"),
        (b'{"query": 5}', "application/json", 400, "BAD_REQUEST"),
        (b'{"query": "{me{name}}", "variables": []}', "application/json", 400, "BAD_REQUEST"),
        (b'{"query": "{me{name}}", "operationName": 5}', "application/json", 400, "BAD_REQUEST"),
        (b'{"query": "query A{me{name}} query B{me{name}}"}', "application/json", 400, "OPERATION_NAME"),
        (b'{"query": "{me{name}}", "operationName": "C"}', "application/json", 400, "OPERATION_NAME"),
    ],
)
async def test_what_is_not_graphql_over_http_is_refused_at_the_door(
    api: Any, content: bytes, kind: str, status: int, code: str
) -> None:
    answer = await api.client.post("/graphql", content=content, headers={"content-type": kind})
    assert (answer.status_code, codes(answer)) == (status, [code])


async def test_a_body_that_hides_its_length_is_cut_off_too(api: Any) -> None:
    async def chunks() -> Any:
        for _ in range(10):
            yield b" " * 40_000

    answer = await api.client.post("/graphql", content=chunks(), headers={"content-type": "application/json"})
    assert (answer.status_code, codes(answer)) == (413, ["BODY_TOO_LARGE"])


FIELDS = " ".join(f"a{n}: me {{ name }}" for n in range(9))
CHAIN = "{ sites(first: 1) { ...F0 } }" + "".join(
    f" fragment F{n} on SiteConnection {{ pageInfo {{ endCursor }} ...F{n + 1} ...F{n + 1} }}" for n in range(60)
)
CHAIN += " fragment F60 on SiteConnection { nodes { id } }"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ me { name }", "GRAPHQL_PARSE_FAILED"),
        ("{ you { name } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ me { name name name } }" + " " * 10 + "#" * 10, None),
        ("{ me {" + " name" * 3000 + " } }", "GRAPHQL_PARSE_FAILED"),
        ("{ " + FIELDS + " b: me { name } c: me { name } }", "QUERY_TOO_LARGE"),
        ("{ sites(first: 1) { nodes {" + " ".join(f"a{n}: name" for n in range(31)) + "} } }", "QUERY_TOO_LARGE"),
        (CHAIN, "QUERY_TOO_LARGE"),
        ("query A { ...X } fragment X on Query { ...Y } fragment Y on Query { ...X }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "{ listings(first: 1) { nodes { site { commune { territories { id } } } } edges { node { id } } } }",
            None,
        ),
        ("{ me { name" + " @skip(if: false) @include(if: true)" + " } }", None),
        (
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ],
)
async def test_a_query_that_is_wrong_or_too_large_is_refused_and_an_honest_one_is_not(
    api: Any, query: str, code: str | None
) -> None:
    answer = (await api.post(None, query)).json()
    if code is None:
        assert "errors" not in answer
    else:
        assert code in {error["extensions"]["code"] for error in answer["errors"]}
        assert len(answer["errors"]) <= 5
        assert "data" not in answer


async def test_errors_of_the_request_are_400_for_clients_that_speak_graphql_json(api: Any) -> None:
    accept = {"accept": "application/graphql-response+json"}
    wrong = await api.client.post("/graphql", json={"query": "{ you }"}, headers=accept)
    assert (wrong.status_code, wrong.headers["content-type"]) == (
        400,
        "application/graphql-response+json; charset=utf-8",
    )
    good = await api.client.post("/graphql", json={"query": ME}, headers=accept)
    assert (good.status_code, good.json()) == (200, {"data": {"me": None}})


async def test_a_bug_is_masked_and_logged_with_its_traceback_but_not_with_what_was_asked(
    api: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*asked: object) -> None:
        raise RuntimeError(f"bad luck with {asked}")

    monkeypatch.setattr(places, "sites_by_id", broken)
    with caplog.at_level(logging.DEBUG):
        answer = (
            await api.post(None, "query Secret($id: ID!) { site(id: $id) { name } }", {"id": "top-secret"})
        ).json()
    (error,) = answer["errors"]
    assert answer["data"] == {"site": None}
    assert (error["path"], error["extensions"]["code"]) == (["site"], "BUG")
    assert "bad luck" not in str(answer)
    ours = "".join(
        record.getMessage() for record in caplog.records if record.name.startswith(("symbiosis", "strawberry"))
    )
    assert error["extensions"]["errorId"] in ours
    assert "builtins.RuntimeError" in ours
    assert "in broken" in ours
    assert "top-secret" not in ours
    assert "Secret" not in ours


async def test_an_answer_that_takes_too_long_is_given_up(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(places, "sites_by_id", slow)
    app = create_app(api.settings, graph=api.graph)
    app.state.services = replace(app.state.services, deadline_s=0.05)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        answer = await client.post("/graphql", json={"query": '{ site(id: "site-a") { name } }'})
    assert (answer.status_code, codes(answer)) == (503, ["DEADLINE"])
    assert answer.json()["errors"][0]["extensions"]["retryable"] is True


async def test_health_and_the_page(api: Any) -> None:
    assert (await api.client.get("/health/live")).text == "ok\n"
    assert (await api.client.get("/health/ready")).json() == {"ready": True}
    page = await api.client.get("/graphql")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "http://" not in page.text
    assert "https://" not in page.text
    nonce = page.text.partition('nonce="')[2].partition('"')[0]
    assert f"'nonce-{nonce}'" in page.headers["content-security-policy"]


async def test_the_query_on_the_page_is_one_that_the_api_answers(api: Any) -> None:
    page = (await api.client.get("/graphql")).text
    query = page.partition('spellcheck="false">{')[2].partition("</textarea>")[0]
    assert "errors" not in (await api.post("facilitator", "{" + query)).json()


async def test_a_store_that_does_not_answer_is_said_to_be_with_a_hint_to_try_again(tmp_path: Path) -> None:
    nobody = Graph(RemoteServer(Address("bolt://127.0.0.1:9", "neo4j", "secret", "neo4j"), retry_s=0.0))
    settings = Settings(data_dir=tmp_path, dev_tokens=True)
    transport = httpx.ASGITransport(create_app(settings, graph=nobody))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert (await client.get("/health/live")).status_code == 200
        visitor = await client.post("/graphql", json={"query": "{ territories(first: 5) { nodes { id } } }"})
        (error,) = visitor.json()["errors"]
        assert error["extensions"] == {"code": "STORE_UNAVAILABLE", "retryable": True}
        assert "does not answer" in error["message"]
        signed_in = {"authorization": f"Bearer {tokens.development_token(settings, 'facilitator', 60)}"}
        person = await client.post("/graphql", json={"query": ME}, headers=signed_in)
        assert (person.status_code, codes(person)) == (503, ["STORE_UNAVAILABLE"])
    await nobody.close()


async def test_an_app_that_is_given_no_store_opens_and_closes_its_own(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client,
    ):
        assert (await client.get("/health/ready")).json() == {"ready": True}
        answer = await client.post("/graphql", json={"query": "{ territories(first: 5) { nodes { id } } }"})
        assert answer.json() == {"data": {"territories": {"nodes": []}}}
