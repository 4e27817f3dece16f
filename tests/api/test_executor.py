"""Compiled selections answer as graphql-core does, errors and all, and stay within their bounds."""

from importlib.metadata import version
from inspect import isawaitable
from typing import Any, Final

from graphql import ExecutionResult, execute, parse

from symbiosis.api.documents import Documents
from symbiosis.api.execution.executor import CompilingExecutor, installed, is_compared
from symbiosis.api.execution.plans import MAX_FIELDS, Plans
from symbiosis.api.execution.selected import selected_fields
from symbiosis.api.schema import schema
from tests.api.executor_cases import SCHEMA, Cases, Listing, compare

PLAIN: Final = "{ page { end nodes { id title quantity status site { name tags { label weight } } } } }"


async def test_random_documents_are_answered_as_graphql_core_answers_them() -> None:
    done = await compare(seed=20261123, documents=150)
    assert done.differences == []
    assert done.with_errors > 20  # Nulls, wrong types and raised errors were among the data,
    assert done.executions - done.with_errors > 150  # and so were clean answers.
    assert done.compiled > 150


async def test_a_plain_page_is_one_function_and_nothing_of_it_is_left_to_graphql_core() -> None:
    plans, data = Plans(parse(PLAIN), at_once=True), Cases(1, wrong_share=0.0).listings()
    answer = await _executed(PLAIN, plans, data)
    assert answer.errors is None
    assert plans.compiled == 1
    assert answer.data is not None
    assert [node["id"] for node in answer.data["page"]["nodes"]] == ["i"] * len(data)


async def test_a_selection_is_compiled_when_it_comes_up_again() -> None:
    document = parse("{ page { end nodes { id title } } }")
    plans, data = Plans(document), Cases(1, wrong_share=0.0).listings()[:1]
    counts = []
    for _ in range(3):
        await _executed(document, plans, data)
        counts.append(plans.compiled)
    assert counts == [0, 1, 1]


async def test_a_selection_of_too_many_fields_is_left_to_graphql_core() -> None:
    many = " ".join(f"a{number}: id" for number in range(MAX_FIELDS + 1))
    text = f"{{ page {{ nodes {{ {many} }} }} }}"
    plans, data = Plans(parse(text), at_once=True), Cases(1, wrong_share=0.0).listings()
    answer = await _executed(text, plans, data)
    assert plans.compiled == 0
    assert answer.data is not None
    assert len(answer.data["page"]["nodes"][0]) == MAX_FIELDS + 1


async def test_each_way_of_skipping_fields_has_its_own_function() -> None:
    text = "query ($t: Boolean!) { page { nodes { id note @include(if: $t) } } }"
    plans, data, document = Plans(parse(text), at_once=True), Cases(1, wrong_share=0.0).listings()[:1], parse(text)
    shown = [await _executed(document, plans, data, t=switch) for switch in (True, False, True)]
    keys = [sorted(answer.data["page"]["nodes"][0]) for answer in shown if answer.data is not None]
    assert keys == [["id", "note"], ["id"], ["id", "note"]]
    assert plans.compiled == 2


async def test_what_look_ahead_made_ready_is_plain_and_what_it_did_not_is_resolved() -> None:
    text = "{ page { nodes { ready { name } } } }"
    data = Cases(1, wrong_share=0.0).listings()[:1]
    site = data[0].site
    for read_before, fetched in ((site, None), (None, site)):
        data[0].read_before, data[0].fetched = read_before, fetched
        answer = await _executed(text, Plans(parse(text), at_once=True), data)
        assert answer.data == {"page": {"nodes": [{"ready": {"name": "s"}}]}}


def test_look_ahead_finds_what_fragments_select_too() -> None:
    text = "query ($t: Boolean!) { one { ...A } } fragment A on Listing { t: title site @skip(if: $t) { name } }"
    selected = selected_fields(SCHEMA, parse(text))
    assert selected == {"Query.one", "Listing.title", "Listing.site", "Site.name"}


def test_an_unknown_version_of_graphql_core_or_strawberry_executes_without_compiling() -> None:
    assert not is_compared("3.4.0", "0.341.2")
    assert not is_compared("3.3.2", "0.400.0")


def test_the_installed_versions_are_those_that_were_compared() -> None:
    assert installed() == (version("graphql-core"), version("strawberry-graphql"))
    assert is_compared(*installed()), "Run `make fuzz-executor` with the new versions, then name them in COMPARED."


def test_the_plans_of_a_document_are_kept_with_the_document() -> None:
    documents = Documents(schema().core)
    text = "{ territories(first: 1) { nodes { id } } }"
    first, again = (documents.prepared(text, curious=True) for _ in range(2))
    assert first.plans is not None
    assert first.plans is again.plans


async def _executed(document: Any, plans: Plans, data: list[Listing], **variables: bool) -> ExecutionResult:
    read = parse(document) if isinstance(document, str) else document
    answer = execute(
        SCHEMA, read, context_value=data, variable_values=variables, executor_class=CompilingExecutor, plans=plans
    )
    result = await answer if isawaitable(answer) else answer
    assert isinstance(result, ExecutionResult)
    return result
