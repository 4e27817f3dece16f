"""Until when the work at hand is wanted; transactions that begin under a deadline end with it, on the server too."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_UNTIL: Final[ContextVar[float | None]] = ContextVar("until", default=None)
_LEAST_S: Final = 0.01


@contextmanager
def deadline_in(seconds: float) -> Generator[None]:
    """Give everything inside, and the tasks it starts, these many seconds."""
    token = _UNTIL.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _UNTIL.reset(token)


def seconds_left() -> float | None:
    """Return the seconds until the deadline, at least a hundredth; or None where there is none."""
    until = _UNTIL.get()
    return None if until is None else max(until - time.monotonic(), _LEAST_S)
