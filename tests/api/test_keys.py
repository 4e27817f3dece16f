"""API keys over HTTP: made, shown once, used within their scopes, revoked."""

import asyncio
from typing import Any, Final, LiteralString

import pytest

from symbiosis.store.graph import Tx

AGE: Final[LiteralString] = "MATCH (key:ApiKey {id: $id}) SET key.expires_at = '2020-01-01' RETURN key.id AS id"
KEPT: Final[LiteralString] = "MATCH (key:ApiKey) RETURN properties(key) AS facts ORDER BY key.id LIMIT 10"
SECRET: Final = 43
"""How many characters at the end of a key nobody else knows."""
WOOD: Final = {
    "siteId": "site-a",
    "direction": "SUPPLY",
    "resourceCode": "wood",
    "title": "Chips",
    "quantityPerYear": 1,
    "unit": "TONNE",
}


async def made(api: Any, *scopes: str, subject: str = "manager-a", **changed: Any) -> dict[str, Any]:
    wanted = {"label": "ERP", "days": 30, "scopes": list(scopes)} | changed
    answer: dict[str, Any] = await api.ask(subject, "CreateApiKey", input=wanted)
    return answer


async def with_key(api: Any, text: str, query: str, **variables: Any) -> dict[str, Any]:
    answer = await api.client.post(
        "/graphql", json={"query": query, "variables": variables}, headers={"authorization": f"Bearer {text}"}
    )
    body: dict[str, Any] = answer.json()
    return body | {"status": answer.status_code}


async def name_of(api: Any, text: str) -> Any:
    body = await with_key(api, text, "{ me { name } }")
    return body["errors"][0]["extensions"]["code"] if "errors" in body else body["data"]["me"]["name"]


CREATE = "mutation($input: CreateListingInput!) { createListing(input: $input) { __typename } }"


async def test_a_key_signs_its_person_in_and_only_a_hash_of_it_is_kept(api: Any) -> None:
    key = await made(api)
    assert key["text"].startswith("sbk_")
    assert await name_of(api, key["text"]) == "manager-a"

    async def kept(tx: Tx) -> Any:
        return [row["facts"] for row in await tx.run(KEPT)]

    (facts,) = await api.graph.read(kept)
    assert key["text"][-SECRET:] not in str(facts)
    assert len(facts["secret_sha256"]) == 64
    (listed,) = (await api.ask("manager-a", "ApiKeys", first=5))["nodes"]
    assert (listed["id"], listed["label"], listed["scopes"]) == (key["apiKey"]["id"], "ERP", [])
    assert "text" not in listed


async def test_a_key_changes_only_what_its_scopes_name(api: Any) -> None:
    reads, lists = await made(api), await made(api, "LISTINGS")
    refused = await with_key(api, reads["text"], CREATE, input=WOOD)
    assert refused["data"]["createListing"]["__typename"] == "NotAllowedProblem"
    done = await with_key(api, lists["text"], CREATE, input=WOOD)
    assert done["data"]["createListing"]["__typename"] == "Listing"


async def test_a_key_never_makes_or_reads_keys(api: Any) -> None:
    key = await made(api, "LISTINGS", "REVIEWS", "RUNS")
    query = 'mutation { createApiKey(input: {label: "more", days: 1}) { __typename } }'
    assert (await with_key(api, key["text"], query))["data"]["createApiKey"]["__typename"] == "NotAllowedProblem"
    body = await with_key(api, key["text"], "{ apiKeys(first: 1) { nodes { id } } }")
    assert body["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


async def test_a_scope_gives_nothing_that_the_person_may_not_do(api: Any) -> None:
    key = await made(api, "LISTINGS", subject="manager-b")
    refused = await with_key(api, key["text"], CREATE, input=WOOD)
    assert refused["data"]["createListing"]["__typename"] == "NotFoundProblem"


async def test_a_revoked_key_is_nobody_s_at_once(api: Any) -> None:
    key = await made(api)
    wanted = {"id": key["apiKey"]["id"], "version": 1, "idempotencyKey": "r"}
    revoked = await api.ask("manager-a", "RevokeApiKey", input=wanted)
    assert (revoked["__typename"], revoked["version"]) == ("ApiKey", 2)
    assert await name_of(api, key["text"]) == "UNAUTHENTICATED"
    assert await api.ask("manager-a", "RevokeApiKey", input=wanted) == revoked
    stale = await api.ask("manager-a", "RevokeApiKey", input={"id": key["apiKey"]["id"], "version": 1})
    assert (stale["__typename"], stale["code"]) == ("ConflictProblem", "CONFLICT")


async def test_an_expired_key_is_nobody_s(api: Any) -> None:
    key = await made(api)

    async def age(tx: Tx) -> None:
        await tx.run(AGE, id=key["apiKey"]["id"])

    await api.graph.write(age)
    assert await name_of(api, key["text"]) == "UNAUTHENTICATED"


async def test_a_mistyped_key_is_nobody_s(api: Any) -> None:
    text = (await made(api))["text"]
    for wrong in (text[:-1] + ("A" if text[-1] != "A" else "B"), text[:-1], text + "x", "sbk_", text.upper()):
        assert await name_of(api, wrong) == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("changed", "path"), [({"days": 0}, "days"), ({"days": 367}, "days"), ({"label": " "}, "label")]
)
async def test_a_key_needs_a_label_and_an_end(api: Any, changed: dict[str, Any], path: str) -> None:
    problem = await made(api, **changed)
    assert (problem["__typename"], problem["path"]) == ("InputProblem", ["input", path])


async def test_others_neither_see_nor_revoke_a_key_and_visitors_make_none(api: Any) -> None:
    key = await made(api)
    assert (await api.ask("manager-b", "ApiKeys", first=5))["nodes"] == []
    wanted = {"id": key["apiKey"]["id"], "version": 1}
    assert (await api.ask("manager-b", "RevokeApiKey", input=wanted))["code"] == "NOT_FOUND"
    visitor = await api.ask(None, "CreateApiKey", input={"label": "x", "days": 1})
    assert visitor["__typename"] == "NotAllowedProblem"


async def test_the_same_request_sent_twice_makes_one_key_and_shows_it_once(api: Any) -> None:
    both = await asyncio.gather(*(made(api, idempotencyKey="k") for _ in range(5)))
    assert len({key["apiKey"]["id"] for key in both}) == 1
    assert sorted(key["text"] is None for key in both) == [False, True, True, True, True]
    other = await made(api, "RUNS", idempotencyKey="k")
    assert (other["__typename"], other["code"]) == ("RuleProblem", "IDEMPOTENCY_KEY_REUSED")


async def test_a_person_has_20_live_keys_at_most(api: Any) -> None:
    keys = await asyncio.gather(*(made(api) for _ in range(22)))
    assert sorted(key["__typename"] for key in keys) == ["NewApiKey"] * 20 + ["RuleProblem"] * 2
