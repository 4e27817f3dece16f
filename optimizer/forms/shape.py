"""What a form may hold. One declaration reads a value, names the path of what is wrong, and prints its JSON Schema."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from optimizer.errors import OptimizerError

Json: TypeAlias = dict[str, Any]

GREATEST: Final = 10**15
"""Greatest magnitude of any number in a form."""
LONGEST: Final = 200
"""Longest text, in characters."""


class FormError(OptimizerError):
    """A field of a form is wrong: `path` says which one, the message also why and what to write instead."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__(f"{path}: {text}" if path else text)
        self.path = path


T_co = TypeVar("T_co", covariant=True)


class Shape(Protocol[T_co]):
    """One kind of value: how it is read and how JSON Schema says it."""

    def read(self, given: object, path: str) -> T_co:
        """Return the value, or raise FormError with the path of what is wrong."""

    def schema(self) -> Json:
        """Return the JSON Schema of the value."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is not empty: an id or a name."""

    about: str

    def read(self, given: object, path: str) -> str:
        """Return the text as it stands."""
        if not isinstance(given, str):
            hint = f'; write "{given}"' if isinstance(given, int) and not isinstance(given, bool) else ""
            raise FormError(path, f"{shown(given)} is not a text{hint}.")
        if not given.strip() or len(given) > LONGEST:
            raise FormError(path, f"{shown(given)} has {len(given)} characters; write 1 to {LONGEST}.")
        return given

    def schema(self) -> Json:
        """Return the JSON Schema of a text."""
        return {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "\\S", "description": self.about}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written, in decimal; `whole` numbers have no fraction."""

    about: str
    at_least: int | None = None
    above: int | None = None
    below: int | None = None
    whole: bool = False

    def read(self, given: object, path: str) -> Decimal:
        """Return the exact decimal number."""
        if isinstance(given, bool) or not isinstance(given, int | Decimal):
            raise FormError(path, f"{shown(given)} is not a number.")
        number = Decimal(given)
        if abs(number) > GREATEST:
            raise FormError(path, f"{shown(given)} is beyond 10^15; state it in a coarser unit.")
        if self.whole and number != number.to_integral_value():
            raise FormError(path, f"{shown(given)} is not a whole number.")
        if self.at_least == 0 and number < 0:
            raise FormError(path, f"{shown(given)} is negative; give zero or more.")
        if self.at_least is not None and number < self.at_least:
            raise FormError(path, f"{shown(given)} is too small; give {self.at_least} or more.")
        if self.above is not None and number <= self.above:
            raise FormError(path, f"{shown(given)} is too small; give more than {self.above}.")
        if self.below is not None and number >= self.below:
            raise FormError(path, f"{shown(given)} is too great; give less than {self.below}.")
        return number

    def schema(self) -> Json:
        """Return the JSON Schema of a number with its limits."""
        low: Json = {"minimum": -GREATEST if self.at_least is None else self.at_least}
        if self.above is not None:
            low = {"exclusiveMinimum": self.above}
        high: Json = {"maximum": GREATEST} if self.below is None else {"exclusiveMaximum": self.below}
        return {"type": "integer" if self.whole else "number", **low, **high, "description": self.about}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    about: str
    words: tuple[str, ...]

    def read(self, given: object, path: str) -> str:
        """Return the word."""
        if not isinstance(given, str) or given not in self.words:
            raise FormError(path, f"{shown(given)} is none of {', '.join(self.words)}.")
        return given

    def schema(self) -> Json:
        """Return the JSON Schema of the words."""
        said: Json = {"const": self.words[0]} if len(self.words) == 1 else {"enum": list(self.words)}
        return {**said, "description": self.about}


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values; where `unique` names a field, or is "" for the value itself, no two are the same."""

    about: str
    item: Shape[Any]
    at_least: int = 0
    unique: str | None = None

    def read(self, given: object, path: str) -> list[Any]:
        """Return the values in their order."""
        if not isinstance(given, list):
            raise FormError(path, f"{shown(given)} is not a list.")
        if len(given) < self.at_least:
            raise FormError(path, f"has {len(given)} entries; give at least {self.at_least}.")
        rows = [self.item.read(value, f"{path}[{n}]") for n, value in enumerate(given)]
        if self.unique is not None:
            first: dict[object, int] = {}
            for n, row in enumerate(rows):
                key = row[self.unique] if self.unique else row
                if first.setdefault(key, n) != n:
                    where = f"{path}[{n}].{self.unique}" if self.unique else f"{path}[{n}]"
                    raise FormError(where, f"{shown(key)} already stands in {path}[{first[key]}]; give each once.")
        return rows

    def schema(self) -> Json:
        """Return the JSON Schema of the list; that a field is unique is said in words, JSON Schema cannot say it."""
        about = f"{self.about} No two have the same {self.unique}." if self.unique else self.about
        said: Json = {"type": "array", "items": self.item.schema(), "minItems": self.at_least, "description": about}
        return {**said, "uniqueItems": True} if self.unique == "" else said


@dataclass(frozen=True, slots=True)
class Record:
    """An object with known fields; fields outside `optional` must be there, and exactly one of each group in `one_of`
    (whose members are optional by themselves).
    """

    about: str
    fields: Mapping[str, Shape[Any]]
    optional: frozenset[str] = frozenset()
    one_of: tuple[tuple[str, ...], ...] = field(default=())

    def read(self, given: object, path: str) -> Json:
        """Return the fields that were given; an absent optional field is absent."""
        if not isinstance(given, dict):
            raise FormError(path, f"{shown(given)} is not an object; write {{...}} with {', '.join(self.fields)}.")
        for name in given:
            if name not in self.fields:
                near = difflib.get_close_matches(name, self.fields, 1)
                hint = f"did you mean {near[0]}? The" if near else "the"
                raise FormError(within(path, name), f"is not known here; {hint} fields are {', '.join(self.fields)}.")
        for name in self.required():
            if name not in given:
                raise FormError(within(path, name), "is missing.")
        for group in self.one_of:
            found = [name for name in group if name in given]
            if len(found) != 1:
                told = " and ".join(found) if found else "neither"
                raise FormError(path or group[0], f"give exactly one of {' or '.join(group)}; found {told}.")
        known = {name: shape for name, shape in self.fields.items() if name in given}
        return {name: shape.read(given[name], within(path, name)) for name, shape in known.items()}

    def required(self) -> list[str]:
        """Return the fields that must be there whatever the others are."""
        grouped = {name for group in self.one_of for name in group}
        return [name for name in self.fields if name not in self.optional and name not in grouped]

    def schema(self) -> Json:
        """Return the JSON Schema of the object; unknown fields are refused there as well."""
        said: Json = {
            "type": "object",
            "properties": {name: shape.schema() for name, shape in self.fields.items()},
            "required": self.required(),
            "additionalProperties": False,
            "description": self.about,
        }
        groups = [{"oneOf": [{"required": [name]} for name in group]} for group in self.one_of]
        return {**said, "allOf": groups} if groups else said


def within(path: str, name: str) -> str:
    """Return the path of a field of what stands at a path."""
    return f"{path}.{name}" if path else name


def shown(given: object) -> str:
    """Return a wrong value as it stands in the file, shortened."""
    text = str(given) if isinstance(given, Decimal) else json.dumps(given, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:37]}..."


def rows_of(ids: list[str]) -> dict[str, int]:
    """Return the row of each id."""
    return {name: row for row, name in enumerate(ids)}


def row_of(rows: Mapping[str, int], given: str, path: str, noun: str) -> int:
    """Return the row that an id points at, or raise FormError."""
    if given not in rows:
        near = difflib.get_close_matches(given, rows, 1)
        hint = f"; did you mean {shown(near[0])}?" if near else "."
        raise FormError(path, f"{shown(given)} is not the id of a {noun}{hint}")
    return rows[given]


def once(pairs: list[tuple[int, int]], path: str, nouns: str) -> None:
    """Raise FormError where a pair stands twice."""
    first: dict[tuple[int, int], int] = {}
    for n, pair in enumerate(pairs):
        if first.setdefault(pair, n) != n:
            raise FormError(f"{path}[{n}]", f"joins the same {nouns} as {path}[{first[pair]}]; give each pair once.")
