"""The queue of analyses of one app: a few are worked on at once, each in a process of its own, the others wait.

What was started ends as DONE or FAILED in the store. While a server is at it, or will be, it says so every few seconds;
one that has been silent for LEASE_S is taken for gone.
"""

import asyncio
import logging
from contextvars import Context
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from symbiosis.analytics.jobs.answering import answered
from symbiosis.analytics.jobs.questions import Question
from symbiosis.analytics.jobs.sighted import Material, read_material
from symbiosis.domain.analyses import Analysis, AnalysisId
from symbiosis.domain.runs import RunPhase
from symbiosis.domain.times import utc_now, utc_text
from symbiosis.errors import RuleError, StoreError, SymbiosisError
from symbiosis.matching.compute import Known
from symbiosis.matching.limits import Limits, RunMemoryError, RunTimeError
from symbiosis.matching.worker import ComputeIn, work_beside
from symbiosis.settings import Settings
from symbiosis.store.analyses import begin_analysis, fail_analysis, finish_analysis, hold_analysis
from symbiosis.store.graph import Graph

AT_ONCE: Final = 1
MOST_WAITING: Final = 20
LEASE_S: Final = 60.0
TELL_EVERY_S: Final = 1.0
GOING_DOWN: Final = "The server went down while it was worked on, or waited; start the analysis again."

_log: Final = logging.getLogger(__name__)


class AnalysisQueueFullError(RuleError):
    """As many analyses wait as may."""

    code = "ANALYSIS_QUEUE_FULL"

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} analyses are under way or wait already; ask again in a few minutes.")
        self.waiting = waiting


@dataclass(frozen=True, slots=True)
class JobOptions:
    """How many analyses are worked on at once, how many may wait beside them, what each may take, and where each is
    worked on; a thread has no limits.
    """

    at_once: int = AT_ONCE
    most_waiting: int = MOST_WAITING
    limits: Limits = field(default_factory=Limits)
    compute_in: ComputeIn = ComputeIn.PROCESS


def job_options(settings: Settings) -> JobOptions:
    """Return the options that the settings name."""
    limits = Limits(settings.analysis_time_limit_s, settings.run_memory_limit_mb)
    return JobOptions(at_once=settings.analyses_at_once, limits=limits)


class AnalysisQueue:
    """Works on analyses in the background of one app; ended with the app."""

    def __init__(self, options: JobOptions | None = None) -> None:
        self._options = JobOptions() if options is None else options
        self._seats = asyncio.Semaphore(self._options.at_once)
        self._tasks: set[asyncio.Task[None]] = set()

    def refuse_if_full(self) -> None:
        """Return if one more may wait; raise AnalysisQueueFullError."""
        if len(self._tasks) >= self._options.at_once + self._options.most_waiting:
            raise AnalysisQueueFullError(len(self._tasks))

    def add(self, graph: Graph, analysis: Analysis, question: Question) -> None:
        """Let an analysis, which the store has as WAITING, be worked on in its turn."""
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._ended(graph, analysis, question), context=Context())  # Outlives the request.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End what is under way or waits; the store says why."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _ended(self, graph: Graph, analysis: Analysis, question: Question) -> None:
        """Work on an analysis, and let the store know how it ended."""
        try:
            await self._worked(graph, analysis, question)
        except asyncio.CancelledError:
            await asyncio.shield(_fail(graph, analysis.analysis_id, GOING_DOWN))
            raise
        except SymbiosisError as failure:
            await _fail(graph, analysis.analysis_id, self._words(failure))
        except Exception as bug:  # noqa: BLE001  Whatever it is, the store is told, and the log has its traceback.
            _log.error("An analysis failed by a bug.", exc_info=bug)
            words = f"A bug ended the analysis ({type(bug).__name__}); its traceback is in the log."
            await _fail(graph, analysis.analysis_id, words)

    async def _worked(self, graph: Graph, analysis: Analysis, question: Question) -> None:
        told = _Told()
        holding = asyncio.create_task(_held(graph, analysis.analysis_id, told))
        try:
            async with self._seats:
                material = await graph.read(read_material, question, analysis.sight)
                if not await graph.write(begin_analysis, analysis.analysis_id, utc_now(), material.run_id):
                    return
                text = await self._answer(material, told)
            await graph.write(finish_analysis, analysis.analysis_id, utc_now(), text)
        finally:
            holding.cancel()
            await asyncio.gather(holding, return_exceptions=True)

    async def _answer(self, material: Material, told: "_Told") -> str:
        if self._options.compute_in is ComputeIn.THREAD:
            return await asyncio.to_thread(answered, told, material)
        return str(await work_beside(answered, (material,), told, self._options.limits))

    def _words(self, failure: SymbiosisError) -> str:
        limits = self._options.limits
        if isinstance(failure, RunTimeError):
            more = "Ask for less, or have SYMBIOSIS_ANALYSIS_TIME_LIMIT_S raised."
            return f"The analysis took more than {limits.time_s:g} s and was ended. {more}"
        if isinstance(failure, RunMemoryError):
            more = "Ask for less, or have SYMBIOSIS_RUN_MEMORY_LIMIT_MB raised."
            return f"The analysis took more than {limits.memory_mb} MB of memory and was ended. {more}"
        return str(failure)


def held_until() -> str:
    """Return until when an analysis is taken to be held by who says so now."""
    return utc_text(datetime.now(UTC) + timedelta(seconds=LEASE_S))


class _Told:
    """How much of the work is done, as its process last said."""

    def __init__(self) -> None:
        self.share = 0.0

    def __call__(self, phase: RunPhase, share: float, message: str, known: Known | None = None, /) -> None:
        self.share = share


async def _held(graph: Graph, analysis_id: AnalysisId, told: _Told) -> None:
    """Say every few seconds that an analysis is held, and at once when more of it is done."""
    written, silent_s = 0.0, 0.0
    while True:
        await asyncio.sleep(TELL_EVERY_S)
        silent_s += TELL_EVERY_S
        if told.share == written and silent_s < LEASE_S / 4:
            continue
        try:
            await graph.write(hold_analysis, analysis_id, told.share, held_until())
        except StoreError:
            continue
        written, silent_s = told.share, 0.0


async def _fail(graph: Graph, analysis_id: AnalysisId, failure: str) -> None:
    try:
        await graph.write(fail_analysis, analysis_id, utc_now(), failure)
    except StoreError as away:
        _log.warning("An analysis failed (%s), and the store could not be told: %s", failure, away)
