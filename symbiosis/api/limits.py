"""How large a query document may be; measured before anything else is, each fragment once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
)

MAX_CHARACTERS: Final = 32 * 1024
MAX_TOKENS: Final = 2000
MAX_DEPTH: Final = 10
MAX_ROOT_FIELDS: Final = 10
MAX_ALIASES: Final = 30
MAX_DIRECTIVES: Final = 10
MAX_WIDTH: Final = 100
MAX_FIELDS: Final = 500
MAX_OPERATIONS: Final = 20
MAX_FRAGMENTS: Final = 30
_INTROSPECTION: Final = frozenset({"__schema", "__type"})
_ENOUGH: Final = 10**6


@dataclass(frozen=True, slots=True)
class Size:
    """How large a selection is once its fragments are put in: levels, fields at the top and in all, and so on.

    Counts stop at a million.
    """

    depth: int = 0
    width: int = 0
    widest: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0

    def beside(self, other: "Size") -> "Size":
        """Return the size of the two side by side."""
        return Size(
            max(self.depth, other.depth),
            min(self.width + other.width, _ENOUGH),
            max(self.widest, other.widest),
            min(self.fields + other.fields, _ENOUGH),
            min(self.aliases + other.aliases, _ENOUGH),
            min(self.directives + other.directives, _ENOUGH),
        )


class _Measure:
    """Measures selections; every fragment is measured once, so a chain of them costs what it is long."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, Size] = {}
        self._open: set[str] = set()

    def operation(self, node: OperationDefinitionNode) -> Size:
        """Return the size of an operation with the directives of itself and of its variables."""
        own = len(node.directives or ())
        own += sum(len(variable.directives or ()) for variable in node.variable_definitions or ())
        return self.selection(node.selection_set).beside(Size(directives=own))

    def selection(self, selections: SelectionSetNode | None) -> Size:
        """Return the size of a selection."""
        size = Size()
        for node in selections.selections if selections is not None else ():
            if isinstance(node, FieldNode):
                part = self._field(node)
            elif isinstance(node, FragmentSpreadNode):
                part = self._fragment(node.name.value)
            else:
                part = self.selection(getattr(node, "selection_set", None))
            size = size.beside(part).beside(Size(directives=len(node.directives or ())))
        return size

    def _field(self, node: FieldNode) -> Size:
        if node.name.value in _INTROSPECTION:
            return Size(depth=1, width=1, fields=1)
        inner = self.selection(node.selection_set)
        widest = max(inner.width, inner.widest)
        return Size(
            inner.depth + 1, 1, widest, inner.fields + 1, inner.aliases + (node.alias is not None), inner.directives
        )

    def _fragment(self, name: str) -> Size:
        """Return the size of a fragment; a cycle, which another rule refuses, counts nothing."""
        if name not in self._known and name in self._fragments and name not in self._open:
            self._open.add(name)
            self._known[name] = self.selection(self._fragments[name].selection_set)
            self._open.discard(name)
        return self._known.get(name, Size())


def refusal_of_text(text: str) -> GraphQLError | None:
    """Return the error for a document that is too long to be read at all, or None; its data belong into variables."""
    return None if len(text) <= MAX_CHARACTERS else _refused(f"{len(text)} characters; {MAX_CHARACTERS} is the most")


def refusal_of(document: DocumentNode) -> GraphQLError | None:
    """Return the error for a document that breaks a limit, the first that it breaks; or None."""
    parts = document.definitions
    operations = [part for part in parts if isinstance(part, OperationDefinitionNode)]
    fragments = sum(isinstance(part, FragmentDefinitionNode) for part in parts)
    counts = [("operations", len(operations), MAX_OPERATIONS), ("fragments", fragments, MAX_FRAGMENTS)]
    if all(count <= most for _, count, most in counts):
        measure = _Measure(document)
        try:
            sizes = [measure.operation(operation) for operation in operations]
        except RecursionError:
            return _refused(f"more levels than {MAX_DEPTH}, which is the most")
        counts += [limit for size in sizes for limit in _counts(size)]
    broken = next(((name, count, most) for name, count, most in counts if count > most), None)
    return None if broken is None else _refused("{1} {0}; {2} is the most".format(*broken))


def _counts(size: Size) -> Iterator[tuple[str, int, int]]:
    yield "root fields", size.width, MAX_ROOT_FIELDS
    yield "levels", size.depth, MAX_DEPTH
    yield "fields in one place", size.widest, MAX_WIDTH
    yield "fields", size.fields, MAX_FIELDS
    yield "aliases", size.aliases, MAX_ALIASES
    yield "directives", size.directives, MAX_DIRECTIVES


def _refused(what: str) -> GraphQLError:
    return GraphQLError(f"The query has {what}. Ask in smaller parts.", extensions={"code": "QUERY_TOO_LARGE"})
