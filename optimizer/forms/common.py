"""The fields that several forms have."""

from typing import Any, Final

from optimizer.forms.shape import Choice, Number, Record, Shape, Text

QUANTITY: Final = Number("How much there is at most, in the caller's unit.", at_least=0)
VALUE: Final = Number("What one unit is worth on this arc, in the caller's money; may be negative.")

TIME_LIMIT: Final = Number("Seconds after which the best plan so far is taken; absent: until it is proven.", at_least=0)
GAP: Final = Number("The share of the bound that may be missing; absent: 0.", at_least=0, below=1)


def common(kind: str) -> dict[str, Shape[Any]]:
    """Return the fields that every form has."""
    return {
        "$schema": Text("Where the schema stands; not read."),
        "kind": Choice("The kind of problem.", (kind,)),
        "title": Text("What this is, for people; not read."),
    }


COMMON: Final = frozenset({"$schema", "title"})


def row(noun: str, *more: tuple[str, Shape[Any]]) -> Record:
    """Return the form of a supply or of a demand, with more fields where the form asks for them."""
    return Record(f"A {noun}.", {"id": Text(f"The id of the {noun}."), **dict(more), "quantity": QUANTITY})
