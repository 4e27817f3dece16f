"""Kill the app and the embedded store in mid-write, again and again; is every acknowledged write there?

    python -m bench.kill9 --rounds 20

Each round an app of its own opens the store and writes: one transaction is a batch and its five parts, four
transactions at a time. This process logs (and fsyncs) each acknowledgement, and at a random moment sends SIGKILL to
the JVM, to the app, and in every other round to the keeper between them; in every fifth round while the app is still
starting. Then it opens the store as anybody would and counts: an acknowledged batch that is not there is lost, a
batch without its five parts is half-written, and an opening that fails needed a hand. Exit code 1 if any of these.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, LiteralString

import psutil

from symbiosis.errors import StoreError
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.local import LocalServer
from symbiosis.store.migrate import migrate

PARTS: Final = 5
WRITERS: Final = 4
KILL_AFTER_S: Final = (0.3, 2.0)
KILL_IN_START_AFTER_S: Final = (0.3, 3.0)
LINE: Final = "{:>5}  {:<9} {:>6}  {:>6}  {:>6}  {:>9}  {:>4}  {:>4}  {:>5}"

KEEP_BATCHES_APART: Final[LiteralString] = (
    "CREATE CONSTRAINT batch_id IF NOT EXISTS FOR (n:Batch) REQUIRE n.id IS UNIQUE"
)
WRITE_BATCH: Final[LiteralString] = "CREATE (:Batch {id: $batch})"
WRITE_PART: Final[LiteralString] = "MATCH (b:Batch {id: $batch}) CREATE (b)-[:HAS]->(:Part {number: $number})"
BATCHES: Final[LiteralString] = """
MATCH (b:Batch)
OPTIONAL MATCH (b)-[:HAS]->(p:Part)
RETURN b.id AS batch, count(p) AS parts
ORDER BY batch LIMIT 1000000
"""


@dataclass(slots=True)
class Round:
    """What one round did and what was found after it."""

    number: int
    killed: str
    acknowledged: int
    in_all: int = 0
    found: int = 0
    lost: int = 0
    half: int = 0
    hand: bool = False
    back_s: float = 0.0


async def _run(tx: Tx, query: LiteralString) -> None:
    await tx.run(query)


async def _write_batch(tx: Tx, batch: str) -> None:
    await tx.run(WRITE_BATCH, batch=batch)
    for number in range(PARTS):
        await tx.run(WRITE_PART, batch=batch, number=number)


async def _batches(tx: Tx) -> dict[str, int]:
    return {row["batch"]: row["parts"] for row in await tx.run(BATCHES)}


async def be_the_app(data_dir: Path, number: int) -> None:
    """Write until killed; each line of the output is a batch that the store has acknowledged."""
    async with Graph(LocalServer(data_dir)) as graph:
        await migrate(graph)
        await graph.write(_run, KEEP_BATCHES_APART)

        async def writer(who: int) -> None:
            for count in range(1_000_000):
                batch = f"{number:03}-{who}-{count:06}"
                await graph.write(_write_batch, batch)
                sys.stdout.write(f"{batch}\n")
                sys.stdout.flush()

        await asyncio.gather(*(writer(who) for who in range(WRITERS)))


async def kill_in_mid_write(data_dir: Path, number: int, dice: random.Random, log: int) -> tuple[str, list[str]]:
    """Return what was killed and the batches that had been acknowledged before."""
    in_start = number % 5 == 0
    app = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.kill9",
        "--app",
        str(data_dir),
        "--round",
        str(number),
        stdout=asyncio.subprocess.PIPE,
    )
    acknowledged: list[str] = []
    first = asyncio.Event()
    reading = asyncio.create_task(_log_lines(app, acknowledged, log, first))
    if in_start:
        await asyncio.sleep(dice.uniform(*KILL_IN_START_AFTER_S))
    else:
        await first.wait()
        await asyncio.sleep(dice.uniform(*KILL_AFTER_S))
    killed = _kill(app.pid, dice, keeper_too=number % 2 == 0)
    await reading
    await app.wait()
    return f"{'start' if in_start else 'writes'}/{killed}", acknowledged


async def _log_lines(app: asyncio.subprocess.Process, acknowledged: list[str], log: int, first: asyncio.Event) -> None:
    assert app.stdout is not None
    while (line := await app.stdout.readline()).endswith(b"\n"):
        os.write(log, line)
        os.fsync(log)
        acknowledged.append(line.decode().strip())
        first.set()
    first.set()


def _kill(app_pid: int, dice: random.Random, *, keeper_too: bool) -> str:
    """Send SIGKILL to the app, its JVM and perhaps its keeper, in random order; return how many got it."""
    app = psutil.Process(app_pid)
    below = app.children(recursive=True)
    victims = [app, *(p for p in below if keeper_too or p.name() == "java")]
    dice.shuffle(victims)
    killed = 0
    for victim in victims:
        try:
            victim.kill()
        except psutil.NoSuchProcess:
            continue
        killed += 1
    return str(killed)


async def look(data_dir: Path, result: Round, acknowledged: set[str]) -> None:
    """Open the store as the next user would, and count."""
    began = time.monotonic()
    try:
        found = await _read_back(data_dir)
    except StoreError as failure:
        result.hand = True
        print(f"round {result.number}: {failure}", file=sys.stderr)
        found = await _read_back(data_dir)
    result.back_s = time.monotonic() - began
    result.in_all = len(acknowledged)
    result.found = len(found)
    result.lost = len(acknowledged - found.keys())
    result.half = sum(parts != PARTS for parts in found.values())


async def _read_back(data_dir: Path) -> dict[str, int]:
    async with Graph(LocalServer(data_dir)) as graph:
        await migrate(graph)
        return await graph.read(_batches)


async def main(rounds: int, seed: int) -> int:
    """Run the rounds, print a table, and return the exit code."""
    dice = random.Random(seed)
    acknowledged: set[str] = set()
    results: list[Round] = []
    print(LINE.format("round", "killed in", "acked", "in all", "found", "back in s", "lost", "half", "hand"))
    with tempfile.TemporaryDirectory(prefix="kill9-") as folder:
        data_dir = Path(folder)
        log = os.open(data_dir / "acknowledged.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number in range(1, rounds + 1):
            killed, batches = await kill_in_mid_write(data_dir, number, dice, log)
            acknowledged.update(batches)
            result = Round(number, killed, len(batches))
            await look(data_dir, result, acknowledged)
            results.append(result)
            cells = (result.lost, result.half, "yes" if result.hand else "no")
            counts = (result.acknowledged, result.in_all, result.found, f"{result.back_s:.1f}")
            print(LINE.format(number, killed, *counts, *cells), flush=True)
        os.close(log)
    lost, half = results[-1].lost, results[-1].half
    hands = sum(result.hand for result in results)
    print(
        f"{rounds} rounds, {len(acknowledged)} acknowledged transactions, {lost} lost, {half} half-written, "
        f"{hands} restarts that needed a hand (seed {seed})"
    )
    return 1 if max(result.lost + result.half + result.hand for result in results) else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.kill9", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--app", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--round", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.app is not None:
        asyncio.run(be_the_app(given.app, given.round))
    else:
        raise SystemExit(asyncio.run(main(given.rounds, given.seed)))
