"""The GraphQL contract: printed as committed, every operation valid, every number with its unit."""

import re
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    get_named_type,
    parse,
    validate,
)

from symbiosis.api.schema import sdl

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = sorted((ROOT / "graphql" / "operations").glob("*.graphql"))
SCHEMA: GraphQLSchema = build_schema((ROOT / "graphql" / "schema.graphql").read_text("utf-8"))
UNITS = re.compile(
    r"(Eur|Km|Tco2e|S|Seconds|Share|Count|Degrees|T|M3|Mwh)$|^(first|rank|version|lat|lon)$|"
    r"\b(EUR|euros?|tonnes?|t CO2e|kg|m3|MWh|m2|hours?|km|metres|seconds?|degrees|"
    r"0 to 1|per year|unit|[Nn]umber of|[Hh]ow many|°C)\b"
)


def test_the_committed_schema_is_the_printed_one() -> None:
    assert (ROOT / "graphql" / "schema.graphql").read_text("utf-8") == sdl(), "run `make schema` and commit the file"


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_an_operation_document_is_valid_and_named_as_its_file(path: Path) -> None:
    document = parse(path.read_text("utf-8"))
    assert validate(SCHEMA, document) == []
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    assert [node.name.value if node.name else None for node in operations] == [path.stem]


def test_there_are_operations_to_look_at() -> None:
    assert len(OPERATIONS) >= 8


def _own_types() -> list[GraphQLObjectType | GraphQLInputObjectType | GraphQLEnumType]:
    kinds = (GraphQLObjectType, GraphQLInputObjectType, GraphQLEnumType)
    return [t for t in SCHEMA.type_map.values() if isinstance(t, kinds) and not t.name.startswith("__")]


def test_every_numeric_field_names_its_unit() -> None:
    unnamed = [
        f"{owner.name}.{name}"
        for owner in _own_types()
        if isinstance(owner, GraphQLObjectType | GraphQLInputObjectType)
        for name, field in owner.fields.items()
        if get_named_type(field.type).name in {"Int", "Float"}
        and not UNITS.search(name)
        and not UNITS.search(field.description or "")
    ]
    assert unnamed == []


def test_every_type_and_field_has_a_description() -> None:
    silent = [t.name for t in _own_types() if not t.description]
    silent += [
        f"{owner.name}.{name}"
        for owner in _own_types()
        if isinstance(owner, GraphQLObjectType | GraphQLInputObjectType)
        for name, field in owner.fields.items()
        if not field.description
    ]
    assert silent == []
