"""What a column of a chain problem must look like, checked in one place."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizer.errors import ProblemError


@dataclass(frozen=True, slots=True)
class Need:
    """Shape, type and range of a column; a float column is zero or more unless `signed`."""

    shape: tuple[int, ...]
    dtype: type = np.float64
    signed: bool = False
    may_be_infinite: bool = False
    above: float | None = None
    below: float | None = None


def settle(owner: Any, needs: dict[str, Need]) -> None:  # noqa: ANN401  # Any frozen dataclass of arrays.
    """Replace each named column of a frozen dataclass by a read-only copy, or raise ProblemError with the entry."""
    for name, need in needs.items():
        given = getattr(owner, name)
        if not isinstance(given, np.ndarray) or given.dtype != need.dtype or given.shape != need.shape:
            told = f"{given.dtype} {given.shape}" if isinstance(given, np.ndarray) else type(given).__name__
            raise ProblemError(f"{name} is {told}; give {np.dtype(need.dtype)} {need.shape}.")
        if need.dtype is np.float64:
            _check_range(name, given, need)
        column = given.copy()
        column.setflags(write=False)
        object.__setattr__(owner, name, column)


def _check_range(name: str, column: np.ndarray[Any, np.dtype[np.float64]], need: Need) -> None:
    for wrong, wanted in (
        (np.isnan(column) if need.may_be_infinite else ~np.isfinite(column), "a number"),
        (column < 0 if not need.signed else np.zeros(column.shape, np.bool_), "zero or more"),
        (column <= need.above if need.above is not None else np.zeros(column.shape, np.bool_), f"above {need.above}"),
        (column >= need.below if need.below is not None else np.zeros(column.shape, np.bool_), f"below {need.below}"),
    ):
        if wrong.any():
            at = tuple(int(n) for n in np.argwhere(wrong)[0])
            place = ", ".join(map(str, at))
            raise ProblemError(f"{name}[{place}] is {column[at]}; it must be {wanted}.")
