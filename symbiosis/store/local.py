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
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from symbiosis.errors import StoreError
from symbiosis.store import engine, keeper
from symbiosis.store.failures import StoreDiskFullError, StoreFailedError
from symbiosis.store.graph import Address

READY_WITHIN_S: Final = 120.0
SILENT_AT_MOST_S: Final = 30.0
POLL_S: Final = 0.03
PORT_TRIES: Final = 3
FREE_AT_LEAST_BYTES: Final = 64 * 1024 * 1024
FULL_BELOW_BYTES: Final = 8 * 1024 * 1024
LOG_AT_MOST_BYTES: Final = 4 * 1024 * 1024


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
        self._announcement = self.folder / "engine.json"
        self._secret = self.folder / "secret"
        self._log = self.folder / "server.log"

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

    def explained(self, failure: StoreError) -> StoreError:
        """Return that the disk is full if it is; the server itself only says that a transaction failed."""
        if isinstance(failure, StoreFailedError) and shutil.disk_usage(self.folder).free < FULL_BELOW_BYTES:
            return StoreDiskFullError(self.where)
        return failure

    async def close(self) -> None:
        """Stop the server if this process holds it."""
        await asyncio.to_thread(self._stop)

    def _answering_address(self) -> Address:
        self._prepare_folder()
        began = time.monotonic()
        silent_since = began
        while time.monotonic() - began < READY_WITHIN_S:
            if self.holds or self._took_lock():
                silent = time.monotonic() - silent_since > SILENT_AT_MOST_S
                if silent or self._keeper is None or self._keeper.poll() is not None:
                    self._start()
                    silent_since = time.monotonic()
            address = self._announced()
            if address is not None and engine.answers(address):
                return address
            time.sleep(POLL_S)
        raise StoreStartError(self.folder, f"no answer within {READY_WITHIN_S:.0f} s; its log is {self._log}.")

    def _took_lock(self) -> bool:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as failure:
            raise StoreStartError(self.folder, f"{failure.strerror}: {self._lock.lock_file}.") from failure
        return True

    def _prepare_folder(self) -> None:
        """Make the folder, private to this user."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as failure:
            why = f"{failure.strerror}: {failure.filename}. Choose another folder with SYMBIOSIS_DATA_DIR."
            raise StoreStartError(self.folder, why) from failure

    def _start(self) -> None:
        """Start the server and announce it; the lock is ours."""
        try:
            self._stop_keeper()
            engine.stop_leftovers(self.folder)
            if shutil.disk_usage(self.folder).free < FREE_AT_LEAST_BYTES:
                raise StoreDiskFullError(self.where)
            for _ in range(PORT_TRIES):
                if self._started_on(engine.free_ports()):
                    return
        except OSError as failure:
            self._stop()
            raise StoreStartError(self.folder, f"{failure.strerror}: {failure.filename}.") from failure
        except StoreError:
            self._stop()
            raise
        self._stop()
        raise StoreStartError(self.folder, "others took its ports each time. Try again.")

    def _started_on(self, ports: engine.Ports) -> bool:
        """Say whether the server answers on these ports now; False if somebody else took one of them first."""
        password = self._password()
        log_began = self._launch(ports)
        address = engine.loopback(ports.bolt, password)
        give_up_at = time.monotonic() + READY_WITHIN_S
        while not engine.answers(address):
            log = self._log.read_bytes()[log_began:]
            if engine.PORT_TAKEN in log:
                self._stop_keeper()
                return False
            code = None if self._keeper is None else self._keeper.poll()
            if code is not None:
                raise StoreStartError(self.folder, f"the server ended with code {code}; its log is {self._log}.")
            if time.monotonic() > give_up_at:
                raise StoreStartError(self.folder, f"no answer within {READY_WITHIN_S:.0f} s; its log is {self._log}.")
            time.sleep(POLL_S)
        content = json.dumps({"bolt_port": ports.bolt, "holder_pid": os.getpid()})
        engine.write_private(self._announcement, content)
        return True

    def _launch(self, ports: engine.Ports) -> int:
        """Start the keeper with the server behind it; return where in the log this start begins."""
        wheel = engine.wheel_folder()
        if wheel is None:
            raise StoreStartError(self.folder, "arcadedb-embedded is not installed. Install requirements.lock.")
        if self._log.exists() and self._log.stat().st_size > LOG_AT_MOST_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        java = engine.java_command(wheel, self.folder, self._secret, ports, self._java_options)
        with self._log.open("ab") as output:
            log_began = output.tell()
            self._keeper = subprocess.Popen(  # noqa: S603  The command is our own.
                [sys.executable, "-I", str(Path(keeper.__file__)), str(os.getpid()), *java],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                start_new_session=True,
            )
        return log_began

    def _stop(self) -> None:
        self._stop_keeper()
        if self.holds:
            self._announcement.unlink(missing_ok=True)
            self._lock.release()

    def _stop_keeper(self) -> None:
        if self._keeper is None:
            return
        self._keeper.terminate()
        try:
            self._keeper.wait(engine.STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._keeper.kill()
            self._keeper.wait()
        self._keeper = None

    def _password(self) -> str:
        """Return the password of this store, made at random and readable by this user only."""
        try:
            return self._secret.read_text("ascii")
        except FileNotFoundError:
            password = secrets.token_urlsafe(32)
            engine.write_private(self._secret, password)
            return password

    def _announced(self) -> Address | None:
        """Return where the holder says that the server answers, or None before it has said so."""
        try:
            port = int(json.loads(self._announcement.read_text("ascii"))["bolt_port"])
            return engine.loopback(port, self._secret.read_text("ascii"))
        except (OSError, ValueError, KeyError, TypeError):
            return None
