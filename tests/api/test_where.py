"""`where` and `orderBy` over HTTP: operators, units, what is hidden, and refusals in words."""

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"quantityPerYear": {"unit": "TONNE", "gte": 40}, "siteId": {"eq": "site-b"}}, {"b-demand", "b-private"}),
        ({"quantityPerYear": {"unit": "MWH", "lte": 40}}, {"c-heat"}),
        ({"quantityPerYear": {"unit": "TONNE", "gt": 40}}, set()),
        ({"pricePerUnitEur": {"gte": 91.5, "lt": 93}}, {"a-territory"}),
        ({"title": {"startsWith": "listing A"}, "visibility": {"notIn": ["PRIVATE"]}}, {"a-public", "a-territory"}),
        ({"createdAt": {"gte": "2026-11-01"}, "resourceCode": {"in": ["heat", "water"]}}, {"c-heat"}),
        ({"createdAt": {"gt": "2026-11-01"}}, set()),
        ({"createdAt": {"lt": "2026-11-01T09:00:00+01:00"}}, set()),
        ({"near": {"siteId": "site-c", "withinKm": 0}, "direction": {"eq": "DEMAND"}}, {"b-demand", "b-private"}),
        (
            {"or": [{"siteId": {"eq": "site-c"}}, {"visibility": {"eq": "PRIVATE"}}]},
            {"c-heat", "a-private", "b-private"},
        ),
        ({"not": {"resourceKind": {"eq": "MATERIAL"}}}, {"c-heat"}),
        ({"and": [{"title": {"contains": "a-"}}, {"title": {"contains": "priv"}}]}, {"a-private"}),
        ({"status": None, "or": []}, set()),
        ({"wasteCode": {"startsWith": ""}}, set()),
        ({"not": {"wasteCode": {"startsWith": "03"}}}, set()),
    ],
    ids=str,
)
async def test_the_operators_find_what_they_say(api: Any, where: dict[str, Any], found: set[str]) -> None:
    assert set(await api.ids("facilitator", "Listings", first=100, where=where)) == found


async def test_nobody_finds_a_price_by_asking_for_it(api: Any) -> None:
    for where in ({"pricePerUnitEur": {"gte": 0}}, {"not": {"pricePerUnitEur": {"gte": 0}}}):
        assert await api.ids("analyst", "Listings", first=100, where=where) == []
    assert await api.ids("manager-b", "Listings", where={"pricePerUnitEur": {"gte": 45.5}}) == ["b-private"]


async def test_listings_are_open_ones_unless_a_status_is_asked_for(api: Any) -> None:
    await api.ask("manager-a", "WithdrawListing", input={"id": "a-public", "version": 1})
    assert "a-public" not in await api.ids(None, "Listings", where={"direction": {"eq": "SUPPLY"}})
    assert "a-public" in await api.ids(None, "Listings", where={"status": None})
    assert await api.ids(None, "Listings", where={"status": {"notIn": ["OPEN"]}}) == ["a-public"]


@pytest.mark.parametrize(
    ("where", "many"),
    [
        ({"suggested": True}, 3),
        ({"status": {"in": ["SHORTLISTED", "REJECTED"]}}, 1),
        ({"assigned": True}, 0),
        ({"assigned": False}, 4),
        ({"naf": {"startsWith": "20.1"}}, 4),
        ({"naf": {"startsWith": "21"}}, 0),
        ({"distanceKm": {"lte": 12.5}, "avoidedTco2ePerYear": {"gte": 2.5}}, 3),
        ({"quantityPerYear": {"unit": "TONNE", "gt": 30}}, 0),
        ({"valuePerYearEur": {"gte": 1000}}, 3),
        ({"near": {"siteId": "site-d", "withinKm": 1}}, 4),
        ({"not": {"territoryId": {"eq": "stetienne"}}, "resourceKind": {"eq": "MATERIAL"}}, 3),
    ],
    ids=str,
)
async def test_the_queue_of_a_facilitator_can_be_narrowed(api: Any, where: dict[str, Any], many: int) -> None:
    assert len(await api.ids("facilitator", "Synergies", first=100, where=where)) == many


async def test_a_value_that_is_hidden_neither_matches_nor_sorts(api: Any) -> None:
    for where in (
        {"valuePerYearEur": {"gte": 0}},
        {"valuePerYearEur": {"lt": 10**9}},
        {"not": {"valuePerYearEur": {"gte": 0}}},
    ):
        assert await api.ids("manager-a", "Synergies", where=where) == []
    for order in ("VALUE", "DISTANCE", "AVOIDED", "ACTIVITY", "CREATED"):
        for direction in ("ASC", "DESC"):
            by = {"field": order, "direction": direction}
            everything = await api.ids("manager-a", "Synergies", first=100, orderBy=by)
            assert len(everything) == len(set(everything)) == 4
            head = await api.ask("manager-a", "Synergies", first=2, orderBy=by)
            rest = await api.ids("manager-a", "Synergies", first=2, orderBy=by, after=head["pageInfo"]["endCursor"])
            assert [node["id"] for node in head["nodes"]] + rest == everything


async def test_places_and_runs_are_narrowed_and_turned_round(api: Any) -> None:
    assert await api.ids(None, "Sites", orderBy={"field": "NAME", "direction": "DESC"}) == [
        "site-d",
        "site-c",
        "site-b",
        "site-a",
    ]
    assert await api.ids(None, "Sites", where={"not": {"territoryId": {"eq": "lyon"}}}) == ["site-c"]
    assert await api.ids(None, "Sites", where={"heading": {"eq": "2790-1"}}) == []
    assert await api.ids(None, "Resources", where={"wasteCode": {"startsWith": "0301"}}) == ["wood"]
    assert await api.ids(None, "Resources", where={"name": {"contains": "AT"}}) == ["heat", "water"]
    assert await api.ids("analyst", "Runs", orderBy={"field": "STARTED", "direction": "ASC"}) == ["run-old", "run-now"]
    assert await api.ids("analyst", "Runs", where={"startedAt": {"lte": "2026-10-02"}}) == ["run-old"]


async def test_a_cursor_of_another_filter_is_refused_in_words(api: Any) -> None:
    head = await api.ask(None, "Listings", first=1, where={"direction": {"eq": "SUPPLY"}})
    (error,) = (await api.whole(None, "Listings", after=head["pageInfo"]["endCursor"]))["errors"]
    assert error["extensions"]["code"] == "CURSOR"
    assert error["message"] == "`after` belongs to the same list under another `where`; start again without it."


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"siteId": {"in": ["x"] * 101}}, "`in` lists 101 values; 100 is the most. Ask in two queries."),
        ({"createdAt": {"gte": "soon"}}, "'soon' is not a time; write 2026-11-01 or 2026-11-01T08:00:00Z."),
        ({"createdAt": {"gte": "2026-02-30"}}, "'2026-02-30' is not a day; write it like 2026-11-01."),
        ({"near": {"siteId": "site-a", "withinKm": -1}}, "`withinKm` is -1.0; give 0 to 20000."),
        ({"or": [{"title": {"eq": "x"}}] * 31}, "`where` has 32 conditions; 30 is the most. Ask in two queries."),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
async def test_what_cannot_be_compared_is_refused_in_words(api: Any, where: dict[str, Any], said: str) -> None:
    (error,) = (await api.whole(None, "Listings", where=where))["errors"]
    assert (error["extensions"]["code"], error["message"]) == ("WHERE", said)


async def test_a_site_to_measure_from_that_is_not_there_is_named(api: Any) -> None:
    (error,) = (await api.whole(None, "Listings", where={"near": {"siteId": "site-z", "withinKm": 5}}))["errors"]
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert "site-z" in error["message"]
