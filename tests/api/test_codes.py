"""Suggesting codes over HTTP: public, bounded, refused in words."""

from typing import Any

import pytest


async def test_a_visitor_gets_codes_and_resources_for_a_few_words(api: Any) -> None:
    found = await api.ask(None, "SuggestCodes", text="boues papetieres de desancrage", first=3)
    assert len(found["wasteCodes"]) == len(found["resources"]) == 3
    first = found["wasteCodes"][0]
    assert (first["code"], first["display"], first["hazardous"]) == ("030305", "03 03 05", False)
    assert found["resources"][0]["resource"]["id"] == "paper-sludge"


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ({"text": " "}, "SUGGEST_TEXT", "name the waste in a few words"),
        ({"text": "a" * 201}, "SUGGEST_TEXT", "200 is the most"),
        ({"text": "oil", "first": 101}, "PAGE_SIZE", "ask for 1 to 100"),
    ],
)
async def test_what_cannot_be_suggested_for_is_refused_in_words(
    api: Any, given: dict[str, Any], code: str, words: str
) -> None:
    (error,) = (await api.whole(None, "SuggestCodes", **given))["errors"]
    assert error["extensions"]["code"] == code
    assert words in error["message"]
