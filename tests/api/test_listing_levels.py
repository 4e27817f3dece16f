"""Levels of a listing over HTTP: quick, matchable with a quantity, ready for a contract when stated whole."""

from typing import Any

import pytest

from symbiosis.domain.runs import RunKind
from symbiosis.store.snapshot import read_market

QUICK = {"siteId": "site-a", "direction": "SUPPLY", "resourceCode": "wood", "title": "Offcuts"}
CONTRACT = {
    "description": "Dry, from the saw.",
    "availableFrom": "2027-01-01",
    "qualities": [{"quality": "MOISTURE_SHARE", "high": 0.2}],
    "physicalStates": ["SOLID"],
    "wasteCode": "03 01 05",
}


async def listed(api: Any, **stated: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await api.ask("manager-a", "CreateListing", input=QUICK | stated)
    return answer


async def in_a_run(api: Any) -> set[str]:
    market = await api.graph.read(read_market, RunKind.EXCHANGE)
    return {listing.listing_id for listing in market.listings}


async def read_back(api: Any, query: str) -> dict[str, Any]:
    read: dict[str, Any] = (await api.post("manager-a", query, {"id": "a-public"})).json()["data"]["listing"]
    return read


async def test_a_quick_listing_is_seen_and_never_run_until_its_quantity_is_stated(api: Any) -> None:
    quick = await listed(api)
    assert (quick["level"], quick["quantityPerYear"], quick["unit"]) == ("QUICK", None, "TONNE")
    assert [(fact["field"], fact["level"]) for fact in quick["missing"]] == [("quantityPerYear", "MATCHABLE")]
    assert quick["id"] in await api.ids("manager-a", "Listings", where={"siteId": {"eq": "site-a"}})
    assert quick["id"] not in await in_a_run(api)
    changed = await api.ask("manager-a", "UpdateListing", input={"id": quick["id"], "version": 1, "quantityPerYear": 5})
    assert (changed["level"], changed["quantityPerYear"], changed["version"]) == ("MATCHABLE", 5.0, 2)
    assert quick["id"] in await in_a_run(api)


async def test_a_quick_listing_is_in_every_order_once_and_counts_as_the_least(api: Any) -> None:
    quick = await listed(api)
    by = {"field": "QUANTITY", "direction": "ASC"}
    ids = await api.ids("manager-a", "Listings", first=100, orderBy=by)
    assert ids[0] == quick["id"]
    head = await api.ask("manager-a", "Listings", first=1, orderBy=by)
    rest = await api.ids("manager-a", "Listings", first=99, orderBy=by, after=head["pageInfo"]["endCursor"])
    assert rest == ids[1:]
    for where in ({"quantityPerYear": {"unit": "TONNE", "gte": 0}}, {"quantityPerYear": {"unit": "TONNE", "lt": 1}}):
        assert quick["id"] not in await api.ids("manager-a", "Listings", first=100, where=where)


async def test_what_is_missing_for_a_contract_is_said_field_by_field(api: Any) -> None:
    matchable = await listed(api, quantityPerYear=10, unit="TONNE")
    assert matchable["level"] == "MATCHABLE"
    missing = [fact["field"] for fact in matchable["missing"]]
    assert missing == ["description", "availableFrom", "qualities", "physicalStates", "wasteCode"]
    assert all(fact["remedy"].endswith(".") for fact in matchable["missing"])
    version = 1
    for field in missing:
        change = {"id": matchable["id"], "version": version, field: CONTRACT[field]}
        matchable = await api.ask("manager-a", "UpdateListing", input=change)
        version = matchable["version"]
        assert field not in [fact["field"] for fact in matchable["missing"]]
    assert (matchable["level"], matchable["missing"]) == ("CONTRACT_READY", [])
    cleared = {"id": matchable["id"], "version": version, "description": None}
    assert (await api.ask("manager-a", "UpdateListing", input=cleared))["level"] == "MATCHABLE"


async def test_heat_needs_no_waste_code_and_an_estimate_the_word_of_its_site(api: Any) -> None:
    heat = await api.ask("facilitator-stetienne", "Listing", id="c-heat")
    assert [fact["field"] for fact in heat["missing"]] == [
        "quantityPerYear",
        "description",
        "availableFrom",
        "qualities",
    ]


async def test_evidence_stands_in_for_a_waste_code(api: Any) -> None:
    stated = {name: value for name, value in CONTRACT.items() if name != "wasteCode"}
    evidence = [{"kind": "CERTAIN_USE", "text": "Contract of 2025."}]
    ready = await listed(api, **stated, quantityPerYear=10, unit="TONNE", evidence=evidence)
    assert ready["level"] == "CONTRACT_READY"


@pytest.mark.parametrize(
    ("stated", "path"),
    [
        ({"quantityPerYear": 4}, ["input", "unit"]),
        ({"unit": "M3"}, ["input", "unit"]),
        ({"quantityPerYear": -4, "unit": "TONNE"}, ["input", "quantityPerYear"]),
    ],
    ids=str,
)
async def test_what_a_quick_listing_does_state_is_checked(api: Any, stated: dict[str, Any], path: list[str]) -> None:
    problem = await listed(api, **stated)
    assert (problem["__typename"], problem["path"]) == ("InputProblem", path)


async def test_a_pair_with_a_quick_listing_is_not_explained_but_refused_in_words(api: Any) -> None:
    quick = await listed(api)
    (error,) = (await api.whole("manager-a", "ExplainPair", supplyId=quick["id"], demandId="b-demand"))["errors"]
    assert error["extensions"]["code"] == "LISTING_QUICK"
    assert quick["id"] in error["message"]


async def test_an_update_states_whatever_a_new_listing_states(api: Any) -> None:
    change = {
        "quantityPerYear": 100,
        "quantityLowPerYear": 80,
        "quantityHighPerYear": 120,
        "minimumPerYear": 5,
        "provenance": "METERED",
        "evidence": [{"kind": "CERTAIN_USE", "text": "Contract."}],
    } | CONTRACT
    await api.ask("manager-a", "UpdateListing", input={"id": "a-public", "version": 1} | change)
    query = """query ($id: ID!) { listing(id: $id) { version level quantityPerYear quantityLowPerYear
        quantityHighPerYear minimumPerYear provenance wasteCode physicalStates qualities { quality low high }
        evidence { kind text act } } }"""
    read = await read_back(api, query)
    assert read == {
        "version": 2,
        "level": "CONTRACT_READY",
        "quantityPerYear": 100.0,
        "quantityLowPerYear": 80.0,
        "quantityHighPerYear": 120.0,
        "minimumPerYear": 5.0,
        "provenance": "METERED",
        "wasteCode": "030105",
        "physicalStates": ["SOLID"],
        "qualities": [{"quality": "MOISTURE_SHARE", "low": None, "high": 0.2}],
        "evidence": [{"kind": "CERTAIN_USE", "text": "Contract.", "act": None}],
    }
    nothing = {"qualities": None, "evidence": [], "physicalStates": None, "wasteCode": None, "minimumPerYear": None}
    await api.ask("manager-a", "UpdateListing", input={"id": "a-public", "version": 2} | nothing)
    cleared = await read_back(api, query)
    assert [cleared[name] for name in nothing] == [[], [], [], None, None]
    assert (cleared["quantityLowPerYear"], cleared["level"]) == (80.0, "MATCHABLE")


@pytest.mark.parametrize(
    ("stated", "path"),
    [
        ({"quantityLowPerYear": 41}, ["input", "quantityLowPerYear"]),
        ({"quantityHighPerYear": 39}, ["input", "quantityHighPerYear"]),
        ({"minimumPerYear": 41}, ["input", "quantityPerYear"]),
        ({"provenance": "ESTIMATED"}, ["input", "provenance"]),
        ({"provenance": None}, ["input", "provenance"]),
        ({"wasteCode": "170101"}, ["input", "wasteCode"]),
        ({"qualities": [{"quality": "PH"}]}, ["input", "qualities", "0"]),
        ({"evidence": [{"kind": "END_OF_WASTE", "text": "x"}]}, ["input", "evidence", "0", "act"]),
    ],
    ids=str,
)
async def test_a_wrong_fact_is_refused_and_nothing_changes(api: Any, stated: dict[str, Any], path: list[str]) -> None:
    before = await api.ask("manager-a", "Listing", id="a-public")
    problem = await api.ask("manager-a", "UpdateListing", input={"id": "a-public", "version": 1} | stated)
    assert (problem["__typename"], problem["path"]) == ("InputProblem", path)
    assert await api.ask("manager-a", "Listing", id="a-public") == before


async def test_the_same_change_of_facts_sent_twice_is_made_once(api: Any) -> None:
    change = {"id": "a-public", "version": 1, "idempotencyKey": "once"} | CONTRACT
    first = await api.ask("manager-a", "UpdateListing", input=change)
    again = await api.ask("manager-a", "UpdateListing", input=change)
    assert (first["version"], again["version"]) == (2, 2)
    other = await api.ask("manager-a", "UpdateListing", input=change | {"physicalStates": ["POWDER"]})
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_an_anonymised_quick_listing_does_not_break_the_list_of_outlines(api: Any) -> None:
    assert (await listed(api, visibility="ANONYMISED"))["level"] == "QUICK"
    answer = (await api.post("manager-d", "{ anonymisedListings(first: 100) { nodes { alias } } }")).json()
    assert answer == {"data": {"anonymisedListings": {"nodes": []}}}
