"""How large a query document may be; one rule, made once, that looks at each fragment once."""

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
    ValidationRule,
)

MAX_TOKENS: Final = 2000
MAX_DEPTH: Final = 10
MAX_ROOT_FIELDS: Final = 10
MAX_ALIASES: Final = 30
MAX_DIRECTIVES: Final = 30
MAX_FIELDS: Final = 500
MAX_OPERATIONS: Final = 20
_INTROSPECTION: Final = frozenset({"__schema", "__type"})
_ENOUGH: Final = 10**6


@dataclass(frozen=True, slots=True)
class Size:
    """How large a selection is once its fragments are put in; counts stop at a million."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0

    def beside(self, other: "Size") -> "Size":
        """Return the size of the two side by side."""
        return Size(
            max(self.depth, other.depth),
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
            return Size(depth=1, fields=1)
        inner = self.selection(node.selection_set)
        return Size(inner.depth + 1, inner.fields + 1, inner.aliases + (node.alias is not None), inner.directives)

    def _fragment(self, name: str) -> Size:
        """Return the size of a fragment; a cycle, which another rule refuses, counts nothing."""
        if name not in self._known and name in self._fragments and name not in self._open:
            self._open.add(name)
            self._known[name] = self.selection(self._fragments[name].selection_set)
            self._open.discard(name)
        return self._known.get(name, Size())


class DocumentLimits(ValidationRule):
    """Refuses a document that is deeper, wider or more repetitive than any honest one."""

    def enter_document(self, node: DocumentNode, *_: object) -> None:
        """Measure every operation of the document and report the first limit that it breaks."""
        operations = [part for part in node.definitions if isinstance(part, OperationDefinitionNode)]
        if len(operations) > MAX_OPERATIONS:
            self._refuse(f"{len(operations)} operations; {MAX_OPERATIONS} is the most")
        measure = _Measure(node)
        for operation in operations:
            roots, size = len(operation.selection_set.selections), measure.selection(operation.selection_set)
            for name, count, most in (
                ("root fields", roots, MAX_ROOT_FIELDS),
                ("levels", size.depth, MAX_DEPTH),
                ("fields", size.fields, MAX_FIELDS),
                ("aliases", size.aliases, MAX_ALIASES),
                ("directives", size.directives, MAX_DIRECTIVES),
            ):
                if count > most:
                    self._refuse(f"{count} {name}; {most} is the most")
                    return

    def _refuse(self, what: str) -> None:
        self.report_error(
            GraphQLError(f"The query has {what}. Ask in smaller parts.", extensions={"code": "QUERY_TOO_LARGE"})
        )
