"""graphql-core's executor, which leaves plain selections to compiled functions and does all the rest itself.

What a compiled function cannot finish is done again, from the same value, by graphql-core: its answers to errors and
nulls are the only ones. Reading attributes twice changes nothing, for the values are facts that were read before.

The methods that this overrides are not part of graphql-core's interface. So it is used with the versions that it was
compared with, and with any other version graphql-core's own executor does everything.
"""

from importlib.metadata import version
from typing import Any, Final

from graphql import GraphQLList, GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo, get_named_type
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import AwaitableOrValue, Path

from symbiosis.api.execution.plans import Compiled, Plans
from symbiosis.api.execution.writing import Writer

COMPARED: Final = frozenset({("3.3.2", "0.341.2")})
_NOTHING: Final = object()


def is_compared(graphql_core: str, strawberry: str) -> bool:
    """Say whether compiled selections were compared with these versions of graphql-core and Strawberry."""
    return (graphql_core, strawberry) in COMPARED


def installed() -> tuple[str, str]:
    """Return the installed versions of graphql-core and Strawberry."""
    return version("graphql-core"), version("strawberry-graphql")


class CompilingExecutor(Executor[Any]):
    """An executor with the plans of the document that it executes."""

    def __init__(self, *args: Any, plans: Plans, **named: Any) -> None:  # noqa: ANN401 - passed on.
        super().__init__(*args, **named)
        self._plans, self._state = plans, plans.state(self.variable_values.coerced)
        self.left_to_core = 0

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,  # noqa: ANN401 - graphql-core's signature.
        position_context: object,
    ) -> AwaitableOrValue[dict[str, Any]]:
        """Return the finished object, by its compiled function or by graphql-core."""
        done = self._completed(return_type, field_details_list, result)
        if done is not _NOTHING:
            finished: dict[str, Any] = done
            return finished
        return super().complete_object_value(return_type, field_details_list, info, path, result, position_context)

    def complete_list_value(
        self,
        return_type: GraphQLList[GraphQLOutputType],
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,  # noqa: ANN401 - graphql-core's signature.
        position_context: object,
    ) -> AwaitableOrValue[list[Any]]:
        """Return the finished list, by its compiled function or by graphql-core."""
        if isinstance(get_named_type(return_type), GraphQLObjectType):
            done = self._completed(return_type, field_details_list, result)
            if done is not _NOTHING:
                finished: list[Any] = done
                return finished
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)

    def _completed(self, kind: GraphQLOutputType, details: list[FieldDetails], result: object) -> Any:  # noqa: ANN401
        if self.middleware_manager is not None:
            return _NOTHING
        key = (kind, *(id(detail.node) for detail in details), self._state)
        complete = self._plans.function(key, lambda at_most: self._written(kind, details, at_most))
        if complete is None:
            return _NOTHING
        try:
            return complete(result)
        except Exception:  # noqa: BLE001 - whatever it is, graphql-core meets it again and says so.
            self.left_to_core += 1
            return _NOTHING

    def _written(self, kind: GraphQLOutputType, details: list[FieldDetails], at_most: int) -> tuple[Writer, Compiled]:
        writer = Writer(self.collect_subfields, at_most)
        try:
            return writer, writer.function(kind, details)
        except Exception:  # noqa: BLE001 - what cannot be compiled is executed.
            return writer, None
