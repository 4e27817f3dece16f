"""Runs: read by everybody with a mandate, started by facilitators, computed in the background of the app."""

import asyncio
import logging
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from symbiosis.domain.ids import RunId, new_run_id
from symbiosis.domain.runs import Run, RunKind, RunPhase
from symbiosis.errors import RuleError, StoreError, SymbiosisError
from symbiosis.market.inputs import line
from symbiosis.policy import Action, Viewer, require, synergy_scope
from symbiosis.store.graph import Graph
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.run_changes import SeenChange, run_changes_page
from symbiosis.store.run_pages import RunOrder, published_run, run_by_id, runs_page
from symbiosis.store.statements import OrderBy
from symbiosis.store.where import Condition

PERIOD_LENGTH: Final = 60
STOP_S: Final = 5.0

_log: Final = logging.getLogger(__name__)


class RunUnderWayError(RuleError):
    """The app computes a run already; nothing was started."""

    code = "RUN_UNDER_WAY"

    def __init__(self, run_id: RunId) -> None:
        super().__init__(f"The run {run_id} is under way; wait until it has ended.")
        self.run_id = run_id


class RunNotStartedError(StoreError):
    """The run ended before it was recorded."""

    code = "RUN_NOT_STARTED"
    retryable = True

    def __init__(self) -> None:
        super().__init__("The run could not be started; nothing was changed. Try again in a moment.")


class Progress(Protocol):
    """Where a running run stands."""

    @property
    def phase(self) -> RunPhase:
        """Return the phase."""
        ...

    @property
    def done_share(self) -> float:
        """Return how much of the whole run is done, 0 to 1."""
        ...

    @property
    def message(self) -> str:
        """Return what is being done, for people."""
        ...


class RunExchange(Protocol):
    """One run of all exchanges; `symbiosis.matching.run.run_exchange` is one."""

    async def __call__(
        self, graph: Graph, *, period: str, run_id: RunId | None, on_progress: Callable[[Progress], None] | None
    ) -> Run:
        """Return the published run, or raise what failed it, recorded before."""
        ...


@dataclass(slots=True)
class _UnderWay:
    run_id: RunId
    task: asyncio.Task[Run]
    progress: Progress | None = None


class RunLauncher:
    """Computes one run at a time in the background of the app; asked by `startRun`, ended with the app."""

    def __init__(self, run_exchange: RunExchange) -> None:
        self._run_exchange = run_exchange
        self._under_way: _UnderWay | None = None

    def progress(self, run_id: RunId) -> Progress | None:
        """Return where a run of this app stands, or None if it is not under way here."""
        now = self._under_way
        return now.progress if now is not None and now.run_id == run_id and not now.task.done() else None

    async def start(self, graph: Graph, period: str) -> RunId:
        """Return the id of a run that is recorded and under way, or raise what kept it from starting."""
        if self._under_way is not None and not self._under_way.task.done():
            raise RunUnderWayError(self._under_way.run_id)
        run_id, loop = new_run_id(), asyncio.get_running_loop()
        recorded = asyncio.Event()

        def note(progress: Progress) -> None:
            loop.call_soon_threadsafe(self._note, run_id, progress, recorded)

        async def run() -> Run:
            return await self._run_exchange(graph, period=period, run_id=run_id, on_progress=note)

        task = loop.create_task(run(), context=Context())  # The run outlives the request, and so its deadline.
        self._under_way = _UnderWay(run_id, task)
        task.add_done_callback(lambda ended: _report(ended, started=recorded.is_set()))
        waiting = asyncio.ensure_future(recorded.wait())
        try:
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if task.done() and not recorded.is_set():
            await task
        return run_id

    async def stop(self) -> None:
        """Wait a moment for the run under way, then cancel it; the app is going down."""
        if self._under_way is None or self._under_way.task.done():
            return
        task = self._under_way.task
        _, pending = await asyncio.wait({task}, timeout=STOP_S)
        if pending:
            task.cancel()
            await asyncio.wait({task})

    def _note(self, run_id: RunId, progress: Progress, recorded: asyncio.Event) -> None:
        if self._under_way is not None and self._under_way.run_id == run_id:
            self._under_way.progress = progress
        recorded.set()


def _report(task: asyncio.Task[Run], *, started: bool) -> None:
    """Take note of how a background run ended: its failure is recorded with the run and was raised to nobody.

    What kept a run from starting was raised to whoever asked for it.
    """
    if task.cancelled():
        _log.warning("A run was cancelled because the app is going down.")
        return
    failure = task.exception()
    if not started:
        return
    if isinstance(failure, SymbiosisError):
        _log.warning("A run failed: %s", failure)
    elif failure is not None:
        _log.error("A run failed by a bug.", exc_info=failure)


async def runs(
    graph: Graph, viewer: Viewer, where: Condition, order: OrderBy[RunOrder], page: PageRequest
) -> Page[Run]:
    """Return one page of the runs, newest first."""
    require(viewer, Action.READ_RUNS, None, noun="run", key="")
    return await graph.read(runs_page, where, order, page)


async def one_run(graph: Graph, viewer: Viewer, run_id: RunId) -> Run | None:
    """Return a run of the plan that people work with, or None: scenarios have readers of their own."""
    require(viewer, Action.READ_RUNS, None, noun="run", key=run_id)
    run = await graph.read(run_by_id, run_id)
    return run if run is not None and run.kind is RunKind.EXCHANGE else None


async def changes(graph: Graph, viewer: Viewer, run_id: RunId, page: PageRequest) -> Page[SeenChange]:
    """Return one page of what a run changed among the synergies that the viewer may see."""
    require(viewer, Action.READ_RUNS, None, noun="run", key=run_id)
    return await graph.read(run_changes_page, synergy_scope(viewer), run_id, page)


async def current_run(graph: Graph, viewer: Viewer) -> Run | None:
    """Return the run whose plan is current, or None before the first."""
    require(viewer, Action.READ_RUNS, None, noun="run", key="")
    return await graph.read(published_run)


async def start_run(graph: Graph, launcher: RunLauncher, viewer: Viewer, period: str | None) -> Run:
    """Return the run that was started, or raise RunUnderWayError; the period is the time of now unless it is named."""
    require(viewer, Action.START_RUN, None, noun="run", key="")
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    named = now if period is None else line(period, "period", at_most=PERIOD_LENGTH)
    run_id = await launcher.start(graph, named)
    started = await graph.read(run_by_id, run_id)
    if started is None:
        raise RunNotStartedError
    return started
