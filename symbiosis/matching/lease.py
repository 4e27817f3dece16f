"""The lease that a run holds while it is at work: taken, renewed beside the event loop's other work, and given up."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

import psutil

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run, RunStatus
from symbiosis.domain.times import utc_now, utc_text
from symbiosis.errors import StoreError
from symbiosis.store.graph import Graph
from symbiosis.store.run_pages import run_by_id
from symbiosis.store.runs import Lease, RunLostError, RunningRun, fail_run, renew_lease, running_runs, start_run

LEASE_S: Final = 90.0
RENEW_SHARE: Final = 0.22
"""After this share of its length a lease is renewed: three renewals may fail before it runs out."""


async def start(graph: Graph, run: Run, lease_s: float = LEASE_S) -> None:
    """Record a run as RUNNING under a lease; raise RunInProgressError or PeriodTakenError if it may not start."""
    gone = [other.run_id for other in await graph.read(running_runs, run.kind) if _process_gone(other)]
    lease = Lease(holder=_holder(), at=utc_now(), until=_lease_end(lease_s))
    await graph.write(start_run, run, lease, gone)


async def fail(graph: Graph, run_id: RunId, failure: str) -> Run | None:
    """Record a failure; return the run if it turns out to be published after all (the confirmation was lost)."""
    with contextlib.suppress(StoreError):
        if await graph.write(fail_run, run_id, failure, utc_now()):
            return None
        run = await graph.read(run_by_id, run_id)
        return run if run is not None and run.status is RunStatus.PUBLISHED else None
    return None


@contextlib.asynccontextmanager
async def lease_kept(graph: Graph, run_id: RunId, lease_s: float = LEASE_S) -> AsyncIterator[None]:
    """Renew the lease of a run for as long as the block lasts; end the block with RunLostError once it is lost."""
    block, lost = asyncio.current_task(), asyncio.Event()

    async def renew() -> None:
        while True:
            await asyncio.sleep(lease_s * RENEW_SHARE)
            try:
                await graph.write(renew_lease, run_id, _lease_end(lease_s))
            except StoreError:
                continue
            except RunLostError:
                if block is not None:
                    lost.set()
                    block.cancel()
                return

    renewing = asyncio.create_task(renew())
    try:
        yield
    except asyncio.CancelledError as ended:
        if block is None or not lost.is_set() or block.uncancel() > 0:
            raise
        raise RunLostError(run_id) from ended
    finally:
        renewing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await renewing


def _lease_end(lease_s: float) -> str:
    return utc_text(datetime.now(UTC) + timedelta(seconds=lease_s))


def _holder() -> str:
    """Name this process so that another on the same host can see whether it is gone."""
    process = psutil.Process()
    return f"{socket.gethostname()} {process.pid} {process.create_time():.2f}"


def _process_gone(run: RunningRun) -> bool:
    """Say whether a run's process is known to have ended; of another host nothing is known."""
    host, pid, created = run.holder.rsplit(" ", 2)
    if host != socket.gethostname():
        return False
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" != created
    except psutil.NoSuchProcess:
        return True
