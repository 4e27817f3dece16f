"""Every field says who may read it."""

import pytest
from graphql import GraphQLField, GraphQLSchema, GraphQLString, build_schema

from symbiosis.api.outlines import AnonymisedListing
from symbiosis.api.schema import schema
from symbiosis.api.tagged import OF_FIELDS, UntaggedFieldError, tags_of
from symbiosis.policy import Tag


def test_every_field_of_the_schema_carries_a_tag() -> None:
    tags = tags_of(schema().core)
    assert tags["Listing.pricePerUnitEur"] is Tag.PRICE
    assert tags["Synergy.suggestion"] is Tag.NUMBERS
    assert set(tags.values()) == set(Tag)


def test_a_type_and_a_field_that_nobody_tagged_keep_the_schema_from_being_built() -> None:
    made: GraphQLSchema = build_schema("type Query { me: Stranger } type Stranger { secret: String }")
    with pytest.raises(UntaggedFieldError, match=r"Without a tag: Stranger\.secret\. Say in"):
        tags_of(made)
    mixed = build_schema("type Query { listing: Listing } type Listing { id: ID }")
    mixed.type_map["Listing"].fields["margin"] = GraphQLField(GraphQLString)  # type: ignore[attr-defined]
    with pytest.raises(UntaggedFieldError, match=r"Without a tag: Listing\.margin\."):
        tags_of(mixed)


def test_no_field_has_two_tags_and_every_tagged_field_is_there() -> None:
    there = tags_of(schema().core)
    named = [
        f"{kind}.{field}" for kind, tags in OF_FIELDS.items() for names in tags.values() for field in names.split()
    ]
    assert len(set(named)) == len(named)
    assert set(named) <= there.keys()


def test_an_outline_has_no_field_that_tells_whose_listing_it_is() -> None:
    identity = set(OF_FIELDS["Listing"][Tag.IDENTITY].split()) | {"pricePerUnitEur", "createdAt", "quantityPerYear"}
    fields = {field.name for field in AnonymisedListing.__strawberry_definition__.fields}  # type: ignore[attr-defined]
    assert not fields & identity
    assert len(fields) == 11
