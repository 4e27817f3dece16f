"""What happens is told to those who listen: steps of synergies, and new plans.

Events come from the store, so it does not matter which process caused them: each process polls the journal, and only
while somebody listens to it. An event's time is that of the clock of the process that wrote it, and it can be read only
once its transaction has ended, so every poll looks back further than a transaction lasts and two clocks differ, and
tells only what it has not told yet.
"""

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from symbiosis.domain.ids import RunId, SynergyId
from symbiosis.domain.times import utc_text
from symbiosis.errors import StoreError
from symbiosis.policy import Viewer
from symbiosis.store.graph import Graph
from symbiosis.store.journal import PAGE, JournalStep, Mark, new_for_sites, plan_now, steps_since

POLL_S: Final = 1.0
LONGEST_WAIT_S: Final = 15.0
LOOK_BACK_S: Final = 30.0
MAX_WAITING: Final = 100
MAX_NEW: Final = 100

_log: Final = logging.getLogger(__name__)


class TooSlowError(StoreError):
    """What is told is taken up too slowly; the listener was dropped."""

    code = "TOO_SLOW"
    retryable = True

    def __init__(self) -> None:
        super().__init__(f"More than {MAX_WAITING} events wait for you; listen again, and read faster.")


class Topic(StrEnum):
    """What can be listened to; TICKS come once a poll, for those who look for themselves."""

    STEPS = "STEPS"
    PLANS = "PLANS"
    TICKS = "TICKS"


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A run was published, and which one's plan was current before it."""

    run_id: RunId
    before: RunId | None


@dataclass(frozen=True, slots=True)
class Tick:
    """The store was looked at."""


Notice = JournalStep | NewPlan | Tick


class Listener:
    """Waits for the notices of one topic; keeps a bounded number of them, and of ticks just one."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self._waiting: asyncio.Queue[Notice] = asyncio.Queue(1 if topic is Topic.TICKS else MAX_WAITING)
        self._dropped = False

    def tell(self, notice: Notice) -> None:
        """Put a notice to the others; where there are too many, the listener is dropped, but no tick is missed."""
        if not self._waiting.full():
            self._waiting.put_nowait(notice)
        elif self.topic is not Topic.TICKS:
            self._dropped = True

    async def next(self) -> Notice:
        """Return the next notice, or raise TooSlowError."""
        if self._dropped:
            raise TooSlowError
        return await self._waiting.get()


class Live:
    """The listeners of one process, and the one task that polls for them."""

    def __init__(self, graph: Graph, *, every_s: float = POLL_S) -> None:
        self._graph, self._every_s = graph, every_s
        self._listeners: set[Listener] = set()
        self._told: dict[str, str] = {}
        self._read_at = ""
        self._plan: RunId | None = None
        self._poller: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def listening(self, topic: Topic) -> AsyncIterator[Listener]:
        """Give a listener that is told everything of a topic from now on."""
        async with self._starting:
            if self._poller is None:
                await self._look(first=True)
                own = contextvars.Context()  # It outlives the request of the first listener, and so its deadline.
                self._poller = asyncio.get_running_loop().create_task(self._poll(), context=own)
            listener = Listener(topic)
            self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners:
                await self.stop()

    async def stop(self) -> None:
        """End the polling; the next listener begins it anew."""
        poller, self._poller = self._poller, None
        if poller is not None:
            poller.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await poller

    async def _poll(self) -> None:
        wait_s = self._every_s
        while True:
            await asyncio.sleep(wait_s)
            try:
                await self._look(first=False)
            except StoreError as failed:
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)
                _log.warning("The journal could not be read; looking again in %.0f s: %s", wait_s, failed)
            except Exception:  # noqa: BLE001 - a bug must not leave listeners waiting for ever.
                _log.exception("A bug while reading the journal.")
            else:
                wait_s = self._every_s

    async def _look(self, *, first: bool) -> None:
        """Read what is new and tell it; the first look only takes note of what there is."""
        began = utc_text(datetime.now(UTC) - timedelta(seconds=LOOK_BACK_S))
        mark, steps = Mark(began if first else self._read_at), list[JournalStep]()
        while len(page := await self._graph.read(steps_since, mark)) == PAGE:
            steps += page
            mark = Mark(page[-1].at, page[-1].event_id)
        steps += page
        plan = await self._graph.read(plan_now)
        fresh = [step for step in steps if step.event_id not in self._told]
        self._told = {key: at for key, at in self._told.items() if at >= began}
        self._told |= {step.event_id: step.at for step in steps if step.at >= began}
        before, self._plan, self._read_at = self._plan, plan or self._plan, began
        if first:
            return
        for step in fresh:
            self._tell(Topic.STEPS, step)
        if plan is not None and plan != before:
            self._tell(Topic.PLANS, NewPlan(plan, before))
        self._tell(Topic.TICKS, Tick())

    def _tell(self, topic: Topic, notice: Notice) -> None:
        for listener in self._listeners:
            if listener.topic is topic:
                listener.tell(notice)


async def new_suggestions(graph: Graph, viewer: Viewer, plan: NewPlan) -> list[SynergyId]:
    """Return what a new plan suggests to the viewer's own sites that the plan before it did not; at most MAX_NEW."""
    if not viewer.site_ids:
        return []
    return await graph.read(new_for_sites, sorted(viewer.site_ids), plan.run_id, plan.before, MAX_NEW)
