"""How much of the work at hand is the store's: statements, and the seconds spent waiting for their answers."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final


@dataclass(slots=True)
class StoreUse:
    """Statements run, and the sum of the seconds each took: side by side they sum to more than the clock shows."""

    statements: int = 0
    store_s: float = 0.0

    def add(self, spent_s: float) -> None:
        """Count one statement."""
        self.statements += 1
        self.store_s += spent_s


_USE: Final[ContextVar[StoreUse | None]] = ContextVar("store_use", default=None)


@contextmanager
def metered() -> Generator[StoreUse]:
    """Give the use that everything inside, and the tasks it starts, makes of the store."""
    use = StoreUse()
    token = _USE.set(use)
    try:
        yield use
    finally:
        _USE.reset(token)


def use_now() -> StoreUse | None:
    """Return the use that is being metered, or None."""
    return _USE.get()
