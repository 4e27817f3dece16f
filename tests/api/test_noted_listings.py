"""What a facilitator notes for a site, at a workshop say: shown as such, never public, and the site's to take over."""

from typing import Any, Final

import pytest

pytestmark = pytest.mark.store

CARD: Final = {
    "siteId": "site-b",
    "direction": "SUPPLY",
    "resourceCode": "wood",
    "title": "Pallets, card 17",
    "quantityPerYear": 12,
    "unit": "TONNE",
}


async def create(api: Any, subject: str, **changed: Any) -> dict[str, Any]:
    made: dict[str, Any] = await api.ask(subject, "CreateListing", input=CARD | changed)
    return made


async def test_a_facilitator_notes_a_listing_for_a_site_of_the_territory(api: Any) -> None:
    made = await create(api, "facilitator")
    read = await api.ask("manager-b", "Listing", id=made["id"])
    assert (read["source"], read["visibility"], read["title"]) == ("facilitator", "TERRITORY", "Pallets, card 17")


async def test_it_cannot_be_made_public_but_by_the_site(api: Any) -> None:
    before = await api.counts()
    problem = await create(api, "facilitator", visibility="PUBLIC")
    assert (problem["__typename"], problem["path"]) == ("InputProblem", ["input", "visibility"])
    assert await api.counts() == before
    made = await create(api, "facilitator")
    stated = {"id": made["id"], "version": 1, "visibility": "PUBLIC"}
    problem = await api.ask("facilitator", "UpdateListing", input=stated)
    assert (problem["__typename"], problem["path"]) == ("InputProblem", ["input", "visibility"])
    changed = await api.ask("manager-b", "UpdateListing", input=stated)
    assert (changed["__typename"], changed["visibility"]) == ("Listing", "PUBLIC")


async def test_once_the_site_has_changed_it_only_the_site_does(api: Any) -> None:
    made = await create(api, "facilitator")
    noted = await api.ask("facilitator", "UpdateListing", input={"id": made["id"], "version": 1, "title": "Pallets"})
    assert noted["__typename"] == "Listing"
    taken = await api.ask("manager-b", "UpdateListing", input={"id": made["id"], "version": 2, "title": "Our pallets"})
    assert taken["__typename"] == "Listing"
    assert (await api.ask("manager-b", "Listing", id=made["id"]))["source"] == "site"
    refused = await api.ask("facilitator", "WithdrawListing", input={"id": made["id"], "version": 3})
    assert refused["__typename"] == "NotAllowedProblem"


async def test_what_a_site_listed_itself_stays_its_own(api: Any) -> None:
    refused = await api.ask("facilitator", "UpdateListing", input={"id": "b-demand", "version": 1, "title": "Other"})
    assert refused["__typename"] == "NotAllowedProblem"
