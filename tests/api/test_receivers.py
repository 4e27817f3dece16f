"""Suggesting industries over HTTP: public, with the sites of each, refused in words."""

from typing import Any

import pytest

from symbiosis.domain.receivers import ActivityLevel, Waste
from symbiosis.ingest.receivers import suggest_receivers


@pytest.fixture(scope="module", autouse=True)
def _learnt() -> None:
    """Learn before the clock of a request runs: on a busy machine that takes longer than a request may."""
    suggest_receivers(Waste(text="sulphur"), ActivityLevel.DIVISION)


async def test_a_visitor_gets_industries_and_their_sites_though_they_have_listed_nothing(api: Any) -> None:
    waste = {"wasteCodes": ["05 07 02"], "text": "sulphur", "donorActivity": "19.20Z"}
    found = await api.ask(None, "SuggestReceivers", waste=waste, level="DIVISION", first=3, sites=2)
    assert len(found) == 3
    by_activity = {row["activity"]: row for row in found}
    assert by_activity["20"]["labelEn"] == "Manufacture of chemicals and chemical products"
    page = by_activity["20"]["sites"]
    assert [site["naf"] for site in page["nodes"]] == ["20.13B", "20.13B"]
    assert page["pageInfo"]["hasNextPage"]
    shares = [row["share"] for row in found]
    assert shares == sorted(shares, reverse=True)


async def test_the_sites_are_those_of_the_territory_that_is_asked_for(api: Any) -> None:
    waste = {"text": "sulphur", "donorActivity": "19.20"}
    found = await api.ask(None, "SuggestReceivers", waste=waste, level="DIVISION", first=3, territoryId="nowhere")
    assert all(row["sites"]["nodes"] == [] for row in found)


@pytest.mark.parametrize(
    ("waste", "code", "words"),
    [
        ({}, "SUGGEST_TEXT", "name the waste by one of them"),
        ({"wasteCodes": ["99 99 99"]}, "WASTE_CODE", "99 99 99"),
        ({"text": "slag", "donorActivity": "steel"}, "ACTIVITY_CODE", "'steel' is not an activity code"),
    ],
)
async def test_a_waste_that_cannot_be_read_is_refused_in_words(api: Any, waste: Any, code: str, words: str) -> None:
    (error,) = (await api.whole(None, "SuggestReceivers", waste=waste))["errors"]
    assert error["extensions"]["code"] == code
    assert words in error["message"]
