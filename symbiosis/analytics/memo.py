"""What was read or worked out lately, kept for a moment: a page that asks twice does not wait twice.

An entry holds while the same run is current and the journal has no new event, and for no longer than `LIFE_S`: what an
import changes is in no event. Who asks for what is being worked out waits for it instead of beginning again.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from symbiosis.domain.times import utc_text
from symbiosis.store.graph import Graph
from symbiosis.store.reserved import State, state_since

T = TypeVar("T")

LIFE_S: Final = 30.0
LOOK_BACK_S: Final = 60.0
"""An event's time is its writer's clock, and it shows only when its transaction has ended."""
MOST: Final = 16
AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True)
class _Entry:
    since: str
    state: State
    until_s: float
    value: Any


class Memo:
    """At most MOST values by key, those asked for last; at most AT_ONCE are made at a time."""

    def __init__(self, *, life_s: float = LIFE_S) -> None:
        self._life_s = life_s
        self._kept: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._making: dict[Hashable, asyncio.Task[_Entry]] = {}
        self._seats = asyncio.Semaphore(AT_ONCE)

    async def value(self, graph: Graph, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return the value that is kept under a key if it still holds, else the one that `make` returns.

        `make` may outlive who asks: it runs to its end, and whoever asks again finds what it made. It asks for no other
        value of this memo.
        """
        kept = self._kept.get(key)
        if kept is None or not await self._holds(graph, kept):
            kept = await asyncio.shield(self._made(graph, key, make))
        value: T = kept.value
        return value

    async def _holds(self, graph: Graph, entry: _Entry) -> bool:
        return time.monotonic() < entry.until_s and await graph.read(state_since, entry.since) == entry.state

    def _made(self, graph: Graph, key: Hashable, make: Callable[[], Awaitable[T]]) -> "asyncio.Task[_Entry]":
        task = self._making.get(key)
        if task is None:
            loop = asyncio.get_running_loop()
            task = loop.create_task(self._make(graph, key, make), context=Context())  # Without the asker's deadline.
            self._making[key] = task
            task.add_done_callback(lambda done: self._end(key, done))
        return task

    async def _make(self, graph: Graph, key: Hashable, make: Callable[[], Awaitable[T]]) -> _Entry:
        async with self._seats:
            since = utc_text(datetime.now(UTC) - timedelta(seconds=LOOK_BACK_S))
            state = await graph.read(state_since, since)
            entry = _Entry(since, state, time.monotonic() + self._life_s, await make())
        self._kept[key] = entry
        self._kept.move_to_end(key)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return entry

    def _end(self, key: Hashable, task: "asyncio.Task[_Entry]") -> None:
        del self._making[key]
        if not task.cancelled():
            task.exception()  # Whoever waits is told; if nobody does any more, nothing is to be said.
