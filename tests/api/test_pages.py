"""Keyset pages over HTTP: nothing lost, nothing twice, and no cursor but the list's own."""

import asyncio
import base64
import json
from typing import Any

import pytest


@pytest.fixture
def listing(a_listing: Any) -> Any:
    """Return a function that makes the row of a listing of site-d with sort keys that repeat."""
    return lambda number, **facts: a_listing(f"page-{number:03d}", "site-d", **(keys(number) | facts))


def keys(number: int) -> dict[str, Any]:
    return {
        "created_at": f"2026-11-{1 + number % 5:02d}T08:00:00.000000Z",
        "title": f"Chutes {'éàz'[number % 3]}{number % 7}",
        "quantity_base_per_year": 1000 + number % 4,
    }


async def walk(api: Any, between: Any = None, **variables: Any) -> list[str]:
    seen: list[str] = []
    after = None
    while True:
        page = await api.ask("facilitator", "Listings", first=7, after=after, **variables)
        seen += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return seen
        after = page["pageInfo"]["endCursor"]
        if between is not None:
            await between(len(seen))


@pytest.mark.parametrize("order", ["CREATED", "UPDATED", "TITLE", "QUANTITY"])
async def test_pages_lose_and_repeat_no_row_while_rows_are_inserted(
    api: Any, add_listings: Any, listing: Any, order: str
) -> None:
    await add_listings([listing(number) for number in range(40)])
    before = set(await api.ids("facilitator", "Listings", first=100))

    async def insert(seen: int) -> None:
        await add_listings([listing(500 + seen), listing(600 + seen, created_at="2027-01-01T00:00:00.000000Z")])

    seen = await walk(api, between=insert, orderBy={"field": order})
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("CREATED", lambda row: (-int(row["created_at"][8:10]), row["id"])),
        ("QUANTITY", lambda row: (-row["quantity_base_per_year"], row["id"])),
    ],
)
async def test_an_order_is_kept_from_page_to_page_and_ties_go_by_id(
    api: Any, add_listings: Any, listing: Any, order: str, key: Any
) -> None:
    rows = [listing(number) for number in range(30)]
    await add_listings(rows)
    expected = [row["id"] for row in sorted((row["facts"] for row in rows), key=key)]
    assert await walk(api, orderBy={"field": order}, where={"siteId": {"eq": "site-d"}}) == expected


async def test_the_title_order_goes_by_title_whatever_the_case(api: Any, add_listings: Any, listing: Any) -> None:
    await add_listings([listing(n, title=title) for n, title in enumerate(["beta", "Alpha", "alpha", "Beta"])])
    assert await walk(api, orderBy={"field": "TITLE"}, where={"siteId": {"eq": "site-d"}}) == [
        "page-001",
        "page-002",
        "page-000",
        "page-003",
    ]


async def test_every_list_can_be_read_row_by_row(api: Any) -> None:
    for operation, many in (("Sites", 4), ("Resources", 3), ("Runs", 2), ("Synergies", 4), ("Listings", 6)):
        seen: list[str] = []
        after = None
        while True:
            page = await api.ask("facilitator", operation, first=1, after=after)
            seen += [node["id"] for node in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert len(seen) == len(set(seen)) == many
        assert seen == await api.ids("facilitator", operation, first=100)


async def test_the_synergies_last_changed_come_first_where_asked(api: Any) -> None:
    first = (await api.ask("facilitator", "Synergies", first=1))["nodes"][0]
    await api.ask("facilitator", "ReviewSynergy", input={"id": first["id"], "version": 1, "review": "SHORTLIST"})
    assert (await api.ids("facilitator", "Synergies", first=1, orderBy={"field": "UPDATED"})) == [first["id"]]


def cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).rstrip(b"=").decode()


async def test_a_page_that_is_far_too_long_is_refused_before_anything_is_read(api: Any) -> None:
    (error,) = (await api.whole(None, "Listings", first=2_000_000_000))["errors"]
    assert error["extensions"]["code"] == "QUERY_TOO_LARGE"


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_a_page_has_1_to_100_rows(api: Any, first: int) -> None:
    (error,) = (await api.whole(None, "Listings", first=first))["errors"]
    assert error["extensions"]["code"] == "PAGE_SIZE"
    assert error["message"] == f"`first` is {first}; ask for 1 to 100 and read on with `after`."


@pytest.mark.parametrize(
    "after",
    [
        "",
        "garbage",
        "é",
        "A" * 5000,
        "[" * 900,
        cursor(),
        cursor("CREATED_DESC", 5, "a-public", ""),
        cursor("CREATED_DESC", "2026", None, ""),
        cursor("CREATED_DESC", {"$gt": ""}, "a-public", ""),
        cursor("CREATED_DESC", "\ud800", "a-public", ""),
        cursor("CREATED_DESC", "2026", "\ud800", ""),
        cursor("QUANTITY_DESC", float("inf"), "a-public", ""),
        cursor("QUANTITY_DESC", 2**80, "a-public", ""),
        cursor("QUANTITY_DESC", True, "a-public", ""),
        cursor(["CREATED_DESC"], "2026", "a-public", ""),
    ],
)
async def test_a_cursor_that_is_none_of_ours_is_refused_in_words(api: Any, after: str) -> None:
    for order in ("CREATED", "QUANTITY"):
        (error,) = (await api.whole(None, "Listings", after=after, orderBy={"field": order}))["errors"]
        assert error["extensions"]["code"] == "CURSOR"


async def test_a_cursor_of_another_order_is_refused_in_words(api: Any) -> None:
    page = await api.ask(None, "Listings", first=1, orderBy={"field": "TITLE"})
    (error,) = (await api.whole(None, "Listings", after=page["pageInfo"]["endCursor"]))["errors"]
    assert error["message"] == "`after` belongs to the order TITLE_ASC, not CREATED_DESC; start again without it."


async def test_readers_beside_writers_see_whole_pages(api: Any, add_listings: Any, listing: Any) -> None:
    await add_listings([listing(number) for number in range(30)])
    before = set(await api.ids("facilitator", "Listings", first=100))
    writes = [add_listings([listing(800 + number)]) for number in range(10)]
    *_, seen = await asyncio.gather(*writes, walk(api))
    assert len(seen) == len(set(seen))
    assert before <= set(seen)
