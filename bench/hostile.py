"""How long hostile documents take to be answered over HTTP, and what they leave in memory: `make bench-hostile`.

Every document of `tests/api/hostile.py` is sent three times by a visitor to the app in this process, over an ASGI
transport, with no store behind it: what is refused needs none, and what is not refused is answered as far as the
store's door. Told are the slowest answers (the best of three, wall and CPU time) and the growth of the process in 20
rounds, after a first one, in which no two documents are alike.
"""

import asyncio
import gc
import logging
import tempfile
import time
from pathlib import Path
from typing import Final

import httpx
import psutil

from symbiosis.app import create_app
from symbiosis.settings import Settings
from symbiosis.store.graph import Address, Graph, RemoteServer
from tests.api.hostile import DOCUMENTS

ROUNDS: Final = 20
SHOWN: Final = 5
GOAL_MS: Final = 100.0


async def main() -> int:
    """Print the slowest documents and the growth of the process; return 1 if an answer takes over 100 ms of CPU."""
    logging.disable(logging.WARNING)  # That there is no store is known.
    nobody = Graph(RemoteServer(Address("bolt://127.0.0.1:9", "neo4j", "none-at-all", "neo4j"), retry_s=0.0))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), visitor_rate_per_minute=10**6)
        transport = httpx.ASGITransport(create_app(settings, graph=nobody))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            await _sent(client, "{ __typename }")
            times = [(*await _best(client, text), name) for name, text in DOCUMENTS.items()]
            grown = await _growth(client)
    await nobody.close()
    print(f"{len(DOCUMENTS)} documents; slowest answers:")
    for wall_ms, cpu_ms, name in sorted(times, reverse=True)[:SHOWN]:
        print(f"  {wall_ms:7.1f} ms wall {cpu_ms:7.1f} ms CPU  {name}")
    print(f"memory after {ROUNDS} rounds of {len(DOCUMENTS)} documents, no two alike: {grown / 2**20:+.1f} MiB")
    return 1 if max(cpu_ms for _, cpu_ms, _ in times) > GOAL_MS else 0


async def _sent(client: httpx.AsyncClient, text: str) -> None:
    await client.post("/graphql", json={"query": text})


async def _best(client: httpx.AsyncClient, text: str) -> tuple[float, float]:
    """Return the least wall and CPU milliseconds of three sendings that no cache answers."""
    best = (float("inf"), float("inf"))
    for number in range(3):
        wall, cpu = time.perf_counter(), time.process_time()
        await _sent(client, f"{text} # {number}")
        spent = (1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu))
        best = min(best, spent)
    return best


async def _growth(client: httpx.AsyncClient) -> int:
    """Return by how many bytes the process grows in the rounds that follow a first one."""
    process = psutil.Process()
    before = 0
    for number in range(ROUNDS + 1):
        for text in DOCUMENTS.values():
            await _sent(client, f"{text} # round {number}")
        gc.collect()
        before = before or process.memory_info().rss
    return process.memory_info().rss - before


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
