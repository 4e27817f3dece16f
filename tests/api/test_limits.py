"""How much one request may ask for: documents that break a limit are refused before anything is fetched."""

from typing import Any, Final

import pytest
from graphql import parse

from symbiosis.api import limits
from symbiosis.api.cost import Cost, paged_types
from symbiosis.api.documents import Documents
from symbiosis.api.limits import refusal_of
from symbiosis.api.rates import MAX_BUCKETS, Rates
from symbiosis.api.schema import schema
from tests.api.hostile import DOCUMENTS, LISTS

CHEAP: Final = {
    "30,000 characters of block text",
    "30,000 characters of comment",
    "9 times the same",
    "9 times the same list",
    "chain of 10, 1 spreads",
    "chain of 29, 1 spreads",
    "inline 100",
    "inline 9",
    "long lists",
}
"""Those that break no limit: they ask for little, however long they are."""


def refused(text: str, variables: dict[str, Any] | None = None, *, curious: bool = True) -> str | None:
    """Return what is wrong with a document, or None."""
    prepared = Documents(schema().core).prepared(text, curious=curious)
    if prepared.errors:
        return prepared.errors[0].message
    too_much = prepared.too_much(None, variables)
    return None if too_much is None else too_much.message


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_document_is_refused_or_cheap(name: str) -> None:
    assert (refused(DOCUMENTS[name]) is None) == (name in CHEAP)
    assert (refused(DOCUMENTS[name], curious=False) is None) == (name in CHEAP)


def test_there_are_sixty_hostile_documents() -> None:
    assert len(DOCUMENTS) >= 60


def repeated(field: str, many: int) -> str:
    return " ".join(f"{field}{n}: name" for n in range(many))


@pytest.mark.parametrize(
    ("most", "one_more", "words"),
    [
        ("{ " + "me { id } " * 10 + "}", "{ " + "me { id } " * 11 + "}", "11 root fields; 10"),
        ("{ ...F } fragment F on Query { " + "me { id } " * 10 + "}", None, ""),
        (
            "{ ...F me { id } } fragment F on Query { " + "me { id } " * 9 + "}",
            "{ ...F me { id } } fragment F on Query { " + "me { id } " * 10 + "}",
            "11 root fields; 10",
        ),
        ("{ me { " + repeated("a", 30) + " } }", "{ me { " + repeated("a", 31) + " } }", "31 aliases; 30"),
        ("{ me { id " + "@skip(if: false) " * 0 + "} }", "{ me { id " + "@a " * 11 + "} }", "11 directives; 10"),
        ("{ me { " + "id " * 100 + "} }", "{ me { " + "id " * 101 + "} }", "101 fields in one place; 100"),
        (
            "{ a" + "{ a" * 9 + " }" * 10,
            "{ a" + "{ a" * 10 + " }" * 11,
            "11 levels; 10",
        ),
    ],
)
def test_a_limit_lets_the_most_through_and_nothing_more(most: str, one_more: str | None, words: str) -> None:
    assert refusal_of(parse(most)) is None
    if one_more is not None:
        error = refusal_of(parse(one_more))
        assert error is not None
        assert words in error.message


def test_the_limits_are_those_that_are_documented() -> None:
    assert (limits.MAX_TOKENS, limits.MAX_DEPTH, limits.MAX_ALIASES) == (2000, 10, 30)
    assert (limits.MAX_ROOT_FIELDS, limits.MAX_DIRECTIVES) == (10, 10)


def objects(text: str, **variables: Any) -> int:
    core, document = schema().core, parse(text)
    (operation, *_) = document.definitions
    return Cost(core, paged_types(core), document).objects(operation, variables)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "variables", "count"),
    [
        ("{ __typename }", {}, 0),
        ("{ me { name } }", {}, 1),
        ("{ me { mandates { role } } }", {}, 11),
        ("{ sites(first: 7) { nodes { id } } }", {}, 8),
        ("{ sites(first: 7) { nodes { id } pageInfo { endCursor } } }", {}, 9),
        ("{ sites(first: 7) { edges { node { id } } } }", {}, 15),
        ("{ sites(first: 7) { nodes { commune { id } } } }", {}, 15),
        ("{ sites(first: 7) { nodes { commune { territories { id } } } } }", {}, 1 + 7 * 12),
        ("query ($n: Int!) { sites(first: $n) { nodes { id } } }", {"n": 50}, 51),
        ("query ($n: Int! = 20) { sites(first: $n) { nodes { id } } }", {}, 21),
        ("query ($n: Int! = 20) { sites(first: $n) { nodes { id } } }", {"n": 3}, 4),
        ("query ($n: Int!) { sites(first: $n) { nodes { id } } }", {}, 101),
        ("query ($n: Int!) { sites(first: $n) { nodes { id } } }", {"n": -5}, 1),
        (
            "{ ...F } fragment F on Query { sites(first: 7) { ...G } } fragment G on SiteConnection { nodes { id } }",
            {},
            8,
        ),
        ("{ sites(first: 7) { ... on SiteConnection { nodes { id } } } }", {}, 8),
        (
            "query ($w: WasteInput!) { suggestReceivers(waste: $w, first: 7) { sites(first: 3) { nodes { id } } } }",
            {},
            7 * (1 + 4),
        ),
        ('{ suggestCodes(text: "x") { wasteCodes { code } } }', {}, 101),
    ],
)
def test_the_cost_is_the_product_of_the_bounds(text: str, variables: dict[str, Any], count: int) -> None:
    assert objects(text, **variables) == count


def test_a_long_list_by_variable_is_counted_as_long_as_it_is_asked() -> None:
    text = LISTS.replace("first: 100", "first: $n").replace("{ listings", "query ($n: Int!) { listings", 1)
    assert refused(text, {"n": 100}) is None
    assert refused(text, {"n": 1000}) == (
        "The query asks for up to 27001 objects; 5000 is the most. Ask for shorter pages."
    )


def test_a_document_is_read_once_and_a_flood_of_visitors_pushes_nobody_out() -> None:
    documents = Documents(schema().core)
    mine = documents.prepared("{ me { name } }", curious=True)
    for number in range(300):
        documents.prepared(f"{{ a{number}: me {{ name }} }}", curious=False)
    assert documents.prepared("{ me { name } }", curious=True) is mine
    assert len(documents._kept[False]) == 200


def test_a_bucket_empties_and_fills_again_and_is_one_s_own() -> None:
    now = [100.0]
    rates = Rates(clock=lambda: now[0])
    assert [rates.wait_s("a", 60) for _ in range(60)] == [0] * 60
    assert (rates.wait_s("a", 60), rates.wait_s("b", 60)) == (1, 0)
    now[0] += 2.0
    assert [rates.wait_s("a", 60) for _ in range(3)] == [0, 0, 1]
    now[0] += 3600.0
    assert [rates.wait_s("a", 60) for _ in range(61)] == [0] * 60 + [1]


def test_a_flood_of_addresses_leaves_a_bounded_number_of_buckets() -> None:
    rates = Rates(clock=lambda: 0.0)
    for number in range(MAX_BUCKETS + 5):
        rates.wait_s(str(number), 60)
    assert len(rates._buckets) == MAX_BUCKETS
