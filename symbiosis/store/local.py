"""The embedded server: ArcadeDB from the wheel, spoken to over loopback Bolt like any Neo4j.

One server a data directory. Whoever gets `engine.lock` holds it: it starts the server and writes `engine.json`,
which says where it answers; everybody else joins. When the holder is gone, however it ended, its server stops, and
the next call of somebody who had joined takes the lock and starts it anew.
"""

import asyncio
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import psutil
from filelock import FileLock, Timeout
from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from symbiosis.errors import StoreError
from symbiosis.store import keeper
from symbiosis.store.failures import StoreDiskFullError
from symbiosis.store.graph import Address

USER: Final = "root"
DATABASE: Final = "neo4j"
READY_WITHIN_S: Final = 90.0
STOPPED_WITHIN_S: Final = 25.0
POLL_S: Final = 0.03
FREE_AT_LEAST_BYTES: Final = 64 * 1024 * 1024
LOG_AT_MOST_BYTES: Final = 4 * 1024 * 1024
COMMAND_TIMEOUT_MS: Final = 30_000

_OPENED: Final = (
    "java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "java.base/java.nio.channels.spi=ALL-UNNAMED",
    "java.base/java.lang=ALL-UNNAMED",
)


class StoreStartError(StoreError):
    """The embedded store could not be started or joined."""

    code = "STORE_START"

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(f"The embedded store in {folder} did not start: {why}")
        self.folder, self.why = folder, why


class LocalServer:
    """The embedded server of one data directory: started, or joined if another process has it."""

    retry_s: float = 8.0
    first_wait_s: float = 0.01

    def __init__(self, data_dir: Path, *, java_options: Sequence[str] = ()) -> None:
        self.folder = data_dir.expanduser().absolute() / "store"
        self._java_options = tuple(java_options)
        self._lock = FileLock(self.folder / "engine.lock", thread_local=False)
        self._keeper: subprocess.Popen[bytes] | None = None

    @property
    def where(self) -> str:
        """The folder that the store is kept in."""
        return str(self.folder)

    @property
    def holds(self) -> bool:
        """Whether this process is the one that started the server."""
        return self._lock.is_locked

    async def address(self) -> Address:
        """Return where the server answers, after starting it, waiting for it or joining it."""
        return await asyncio.to_thread(self._answering_address)

    async def close(self) -> None:
        """Stop the server if this process holds it."""
        await asyncio.to_thread(self._stop)

    def _answering_address(self) -> Address:
        self._prepare_folder()
        give_up_at = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < give_up_at:
            ours = self.holds or self._took_lock()
            if ours and (self._keeper is None or self._keeper.poll() is not None):
                self._start(give_up_at)
            address = self._announced()
            if address is not None and _answers(address):
                return address
            time.sleep(POLL_S)
        raise StoreStartError(self.folder, f"no answer within {READY_WITHIN_S:.0f} s; see {self._log_path}.")

    def _took_lock(self) -> bool:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as failure:
            raise StoreStartError(self.folder, f"{failure.strerror} ({self._lock.lock_file}).") from failure
        return True

    def _prepare_folder(self) -> None:
        """Make the folder, private to this user, and the random password in it."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            free = shutil.disk_usage(self.folder).free
        except OSError as failure:
            why = f"{failure.strerror}. Choose another folder with SYMBIOSIS_DATA_DIR."
            raise StoreStartError(self.folder, why) from failure
        if free < FREE_AT_LEAST_BYTES:
            raise StoreDiskFullError(str(self.folder))

    def _start(self, give_up_at: float) -> None:
        """Start the server behind its keeper and announce it; the lock is ours."""
        _stop_leftovers(self.folder)
        bolt_port, http_port = _free_ports()
        password = self._password()
        log = self._rotated_log()
        command = [
            sys.executable,
            "-I",
            str(Path(keeper.__file__)),
            str(os.getpid()),
            *_java_command(self.folder, self._secret_path, bolt_port, http_port, self._java_options),
        ]
        with log.open("ab") as output:
            self._keeper = subprocess.Popen(  # noqa: S603  The command is our own.
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                start_new_session=True,
            )
        address = Address(f"bolt://127.0.0.1:{bolt_port}", USER, password, DATABASE)
        while not _answers(address):
            code = self._keeper.poll()
            if code is not None:
                raise StoreStartError(self.folder, f"the server ended with code {code}; see {self._log_path}.")
            if time.monotonic() > give_up_at:
                self._stop()
                raise StoreStartError(self.folder, f"no answer within {READY_WITHIN_S:.0f} s; see {self._log_path}.")
            time.sleep(POLL_S)
        self._announce(bolt_port)

    def _stop(self) -> None:
        if self._keeper is not None:
            self._keeper.terminate()
            try:
                self._keeper.wait(STOPPED_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._keeper.kill()
                self._keeper.wait()
            self._keeper = None
        if self.holds:
            self._announcement_path.unlink(missing_ok=True)
            self._lock.release()

    @property
    def _announcement_path(self) -> Path:
        return self.folder / "engine.json"

    @property
    def _secret_path(self) -> Path:
        return self.folder / "secret"

    @property
    def _log_path(self) -> Path:
        return self.folder / "server.log"

    def _password(self) -> str:
        """Return the password of this store, made at random and readable by this user only."""
        try:
            return self._secret_path.read_text("ascii")
        except FileNotFoundError:
            password = secrets.token_urlsafe(32)
            _write_private(self._secret_path, password)
            return password

    def _announce(self, bolt_port: int) -> None:
        _write_private(self._announcement_path, json.dumps({"bolt_port": bolt_port, "holder_pid": os.getpid()}))

    def _announced(self) -> Address | None:
        """Return where the holder says that the server answers, or None before it has said so."""
        try:
            port = int(json.loads(self._announcement_path.read_text("ascii"))["bolt_port"])
            return Address(f"bolt://127.0.0.1:{port}", USER, self._secret_path.read_text("ascii"), DATABASE)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _rotated_log(self) -> Path:
        if self._log_path.exists() and self._log_path.stat().st_size > LOG_AT_MOST_BYTES:
            self._log_path.replace(self._log_path.with_suffix(".log.1"))
        return self._log_path


def _java_command(folder: Path, secret: Path, bolt_port: int, http_port: int, java_options: Sequence[str]) -> list[str]:
    """Return the launch command; both hosts are named because the server's own default is every address."""
    wheel = find_spec("arcadedb_embedded")
    if wheel is None or not wheel.submodule_search_locations:
        raise StoreStartError(folder, "the package arcadedb-embedded is not installed. Install requirements.lock.")
    place = Path(wheel.submodule_search_locations[0])
    settings = {
        "server.mode": "production",
        "server.rootPath": folder,
        "server.rootPasswordPath": secret,
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "server.defaultDatabases": f"{DATABASE}[]",
        "bolt.host": "127.0.0.1",
        "bolt.port": bolt_port,
        "server.httpIncomingHost": "127.0.0.1",
        "server.httpIncomingPort": http_port,
        "server.httpWorkerThreads": 4,
        "command.timeout": COMMAND_TIMEOUT_MS,
        "txWalFlush": 1,
        "opencypher.loadCsv.allowRemoteUrls": "false",
    }
    return [
        str(place / "jre" / "bin" / "java"),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        "--enable-native-access=ALL-UNNAMED",
        *(f"--add-opens={package}" for package in _OPENED),
        "--add-modules=jdk.incubator.vector",
        "-Djava.awt.headless=true",
        *java_options,
        *(f"-Darcadedb.{name}={value}" for name, value in settings.items()),
        "-cp",
        str(place / "jars" / "*"),
        "com.arcadedb.server.ArcadeDBServer",
    ]


def _answers(address: Address) -> bool:
    """Say whether a statement runs there; the port opens before the database does."""
    try:
        with (
            GraphDatabase.driver(  # pyright: ignore[reportUnknownMemberType]
                address.uri, auth=(address.user, address.password), connection_timeout=2.0, telemetry_disabled=True
            ) as driver,
            driver.session(  # pyright: ignore[reportUnknownMemberType]
                database=address.database
            ) as session,
        ):
            session.run("RETURN 1").consume()
    except (DriverError, Neo4jError, OSError):
        return False
    return True


def _stop_leftovers(folder: Path) -> None:
    """Stop what a killed holder left running on this folder: its keeper and its server, and wait for both."""
    marker = f"-Darcadedb.server.rootPath={folder}"
    left = [process for process in psutil.process_iter(["cmdline"]) if marker in (process.info["cmdline"] or ())]
    for process in left:
        process.terminate()
    _gone, alive = psutil.wait_procs(left, timeout=STOPPED_WITHIN_S)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=STOPPED_WITHIN_S)


def _free_ports() -> tuple[int, int]:
    """Return two ports of the loopback interface that nobody listens on."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return int(first.getsockname()[1]), int(second.getsockname()[1])


def _write_private(path: Path, text: str) -> None:
    """Write the file in one step, readable by this user only."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
