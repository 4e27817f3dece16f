"""The schema: put together once, printed into `graphql/schema.graphql`."""

from collections.abc import Iterator
from functools import cache
from typing import Final

import strawberry
from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionContext

from symbiosis.api.limits import MAX_TOKENS, DocumentLimits
from symbiosis.api.mutation import Mutation
from symbiosis.api.nodes import Node
from symbiosis.api.problems import Problem
from symbiosis.api.query import Query

_RULES: Final = (DocumentLimits,)


class _Limits(SchemaExtension):
    """Sets the limits that the parser and the validation keep."""

    def on_operation(self) -> Iterator[None]:
        self.execution_context.parse_options["max_tokens"] = MAX_TOKENS
        self.execution_context.validation_rules += _RULES
        yield

    def on_validate(self) -> Iterator[None]:
        """Refuse a document of several operations that does not say which; Strawberry would take the first."""
        context = self.execution_context
        document = context.graphql_document
        if document is not None and context._provided_operation_name is None:  # noqa: SLF001 - kept nowhere else.
            operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
            if len(operations) > 1:
                raise CannotGetOperationTypeError(None)
        yield


class Schema(strawberry.Schema):
    """A schema that logs nothing itself: the HTTP view does, and leaves out what was asked."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Do nothing; Strawberry's own would log the text of the query."""


@cache
def schema() -> Schema:
    """Return the schema."""
    return Schema(
        query=Query,
        mutation=Mutation,
        types=(Node, Problem),
        extensions=(_Limits, ParserCache, ValidationCache),
    )


def sdl() -> str:
    """Return the schema in GraphQL's own language, as it is committed in `graphql/schema.graphql`."""
    return schema().as_str().strip() + "\n"
