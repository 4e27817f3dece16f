"""How many objects an operation asks for, before any is fetched: the product of the bounds of its lists.

A list with `first` counts that many rows. A list without it is a short one inside an object (a site's territories, a
listing's qualities) and counts ten. Each fragment is looked at once.
"""

from collections.abc import Mapping
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

MAX_OBJECTS: Final = 5000
SHORT_LIST: Final = 10
UNKNOWN_BOUND: Final = 100
_ENOUGH: Final = 10**9


def paged_types(schema: GraphQLSchema) -> frozenset[str]:
    """Return the names of the types whose lists are as long as the `first` of the field that returns them."""
    owners = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)]
    fields = [field for owner in owners for field in owner.fields.values()]
    paging = [field for field in fields if "first" in field.args and not is_list_type(get_nullable_type(field.type))]
    return frozenset(get_named_type(field.type).name for field in paging)


class Cost:
    """Counts the objects that the operations of one document ask for, given the variables."""

    def __init__(self, schema: GraphQLSchema, paged: frozenset[str], document: DocumentNode) -> None:
        self._schema, self._paged = schema, paged
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, tuple[int, int]] = {}
        self._bounds: dict[str, Any] = {}

    def objects(self, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None) -> int:
        """Return how many objects an operation of a valid document asks for; counts stop at a thousand million."""
        self._known = {}
        self._bounds = {
            node.variable.name.value: int(node.default_value.value)
            for node in operation.variable_definitions or ()
            if isinstance(node.default_value, IntValueNode)
        } | dict(variables or {})
        root = self._schema.get_root_type(operation.operation)
        once, a_row = self._selection(operation.selection_set, root)
        return min(once + UNKNOWN_BOUND * a_row, _ENOUGH)

    def _selection(self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None) -> tuple[int, int]:
        """Return how many objects a selection asks for once, and for each row of the page that it is on."""
        once = a_row = 0
        for node in selections.selections if selections is not None else ():
            if isinstance(node, FieldNode):
                part = self._field(node, parent)
            elif isinstance(node, FragmentSpreadNode):
                part = self._fragment(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                named = node.type_condition
                inner = parent if named is None else self._schema.get_type(named.name.value)
                part = self._selection(node.selection_set, inner)
            else:
                continue
            once, a_row = min(once + part[0], _ENOUGH), min(a_row + part[1], _ENOUGH)
        return once, a_row

    def _fragment(self, name: str) -> tuple[int, int]:
        if name not in self._known and name in self._fragments:
            fragment = self._fragments[name]
            self._known[name] = (0, 0)
            inner = self._schema.get_type(fragment.type_condition.name.value)
            self._known[name] = self._selection(fragment.selection_set, inner)
        return self._known.get(name, (0, 0))

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> tuple[int, int]:
        fields = parent.fields if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else {}
        field: GraphQLField | None = fields.get(node.name.value)
        if field is None or parent is None:
            return 0, 0
        named = get_named_type(field.type)
        if is_leaf_type(named):
            return 0, 0
        once, a_row = self._selection(node.selection_set, named)
        one, is_list = 1 + once + UNKNOWN_BOUND * a_row, is_list_type(get_nullable_type(field.type))
        if "first" in field.args:
            bound = self._first(node, field)
            return (bound * one if is_list else 1 + once + bound * a_row), 0
        if not is_list:
            return one, 0
        return (0, one) if parent.name in self._paged else (SHORT_LIST * one, 0)

    def _first(self, node: FieldNode, field: GraphQLField) -> int:
        """Return the bound that a field names, or the field's own default; what is not known counts as a full page."""
        given: Any = field.args["first"].default_value
        for argument in node.arguments or ():
            if argument.name.value == "first":
                value = argument.value
                given = self._bounds.get(value.name.value) if isinstance(value, VariableNode) else None
                given = int(value.value) if isinstance(value, IntValueNode) else given
        return max(given, 0) if isinstance(given, int) and not isinstance(given, bool) else UNKNOWN_BOUND
