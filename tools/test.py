"""`make test`: the suite, once, on every store that there is; the last lines say which.

The embedded store always. A Neo4j where `SYMBIOSIS_NEO4J_URI` and `SYMBIOSIS_NEO4J_PASSWORD` name one (the suite
wipes it, so it must be empty, or left by an earlier suite, or `SYMBIOSIS_TEST_WIPE=1` must say so), else the one of
tools/neo4j where Java and Maven are there. `SYMBIOSIS_REQUIRE_NEO4J=1` makes its absence a failure.

What needs a Neo4j runs in a process of its own beside the rest; what it says is shown when both have ended.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from threading import Thread
from typing import Final

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from tools.neo4j.server import Neo4j, Neo4jOutOfReachError, running_neo4j

WITHOUT_A_STORE: Final = "without a store"
ON_NEO4J: Final = "--on-neo4j"


class RefusedError(Exception):
    """The suite must not run like this; the message says why and what to do."""


class StoreCount:
    """A pytest plugin that counts what passed and failed on each store, and says so at the end."""

    def __init__(self, names: dict[str, str], left_out: str | None, *, only: str | None = None) -> None:
        self._names, self._left_out, self._only = names, left_out, only
        self._store_of: dict[str, str] = {}
        self._counts: dict[str, Counter[str]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Remember on which store each test is to run, and leave out those of another one than the only one."""
        for item in items:
            callspec = getattr(item, "callspec", None)
            self._store_of[item.nodeid] = callspec.params.get("store", "") if callspec else ""
        if self._only is not None:
            items[:] = [item for item in items if self._store_of[item.nodeid] == self._only]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one outcome a test; a failure before or after the test itself is one too."""
        if report.when == "call" or report.outcome != "passed":
            store = self._store_of.get(report.nodeid, "")
            self._counts.setdefault(store, Counter())[report.outcome] += 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how many tests ran on which store."""
        terminalreporter.write_sep("-", "stores")
        for store in self._names if self._only else ("", *self._names):
            counts = self._counts.get(store, Counter())
            outcomes = ", ".join(f"{counts[outcome]} {outcome}" for outcome in sorted(counts)) or "no test ran"
            terminalreporter.write_line(f"{self._names.get(store, WITHOUT_A_STORE)}: {outcomes}")
        if self._left_out:
            terminalreporter.write_line(f"neo4j: left out, for {self._left_out}")


@contextmanager
def neo4j_to_test_on() -> Iterator[Neo4j]:
    """Give the Neo4j that the environment names, or the one of tools/neo4j."""
    uri = os.environ.get("SYMBIOSIS_NEO4J_URI")
    if not uri:
        with running_neo4j() as server:
            yield server
        return
    password = os.environ.get("SYMBIOSIS_NEO4J_PASSWORD")
    if not password:
        raise RefusedError("SYMBIOSIS_NEO4J_URI is set, but SYMBIOSIS_NEO4J_PASSWORD is not: set both, or neither.")
    yield _checked(uri, os.environ.get("SYMBIOSIS_NEO4J_USER", "neo4j"), password)


def _checked(uri: str, user: str, password: str) -> Neo4j:
    """Return the given Neo4j, or raise RefusedError if it does not answer or may hold somebody's data."""
    try:
        with GraphDatabase.driver(uri, auth=(user, password), notifications_min_severity="OFF") as driver:
            agent = driver.get_server_info().agent.removeprefix("Neo4j/")
            found = driver.execute_query(
                "MATCH (n) RETURN count(n) AS nodes, count(CASE WHEN n:_TestStore THEN 1 END) AS marks",
                database_="neo4j",
            ).records[0]
    except (DriverError, Neo4jError, OSError, ValueError) as failure:
        raise RefusedError(
            f"The Neo4j at {uri} does not answer or refuses {user}: {type(failure).__name__}."
        ) from failure
    if found["nodes"] and not found["marks"] and os.environ.get("SYMBIOSIS_TEST_WIPE") != "1":
        raise RefusedError(
            f"The Neo4j at {uri} holds {found['nodes']} nodes that are not this suite's, and the suite wipes it. "
            "Give an empty one, or set SYMBIOSIS_TEST_WIPE=1 if they may go."
        )
    return Neo4j(uri, user, password, agent)


def _run(arguments: list[str], neo4j: Neo4j | None, left_out: str | None) -> int:
    """Run pytest in an environment that names the stores of the tests and no other."""
    for name in [name for name in os.environ if name.startswith("SYMBIOSIS_")]:
        del os.environ[name]
    embedded = StoreCount({"embedded": f"embedded (ArcadeDB {version('arcadedb-embedded')})"}, left_out)
    if neo4j is None:
        return int(pytest.main(arguments, plugins=[embedded]))
    with _beside(arguments, neo4j) as beside:
        here = _code(pytest.main(arguments, plugins=[embedded]))
        there = beside()
        return here or there


@contextmanager
def _beside(arguments: list[str], neo4j: Neo4j) -> Iterator[Callable[[], int]]:
    """Run what needs a Neo4j in a process of its own; give what waits for it, shows its words and tells its code."""
    given = {
        "SYMBIOSIS_TEST_STORE": "neo4j",
        "SYMBIOSIS_TEST_NEO4J_URI": neo4j.uri,
        "SYMBIOSIS_TEST_NEO4J_USER": neo4j.user,
        "SYMBIOSIS_TEST_NEO4J_PASSWORD": neo4j.password,
        "SYMBIOSIS_TEST_NEO4J_VERSION": neo4j.version,
    }
    command = [sys.executable, "-m", "tools.test", ON_NEO4J, *arguments]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=os.environ | given, stdout=said, stderr=subprocess.STDOUT)
        Thread(target=process.wait, daemon=True).start()  # So that nothing is left of it for tests that look around.

        def ended() -> int:
            code = process.wait()
            said.seek(0)
            sys.stdout.write(said.read().decode(errors="replace"))
            return code

        try:
            yield ended
        finally:
            process.terminate()
            process.wait()


def _on_neo4j(arguments: list[str]) -> int:
    """Run what needs a Neo4j, as `_beside` asks for it."""
    names = {"neo4j": f"neo4j {os.environ['SYMBIOSIS_TEST_NEO4J_VERSION']}"}
    return _code(pytest.main(["-p", "no:cacheprovider", *arguments], plugins=[StoreCount(names, None, only="neo4j")]))


def _code(ended: int) -> int:
    """Return pytest's exit code; that no test is left to run is no failure."""
    return 0 if ended == pytest.ExitCode.NO_TESTS_COLLECTED else int(ended)


def main(arguments: list[str]) -> int:
    """Return pytest's exit code; 2 where the suite was refused; 1 where a Neo4j is required and there is none."""
    if arguments[:1] == [ON_NEO4J]:
        return _on_neo4j(arguments[1:])
    required = os.environ.get("SYMBIOSIS_REQUIRE_NEO4J") == "1"
    try:
        with neo4j_to_test_on() as neo4j:
            return _run(arguments, neo4j, None)
    except RefusedError as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    except Neo4jOutOfReachError as why:
        if required:
            sys.stderr.write(f"SYMBIOSIS_REQUIRE_NEO4J=1, but there is no Neo4j: {why}.\n")
            return 1
        return _run(arguments, None, str(why))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
