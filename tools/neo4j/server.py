"""Neo4j Community 5.26 from Maven Central on loopback, without Docker: for tests and benchmarks.

`python -m tools.neo4j.server` fetches it (once), starts it, prints its address and password, and stops it at
Ctrl-C; its data stay in `tools/neo4j/home/kept`. As a context manager, `running_neo4j()` gives an empty one on a
free port. Needs Java 17 or 21 and Maven; what Maven may reach is Maven's own configuration.
"""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from symbiosis.store import keeper

HERE: Final = Path(__file__).resolve().parent
POM: Final = HERE / "pom.xml"
HOME: Final = HERE / "home"
FETCH_WITHIN_S: Final = 420
READY_WITHIN_S: Final = 120.0
STOPPED_WITHIN_S: Final = 30.0
JAVA_OPTIONS: Final = (
    "-Xms256m",
    "-Xmx768m",
    "-XX:+UseSerialGC",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
    "-Dfile.encoding=UTF-8",
)
CONF: Final = """\
server.default_listen_address=127.0.0.1
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=true
server.memory.pagecache.size=128m
db.tx_log.rotation.retention_policy=1 days
dbms.usage_report.enabled=false
"""


class Neo4jOutOfReachError(Exception):
    """No Neo4j can be had on this machine; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class Neo4j:
    """A running server."""

    uri: str
    user: str
    password: str = field(repr=False)
    version: str


def pom_version() -> str:
    """Return the version that the pom asks for."""
    found = ET.parse(POM).find("{*}properties/{*}neo4j.version")  # noqa: S314  Our own file.
    if found is None or not found.text:
        raise Neo4jOutOfReachError(f"{POM} names no neo4j.version")
    return found.text


def fetched_jars(home: Path) -> Path:
    """Return the folder of the server's jars, fetched with Maven the first time."""
    jars = home / f"jars-{pom_version()}"
    if jars.is_dir():
        return jars
    _tool("java")
    partial = home / f"partial-{os.getpid()}"
    command = [
        *(_tool("mvn"), "--batch-mode", "--quiet", f"--file={POM}", "dependency:copy-dependencies"),
        *("-DincludeScope=runtime", f"-DoutputDirectory={partial}"),
    ]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=FETCH_WITHIN_S, check=False
        )
    except subprocess.TimeoutExpired as slow:
        raise Neo4jOutOfReachError(f"Maven did not fetch Neo4j within {FETCH_WITHIN_S} s") from slow
    if done.returncode != 0 or not any(partial.glob("neo4j-server-*.jar")):
        shutil.rmtree(partial, ignore_errors=True)
        raise Neo4jOutOfReachError(f"Maven could not fetch Neo4j: {_first_error(done.stdout + done.stderr)}")
    partial.rename(jars)
    return jars


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise Neo4jOutOfReachError(f"there is no `{name}` on this machine")
    return path


def _first_error(text: str) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    errors = [line for line in plain.splitlines() if "ERROR" in line] or plain.splitlines() or ["no message"]
    return errors[0].strip()[:300]


@contextmanager
def running_neo4j(folder: Path | None = None, *, home: Path = HOME) -> Iterator[Neo4j]:
    """Give a running Neo4j: in `folder`, where its data stay, or an empty one in a folder that goes away."""
    home.mkdir(parents=True, exist_ok=True)
    jars = fetched_jars(home)
    with (
        tempfile.TemporaryDirectory(prefix="neo4j-", ignore_cleanup_errors=True) as fresh,
        _started(jars, folder or Path(fresh)) as server,
    ):
        yield server


@contextmanager
def _started(jars: Path, folder: Path) -> Iterator[Neo4j]:
    port = _free_port()
    for name in ("conf", "data", "logs", "import", "run", "plugins"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "conf" / "neo4j.conf").write_text(CONF.format(port=port), "ascii")
    password = _password(jars, folder)
    with (folder / "logs" / "console.log").open("ab") as log:
        process = subprocess.Popen(
            keeper.command_line(folder / "run" / "keeper.lock", f"--home-dir={folder}", _command(jars, folder)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
        )
    try:
        uri = f"bolt://127.0.0.1:{port}"
        _wait(process, uri, password, folder)
        yield Neo4j(uri, "neo4j", password, pom_version())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOPPED_WITHIN_S)


def _command(jars: Path, folder: Path) -> list[str]:
    return [
        *(_tool("java"), *JAVA_OPTIONS, "-cp", f"{jars}/*", "org.neo4j.server.CommunityEntryPoint"),
        *(f"--home-dir={folder}", f"--config-dir={folder / 'conf'}"),
    ]


def _password(jars: Path, folder: Path) -> str:
    """Return the password of the server in this folder; a new one is set before its first start."""
    secret = folder / "secret"
    if secret.exists():
        return secret.read_text("ascii")
    password = secrets.token_hex(24)  # Never begins with "-", which the admin tool would take for an option.
    done = subprocess.run(
        [_tool("java"), "-cp", f"{jars}/*", "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", password],
        env={**os.environ, "NEO4J_HOME": str(folder), "NEO4J_CONF": str(folder / "conf")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Neo4jOutOfReachError(f"Neo4j's admin tool failed: {_first_error(done.stdout + done.stderr)}")
    secret.touch(0o600)
    secret.write_text(password, "ascii")
    return password


def _wait(process: subprocess.Popen[bytes], uri: str, password: str, folder: Path) -> None:
    give_up_at = time.monotonic() + READY_WITHIN_S
    while not _answers(uri, password):
        if process.poll() is not None or time.monotonic() > give_up_at:
            log = (folder / "logs" / "console.log").read_text("utf-8", "replace")
            raise Neo4jOutOfReachError(f"Neo4j did not start: {_first_error(log)}")
        time.sleep(0.1)


def _answers(uri: str, password: str) -> bool:
    try:
        with (
            GraphDatabase.driver(uri, auth=("neo4j", password), telemetry_disabled=True) as driver,
            driver.session(database="neo4j") as session,
        ):
            session.run("RETURN 1").consume()
    except (DriverError, Neo4jError, OSError):
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    """Run a Neo4j in the foreground until Ctrl-C or SIGTERM; 0, or 1 with the reason why there is none."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with running_neo4j(HOME / "kept") as server:
            sys.stdout.write(f"Neo4j {server.version} answers. Ctrl-C stops it.\n")
            sys.stdout.write(f"export SYMBIOSIS_NEO4J_URI={server.uri} SYMBIOSIS_NEO4J_PASSWORD={server.password}\n")
            sys.stdout.flush()
            signal.pause()
    except KeyboardInterrupt:
        sys.stdout.write("Stopped.\n")
    except Neo4jOutOfReachError as why:
        sys.stderr.write(f"No Neo4j here: {why}.\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
