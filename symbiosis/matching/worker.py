"""Run what a solver has to do beside the event loop: in a process of its own, or in a thread.

The process has the parent's import path and nothing else of the parent (multiprocessing would import its main module
again): it reads the work from its standard input, writes reports and the answer to its standard output, and ends. Each
message is eight bytes of length and a pickle; both ends are this module. The work is a function of a module of ours,
called with a report and its arguments.
"""

import asyncio
import contextlib
import gc
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias, cast

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunPhase
from symbiosis.errors import StoreError, SymbiosisError
from symbiosis.matching.cluster import Cluster
from symbiosis.matching.compute import Computed, Known, Report, compute
from symbiosis.matching.limits import Limits, within
from symbiosis.matching.snapshot import Snapshot

STOP_S: Final = 5.0
NO_LIMITS: Final = Limits()
_LENGTH: Final = 8
_Work: TypeAlias = tuple[Callable[..., object], tuple[object, ...]]
_CHILD: Final = "import sys; sys.path[:] = sys.argv[1:]; from symbiosis.matching.worker import serve; serve()"


class ComputeIn(StrEnum):
    """Where to compute: a PROCESS leaves a server free to answer, a THREAD starts at once but blocks while solving."""

    PROCESS = "PROCESS"
    THREAD = "THREAD"


class WorkerGoneError(StoreError):
    """The process that computed a run ended without an answer."""

    code = "WORKER_GONE"
    retryable = True

    def __init__(self, ended_with: int | None) -> None:
        super().__init__(
            f"The process that computed the run ended with code {ended_with} and without an answer. -9 means that the "
            "system was short of memory: free some and repeat."
        )
        self.ended_with = ended_with


class WorkerBugError(Exception):
    """A bug in the compute part; its traceback is the message. Not for people: outside the tree."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the work came to."""

    value: object


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


async def compute_beside(
    snapshot: Snapshot,
    run_id: RunId,
    report: Report,
    where: ComputeIn | Cluster,
    limits: Limits = NO_LIMITS,
    carry: Path | None = None,
) -> Computed:
    """Return the plan, computed beside the event loop; `report` is called in the loop. Cancelling ends the process.

    With a cluster, a process of its own puts together what the workers of the cluster solve; with a folder, what an
    older run has left there is carried over. A process that goes beyond its limits is ended with RunTimeError or
    RunMemoryError; a thread has none.
    """
    cluster = where if isinstance(where, Cluster) else None
    if where is ComputeIn.THREAD:
        return await asyncio.to_thread(compute, snapshot, run_id, _in_loop(report), None, carry)
    return cast("Computed", await work_beside(_computed, (snapshot, run_id, cluster, carry), report, limits))


async def work_beside(
    work: Callable[..., object], arguments: tuple[object, ...], report: Report, limits: Limits = NO_LIMITS
) -> object:
    """Return what `work(report, *arguments)` returns in a process of its own, ended when it goes beyond its limits.

    The function stands at the top of a module of ours; what goes in and comes out can be pickled. Raises
    RunTimeError, RunMemoryError, WorkerGoneError, or what the work raises.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", _CHILD, *sys.path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        return await within(limits, process.pid, _converse(process, (work, arguments), report))
    except (asyncio.IncompleteReadError, ConnectionError) as gone:
        async with asyncio.timeout(STOP_S):
            await process.wait()
        raise WorkerGoneError(process.returncode) from gone
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.shield(process.wait())


def _computed(
    report: Report, snapshot: Snapshot, run_id: RunId, cluster: Cluster | None, carry: Path | None
) -> Computed:
    return compute(snapshot, run_id, report, cluster, carry)


def _in_loop(report: Report) -> Report:
    """Return a report that may be called in a thread and calls the given one in this loop."""
    loop = asyncio.get_running_loop()

    def told(phase: RunPhase, share: float, message: str, known: Known | None = None, /) -> None:
        loop.call_soon_threadsafe(report, phase, share, message, known)

    return told


def serve() -> None:
    """Read the work from standard input and answer on standard output; what goes wrong is sent, not printed.

    Whatever else prints goes to standard error, so that it cannot be taken for an answer.
    """
    with os.fdopen(os.dup(1), "wb") as answers, contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        os.dup2(2, 1)
        work, arguments = _read(sys.stdin.buffer)
        gc.freeze()  # The input lives as long as this process: nothing of it need be looked through for garbage.
        try:
            _write(answers, _Answer(work(lambda *said: _write(answers, said), *arguments)))
        except SymbiosisError as refused:
            _write(answers, _Refused(type(refused), str(refused), vars(refused)))
        except Exception:  # noqa: BLE001  Whatever it is, the parent raises it with its traceback.
            _write(answers, WorkerBugError(traceback.format_exc()))


async def _converse(process: asyncio.subprocess.Process, work: _Work, report: Report) -> object:
    """Send the work and return the answer, passing on what is reported meanwhile."""
    to_child, from_child = process.stdin, process.stdout
    if to_child is None or from_child is None:
        raise WorkerGoneError(process.returncode)
    content = pickle.dumps(work)
    to_child.write(len(content).to_bytes(_LENGTH) + content)
    await to_child.drain()
    while True:
        length = int.from_bytes(await from_child.readexactly(_LENGTH))
        said: Any = pickle.loads(await from_child.readexactly(length))  # noqa: S301  Our own child, our own module.
        if isinstance(said, _Answer):
            return said.value
        if isinstance(said, _Refused):
            raise said.error()
        if isinstance(said, WorkerBugError):
            raise said
        report(*said)


def _read(source: BinaryIO) -> _Work:
    length = int.from_bytes(source.read(_LENGTH))
    work: _Work = pickle.loads(source.read(length))  # noqa: S301  Our own parent, our own module.
    return work


def _write(target: BinaryIO, message: object) -> None:
    content = pickle.dumps(message)
    target.write(len(content).to_bytes(_LENGTH) + content)
    target.flush()
