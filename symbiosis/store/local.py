"""The embedded server: ArcadeDB from the wheel, spoken to over loopback Bolt like any Neo4j.

One server a data directory. Who finds none starts a keeper (store/keeper.py), which takes `engine.lock` and runs the
server for as long as the process that started it lives; `engine.json` says where the server answers, and everybody
else joins. When the keeper is gone, however that came, the lock is free, and the next call of anybody who had
joined starts the server anew.
"""

import asyncio
import json
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from symbiosis.errors import StoreError
from symbiosis.store import engine, keeper
from symbiosis.store.failures import (
    StoreDatabaseError,
    StoreDiskFullError,
    StoreFailedError,
    StoreSignInError,
    StoreUnavailableError,
)
from symbiosis.store.graph import Address

READY_WITHIN_S: Final = 120.0
SILENT_AT_MOST_S: Final = 30.0
STOPPED_WITHIN_S: Final = 25.0
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


@dataclass(frozen=True, slots=True)
class _Started:
    """A keeper, and where in the log what it says begins."""

    keeper: subprocess.Popen[bytes]
    log_began: int


class LocalServer:
    """The embedded server of one data directory: started, or joined if another process has it."""

    retry_s: float = 8.0
    first_wait_s: float = 0.01

    def __init__(self, data_dir: Path, *, java_options: Sequence[str] = ()) -> None:
        self.folder = data_dir.expanduser().absolute() / "store"
        self._java_options = tuple(java_options)
        self._lock = self.folder / "engine.lock"
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
        """Whether it is this process that keeps the server."""
        return self._keeper is not None and self._keeper.poll() is None

    async def address(self) -> Address:
        """Return where the server answers, after starting it, waiting for it or joining it."""
        return await asyncio.to_thread(self._answering_address)

    async def explained(self, failure: StoreError, address: Address) -> StoreError:
        """Return what is behind a failure: a full disk, or a server that is going down and talks nonsense meanwhile."""
        if not isinstance(failure, StoreFailedError | StoreSignInError | StoreDatabaseError):
            return failure
        if shutil.disk_usage(self.folder).free < FULL_BELOW_BYTES:
            return StoreDiskFullError(self.where)
        if not await asyncio.to_thread(engine.answers, address):
            return StoreUnavailableError(address.uri)
        return failure

    async def close(self) -> None:
        """Stop the server if this process holds it."""
        await asyncio.to_thread(self._stop)

    def _answering_address(self) -> Address:
        self._prepare_folder()
        began = silent_since = time.monotonic()
        while time.monotonic() - began < READY_WITHIN_S:
            address = self._announced()
            if address is not None and engine.answers(address):
                return address
            if self.holds and time.monotonic() - silent_since > SILENT_AT_MOST_S:
                self._stop()
            if not self.holds and not self._kept_by_another():
                self._start()
                silent_since = time.monotonic()
            time.sleep(POLL_S)
        raise StoreStartError(self.folder, f"no answer within {READY_WITHIN_S:.0f} s; its log is {self._log}.")

    def _kept_by_another(self) -> bool:
        """Say whether a keeper somewhere has the lock; its own attempt decides, this only saves a useless one."""
        try:
            with FileLock(self._lock, timeout=0):
                return False
        except Timeout:
            return True
        except OSError as failure:
            raise StoreStartError(self.folder, f"{failure.strerror}: {self._lock}.") from failure

    def _prepare_folder(self) -> None:
        """Make the folder, private to this user."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as failure:
            why = f"{failure.strerror}: {failure.filename}. Choose another folder with SYMBIOSIS_DATA_DIR."
            raise StoreStartError(self.folder, why) from failure

    def _start(self) -> None:
        """Start the server and announce it, unless another process was quicker."""
        try:
            if shutil.disk_usage(self.folder).free < FREE_AT_LEAST_BYTES:
                raise StoreDiskFullError(self.where)
            for _ in range(PORT_TRIES):
                if self._settled_on(engine.free_ports()):
                    return
                self._stop()
        except OSError as failure:
            self._stop()
            raise StoreStartError(self.folder, f"{failure.strerror}: {failure.filename}.") from failure
        except StoreError:
            self._stop()
            raise
        raise StoreStartError(self.folder, "others took its ports each time. Try again.")

    def _settled_on(self, ports: engine.Ports) -> bool:
        """Say whether a server answers on these ports now or another process keeps one; False if a port was taken."""
        address = engine.loopback(ports.bolt, self._password())
        started = self._launch(ports)
        give_up_at = time.monotonic() + READY_WITHIN_S
        while not engine.answers(address):
            if engine.PORT_TAKEN in self._log.read_bytes()[started.log_began :]:
                return False
            code = started.keeper.poll()
            if code == keeper.ALREADY_KEPT:
                return True
            if code is not None:
                raise StoreStartError(self.folder, f"the server ended with code {code}; its log is {self._log}.")
            if time.monotonic() > give_up_at:
                raise StoreStartError(self.folder, f"no answer within {READY_WITHIN_S:.0f} s; its log is {self._log}.")
            time.sleep(POLL_S)
        content = json.dumps({"bolt_port": ports.bolt, "holder_pid": os.getpid()})
        engine.write_private(self._announcement, content)
        return True

    def _launch(self, ports: engine.Ports) -> _Started:
        """Start a keeper with the server behind it."""
        wheel = engine.wheel_folder()
        if wheel is None:
            raise StoreStartError(self.folder, "arcadedb-embedded is not installed. Install requirements.lock.")
        if self._log.exists() and self._log.stat().st_size > LOG_AT_MOST_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        java = engine.java_command(wheel, self.folder, self._secret, ports, self._java_options)
        with self._log.open("ab") as output:
            log_began = output.tell()
            self._keeper = subprocess.Popen(  # noqa: S603  The command is our own.
                keeper.command_line(self._lock, engine.marker(self.folder), java),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                start_new_session=True,
            )
        return _Started(self._keeper, log_began)

    def _stop(self) -> None:
        if self._keeper is None:
            return
        self._keeper.terminate()
        try:
            self._keeper.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._keeper.kill()
            self._keeper.wait()
        self._keeper = None

    def _password(self) -> str:
        """Return the password of this store, made at random and readable by this user only."""
        if not self._secret.exists():
            engine.write_private_once(self._secret, secrets.token_urlsafe(32))
        return self._secret.read_text("ascii")

    def _announced(self) -> Address | None:
        """Return where the holder says that the server answers, or None before it has said so."""
        try:
            port = int(json.loads(self._announcement.read_text("ascii"))["bolt_port"])
            return engine.loopback(port, self._secret.read_text("ascii"))
        except (OSError, ValueError, KeyError, TypeError):
            return None
