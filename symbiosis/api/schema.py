"""The schema: put together once, printed into `graphql/schema.graphql`; and how a prepared document is executed."""

import logging
from functools import cache
from inspect import isawaitable
from typing import Any, Final

import strawberry
from graphql import ExecutionResult, GraphQLError, GraphQLSchema, execute
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.types import ExecutionContext

from symbiosis.api.context import Context
from symbiosis.api.documents import Documents, Prepared
from symbiosis.api.execution.executor import CompilingExecutor, installed, is_compared
from symbiosis.api.execution.plans import Plans
from symbiosis.api.mutation import Mutation
from symbiosis.api.nodes import Node
from symbiosis.api.problems import Problem
from symbiosis.api.query import Query
from symbiosis.api.subscription import Subscription
from symbiosis.api.tagged import tags_of

_log: Final = logging.getLogger(__name__)


class Schema(strawberry.Schema):
    """A schema that logs nothing itself: the HTTP view does, and leaves out what was asked."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Do nothing; Strawberry's own would log the text of the query."""

    @property
    def core(self) -> GraphQLSchema:
        """Return the schema as graphql-core has it."""
        return self._schema


@cache
def schema() -> Schema:
    """Return the schema; raise UntaggedFieldError if nobody said who may read a field of it."""
    made = Schema(query=Query, mutation=Mutation, subscription=Subscription, types=(Node, Problem))
    tags_of(made.core)
    return made


@cache
def documents() -> Documents:
    """Return the documents that were read lately."""
    return Documents(schema().core)


async def executed(
    prepared: Prepared, name: str | None, variables: dict[str, Any] | None, context: Context, *, curious: bool
) -> ExecutionResult:
    """Return the result of one operation of a document; what was wrong with the document is its only result."""
    errors = list(prepared.errors)
    if not errors:
        prepared.operation(name)
        too_much = prepared.too_much(name, variables)
        errors = [] if too_much is None else [too_much]
    if errors or prepared.document is None:
        return ExecutionResult(None, errors)
    result = execute(
        schema().core,
        prepared.document,
        context_value=context,
        variable_values=variables,
        operation_name=name,
        is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # It is a type guard that does not say so.
        hide_suggestions=not curious,
        **_compiling(prepared.plans),
    )
    return await result if isawaitable(result) else result


@cache
def _is_compared() -> bool:
    core, strawberry_version = installed()
    if not is_compared(core, strawberry_version):
        _log.warning("Selections are not compiled with graphql-core %s and Strawberry %s.", core, strawberry_version)
    return is_compared(core, strawberry_version)


def _compiling(plans: Plans | None) -> dict[str, Any]:
    """Return the options of `execute` with which it compiles plain selections, where the installed versions let it."""
    return {} if plans is None or not _is_compared() else {"executor_class": CompilingExecutor, "plans": plans}


def sdl() -> str:
    """Return the schema in GraphQL's own language, as it is committed in `graphql/schema.graphql`."""
    return schema().as_str().strip() + "\n"
