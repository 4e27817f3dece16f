import pytest

from bench.codes import held_out, queries
from symbiosis.ingest import tables
from symbiosis.ingest.suggest import named, suggest_codes, synonyms
from symbiosis.ingest.words import SuggestTextError, words_of
from symbiosis.store.pages import PageSizeError


def codes(text: str, first: int = 5) -> list[str]:
    return [suggested.entry.code for suggested in suggest_codes(text, first).waste_codes]


def resources(text: str, first: int = 5) -> list[str]:
    return [str(suggested.resource.code) for suggested in suggest_codes(text, first).resources]


@pytest.mark.parametrize(
    ("text", "code", "resource"),
    [
        ("Boues de désencrage provenant du recyclage du papier", "030305", "paper-sludge"),
        ("Spent foundry sand", "100908", "foundry-sand"),
        ("Huiles alimentaires usagées", "200125", "cooking-oil"),
        ("End-of-life tyres", "160103", "tyres"),
    ],
)
def test_a_name_finds_its_resource_first_and_its_code_among_five(text: str, code: str, resource: str) -> None:
    assert code in codes(text)
    assert resources(text)[0] == resource


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("boues de desancrage", "Boues de désencrage"),
        ("HUILES ALIMENTAIRES USAGEES", "Huiles alimentaires usagées"),
        ("spent foundri sand", "Spent foundry sand"),
        ("pneus hors d'usge", "Pneus hors d'usage"),
    ],
)
def test_a_typo_or_a_missing_accent_does_not_change_what_comes_first(typed: str, meant: str) -> None:
    assert codes(typed)[0] in codes(meant)[:2]  # The sands of two foundries share their name.
    assert resources(typed)[0] == resources(meant)[0]


def test_an_exact_name_has_full_confidence_and_the_rest_falls() -> None:
    shares = [suggested.confidence_share for suggested in suggest_codes("Mill scales", 20).waste_codes]
    assert shares[0] == 1.0
    assert shares == sorted(shares, reverse=True)
    assert all(0 < share <= 1 for share in shares)


def test_a_code_that_is_written_as_digits_comes_first() -> None:
    first = suggest_codes("12 01 09*").waste_codes[0]
    assert (first.entry.code, first.confidence_share) == ("120109", 1.0)


def test_words_that_nobody_knows_suggest_nothing() -> None:
    nothing = suggest_codes("qxjkz")
    assert (nothing.waste_codes, nothing.resources) == ((), ())


def test_the_same_text_gives_the_same_answer() -> None:
    assert suggest_codes("boues huileuses", 50) == suggest_codes("boues huileuses", 50)


@pytest.mark.parametrize("text", ["", "   ", "!?…"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(SuggestTextError, match="name the waste in a few words"):
        suggest_codes(text)


def test_a_text_that_is_too_long_is_refused_with_both_lengths() -> None:
    with pytest.raises(SuggestTextError, match="has 201 characters; 200 is the most"):
        suggest_codes("a" * 201)


@pytest.mark.parametrize("first", [0, 101])
def test_a_number_of_suggestions_out_of_bounds_is_refused(first: int) -> None:
    with pytest.raises(PageSizeError):
        suggest_codes("oil", first)


def test_every_synonym_names_a_resource_or_an_entry_in_one_of_two_languages() -> None:
    known = {resource.code for resource in tables.resources()} | {entry.code for entry in tables.waste_codes()}
    assert len({synonym.term for synonym in synonyms()}) > 300
    assert {synonym.target for synonym in synonyms()} <= known
    assert {synonym.language for synonym in synonyms()} == {"fr", "en"}


def test_there_are_queries_enough_and_each_expects_something_that_exists() -> None:
    rows, resource_codes = queries(), {str(resource.code) for resource in tables.resources()}
    assert min(sum(row["language"] == language for row in rows) for language in ("fr", "en")) >= 75
    for row in rows:
        wanted, named_resources = row["codes"].split(";"), row["resources"].split(";")
        assert any(wanted + named_resources)
        assert all(code in tables.waste_codes() for code in wanted if code)
        assert {name for name in named_resources if name} <= resource_codes


def test_the_held_out_queries_are_others_and_expect_codes_that_exist() -> None:
    asked = {words_of(row["query"]) for row in held_out()}
    assert len(asked) == len(held_out()) >= 100
    assert asked.isdisjoint(words_of(row["query"]) for row in queries())
    assert all(code in tables.waste_codes() for row in held_out() for code in row["codes"].split(";"))


def test_a_suggestion_alone_is_surer_than_one_beside_a_better_one() -> None:
    first, second = suggest_codes("boues huileuses", 2).waste_codes
    assert 0 < second.confidence_share < first.confidence_share < 1


def test_no_query_of_the_bench_is_a_name_and_none_holds_a_synonym_whole() -> None:
    asked = [words_of(row["query"]) for row in (*queries(), *held_out())]
    assert set(asked) & {words for words, _, _ in named()} == set()
    terms = {words_of(synonym.term) for synonym in synonyms()}
    assert [term for term in sorted(terms) if any(f" {term} " in f" {query} " for query in asked)] == []
