"""Query documents, read once: parsed, measured, validated and kept; visitors get neither introspection nor hints.

The limits come before the rules of GraphQL, some of which take long on a hostile document. What visitors ask is kept
apart from what people ask, so that a flood of the one never pushes out the other.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)

from symbiosis.api.cost import MAX_OBJECTS, Cost, paged_types
from symbiosis.api.execution.plans import Plans
from symbiosis.api.execution.selected import selected_fields
from symbiosis.api.limits import MAX_TOKENS, refusal_of, refusal_of_text
from symbiosis.errors import InputError

MAX_ERRORS: Final = 5
MAX_KEPT: Final = 200
LONGEST_KEPT: Final = 8 * 1024


class OperationNameError(InputError):
    """The document has several operations and the request names none, or it has none of that name."""

    code = "OPERATION_NAME"

    def __init__(self) -> None:
        super().__init__("There is no such operation in the query; name one of its operations in `operationName`.")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that was looked at: what is wrong with it, or its operations and what they cost."""

    errors: tuple[GraphQLError, ...]
    document: DocumentNode | None = None
    cost: Cost | None = None
    plans: Plans | None = None
    selected: frozenset[str] = frozenset()

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Return the operation of this name, or the only one; raise OperationNameError."""
        document = self.document
        found = [] if document is None else [n for n in document.definitions if isinstance(n, OperationDefinitionNode)]
        if name is not None:
            found = [node for node in found if node.name is not None and node.name.value == name]
        if len(found) != 1:
            raise OperationNameError
        return found[0]

    def is_mutation(self, name: str | None) -> bool:
        """Say whether the operation of this name changes something."""
        return self.operation(name).operation is OperationType.MUTATION

    def too_much(self, name: str | None, variables: Mapping[str, Any] | None) -> GraphQLError | None:
        """Return the error for an operation that asks for more objects than one request may, or None."""
        if self.cost is None:
            return None
        objects = self.cost.objects(self.operation(name), variables)
        if objects <= MAX_OBJECTS:
            return None
        message = f"The query asks for up to {objects} objects; {MAX_OBJECTS} is the most. Ask for shorter pages."
        return GraphQLError(message, extensions={"code": "QUERY_TOO_LARGE"})


class Documents:
    """The documents of one schema that were read lately."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema, self._paged = schema, paged_types(schema)
        self._kept: dict[bool, OrderedDict[str, Prepared]] = {True: OrderedDict(), False: OrderedDict()}

    def prepared(self, text: str, *, curious: bool) -> Prepared:
        """Return what a document is; `curious` lets its sender introspect, and told which name was probably meant."""
        kept = self._kept[curious]
        found = kept.get(text)
        if found is not None:
            kept.move_to_end(text)
            return found
        made = self._prepare(text, curious=curious)
        if len(text) <= LONGEST_KEPT:
            kept[text] = made
            if len(kept) > MAX_KEPT:
                kept.popitem(last=False)
        return made

    def _prepare(self, text: str, *, curious: bool) -> Prepared:
        if (refusal := refusal_of_text(text)) is not None:
            return Prepared((refusal,))
        try:
            document = parse(text, max_tokens=MAX_TOKENS)
        except GraphQLError as wrong:
            return Prepared((wrong.with_traceback(None),))
        if (refusal := refusal_of(document)) is not None:
            return Prepared((refusal,))
        rules = specified_rules if curious else (*specified_rules, NoSchemaIntrospectionCustomRule)
        errors = validate(self._schema, document, rules, MAX_ERRORS, hide_suggestions=not curious)
        if errors:
            return Prepared(tuple(errors))
        cost, selected = Cost(self._schema, self._paged, document), selected_fields(self._schema, document)
        return Prepared((), document, cost, Plans(document), selected)
