"""updateListing over HTTP: absent is not null, and no update is lost."""

import asyncio
from typing import Any

import pytest


async def update(
    api: Any, subject: str | None = "manager-a", listing: str = "a-public", **stated: Any
) -> dict[str, Any]:
    answer: dict[str, Any] = await api.ask(subject, "UpdateListing", input={"id": listing, "version": 1} | stated)
    return answer


async def test_what_is_left_out_stays_and_null_clears(api: Any) -> None:
    first = await update(api, description="Dry.", pricePerUnitEur=12.5, availableFrom="2027-01-01")
    assert (first["version"], first["title"], first["quantityPerYear"]) == (2, "Listing a-public", 40.0)
    assert (first["description"], first["pricePerUnitEur"], first["availableFrom"]) == ("Dry.", 12.5, "2027-01-01")
    second = await update(api, version=2, description=None, availableFrom=None, title="Sawdust", quantityPerYear=7)
    assert (second["version"], second["title"], second["quantityPerYear"]) == (3, "Sawdust", 7.0)
    assert (second["description"], second["pricePerUnitEur"], second["availableFrom"]) == (None, 12.5, None)
    read = await api.ask("manager-a", "Listing", id="a-public")
    assert {name: read[name] for name in ("title", "version", "pricePerUnitEur")} == {
        "title": "Sawdust",
        "version": 3,
        "pricePerUnitEur": 12.5,
    }


async def test_a_new_quantity_is_no_estimate_any_more(api: Any) -> None:
    changed = await update(api, "manager-c", "c-heat", quantityPerYear=3)
    assert (changed["provenance"], changed["quantityPerYear"]) == ("DECLARED", 3.0)
    read = await api.ask("manager-c", "Listing", id="c-heat")
    assert (read["estimated"], read["quantityPerYear"]) == (False, 3.0)


@pytest.mark.parametrize(
    ("stated", "path"),
    [
        ({"title": None}, ["input", "title"]),
        ({"title": " "}, ["input", "title"]),
        ({"quantityPerYear": None}, ["input", "quantityPerYear"]),
        ({"quantityPerYear": 0}, ["input", "quantityPerYear"]),
        ({"visibility": None}, ["input", "visibility"]),
        ({"pricePerUnitEur": -1}, ["input", "pricePerUnitEur"]),
        ({"availableFrom": "soon"}, ["input", "availableFrom"]),
        ({"availableFrom": "2027-02-01", "availableUntil": "2027-01-01"}, ["input", "availableUntil"]),
        ({}, ["input"]),
    ],
    ids=str,
)
async def test_a_wrong_value_is_refused_and_nothing_is_written(api: Any, stated: dict[str, Any], path: Any) -> None:
    before = await api.ask("manager-a", "Listing", id="a-public")
    problem = await update(api, **stated)
    assert (problem["__typename"], problem["path"]) == ("InputProblem", path)
    assert await api.ask("manager-a", "Listing", id="a-public") == before


@pytest.mark.parametrize(
    ("subject", "listing", "kind"),
    [
        (None, "a-public", "NotAllowedProblem"),
        ("manager-b", "a-public", "NotAllowedProblem"),
        ("manager-b", "a-private", "NotFoundProblem"),
        ("facilitator", "a-public", "NotAllowedProblem"),
        ("analyst", "a-territory", "NotAllowedProblem"),
        ("outsider", "a-territory", "NotFoundProblem"),
        ("manager-a", "nothing", "NotFoundProblem"),
    ],
)
async def test_only_a_manager_of_the_site_changes_a_listing(
    api: Any, subject: str | None, listing: str, kind: str
) -> None:
    assert (await update(api, subject, listing, title="Mine"))["__typename"] == kind


async def test_a_stale_or_withdrawn_listing_does_not_change(api: Any) -> None:
    await update(api, title="One")
    stale = await update(api, title="Two")
    assert (stale["__typename"], stale["expectedVersion"], stale["foundVersion"]) == ("ConflictProblem", 1, 2)
    await api.ask("manager-a", "WithdrawListing", input={"id": "a-public", "version": 2})
    assert (await update(api, version=3, title="Three"))["code"] == "ALREADY_WITHDRAWN"


async def test_of_many_who_change_the_same_version_one_does(api: Any) -> None:
    answers = await asyncio.gather(*(update(api, title=f"Title {number}") for number in range(12)))
    assert sorted(answer["__typename"] for answer in answers) == ["ConflictProblem"] * 11 + ["Listing"]


async def test_the_same_update_sent_twice_is_made_once(api: Any) -> None:
    answers = await asyncio.gather(*(update(api, title="Once", idempotencyKey="k") for _ in range(6)))
    assert {(answer["__typename"], answer["version"], answer["title"]) for answer in answers} == {
        ("Listing", 2, "Once")
    }
    other = await update(api, title="Twice", idempotencyKey="k")
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"
