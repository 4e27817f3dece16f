"""Look-ahead: which fields a document selects anywhere, so that the store reads what they need with the rows.

It is looked up once a document, with graphql-core's own walk of types, and says rather too much than too little:
what @skip leaves out counts as selected.
"""

from typing import Final

from graphql import DocumentNode, FieldNode, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, visit

READY: Final = "ready"
"""Under this word a field's metadata name the attribute that holds its value where look-ahead has read it; None where
it has not, and then the field's resolver fetches it."""


class _Fields(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.names: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self._types.get_parent_type()
        if parent is not None:
            self.names.add(f"{parent.name}.{node.name.value}")


def selected_fields(schema: GraphQLSchema, document: DocumentNode) -> frozenset[str]:
    """Return the fields that a valid document selects, each as `Type.field`."""
    types = TypeInfo(schema)
    found = _Fields(types)
    visit(document, TypeInfoVisitor(types, found))
    return frozenset(found.names)
