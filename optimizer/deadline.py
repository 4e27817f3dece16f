"""A moment after which nothing new is begun."""

import time
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock; None is never."""

    moment_s: float | None

    @classmethod
    def after(cls, time_limit_s: float | None) -> Self:
        """Return the moment that many seconds from now."""
        return cls(None if time_limit_s is None else time.perf_counter() + time_limit_s)

    def passed(self) -> bool:
        """Return whether the moment is over."""
        return self.moment_s is not None and time.perf_counter() >= self.moment_s

    def left_s(self) -> float | None:
        """Return the seconds that are left, zero or more, or None where there is no limit."""
        return None if self.moment_s is None else max(0.0, self.moment_s - time.perf_counter())

    def after_share(self, share: float) -> Self:
        """Return the moment at which that share of what is left of the time is gone."""
        left = self.left_s()
        return self if left is None else type(self)(time.perf_counter() + share * left)
