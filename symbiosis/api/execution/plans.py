"""The functions that the selections of one document were compiled to; they live as long as the document is kept."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

from graphql import DirectiveNode, DocumentNode, VariableNode, Visitor, visit

from symbiosis.api.execution.writing import Completion, Writer

MAX_FIELDS: Final = 1000
MAX_SEEN: Final = 200

Compiled = Completion | None


class Plans:
    """Compiles a selection when it comes up again, up to a thousand fields for all selections of the document.

    `at_once` compiles it the first time.
    """

    def __init__(self, document: DocumentNode, *, at_once: bool = False) -> None:
        self._at_once, self._fields_left = at_once, MAX_FIELDS
        self._made: dict[Hashable, Compiled] = {}
        self._seen: set[Hashable] = set()
        self.switches = _switches(document)

    @property
    def compiled(self) -> int:
        """How many selections are functions."""
        return sum(made is not None for made in self._made.values())

    def state(self, variables: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values that decide which fields are skipped."""
        return tuple(bool(variables.get(name)) for name in self.switches)

    def function(self, key: Hashable, write: Callable[[int], tuple[Writer, Compiled]]) -> Compiled:
        """Return the function of a selection, or None where graphql-core is to do it."""
        if key in self._made:
            return self._made[key]
        if len(self._made) + len(self._seen) >= MAX_SEEN:
            return None
        if not self._at_once and key not in self._seen:
            self._seen.add(key)
            return None
        self._seen.discard(key)
        writer, made = write(self._fields_left)
        self._fields_left = max(self._fields_left - writer.fields, 0)
        self._made[key] = made
        return made


class _Switches(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        values = [argument.value for argument in node.arguments or ()]
        self.names.update(value.name.value for value in values if isinstance(value, VariableNode))


def _switches(document: DocumentNode) -> tuple[str, ...]:
    """Return the names of the variables that directives of a document depend on."""
    found = _Switches()
    visit(document, found)
    return tuple(sorted(found.names))
