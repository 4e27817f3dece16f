"""The schema of the forms: printed, documented, and in agreement with what is read and answered."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.__main__ import main
from optimizer.errors import ProblemError
from optimizer.forms import FormError, schema
from optimizer.forms.document import dump
from tests.optimizer.form_examples import EXAMPLES, ROOT, example, fits, solved


def test_the_schema_is_printed_whole_or_for_one_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert sorted(whole["$defs"]) == ["exchange", "heat", "shares", "siting"]
    assert main(["schema", "--kind", "heat"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["kind"]["const"] == "heat"


def test_every_field_of_every_form_is_described_in_the_document() -> None:
    page = (ROOT / "docs" / "optimizer.md").read_text("utf-8")
    assert [name for name in fields_of(schema()) if f"`{name}`" not in page] == []


def fields_of(node: object) -> set[str]:
    """Return the names of all properties in a schema."""
    if isinstance(node, list):
        return {name for one in node for name in fields_of(one)}
    if not isinstance(node, dict):
        return set()
    properties = node.get("properties", {}) if node.get("type") == "object" else {}
    inner = [value for key, value in node.items() if key != "properties" or not properties]
    return set(properties) | fields_of([*properties.values(), *inner])


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 400),
    st.floats(-1e3, 1e18),
    st.sampled_from(["", "left", "kiln", "north", "HOT", "heat", "x" * 201, [], {}, ["left"], {"id": "a"}, [[]]]),
)


def places(node: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of everything in a form."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(node, dict):
        inner = list(node.items())
    elif isinstance(node, list):
        inner = list(enumerate(node))
    return [here, *(path for key, value in inner for path in places(value, (*here, key)))][0 if here else 1 :]


@given(st.data(), st.sampled_from([path.stem for path in EXAMPLES]))
@settings(max_examples=250, deadline=None)
def test_whatever_is_changed_it_is_answered_or_refused_and_the_schema_agrees(data: st.DataObject, name: str) -> None:
    """No change of a form ends in anything but an answer or a sentence; what is answered fits the schema."""
    form = copy.deepcopy(example(name))
    path = data.draw(st.sampled_from(places(form)))
    place: Any = form
    for step in path[:-1]:
        place = place[step]
    change = data.draw(st.sampled_from(["put", "drop", "add"]))
    if change == "drop":
        del place[path[-1]]
    elif change == "add" and isinstance(place, dict):
        place[data.draw(st.sampled_from(["yield", "capacity", "duty", "side", "samples", "gap"]))] = data.draw(ANYTHING)
    else:
        place[path[-1]] = data.draw(ANYTHING)
    try:
        found = solved(form)
    except (FormError, ProblemError):
        return
    json.loads(dump(found))
    assert fits(form, schema(), schema())
