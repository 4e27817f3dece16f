"""createListing and withdrawListing over HTTP."""

import asyncio
from typing import Any

import pytest

WOOD: dict[str, Any] = {
    "siteId": "site-a",
    "direction": "SUPPLY",
    "resourceCode": "wood",
    "title": "Sawdust, dry",
    "quantityPerYear": 12.5,
    "unit": "TONNE",
}


async def create(api: Any, subject: str | None = "manager-a", **changed: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await api.ask(subject, "CreateListing", input=WOOD | changed)
    return answer


async def test_a_manager_lists_a_by_product_and_reads_it_back(api: Any) -> None:
    made = await create(
        api,
        wasteCode="03 01 05",
        pricePerUnitEur=85.5,
        description="  From the saw.\nDry. ",
        availableFrom="2027-01-01",
        availableUntil="2027-12-31",
        qualities=[{"quality": "MOISTURE_SHARE", "high": 0.2}],
    )
    assert {name: made[name] for name in ("__typename", "version", "status", "quantityPerYear", "unit")} == {
        "__typename": "Listing",
        "version": 1,
        "status": "OPEN",
        "quantityPerYear": 12.5,
        "unit": "TONNE",
    }
    assert (made["provenance"], made["estimated"], made["visibility"]) == ("DECLARED", False, "TERRITORY")
    read = await api.ask("manager-a", "Listing", id=made["id"])
    assert (read["wasteCode"], read["pricePerUnitEur"], read["description"]) == ("030105", 85.5, "From the saw.\nDry.")
    assert (read["availableFrom"], read["availableUntil"]) == ("2027-01-01", "2027-12-31")
    assert read["qualities"] == [{"quality": "MOISTURE_SHARE", "low": None, "high": 0.2}]
    assert (await api.ids("manager-a", "Listings", first=1)) == [made["id"]]


async def test_listing_something_is_written_in_the_journal(api: Any) -> None:
    before = await api.counts()
    await create(api)
    after = await api.counts()
    assert {label: after[label] - before.get(label, 0) for label in after if after[label] != before.get(label)} == {
        "Listing": 1,
        "Event": 1,
    }


@pytest.mark.parametrize(
    ("subject", "site"),
    [
        (None, "site-a"),
        ("outsider", "site-a"),
        ("manager-b", "site-a"),
        ("facilitator-stetienne", "site-a"),
        ("analyst", "site-a"),
        ("manager-a", "site-nowhere"),
        ("manager-a", "site-b"),
    ],
)
async def test_a_site_that_is_not_mine_answers_like_one_that_is_not_there(
    api: Any, subject: str | None, site: str
) -> None:
    before = await api.counts()
    assert await create(api, subject, siteId=site) == {
        "__typename": "NotFoundProblem",
        "code": "NOT_FOUND",
        "message": f"There is no site of yours {site} that you may see.",
        "path": ["input"],
    }
    assert await api.counts() == before


@pytest.mark.parametrize(
    ("changed", "path", "code", "words"),
    [
        ({"quantityPerYear": -1}, "quantityPerYear", "QUANTITY", "is not above zero"),
        ({"quantityPerYear": 0}, "quantityPerYear", "QUANTITY", "is not above zero"),
        ({"quantityPerYear": 1e300}, "quantityPerYear", "QUANTITY", "check the unit"),
        ({"quantityPerYear": 1e-9}, "quantityPerYear", "QUANTITY", "below 1 kg"),
        ({"unit": "MWH"}, "unit", "FIELD", "wood is listed in TONNE, not MWH"),
        ({"resourceCode": "unobtainium"}, "resourceCode", "FIELD", "no resource 'unobtainium'"),
        ({"title": "   "}, "title", "FIELD", "is empty"),
        ({"title": "x" * 201}, "title", "FIELD", "has 201 characters; 200 is the most"),
        ({"title": "a\u0000b"}, "title", "FIELD", "control characters"),
        ({"title": "a\nb"}, "title", "FIELD", "control characters"),
        ({"description": "x" * 4001}, "description", "FIELD", "4000 is the most"),
        ({"wasteCode": "99 99"}, "wasteCode", "WASTE_CODE", "is not a waste code"),
        ({"wasteCode": "170101"}, "wasteCode", "FIELD", "is not a waste code of wood; it has 030105, 150103"),
        ({"provenance": "ESTIMATED"}, "provenance", "FIELD", "DECLARED or METERED"),
        ({"pricePerUnitEur": -5}, "pricePerUnitEur", "FIELD", "below zero"),
        ({"pricePerUnitEur": 1e300}, "pricePerUnitEur", "AMOUNT", "too large"),
        ({"availableFrom": "2027-02-30"}, "availableFrom", "FIELD", "write it like 2027-01-31"),
        ({"availableFrom": "20270101"}, "availableFrom", "FIELD", "write it like 2027-01-31"),
        (
            {"availableFrom": "2027-02-01", "availableUntil": "2027-01-01"},
            "availableUntil",
            "FIELD",
            "swap the dates",
        ),
        ({"qualities": [{"quality": "PURITY_SHARE"}]}, "qualities.0", "FIELD", "needs a low or a high end"),
        (
            {"qualities": [{"quality": "PURITY_SHARE", "low": 2, "high": 1}]},
            "qualities.0",
            "FIELD",
            "swap them",
        ),
        (
            {"qualities": [{"quality": "PURITY_SHARE", "low": 0}, {"quality": "PURITY_SHARE", "low": 1}]},
            "qualities",
            "FIELD",
            "given twice",
        ),
        ({"idempotencyKey": ""}, "idempotencyKey", "FIELD", "is empty"),
    ],
)
async def test_a_wrong_value_is_refused_in_words_with_its_place_and_nothing_is_written(
    api: Any, changed: dict[str, Any], path: str, code: str, words: str
) -> None:
    before = await api.counts()
    problem = await create(api, **changed)
    assert problem["__typename"] == "InputProblem"
    assert (problem["path"], problem["code"]) == (["input", *path.split(".")], code)
    assert words in problem["message"]
    assert await api.counts() == before


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_a_number_that_json_or_a_float_cannot_hold_is_refused(api: Any, number: str) -> None:
    text = (
        '{"query": "mutation($i: CreateListingInput!) { createListing(input: $i) { __typename } }", "variables": {"i":'
        ' {"siteId": "site-a", "direction": "SUPPLY", "resourceCode": "wood", "title": "x", "unit": "TONNE",'
        f' "quantityPerYear": {number}}}}}}}'
    )
    before = await api.counts()
    headers = api.headers("manager-a") | {"content-type": "application/json"}
    answer = (await api.client.post("/graphql", content=text, headers=headers)).json()
    assert answer["errors"][0]["extensions"]["code"] in {"BAD_JSON", "GRAPHQL_VALIDATION_FAILED"}
    assert await api.counts() == before


async def test_a_number_written_into_the_query_that_is_no_number_is_refused(api: Any) -> None:
    fields = (
        'siteId: "site-a", direction: SUPPLY, resourceCode: "wood", title: "x", unit: TONNE, quantityPerYear: 1e999'
    )
    query = f"mutation {{ createListing(input: {{{fields}}}) {{ ... on Problem {{ message }} }} }}"
    before = await api.counts()
    answer = (await api.post("manager-a", query)).json()
    assert "errors" in answer or "number" in answer["data"]["createListing"]["message"]
    assert await api.counts() == before


async def test_nulls_in_optional_fields_are_as_if_they_were_absent(api: Any) -> None:
    optional = ("wasteCode", "description", "pricePerUnitEur", "availableFrom", "availableUntil", "qualities")
    made = await create(api, **dict.fromkeys(optional, None))
    read = await api.ask("manager-a", "Listing", id=made["id"])
    assert [read[name] for name in optional] == [None, None, None, None, None, []]


async def test_the_same_request_under_the_same_key_is_listed_once(api: Any) -> None:
    first = await create(api, idempotencyKey="k-1")
    before = await api.counts()
    assert await create(api, idempotencyKey="k-1") == first
    assert await api.counts() == before
    assert (await create(api, idempotencyKey="k-2"))["id"] != first["id"]


async def test_twenty_at_once_under_one_key_are_one_listing(api: Any) -> None:
    before = await api.counts()
    made = await asyncio.gather(*(create(api, idempotencyKey="k-race") for _ in range(20)))
    assert len({listing["id"] for listing in made}) == 1
    after = await api.counts()
    assert (after["Listing"] - before["Listing"], after["Event"], after["Request"]) == (1, 1, 1)


async def test_a_key_that_comes_back_with_another_listing_is_refused(api: Any) -> None:
    await create(api, idempotencyKey="k-1")
    problem = await create(api, idempotencyKey="k-1", quantityPerYear=13)
    assert (problem["__typename"], problem["code"]) == ("RuleProblem", "IDEMPOTENCY_KEY_REUSED")


async def test_a_key_is_its_owner_s(api: Any) -> None:
    mine = await create(api, idempotencyKey="k-1")
    theirs = await create(api, "manager-b", idempotencyKey="k-1", siteId="site-b")
    assert theirs["__typename"] == "Listing"
    assert theirs["id"] != mine["id"]


async def withdraw(api: Any, subject: str | None, listing_id: str, version: int = 1) -> dict[str, Any]:
    given = {"id": listing_id, "version": version}
    answer: dict[str, Any] = await api.ask(subject, "WithdrawListing", input=given)
    return answer


async def test_a_manager_withdraws_a_listing_and_the_list_no_longer_has_it(api: Any) -> None:
    assert await withdraw(api, "manager-a", "a-public") == {
        "__typename": "Listing",
        "id": "a-public",
        "version": 2,
        "status": "WITHDRAWN",
    }
    assert "a-public" not in await api.ids("manager-a", "Listings", first=100)
    assert await api.ids("manager-a", "Listings", where={"status": {"eq": "WITHDRAWN"}}) == ["a-public"]
    again = await withdraw(api, "manager-a", "a-public", 2)
    assert (again["__typename"], again["code"]) == ("RuleProblem", "ALREADY_WITHDRAWN")


@pytest.mark.parametrize(
    ("subject", "listing_id", "kind"),
    [
        (None, "a-public", "NotAllowedProblem"),
        ("outsider", "a-public", "NotAllowedProblem"),
        ("manager-b", "a-public", "NotAllowedProblem"),
        ("analyst", "a-territory", "NotAllowedProblem"),
        ("facilitator", "a-private", "NotAllowedProblem"),
        (None, "a-territory", "NotFoundProblem"),
        ("manager-b", "a-private", "NotFoundProblem"),
        ("analyst", "a-private", "NotFoundProblem"),
        ("facilitator-stetienne", "a-territory", "NotFoundProblem"),
        ("manager-a", "nothing", "NotFoundProblem"),
    ],
)
async def test_only_the_site_withdraws_and_what_is_hidden_is_not_there(
    api: Any, subject: str | None, listing_id: str, kind: str
) -> None:
    assert (await withdraw(api, subject, listing_id))["__typename"] == kind
    for known in ("a-public", "a-territory", "a-private"):
        unchanged = await api.ask("manager-a", "Listing", id=known)
        assert (unchanged["status"], unchanged["version"]) == ("OPEN", 1)


async def test_a_stale_version_is_a_conflict_and_changes_nothing(api: Any) -> None:
    before = await api.counts()
    problem = await withdraw(api, "manager-a", "a-public", 7)
    assert (problem["__typename"], problem["expectedVersion"], problem["foundVersion"]) == ("ConflictProblem", 7, 1)
    assert problem["code"] == "CONFLICT"
    assert (await api.ask("manager-a", "Listing", id="a-public"))["status"] == "OPEN"
    assert await api.counts() == before
