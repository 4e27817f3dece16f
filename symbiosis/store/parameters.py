"""What may be sent to the store: only values that both servers keep unchanged."""

import math
from collections.abc import Mapping, Sequence
from typing import Final, cast

from symbiosis.store.failures import ParameterError

_INT64_MIN: Final = -(2**63)
_INT64_MAX: Final = 2**63 - 1


def check_parameters(parameters: Mapping[str, object]) -> None:
    """Raise ParameterError unless all is text, booleans, finite 64-bit numbers, None, or lists and maps of them."""
    for name, value in parameters.items():
        _check(name, value)


def _check(name: str, value: object) -> None:
    match value:
        case None | str() | bool() | bytes():
            return
        case int() if not _INT64_MIN <= value <= _INT64_MAX:
            raise ParameterError(name, "does not fit into 64 bits")
        case float() if not math.isfinite(value):
            raise ParameterError(name, f"is {value}: missing is None")
        case int() | float():
            return
        case list() | tuple():
            for index, item in enumerate(cast("Sequence[object]", value)):
                _check(f"{name}[{index}]", item)
        case dict():
            for key, item in cast("dict[object, object]", value).items():
                _check_key(name, key)
                _check(f"{name}.{key}", item)
        case _:
            what = f"is a {type(value).__name__}: send text, numbers, or UTC ISO text for a time"
            raise ParameterError(name, what)


def _check_key(name: str, key: object) -> None:
    if not isinstance(key, str):
        raise ParameterError(name, f"has the key {key!r}, which is not text")
