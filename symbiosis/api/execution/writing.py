"""A selection of plain fields as the text of one Python function.

A selection is plain where all its fields are attributes of objects of ours: no resolver (but one whose value look-ahead
has made ready, see `selected.py`), no argument, no directive but @skip and @include, and types that are objects, lists,
enums or the five scalars of GraphQL. The function returns the
finished value; at anything that graphql-core would not simply pass on (a null where none may be, a value of another
type) it raises, and its caller leaves the value to graphql-core, which knows what to answer.

Nothing of a client's document enters the text but the names of the answer's keys, which the grammar of GraphQL keeps
to letters, digits and underscores, and which stand there as literals.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
    Undefined,
    get_nullable_type,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetails
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from symbiosis.api.execution.selected import READY

_DEFINITION: Final = "strawberry-definition"
_PLAIN_DIRECTIVES: Final = frozenset({"skip", "include"})
_ODD: Final = {
    GraphQLString: "type({v}) is not str",
    GraphQLID: "type({v}) is not str",
    GraphQLInt: "type({v}) is not int or not -2147483648 <= {v} <= 2147483647",
    GraphQLFloat: "type({v}) is not float or {v} - {v} != 0.0",
    GraphQLBoolean: "{v} is not True and {v} is not False",
}

Completion = Callable[[object], Any]
Collect = Callable[[GraphQLObjectType, list[FieldDetails]], CollectedFields]


class NotPlainError(Exception):
    """A selection that is not plain, or a value that is not as expected; graphql-core does it instead."""


class Writer:
    """Writes the function of one selection; `collect` is graphql-core's own collection of sub-fields."""

    def __init__(self, collect: Collect, at_most: int) -> None:
        self._collect, self._at_most = collect, at_most
        self._lines: list[str] = []
        self._names: dict[str, Any] = {"NotPlainError": NotPlainError, "odd": _odd}
        self._locals = self.fields = 0

    def function(self, kind: GraphQLOutputType, details: list[FieldDetails]) -> Completion:
        """Return the function that completes a value of a type that is not null; raise NotPlainError."""
        _demand(all(_is_bare(detail) for detail in details))
        self._value(kind, "value", details, 1)
        text = "\n".join(["def complete(value):", *self._lines, "    return value", ""])
        exec(compile(text, "<selection>", "exec"), self._names)  # noqa: S102 - the text is ours, see above.
        made: Completion = self._names["complete"]
        return made

    def _value(self, kind: GraphQLOutputType, name: str, details: list[FieldDetails], depth: int) -> None:
        """Write what completes the local `name`, which is not null."""
        if isinstance(kind, GraphQLList):
            self._list(kind, name, details, depth)
        elif isinstance(kind, GraphQLObjectType):
            self._object(kind, name, details, depth)
        else:
            self._leaf(kind, name, depth)

    def _nullable(self, kind: GraphQLOutputType, name: str, details: list[FieldDetails], depth: int) -> None:
        """Write what completes the local `name`, whether null is let in or not."""
        if isinstance(kind, GraphQLNonNull):
            self._value(kind.of_type, name, details, depth)
        else:
            self._write(depth, f"if {name} is not None:")
            self._value(kind, name, details, depth + 1)

    def _list(self, kind: GraphQLList[Any], name: str, details: list[FieldDetails], depth: int) -> None:
        items, item = self._local(), self._local()
        self._write(depth, f"if type({name}) is not list: raise NotPlainError")
        self._write(depth, f"{items} = []")
        self._write(depth, f"for {item} in {name}:")
        self._nullable(kind.of_type, item, details, depth + 1)
        self._write(depth + 1, f"{items}.append({item})")
        self._write(depth, f"{name} = {items}")

    def _object(self, kind: GraphQLObjectType, name: str, details: list[FieldDetails], depth: int) -> None:
        definition = kind.extensions.get(_DEFINITION)
        if not isinstance(definition, StrawberryObjectDefinition) or definition.is_type_of is not None:
            raise NotPlainError
        self._write(depth, f"if type({name}) is not {self._constant(definition.origin)}: raise NotPlainError")
        collected = self._collect(kind, details)
        _demand(not collected.new_defer_usages)
        written = []
        for key, selected in collected.grouped_field_set.items():
            written.append(f"{key!r}: {self._field(kind, name, selected, depth)}")
        self._write(depth, f"{name} = {{{', '.join(written)}}}")

    def _field(self, parent: GraphQLObjectType, source: str, details: list[FieldDetails], depth: int) -> str:
        """Write what completes a field, and return the expression of its value."""
        self.fields += 1
        _demand(self.fields <= self._at_most and all(_is_bare(detail) for detail in details))
        asked = details[0].node.name.value
        if asked == "__typename":
            return repr(parent.name)
        field = parent.fields.get(asked)
        stated = None if field is None else field.extensions.get(_DEFINITION)
        if field is None or field.args or not isinstance(stated, StrawberryField):
            raise NotPlainError
        name, ready = self._local(), stated.metadata.get(READY)
        self._write(depth, f"{name} = {source}.{_word(ready) if ready else _attribute(field, stated)}")
        if ready:
            self._write(depth, f"if {name} is None: raise NotPlainError")
            self._value(get_nullable_type(field.type), name, details, depth)
        else:
            self._nullable(field.type, name, details, depth)
        return name

    def _leaf(self, kind: GraphQLOutputType, name: str, depth: int) -> None:
        if isinstance(kind, GraphQLEnumType):
            of, table = _enum(kind)
            coerce = self._constant(kind.coerce_output_value)
            known = f"{self._constant(table)}[{name}] if type({name}) is {self._constant(of)}"
            self._write(depth, f"{name} = {known} else odd({coerce}, {name})")
            return
        odd = next((text for scalar, text in _ODD.items() if scalar is kind), None)
        if odd is None:
            raise NotPlainError
        coerce = self._constant(kind.coerce_output_value)  # type: ignore[union-attr]  # It is one of the five scalars.
        self._write(depth, f"if {odd.format(v=name)}: {name} = odd({coerce}, {name})")

    def _write(self, depth: int, line: str) -> None:
        self._lines.append("    " * depth + line)

    def _local(self) -> str:
        self._locals += 1
        return f"v{self._locals}"

    def _constant(self, thing: object) -> str:
        name = f"K{len(self._names)}"
        self._names[name] = thing
        return name


def _demand(plain: bool) -> None:  # noqa: FBT001 - reads as a sentence.
    if not plain:
        raise NotPlainError


def _is_bare(detail: FieldDetails) -> bool:
    """Say whether a field stands there without anything that changes how it is executed."""
    directives = {directive.name.value for directive in detail.node.directives or ()}
    return directives <= _PLAIN_DIRECTIVES and detail.defer_usage is None and detail.fragment_variable_values is None


def _attribute(field: GraphQLField, stated: StrawberryField) -> str:
    """Return the attribute that a field without a resolver shows as it is."""
    _demand(stated.is_basic_field and getattr(field.resolve, "_is_default", False))
    _demand(stated.default_resolver is getattr)
    return _word(stated.python_name)


def _word(name: object) -> str:
    if not isinstance(name, str) or not name.isidentifier():
        raise NotPlainError
    return name


def _enum(kind: GraphQLEnumType) -> tuple[type, dict[Any, str]]:
    """Return the class of an enum, and the word for each of its members."""
    of = getattr(kind, "wrapped_cls", None)
    if not isinstance(of, type):
        raise NotPlainError
    members: Sequence[Any] = list(of)  # type: ignore[call-overload]  # Strawberry wraps enums only.
    return of, {member: kind.coerce_output_value(member) for member in members}


def _odd(coerce: Callable[[object], Any], value: object) -> object:
    """Return what graphql-core makes of a value that is not of the type expected; raise where it would not."""
    if value is None or isinstance(value, Exception) or optimized_is_awaitable(value):
        raise NotPlainError
    coerced: object = coerce(value)
    if coerced is None or coerced is Undefined:
        raise NotPlainError
    return coerced
