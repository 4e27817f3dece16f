"""CPU time of one page of 50 listings, ours beside stock Strawberry, mercurius and a route without GraphQL.

Every server runs in a process of its own and answers over HTTP on loopback, one request after the other. Counted is
the CPU time that its process used, in rounds that take turns; told is the median. All answers must be the same.
mercurius needs node and npm, which fetch it into a folder of its own; without them it is left out, and said to be.
"""

import contextlib
import http.client
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
import psutil

from bench.graphql.page import QUERY, answer, page
from symbiosis.api.schema import sdl

ROUNDS: Final = 5
REQUESTS: Final = {"ours": 500, "stock": 60, "plain": 500, "mercurius": 500}
WARM_UP: Final = 200
GOAL: Final = 8.0
HERE: Final = Path(__file__).parent
BODY: Final = orjson.dumps({"query": QUERY, "operationName": "Page"})
HEADERS: Final = {"content-type": "application/json", "accept": "application/json"}


@dataclass
class Server:
    """A server under measurement; `rounds` holds its CPU time per request of each round, in microseconds."""

    name: str
    process: subprocess.Popen[str]
    connection: http.client.HTTPConnection
    rounds: list[float] = field(default_factory=list)

    def ask(self) -> bytes:
        self.connection.request("POST", "/graphql", BODY, HEADERS)
        return self.connection.getresponse().read()

    def measure(self) -> None:
        self.connection.close()  # It may have been idle for too long; the next request opens another.
        before = _cpu_s(self.process.pid)
        for _ in range(REQUESTS[self.name]):
            self.ask()
        self.rounds.append((_cpu_s(self.process.pid) - before) / REQUESTS[self.name] * 1e6)


def main() -> int:
    """Print the CPU time of each server; return 1 if answers differ or the goal is missed."""
    wanted = answer(page())
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        commands = {name: [sys.executable, "-m", "bench.graphql.serve", name] for name in ("ours", "stock", "plain")}
        if (mercurius := _mercurius(folder, wanted)) is not None:
            commands["mercurius"] = mercurius
        servers = [stack.enter_context(_served(name, command, folder)) for name, command in commands.items()]
        for server in servers:
            answers = {server.ask() for _ in range(WARM_UP)}
            if [orjson.loads(given) for given in answers] != [wanted]:
                print(f"{server.name} answers something else: {answers.pop()[:300]!r}")
                return 1
        for _ in range(ROUNDS):
            for server in servers:
                server.measure()
    return _told({server.name: server.rounds for server in servers})


def _told(rounds: dict[str, list[float]]) -> int:
    ours = statistics.median(rounds["ours"])
    print(f"CPU time of one request, median of {ROUNDS} rounds (least to most), and beside ours:")
    for name, times in rounds.items():
        median = statistics.median(times)
        print(f"  {name:<10} {median:8.0f} us  ({min(times):.0f} to {max(times):.0f})  {median / ours:5.2f} times ours")
    if "mercurius" not in rounds:
        print("  mercurius  not run, for there is no node or npm")
    times_less = statistics.median(rounds["stock"]) / ours
    print(f"{times_less:.1f} times less than stock Strawberry; the goal is {GOAL:g}")
    return int(times_less < GOAL)


def _mercurius(folder: Path, wanted: dict[str, Any]) -> list[str] | None:
    """Return the command that serves the page from mercurius, fetched into a folder; None without node or npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    for name in ("package.json", "package-lock.json", "mercurius.mjs"):
        shutil.copy(HERE / name, folder)
    (folder / "schema.graphql").write_text(sdl(), "utf-8")
    (folder / "page.json").write_bytes(orjson.dumps(wanted))
    subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    return [node, str(folder / "mercurius.mjs"), str(folder / "schema.graphql"), str(folder / "page.json")]


@contextlib.contextmanager
def _served(name: str, command: list[str], folder: Path) -> Iterator[Server]:
    with (
        (folder / f"{name}.log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            url = urlsplit(process.stdout.readline().strip())
            if url.hostname is None:
                raise SystemExit(f"{name} did not start:\n{(folder / f'{name}.log').read_text()[-2000:]}")
            yield Server(name, process, http.client.HTTPConnection(url.hostname, url.port))
        finally:
            process.terminate()


def _cpu_s(pid: int) -> float:
    used = psutil.Process(pid).cpu_times()
    return float(used.user + used.system)


if __name__ == "__main__":
    raise SystemExit(main())
