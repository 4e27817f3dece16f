"""Text to JSON and back, strictly: numbers keep their decimals, no field twice, nothing that JSON does not have."""

import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn

from optimizer.forms.shape import FormError, Json

_SMALL: Final = 30
"""Fractions below ten to the minus this are not told apart."""


def parse(text: str) -> object:
    """Return the JSON of a text, fractions as Decimal; raises FormError with the line and column of what is wrong."""
    try:
        return json.loads(text, parse_float=_decimal, parse_constant=_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as wrong:
        raise FormError("", f"Line {wrong.lineno}, column {wrong.colno}: this is not JSON: {wrong.msg}.") from wrong
    except RecursionError as wrong:
        raise FormError("", "The brackets are nested too deeply; a form needs three levels.") from wrong
    except ValueError as wrong:
        raise FormError("", "A number has too many digits; numbers go up to 10^15.") from wrong


def dump(answer: Json) -> str:
    """Return an answer as indented JSON; a number that JSON does not have is a bug and raises ValueError."""
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as wrong:
        raise FormError("", f"The number {text[:40]} is out of range; numbers go up to 10^15.") from wrong
    # Beyond any unit in use: the size does not matter any more, only that it is not zero, and on which side of it.
    return number if number == 0 or number.adjusted() > -_SMALL else Decimal((number.is_signed(), (1,), -_SMALL))


def _constant(name: str) -> NoReturn:
    raise FormError("", f"{name} is not JSON; write a number, or leave the field out.")


def _object(pairs: Sequence[tuple[str, Any]]) -> Json:
    found: Json = {}
    for name, value in pairs:
        if name in found:
            raise FormError("", f'The field "{name}" stands twice in one object; give it once.')
        found[name] = value
    return found
