"""Run the compute part of a run beside the event loop: in a process of its own, or in a thread."""

import asyncio
import contextlib
import multiprocessing
import traceback
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Final, cast

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunPhase
from symbiosis.errors import StoreError, SymbiosisError
from symbiosis.matching.compute import Computed, Report, compute
from symbiosis.matching.snapshot import Snapshot

STOP_S: Final = 5.0


class ComputeIn(StrEnum):
    """Where to compute: a PROCESS leaves a server free to answer, a THREAD starts at once but blocks while solving."""

    PROCESS = "PROCESS"
    THREAD = "THREAD"


class WorkerGoneError(StoreError):
    """The process that computed a run ended without an answer."""

    code = "WORKER_GONE"
    retryable = True

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(
            f"The process that computed the run ended with code {exit_code} and without an answer. -9 means that the "
            "system was short of memory: free some and repeat."
        )
        self.ended_with = exit_code


class WorkerBugError(Exception):
    """A bug in the compute part; its traceback is the message. Not for people: outside the tree."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """A refusal on its way between processes: an exception that makes its own message cannot be pickled."""

    kind: type[SymbiosisError]
    message: str
    facts: dict[str, object]

    def error(self) -> SymbiosisError:
        error = self.kind.__new__(self.kind)
        error.args = (self.message,)
        error.__dict__.update(self.facts)
        return error


async def compute_beside(snapshot: Snapshot, run_id: RunId, report: Report, where: ComputeIn) -> Computed:
    """Return the plan, computed beside the event loop; `report` is called in the loop. Cancelling stops a process."""
    if where is ComputeIn.THREAD:
        loop = asyncio.get_running_loop()

        def told(phase: RunPhase, share: float, message: str) -> None:
            loop.call_soon_threadsafe(report, phase, share, message)

        return await asyncio.to_thread(compute, snapshot, run_id, told)
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), daemon=True, name=f"symbiosis {run_id}")
    await asyncio.to_thread(process.start)
    theirs.close()
    try:
        return await _converse(mine, (snapshot, run_id), report)
    except (EOFError, OSError) as gone:
        await asyncio.to_thread(process.join, STOP_S)
        raise WorkerGoneError(process.exitcode) from gone
    finally:
        process.terminate()
        await asyncio.shield(asyncio.to_thread(process.join, STOP_S))
        mine.close()


async def _converse(pipe: Connection, work: tuple[Snapshot, RunId], report: Report) -> Computed:
    """Send the work and return the answer, passing on what is reported meanwhile."""
    await asyncio.to_thread(pipe.send, work)
    while True:
        said = await asyncio.to_thread(pipe.recv)
        if isinstance(said, Computed):
            return said
        if isinstance(said, _Refused):
            raise said.error()
        if isinstance(said, WorkerBugError):
            raise said
        report(*said)


def _work(pipe: Connection) -> None:
    """Receive the work, report on it and send the answer; what goes wrong is sent, not printed."""
    with contextlib.suppress(BrokenPipeError, EOFError, KeyboardInterrupt):
        snapshot, run_id = cast("tuple[Snapshot, RunId]", pipe.recv())
        try:
            pipe.send(compute(snapshot, run_id, lambda *said: pipe.send(said)))
        except SymbiosisError as refused:
            pipe.send(_Refused(type(refused), str(refused), vars(refused)))
        except Exception:  # noqa: BLE001  Whatever it is, the parent raises it with its traceback.
            pipe.send(WorkerBugError(traceback.format_exc()))
