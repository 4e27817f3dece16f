"""More kinds of values that a form may hold: a number per period, a table by name, yes or no."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from optimizer.forms.shape import LONGEST, FormError, Json, Number, Shape, shown, within


@dataclass(frozen=True, slots=True)
class Series:
    """A number that holds in every period, or a list with one number for each."""

    number: Number

    def read(self, given: object, path: str) -> Decimal | list[Decimal]:
        """Return the number, or the list of them."""
        if not isinstance(given, list):
            return self.number.read(given, path)
        if not given:
            raise FormError(path, "is an empty list; give a number, or one for each period.")
        return [self.number.read(one, f"{path}[{t}]") for t, one in enumerate(given)]

    def schema(self) -> Json:
        """Return the JSON Schema of either."""
        number = self.number.schema()
        about = number.pop("description")
        every = {"type": "array", "items": number, "minItems": 1}
        return {"oneOf": [number, every], "description": f"{about} One number, or a list with one for each period."}


@dataclass(frozen=True, slots=True)
class Table:
    """An object with names that the caller chooses."""

    about: str
    item: Shape[Any]

    def read(self, given: object, path: str) -> Mapping[str, Any]:
        """Return the values by name, in their order."""
        if not isinstance(given, dict):
            raise FormError(path, f'{shown(given)} is not an object; write {{"name": ...}}.')
        for name in given:
            if not name.strip() or len(name) > LONGEST:
                raise FormError(path, f"{shown(name)} has {len(name)} characters; write 1 to {LONGEST}.")
        return {name: self.item.read(value, within(path, name)) for name, value in given.items()}

    def schema(self) -> Json:
        """Return the JSON Schema of an object with any names."""
        names = {"minLength": 1, "maxLength": LONGEST, "pattern": "\\S"}
        return {
            "type": "object",
            "additionalProperties": self.item.schema(),
            "propertyNames": names,
            "description": self.about,
        }


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    about: str

    def read(self, given: object, path: str) -> bool:
        """Return true or false."""
        if not isinstance(given, bool):
            raise FormError(path, f"{shown(given)} is neither true nor false.")
        return given

    def schema(self) -> Json:
        """Return the JSON Schema of a truth value."""
        return {"type": "boolean", "description": self.about}
