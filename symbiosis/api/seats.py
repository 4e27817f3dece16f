"""How many streams an account and the whole process may hold open at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from symbiosis.api.asked import RequestError

MAX_OF_ACCOUNT: Final = 10
MAX_IN_ALL: Final = 1000
MAX_OPERATIONS: Final = 10


class Seats:
    """The open streams: WebSockets and event streams, each on one seat."""

    def __init__(self, *, of_account: int = MAX_OF_ACCOUNT, in_all: int = MAX_IN_ALL) -> None:
        self._of_account, self._in_all = of_account, in_all
        self._taken: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """Return how many streams are open."""
        return self._taken.total()

    @contextmanager
    def taken_by(self, account: str) -> Iterator[None]:
        """Take a seat for as long as the block lasts; raise RequestError where there is none left."""
        if self._taken[account] >= self._of_account or self.taken >= self._in_all:
            message = f"{self._of_account} open streams an account, {self._in_all} in all, are the most; close one."
            raise RequestError(429, "TOO_MANY_STREAMS", message, **{"retry-after": "10"})
        self._taken[account] += 1
        try:
            yield
        finally:
            self._taken[account] -= 1
            if not self._taken[account]:
                del self._taken[account]
