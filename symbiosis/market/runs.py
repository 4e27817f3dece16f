"""Runs: read by everybody with a mandate, started by facilitators, computed in the background of the app."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final, Protocol

from symbiosis.domain.ids import RunId, TerritoryId, new_run_id
from symbiosis.domain.previews import Preview
from symbiosis.domain.runs import Run, RunKind, RunProgress
from symbiosis.domain.scenarios import Scenario, ScenarioRun
from symbiosis.domain.times import utc_now
from symbiosis.errors import RuleError, StoreError, SymbiosisError
from symbiosis.market.inputs import line
from symbiosis.market.once import Once, once
from symbiosis.policy import Action, Viewer, decide, require, signed_in, synergy_scope
from symbiosis.store.graph import Graph
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.run_changes import SeenChange, run_changes_page
from symbiosis.store.run_pages import RunOrder, published_run, run_by_id, runs_page
from symbiosis.store.run_progress import RunRow, run_with_progress
from symbiosis.store.statements import OrderBy
from symbiosis.store.where import Condition

OnProgress = Callable[[RunProgress], None]

PERIOD_LENGTH: Final = 60
STOP_S: Final = 5.0
CLEAR_S: Final = 5.0

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


class RunExchange(Protocol):
    """One run of all exchanges; `symbiosis.matching.run.run_exchange` is one."""

    async def __call__(self, graph: Graph, *, period: str, run_id: RunId | None, on_progress: OnProgress | None) -> Run:
        """Return the published run, or raise what failed it, recorded before."""
        ...


class RunPreview(Protocol):
    """One preview; `symbiosis.matching.previews.run_preview` is one."""

    async def __call__(
        self, graph: Graph, *, preview: Preview, run_id: RunId | None, on_progress: OnProgress | None
    ) -> Run:
        """Return the preview as it is kept, or raise what failed it, recorded before."""
        ...


class RunScenario(Protocol):
    """One scenario; `symbiosis.matching.scenarios.run_scenario` is one."""

    async def __call__(
        self, graph: Graph, *, scenario: Scenario, run_id: RunId | None, on_progress: OnProgress | None
    ) -> ScenarioRun:
        """Return the scenario as it is kept, or raise what failed it, recorded before."""
        ...


@dataclass(frozen=True, slots=True)
class Beside:
    """What the app computes beside the published plan."""

    run_preview: RunPreview
    run_scenario: RunScenario


@dataclass(slots=True)
class _UnderWay:
    run_id: RunId
    task: asyncio.Task[Any]
    progress: RunProgress | None = None


class RunLauncher:
    """Computes one run at a time in the background of the app, of whatever kind; ended with the app."""

    def __init__(self, run_exchange: RunExchange, beside: Beside | None = None) -> None:
        self._run_exchange = run_exchange
        self._beside = beside
        self._under_way: _UnderWay | None = None

    def progress(self, run_id: RunId) -> RunProgress | None:
        """Return where a run of this app stands, or None if it is not under way here."""
        now = self._under_way
        return now.progress if now is not None and now.run_id == run_id and not now.task.done() else None

    @property
    def beside(self) -> Beside:
        """Return what this app computes beside the published plan; there is always something in a served one."""
        if self._beside is None:
            raise RuntimeError("a launcher of runs only")
        return self._beside

    async def start(self, graph: Graph, period: str, run_id: RunId | None = None) -> RunId:
        """Return the id of a run that is recorded and under way, or raise what kept it from starting."""
        run_id = run_id or new_run_id()
        return await self.begin(run_id, partial(self._run_exchange, graph, period=period, run_id=run_id))

    async def begin(self, run_id: RunId, work: Callable[..., Awaitable[object]]) -> RunId:
        """Return the id of what is recorded and under way, or raise what kept it from starting.

        `work` is called with `on_progress`, which it calls first when it has recorded its run.
        """
        now = self._under_way
        if now is not None and now.progress is not None and now.progress.done_share >= 1:  # It clears up behind itself.
            await asyncio.wait({now.task}, timeout=CLEAR_S)
        if now is not None and not now.task.done():
            raise RunUnderWayError(now.run_id)
        loop = asyncio.get_running_loop()
        recorded = asyncio.Event()

        def note(progress: RunProgress) -> None:
            loop.call_soon_threadsafe(self._note, run_id, progress, recorded)

        async def run() -> object:
            return await work(on_progress=note)

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

    def _note(self, run_id: RunId, progress: RunProgress, recorded: asyncio.Event) -> None:
        if self._under_way is not None and self._under_way.run_id == run_id:
            self._under_way.progress = progress
        recorded.set()


def _report(task: asyncio.Task[Any], *, started: bool) -> None:
    """Take note of how a background run ended: its failure is recorded with the run and was raised to nobody.

    What kept a run from starting was raised to whoever asked for it; a bug is logged all the same.
    """
    if task.cancelled():
        _log.warning("A run was cancelled because the app is going down.")
        return
    failure = task.exception()
    if isinstance(failure, SymbiosisError):
        if started:
            _log.warning("A run failed: %s", failure)
    elif failure is not None:
        _log.error("A run failed by a bug.", exc_info=failure)


async def runs(
    graph: Graph, viewer: Viewer, where: Condition, order: OrderBy[RunOrder], page: PageRequest
) -> Page[Run]:
    """Return one page of the runs, newest first."""
    require(viewer, Action.READ_RUNS, None, noun="run", key="")
    return await graph.read(runs_page, where, order, page)


@dataclass(frozen=True, slots=True)
class SeenRun:
    """A run as a viewer may see it, where it stands, and of which territory it is a preview, if of one."""

    run: Run
    progress: RunProgress | None = None
    territory_id: TerritoryId | None = None


async def one_run(graph: Graph, launcher: RunLauncher, viewer: Viewer, run_id: RunId) -> SeenRun | None:
    """Return a run, or None: a preview is whoever's asked for it, and scenarios have readers of their own."""
    require(viewer, Action.READ_RUNS, None, noun="run", key=run_id)
    row = await graph.read(run_with_progress, run_id)
    if row is None:
        return None
    if row.run.kind is RunKind.PREVIEW and (row.preview is None or row.preview.started_by != signed_in(viewer)):
        return None
    if row.run.kind is RunKind.SCENARIO and not decide(viewer, Action.READ_SCENARIOS).allow:
        return None
    return seen_run(launcher, row)


def seen_run(launcher: RunLauncher, row: RunRow) -> SeenRun:
    """Return a run with its progress: this app's own where the run is under way here, else what its process wrote."""
    progress = launcher.progress(row.run.run_id) or row.progress
    return SeenRun(row.run, progress, None if row.preview is None else row.preview.territory_id)


async def changes(graph: Graph, viewer: Viewer, run_id: RunId, page: PageRequest) -> Page[SeenChange]:
    """Return one page of what a run changed among the synergies that the viewer may see."""
    require(viewer, Action.READ_RUNS, None, noun="run", key=run_id)
    return await graph.read(run_changes_page, synergy_scope(viewer), run_id, page)


async def current_run(graph: Graph, viewer: Viewer) -> Run | None:
    """Return the run whose plan is current, or None before the first."""
    require(viewer, Action.READ_RUNS, None, noun="run", key="")
    return await graph.read(published_run)


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to start, for a period or the time of now."""

    period: str | None = None
    idempotency_key: str | None = None


async def start_run(graph: Graph, launcher: RunLauncher, viewer: Viewer, new: NewRun) -> SeenRun:
    """Return the run that was started, or that the same request started before under its idempotency key.

    Raises NotAllowedError, FieldError, RunUnderWayError, RunInProgressError, PeriodTakenError or KeyReusedError.
    """
    require(viewer, Action.START_RUN, None, noun="run", key="")
    named = utc_now() if new.period is None else line(new.period, "period", at_most=PERIOD_LENGTH)
    run_id = await claimed(graph, viewer, once("start-run", new.idempotency_key, asdict(new)))
    if await graph.read(run_by_id, run_id) is None:
        await launcher.start(graph, named, run_id)
    return await started(graph, launcher, viewer, run_id)


async def claimed(graph: Graph, viewer: Viewer, sent: Once) -> RunId:
    """Return the id of the run that a request is to start, the same whenever it is sent; it may be there already."""
    run_id = new_run_id()
    earlier = await graph.write(sent.earlier, signed_in(viewer), run_id, utc_now())
    return run_id if earlier is None else RunId(earlier)


async def started(graph: Graph, launcher: RunLauncher, viewer: Viewer, run_id: RunId) -> SeenRun:
    """Return a run that was started a moment ago; raise RunNotStartedError if it was not recorded."""
    seen = await one_run(graph, launcher, viewer, run_id)
    if seen is None:
        raise RunNotStartedError
    return seen
