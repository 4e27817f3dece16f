"""How much of a long piece of work is done: told as a share from 0 to 1, which never goes back."""

from collections.abc import Callable
from typing import TypeAlias

Told: TypeAlias = Callable[[float], None]


def untold(share: float, /) -> None:
    """Tell nobody."""


def within(told: Told, first: float, last: float) -> Told:
    """Return who is to be told of a part of the work, which is the whole from one share to another."""
    return lambda share: told(first + (last - first) * share)
