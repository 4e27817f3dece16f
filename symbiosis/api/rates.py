"""How often one account, key or address may ask: a bucket of tokens for each, in this process's memory."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

MAX_BUCKETS: Final = 100_000


class Rates:
    """Buckets that hold a minute's requests and fill evenly; the longest unused ones are forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, who: str, a_minute: int) -> int:
        """Take one request of `who`; return 0 if there was one left, else the seconds until there is."""
        now = self._clock()
        left, at = self._buckets.pop(who, (float(a_minute), now))
        left = min(float(a_minute), left + (now - at) * a_minute / 60)
        allowed = left >= 1
        self._buckets[who] = (left - 1 if allowed else left, now)
        if len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) * 60 / a_minute))
