"""The keeper of the embedded server: a small process between us and the JVM, so that none is left behind.

`python keeper.py HOLDER_PID LOCK MARKER COMMAND…` takes the lock, or ends with ALREADY_KEPT if another keeper has
it; stops what a killed keeper left running (a java with MARKER among its arguments); runs the command, starts it
again if it is killed; and stops it as soon as the holder is gone, however that ended, or when told to by SIGTERM.
The lock is the keeper's, so it is free exactly when nobody looks after a server any more. Run by its path, with
nothing of ours imported and a single thread: what the kernel offers for this, the parent-death signal, follows the
thread that forked, and our own process has many.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

ALREADY_KEPT = 75
_LOOK_EVERY_S = 0.1
_STOP_WITHIN_S = 20.0
_START_FAILED_WITHIN_S = 5.0
_PR_SET_PDEATHSIG = 1


def _die_with_the_keeper() -> None:
    """Ask the kernel to stop the JVM if the keeper itself is killed; only Linux can."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    on_linux = sys.platform.startswith("linux")
    return subprocess.Popen(  # noqa: S603  The command is our own, from store/local.py.
        command,
        stdin=subprocess.DEVNULL,
        preexec_fn=_die_with_the_keeper if on_linux else None,  # noqa: PLW1509  One thread only.
    )


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(_STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _is_server(arguments: list[str] | None, marker: str) -> bool:
    return arguments is not None and marker in arguments and Path(arguments[0]).name.startswith("java")


def stop_leftovers(marker: str) -> None:
    """Stop the servers with this argument that a killed keeper left behind, and wait until they are gone."""
    left = [process for process in psutil.process_iter(["cmdline"]) if _is_server(process.info["cmdline"], marker)]
    for process in left:
        process.terminate()
    _gone, alive = psutil.wait_procs(left, timeout=_STOP_WITHIN_S)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=_STOP_WITHIN_S)


def keep(holder_pid: int, command: list[str]) -> int:
    """Return the exit code of a server that would not start, or 0 once the server has been stopped.

    A server that ends by itself within seconds would not start; one that was killed by a signal is started again.
    """
    told_to_stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: told_to_stop.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server, began = _started(command), time.monotonic()
    while not told_to_stop and os.getppid() == holder_pid:
        code = server.poll()
        if code is None:
            time.sleep(_LOOK_EVERY_S)
        elif code >= 0 and time.monotonic() - began < _START_FAILED_WITHIN_S:
            return code or 1
        else:
            server, began = _started(command), time.monotonic()
    _stop(server)
    return 0


def main(holder_pid: str, lock_path: str, marker: str, *command: str) -> int:
    """Return ALREADY_KEPT, or what `keep` returns."""
    try:
        with FileLock(lock_path, timeout=0):
            stop_leftovers(marker)
            return keep(int(holder_pid), list(command))
    except Timeout:
        return ALREADY_KEPT


def command_line(lock: Path, marker: str, command: list[str]) -> list[str]:
    """Return the command that has `command` kept for as long as this process lives."""
    return [sys.executable, "-P", str(Path(__file__)), str(os.getpid()), str(lock), marker, *command]


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
