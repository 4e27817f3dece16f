"""Where a run stands: told to whoever started it, and written to the store, where every other process reads it."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Final

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunPhase, RunProgress
from symbiosis.domain.times import utc_now
from symbiosis.errors import StoreError
from symbiosis.matching.compute import Known
from symbiosis.store.graph import Graph
from symbiosis.store.run_progress import note_progress
from symbiosis.store.runs import RunLostError

OnProgress = Callable[[RunProgress], None]

PERCENT: Final = 100
ENDS: Final = {
    RunPhase.SNAPSHOT: (0.0, 0.1),
    RunPhase.CANDIDATES: (0.1, 0.2),
    RunPhase.VALUE: (0.2, 0.3),
    RunPhase.OPTIMISE: (0.3, 0.7),
    RunPhase.CHECK: (0.7, 0.8),
    RunPhase.PUBLISH: (0.8, 1.0),
}
"""Which part of a run's whole each phase is, for people who wait; not a measurement."""

_log: Final = logging.getLogger(__name__)


class Reporter:
    """Makes progress of what a computation reports, keeps the latest, and passes each on."""

    def __init__(self, on_progress: OnProgress | None) -> None:
        self._on_progress = on_progress
        self._known = Known(None, None)
        self.latest: RunProgress | None = None

    def __call__(self, phase: RunPhase, share: float, message: str, known: Known | None = None, /) -> None:
        """Take note of a phase, how much of it is done (0 to 1), what is being done, and what is known of the plan."""
        begin, end = ENDS[phase]
        self._known = known or self._known
        done = begin + share * (end - begin)
        self.latest = RunProgress(phase, done, message, self._known.best_cent, self._known.bound_cent)
        if self._on_progress is not None:
            self._on_progress(self.latest)


@contextlib.asynccontextmanager
async def progress_written(graph: Graph, run_id: RunId, reporter: Reporter, every_s: float) -> AsyncIterator[None]:
    """Write where a run stands, at most once in `every_s`, to the store and the log for as long as the block lasts.

    A store that does not answer is asked again; whether the run was lost is the lease's to say.
    """

    async def write() -> None:
        written: RunProgress | None = None
        while True:
            await asyncio.sleep(every_s)
            now = reporter.latest
            if now is None or now == written:
                continue
            _log.info("Run %s, %s: %.0f %%, %s", run_id, now.phase.lower(), now.done_share * PERCENT, now.message)
            try:
                await graph.write(note_progress, run_id, now, utc_now())
            except StoreError:
                continue
            except RunLostError:
                return
            written = now

    writing = asyncio.create_task(write())
    try:
        yield
    finally:
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await writing
