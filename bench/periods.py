"""Fifty periods of 2 s, three schedulers on one store, holders stopped past their leases: `make bench-periods`.

A small market is put into a fresh store and runs are scheduled every two seconds. Three processes keep to the
schedule. In every fifth period the process that has come to write its plan, or to publish it, stops itself inside that
very transaction (SIGSTOP), and is let go on (SIGCONT) long after its lease has run out: by then another has made the
run, or is at it. At the end each period must have one published run and no other, and what the stopped processes were
told is counted. Exit 1 where a period has none or two, or where a stopped run wrote or published anything.
"""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, LiteralString

import psutil
from pydantic import SecretStr

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run, RunKind
from symbiosis.domain.schedules import Schedule
from symbiosis.domain.synergies import Proposal
from symbiosis.domain.times import utc_text
from symbiosis.market.runs import RunLauncher
from symbiosis.market.schedules import LATE, keep_to_schedule, set_schedule
from symbiosis.matching import run as runs
from symbiosis.matching.limits import RunOptions
from symbiosis.matching.worker import ComputeIn
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.opening import open_graph
from symbiosis.store.run_pages import run_by_id
from symbiosis.store.runs import RunLostError, publish_run, record_suggestions
from tests.matching.conftest import write_market
from tests.matching.markets import listing, market
from tools.neo4j.server import running_neo4j

PERIOD_S: Final = 2
LEASE_S: Final = 0.7
LOOK_EVERY_S: Final = 0.1
STOPPED_S: Final = 1.5
"""How long a stopped process stays so: more than twice its lease."""
SCHEDULERS: Final = 3
STOP_EVERY: Final = 5
SMALL: Final = market(
    *(listing(f"s{n}", "slag", 1000 + n, km=n) for n in range(40)),
    *(listing(f"d{n}", "aggregates", 1500 + n, km=n + 0.5) for n in range(40)),
)

RUNS: Final[LiteralString] = """
MATCH (run:Run)
WHERE run.period >= $first AND run.period <= $last
RETURN run.id AS run_id, run.period AS period, run.status AS status, run.epoch AS epoch
ORDER BY period, run_id LIMIT 10000
"""


def _stops(folder: Path, period: str, doing: str) -> bool:
    """Say whether a holder stops in this period while it is doing this; only the first one ever does."""
    number = int(datetime.fromisoformat(period).timestamp()) // PERIOD_S
    if number % STOP_EVERY or doing != ("write", "publish")[number // STOP_EVERY % 2]:
        return False
    with contextlib.suppress(FileExistsError):
        (folder / f"{number}").touch(exist_ok=False)
        return True
    return False


async def _stalled(run_id: RunId, doing: str, act: Callable[[], Awaitable[None]]) -> None:
    """Stop in mid-transaction until somebody lets this process go on; tell how what it then does comes out."""
    os.kill(os.getpid(), signal.SIGSTOP)
    outcome = "ended"  # The renewal noticed first, and cancelled this.
    try:
        await act()
        outcome = "done"
    except RunLostError:
        outcome = "refused"
        raise
    finally:
        print(f"{outcome} {doing} {run_id}", flush=True)


async def be_a_scheduler(folder: Path) -> None:
    """Keep to the schedule until ended, stopping where it is told to; each failed run is a line on standard error."""

    async def write(tx: Tx, run_id: RunId, rows: Sequence[Proposal], at: str) -> None:
        run = await tx_run(tx, run_id)
        act = partial(record_suggestions, tx, run_id, rows, at)
        await (_stalled(run_id, "write", act) if _stops(folder, run.period, "write") else act())

    async def publish(tx: Tx, run: Run) -> None:
        act = partial(publish_run, tx, run)
        await (_stalled(run.run_id, "publish", act) if _stops(folder, run.period, "publish") else act())

    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    runs.record_suggestions, runs.publish_run = write, publish  # type: ignore[attr-defined]
    options = RunOptions(lease_s=LEASE_S)
    launcher = RunLauncher(partial(runs.run_exchange, compute_in=ComputeIn.THREAD, options=options))
    async with open_graph(Settings()) as graph:
        print("ready", flush=True)
        await keep_to_schedule(graph, launcher, LOOK_EVERY_S)


async def tx_run(tx: Tx, run_id: RunId) -> Run:
    """Return a run that is known to be there."""
    run = await run_by_id(tx, run_id)
    assert run is not None
    return run


async def _let_go_on(schedulers: list[asyncio.subprocess.Process], until: datetime) -> None:
    """Let whoever has stopped go on, a while later each, until then and nobody is stopped any more."""

    async def after_a_while(pid: int) -> None:
        await asyncio.sleep(STOPPED_S)
        os.kill(pid, signal.SIGCONT)

    waking: dict[int, asyncio.Task[None]] = {}
    while datetime.now(UTC) < until or any(not task.done() for task in waking.values()):
        for each in schedulers:
            stopped = psutil.Process(each.pid).status() == psutil.STATUS_STOPPED
            if stopped and (each.pid not in waking or waking[each.pid].done()):
                waking[each.pid] = asyncio.create_task(after_a_while(each.pid))
        await asyncio.sleep(0.02)


async def _schedulers(environment: dict[str, str], folder: Path) -> list[asyncio.subprocess.Process]:
    command = (sys.executable, "-m", "bench.periods", "--scheduler", str(folder))
    pipe = asyncio.subprocess.PIPE
    made = [
        await asyncio.create_subprocess_exec(*command, env=os.environ | environment, stdout=pipe, stderr=pipe)
        for _ in range(SCHEDULERS)
    ]
    for each in made:
        assert each.stdout is not None
        await each.stdout.readline()
    return made


async def round_of(kind: str, periods: int, settings: Settings, environment: dict[str, str]) -> bool:
    """Run the periods on one store, print what was found, and return whether all is well."""
    with tempfile.TemporaryDirectory(prefix="periods-") as name:
        folder = Path(name)
        async with open_graph(settings) as graph:
            await graph.write(write_market, SMALL)
            schedulers = await _schedulers(environment, folder)
            start = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
            first = start + timedelta(seconds=start.second % PERIOD_S)
            last = first + timedelta(seconds=PERIOD_S * (periods - 1))
            since = utc_text(first - timedelta(microseconds=1))
            await set_schedule(graph, Schedule(RunKind.EXCHANGE, f"*/{PERIOD_S} * * * * *", "UTC", since))
            await _let_go_on(schedulers, last + timedelta(seconds=(1 + LATE) * PERIOD_S - 0.1))
            told = [await _ended(each) for each in schedulers]
            said = [line.split() for out, _ in told for line in out.splitlines()]
            failed = [line for _, err in told for line in err.splitlines() if "lost its lease" not in line]
            print("\n".join(failed[:5]), file=sys.stderr, end="\n" if failed else "")
            return await _found(graph, f"{kind:9} periods {periods}", (first, last), said)


async def _ended(scheduler: asyncio.subprocess.Process) -> tuple[str, str]:
    with contextlib.suppress(ProcessLookupError):
        scheduler.send_signal(signal.SIGTERM)
    out, err = await scheduler.communicate()
    return out.decode(), err.decode()


def _periods(ends: tuple[datetime, datetime]) -> list[str]:
    """Return the names of the periods from the first to the last."""
    first, last = ends
    moments = (first + timedelta(seconds=at) for at in range(0, int((last - first).total_seconds()) + 1, PERIOD_S))
    return [moment.isoformat().replace("+00:00", "Z") for moment in moments]


async def _found(graph: Graph, head: str, ends: tuple[datetime, datetime], said: list[list[str]]) -> bool:
    """Print what the store holds and what the stopped processes were told; return whether all is well."""
    first, last = (moment.isoformat().replace("+00:00", "Z") for moment in ends)
    rows = await graph.read(lambda tx: tx.run(RUNS, first=first, last=last))
    published = Counter(row["period"] for row in rows if row["status"] == "PUBLISHED")
    stopped = [run_id for _, _, run_id in said]
    stale = [row["run_id"] for row in rows if row["run_id"] in stopped and row["status"] == "PUBLISHED"]
    twice = sum(count > 1 for count in published.values())
    told = Counter((outcome, doing) for outcome, doing, _ in said)
    ended, done = (told[outcome, "publish"] + told[outcome, "write"] for outcome in ("ended", "done"))
    epochs = [row["epoch"] for row in rows]
    if missed := [period for period in _periods(ends) if not published[period]]:
        print(f"{head}: nothing was published for {', '.join(missed)}, the first being {first}", file=sys.stderr)
    print(
        f"{head}, published {len(published)}, twice {twice}; runs begun {len(rows)} with {len(set(epochs))} epochs; "
        f"holders stopped past their lease {len(stopped)}: stale publishes refused {told['refused', 'publish']}, "
        f"stale writes refused {told['refused', 'write']}, ended before they could {ended}, "
        f"let through {done}, published {len(stale)}",
        flush=True,
    )
    return not missed and not twice and not stale and not done and len(set(epochs)) == len(rows)


async def main(periods: int, stores: list[str]) -> int:
    """Run the rounds and return the exit code."""
    good = True
    for kind in stores:
        with tempfile.TemporaryDirectory(prefix="periods-") as folder, contextlib.ExitStack() as stack:
            where = {"SYMBIOSIS_DATA_DIR": folder}
            settings = Settings(data_dir=Path(folder))
            if kind == "neo4j":
                neo4j = stack.enter_context(running_neo4j())
                where |= {"SYMBIOSIS_NEO4J_URI": neo4j.uri, "SYMBIOSIS_NEO4J_PASSWORD": neo4j.password}
                settings = Settings(neo4j_uri=neo4j.uri, neo4j_password=SecretStr(neo4j.password))
            good = await round_of(kind, periods, settings, where) and good
    return 0 if good else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.periods", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--periods", type=int, default=50)
    parser.add_argument("--stores", nargs="+", default=["embedded", "neo4j"], choices=["embedded", "neo4j"])
    parser.add_argument("--scheduler", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.scheduler is not None:
        asyncio.run(be_a_scheduler(given.scheduler))
    else:
        raise SystemExit(asyncio.run(main(given.periods, given.stores)))
