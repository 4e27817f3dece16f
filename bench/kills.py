"""A run killed at 40 points between its start and its publication, while others read: does anybody see a mixed plan?

    python -m bench.kills [--kills 40 --polls 10000 --stores embedded neo4j]

Each time a process of its own makes a run and is killed (SIGKILL) at one of 40 points, evenly spread over everything
that a run does from its start to the commit that publishes it: just before a statement or a report of progress, or some
milliseconds after, while the store is at it. Readers walk through all pages of synergies by their cursors meanwhile.
A page must show one run alone, go on where the page before ended, and all pages together be the whole of that run.
After each kill the market changes, and this process makes the run of the same period: it must be published, and leave
nothing of the killed one. Exit code 1 otherwise, or where a page was mixed.
"""

import argparse
import asyncio
import contextlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, LiteralString

from pydantic import SecretStr

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run, RunKind, RunProgress, RunStatus
from symbiosis.matching import run as runs
from symbiosis.matching.limits import RunOptions
from symbiosis.matching.worker import ComputeIn
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.opening import open_graph
from symbiosis.store.pages import PageRequest, RunGoneError
from symbiosis.store.run_pages import newest_runs, run_by_id
from symbiosis.store.runs import current_run
from symbiosis.store.scopes import SynergyScope
from symbiosis.store.statements import OrderBy
from symbiosis.store.sweeping import Keep
from symbiosis.store.synergies import synergies_page
from symbiosis.store.synergy_filters import SynergyOrder
from symbiosis.store.where import AllOf
from tests.matching.conftest import write_market
from tests.matching.markets import listing, market
from tools.neo4j.server import running_neo4j

SIDE: Final = 120
BATCH: Final = 25
"""Suggestions of a transaction, fewer than usual: more points at which a run may end."""
PAGE: Final = 10
READERS: Final = 4
IN_FLIGHT_S: Final = 0.008
"""A kill in the midst of a statement comes at most so long after it was sent."""
SEED: Final = 1
KEPT: Final = RunOptions(keep=Keep(runs=3))
SCOPE: Final = SynergyScope(facilitator_communes=("69123",))
BY_RANK: Final = OrderBy(SynergyOrder.RANK)
PUBLISHED: Final = "is published"

PLACE: Final[LiteralString] = "MATCH (site:Site) MERGE (commune:Commune {insee: '69123'}) MERGE (site)-[:IN]->(commune)"
CHANGE: Final[LiteralString] = """
MATCH (listing:Listing {id: $id})
SET listing.quantity_base_per_year = $quantity, listing.version = listing.version + 1
"""
LEFT: Final[LiteralString] = """
MATCH (run:Run {status: 'FAILED'})-[left:SUGGESTS|CHANGES]->(:Synergy)
RETURN count(left) AS left_behind
"""
LONE: Final[LiteralString] = """
MATCH (synergy:Synergy)
WHERE NOT EXISTS { MATCH (:Run)-[:SUGGESTS|CHANGES]->(synergy) }
RETURN count(synergy) AS lone
"""


@dataclass(slots=True)
class Seen:
    """What the readers have seen."""

    polls: int = 0
    walks: int = 0
    begun_again: int = 0
    mixed: list[str] = field(default_factory=list)
    over_a_publication: int = 0


@dataclass(slots=True)
class Killed:
    """What was found after the kills."""

    published: int = 0
    not_recorded: int = 0
    bad: list[str] = field(default_factory=list)


async def be_killed(period: str, point: int, after_s: float) -> None:
    """Make a run and be killed when it does its `point`-th thing; with 0, name everything that it does."""
    names: list[str] = []

    def reach(name: str) -> None:
        names.append(name)
        if len(names) == point:
            print(name, flush=True)
            if after_s == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            threading.Timer(after_s, os.kill, (os.getpid(), signal.SIGKILL)).start()

    plain = Tx.run

    async def told(tx: Tx, query: LiteralString, **parameters: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401
        reach(" ".join(query.split())[:60])
        return await plain(tx, query, **parameters)

    def note(progress: RunProgress) -> None:
        reach(PUBLISHED if progress.done_share == 1 else f"{progress.phase}: {progress.message}"[:60])

    runs.BATCH = BATCH  # type: ignore[attr-defined]
    async with open_graph(Settings()) as graph:
        Tx.run = told  # type: ignore[method-assign, assignment]
        await runs.run_exchange(graph, period=period, on_progress=note, compute_in=ComputeIn.THREAD, options=KEPT)
    print("\n".join(names[: names.index(PUBLISHED)]), flush=True)


async def _child(environment: dict[str, str], period: str, point: int, after_s: float) -> list[str]:
    """Return what a child printed before it ended or was killed."""
    command = (sys.executable, "-m", "bench.kills", "--child", period, str(point), str(after_s))
    child = await asyncio.create_subprocess_exec(*command, env=os.environ | environment, stdout=asyncio.subprocess.PIPE)
    out, _ = await child.communicate()
    if child.returncode != (-signal.SIGKILL if point else 0):
        raise SystemExit(f"The child for point {point} ended with {child.returncode}.")
    return out.decode().splitlines()


async def read_on(graph: Graph, seen: Seen, enough: asyncio.Event) -> None:
    """Walk through all pages again and again, and note every page that is not one run's, or not the next of it."""
    while not enough.is_set():
        after, shown, began = None, list[tuple[RunId, int]](), await graph.read(current_run, RunKind.EXCHANGE)
        while not enough.is_set():
            try:
                page = await graph.read(synergies_page, SCOPE, AllOf(), BY_RANK, PageRequest(PAGE, after))
            except RunGoneError:
                seen.begun_again += 1
                break
            seen.polls += 1
            shown += [(row.suggestion.run_id, row.suggestion.rank) for row in page.items if row.suggestion is not None]
            one = {run_id for run_id, _ in shown}
            if len(one) != 1 or [rank for _, rank in shown] != list(range(1, len(shown) + 1)):
                seen.mixed.append(f"page after {after}: runs {sorted(one)}, {len(shown)} rows")
                break
            if page.has_next:
                after = page.cursors[-1]
                continue
            await _whole(graph, seen, shown)
            now = await graph.read(current_run, RunKind.EXCHANGE)
            seen.over_a_publication += now is not None and began is not None and now.run_id != began.run_id
            break


async def _whole(graph: Graph, seen: Seen, shown: list[tuple[RunId, int]]) -> None:
    """Count a walk, and note it if it is not the whole of a published run."""
    seen.walks += 1
    run = await graph.read(run_by_id, shown[0][0])
    if run is None or run.status is not RunStatus.PUBLISHED or run.suggestions != len(shown):
        seen.mixed.append(f"a walk of {len(shown)} rows, but the run is {run}")


async def kill_once(
    graph: Graph, environment: dict[str, str], number: int, at: tuple[int, float], found: Killed
) -> str:
    """Kill a run, make it anew, note what is wrong, and return a line about it."""
    period, before = f"period {number:03}", await graph.read(current_run, RunKind.EXCHANGE)
    (point,) = await _child(environment, period, *at)
    (killed,) = await graph.read(newest_runs, 1)
    current = await graph.read(current_run, RunKind.EXCHANGE)
    recorded = killed.period == period
    found.not_recorded += not recorded
    if recorded and killed.status is RunStatus.PUBLISHED:
        found.published += 1
    elif current != before:
        found.bad.append(f"{period}: {current} became current, and was never published")
    await _change(graph, number)
    if recorded and killed.status is RunStatus.PUBLISHED:
        period = f"{period} again"
    began = time.perf_counter()
    await _next(graph, period, found)
    outcome = killed.status if recorded else "not recorded"
    return f"{number:>3}  {at[1] * 1000:4.1f} ms  {outcome:<12} next {time.perf_counter() - began:5.2f} s  {point}"


async def _next(graph: Graph, period: str, found: Killed) -> None:
    run = await _run(graph, period)
    current = await graph.read(current_run, RunKind.EXCHANGE)
    left = (await graph.read(lambda tx: tx.run(LEFT)))[0]["left_behind"]
    lone = (await graph.read(lambda tx: tx.run(LONE)))[0]["lone"]
    if run.status is not RunStatus.PUBLISHED or current is None or current.run_id != run.run_id:
        found.bad.append(f"{period}: {run.run_id} is {run.status}, current is {current}")
    if left or lone:
        found.bad.append(f"{period}: {left} suggestions and {lone} synergies of failed runs were left")


async def _run(graph: Graph, period: str) -> Run:
    return await runs.run_exchange(graph, period=period, compute_in=ComputeIn.THREAD, options=KEPT)


async def _change(graph: Graph, number: int) -> None:
    """Let a listing have another quantity, so that the next plan is another one."""
    facts = {"id": f"d{number % SIDE}", "quantity": 500 + 37 * number}
    await graph.write(lambda tx: tx.run(CHANGE, **facts))


async def round_of(kind: str, kills: int, polls: int, where: tuple[Settings, dict[str, str]]) -> bool:
    """Kill as often, poll as often, print what was found on one store, and return whether all is well."""
    dice, seen, found, enough = random.Random(SEED), Seen(), Killed(), asyncio.Event()
    settings, environment = where
    sides = (
        listing(f"{side}{n}", resource, 900 + 31 * n, km=n / 10)
        for side, resource in (("s", "slag"), ("d", "aggregates"))
        for n in range(SIDE)
    )
    async with open_graph(settings) as graph:
        await graph.write(write_market, market(*sides))
        await graph.write(lambda tx: tx.run(PLACE))
        await _run(graph, "first")
        does = len(await _child(environment, "measured", 0, 0))
        readers = [asyncio.create_task(read_on(graph, seen, enough)) for _ in range(READERS)]
        for number in range(kills):
            point = 1 + number * (does - 1) // max(1, kills - 1)
            after_s = dice.choice((0.0, dice.uniform(0, IN_FLIGHT_S)))
            print(await kill_once(graph, environment, number, (point, after_s), found), flush=True)
        while seen.polls < polls:
            await _change(graph, kills := kills + 1)
            await _run(graph, f"more {kills}")
        enough.set()
        await asyncio.gather(*readers)
    print("\n".join([*seen.mixed[:5], *found.bad[:5]]), file=sys.stderr)
    print(
        f"{kind}: {number + 1} kills at {does} points (seed {SEED}), {found.not_recorded} before the run was recorded, "
        f"{found.published} after its commit; polls {seen.polls}, mixed {len(seen.mixed)}; whole walks {seen.walks}, "
        f"{seen.over_a_publication} of them over a publication, begun again {seen.begun_again}; "
        f"next runs that failed or left anything {len(found.bad)}",
        flush=True,
    )
    return not seen.mixed and not found.bad


async def main(kills: int, polls: int, stores: list[str]) -> int:
    """Run the rounds and return the exit code."""
    good = True
    for kind in stores:
        with tempfile.TemporaryDirectory(prefix="kills-") as folder, contextlib.ExitStack() as stack:
            environment = {"SYMBIOSIS_DATA_DIR": folder}
            settings = Settings(data_dir=Path(folder))
            if kind == "neo4j":
                neo4j = stack.enter_context(running_neo4j())
                environment |= {"SYMBIOSIS_NEO4J_URI": neo4j.uri, "SYMBIOSIS_NEO4J_PASSWORD": neo4j.password}
                settings = Settings(neo4j_uri=neo4j.uri, neo4j_password=SecretStr(neo4j.password))
            good = await round_of(kind, kills, polls, (settings, environment)) and good
    return 0 if good else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--polls", type=int, default=10_000)
    parser.add_argument("--stores", nargs="+", default=["embedded", "neo4j"], choices=["embedded", "neo4j"])
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        asyncio.run(be_killed(given.child[0], int(given.child[1]), float(given.child[2])))
    else:
        raise SystemExit(asyncio.run(main(given.kills, given.polls, given.stores)))
