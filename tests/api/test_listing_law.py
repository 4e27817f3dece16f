"""What a site states about the legal status, the state and the least quantity of a listing, over GraphQL."""

from typing import Any

import pytest

pytestmark = pytest.mark.store

CREATE = """mutation($input: CreateListingInput!) { createListing(input: $input) {
  __typename
  ... on Listing { minimumPerYear physicalStates evidence { kind text act } site { headings } }
  ... on Problem { code path message }
} }"""
WOOD: dict[str, Any] = {
    "siteId": "site-a",
    "direction": "SUPPLY",
    "resourceCode": "wood",
    "title": "Sawdust",
    "quantityPerYear": 12.5,
    "unit": "TONNE",
}
CONTRACT = {"kind": "CERTAIN_USE", "text": " contract of 2027-01-04 "}
ENDED = {"kind": "END_OF_WASTE", "text": "attestation 12", "act": "FR-2014-07-29"}


async def create(api: Any, **changed: Any) -> dict[str, Any]:
    response = await api.post("manager-a", CREATE, {"input": WOOD | changed})
    answer: dict[str, Any] = response.json()["data"]["createListing"]
    return answer


async def test_evidence_states_and_the_least_are_read_back_as_they_were_stated(api: Any) -> None:
    made = await create(api, minimumPerYear=2.5, physicalStates=["POWDER", "SOLID"], evidence=[CONTRACT, ENDED])
    assert made == {
        "__typename": "Listing",
        "minimumPerYear": 2.5,
        "physicalStates": ["SOLID", "POWDER"],
        "evidence": [
            {"kind": "CERTAIN_USE", "text": "contract of 2027-01-04", "act": None},
            {"kind": "END_OF_WASTE", "text": "attestation 12", "act": "FR-2014-07-29"},
        ],
        "site": {"headings": []},
    }


@pytest.mark.parametrize(
    ("changed", "path", "words"),
    [
        ({"minimumPerYear": 13}, ["input", "minimumPerYear"], "above the quantity itself"),
        ({"direction": "DEMAND", "evidence": [CONTRACT]}, ["input", "evidence"], "a demand states none"),
        ({"evidence": [CONTRACT, CONTRACT]}, ["input", "evidence"], "given twice"),
        ({"evidence": [{**ENDED, "act": "FR-1999-01-01"}]}, ["input", "evidence", "0", "act"], "names its act"),
        ({"evidence": [{**CONTRACT, "act": "FR-2014-07-29"}]}, ["input", "evidence", "0", "act"], "only that"),
        ({"evidence": [{**CONTRACT, "text": "  "}]}, ["input", "evidence"], "says nothing"),
    ],
)
async def test_what_cannot_be_stated_is_refused_with_its_field(
    api: Any, changed: dict[str, Any], path: list[str], words: str
) -> None:
    refused = await create(api, **changed)
    assert (refused["__typename"], refused["path"]) == ("InputProblem", path)
    assert words in refused["message"]
